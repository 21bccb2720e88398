"""A directory of this machine that is a copy of one on a server: kept as any directory is, and exchanged with the server."""

import io
import shutil
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from time import time
from typing import BinaryIO

from dws_core.errors import FileAccessError, OriginNotAcceptedError
from dws_core.model.exchange import Exchange
from dws_core.model.role import Role
from dws_core.model.version import Version
from dws_core.plugin import DirectoryResourceType, Entry, EntryKind, Proposal
from dws_core.plugin.staging import sweep
from dws_ssh.agreed import Agreed
from dws_ssh.errors import CopyTakenError, DivergedError, ServerAheadError
from dws_ssh.hashing import look
from dws_ssh.memory import Memory
from dws_ssh.merging import foreign, merge
from dws_ssh.picture import Picture, changes
from dws_ssh.place import Place
from dws_ssh.proposing import address_of, propose
from dws_ssh.recorded import picture_of_entries, picture_of_tree, tree_of
from dws_ssh.restoring import bring, find_steps
from dws_ssh.settings import SshSettings
from dws_ssh.storing import store
from dws_ssh.survey import Found, steadily


class SshCopy(DirectoryResourceType[SshSettings]):
    """The local directory; nothing of the other side's is ever replaced that this clone does not know."""

    @classmethod
    def propose(cls, settings: SshSettings, role: Role, root: Path) -> Proposal[SshSettings]:
        return propose(settings, role, root)

    @property
    def local_path(self) -> Path:
        return self.context.root / (self.settings.local_path or "")

    @property
    def origin(self) -> str | None:
        return address_of(self.settings).url if self.settings.address else None

    def create(self) -> None:
        if self.origin is not None:
            self._begin()
        self.local_path.mkdir(parents=True, exist_ok=True)

    def obtain(self) -> None:
        agreed = self._agreed
        if agreed.common is not None and self.local_path.is_dir():
            return
        tree, theirs = self._store_theirs()
        here = self._local() if self.local_path.exists() else {}
        if here and here != theirs:
            raise CopyTakenError(self.local_path, self.settings.address)
        if not here:
            self._appear(tree)
        agreed.agree(theirs)

    def push(self, versions: Sequence[Version], *, dry_run: bool = False) -> Exchange:
        if self.origin is None or self.settings.read_only:
            return Exchange("nothing is sent", anything=False)
        agreed, ours = self._agreed, self._local()
        found, theirs = self._look()
        if unknown := foreign(agreed.common, agreed.sending, ours, theirs):
            raise ServerAheadError(self.resource.name, self.settings.address, unknown)
        count = _count(theirs, ours)
        if not dry_run:
            if count:
                tree = self.context.objects.store(self._directory())
                ours = picture_of_tree(self.context.objects, tree, self._memory)
                agreed.begin(ours)
                bring(self._place(), self.context.clone, found, find_steps(found, theirs, ours), self._opener(tree, ours))
            agreed.agree(ours)
        return Exchange(f"{count} files to the server", anything=count > 0)

    def pull(self, *, dry_run: bool = False) -> Exchange:
        if self.origin is None:
            return Exchange("nothing is taken", anything=False)
        agreed, ours = self._agreed, self._local()
        _, theirs = self._look()
        merged, conflicts = merge(agreed.common, ours, theirs)
        if conflicts:
            raise DivergedError(self.resource.name, self.settings.address, conflicts)
        count = _count(ours, merged)
        if not dry_run:
            sweep(self._directory())  # a pull that was killed may have left nothing else to be done
            if count:
                self._take(merged, theirs)
            agreed.agree(theirs)
        return Exchange(f"{count} files from the server", anything=count > 0)

    def _begin(self) -> None:
        """Copy down what is not here, or find out whether both sides have the same: what an earlier resource had says nothing."""
        agreed = self._agreed
        if not self.local_path.exists():
            if not self.resource.id:  # else it went away, and a restore brings it back without contacting anybody
                self.obtain()
        elif not self.resource.id or agreed.common is None:
            ours = self._local()
            if ours == self._look()[1]:
                agreed.agree(ours)
            else:
                agreed.forget()

    @cached_property
    def _memory(self) -> Memory:
        return Memory(self.context.private, self.settings.address)

    @property
    def _agreed(self) -> Agreed:
        """Read anew each time, since another command may have gone on; OriginNotAcceptedError for an address put in later."""
        mark = f"{self.settings.local_path} {self.settings.address}"
        agreed = Agreed(self.context.private, self.settings.address, mark, is_added=bool(self.resource.id))
        if agreed.is_elsewhere:
            raise OriginNotAcceptedError(self.resource.name, self.settings.address)
        return agreed

    def _place(self) -> Place:
        """The server's directory; whoever has not added the resource here, nor obtained it, is asked first."""
        if self.resource.id and not self._agreed.is_noted:
            self.context.contact(str(self.origin))
        return Place(address_of(self.settings), self.settings.identity)

    def _look(self) -> tuple[Mapping[str, Found], Picture]:
        place = self._place()
        return steadily(lambda: look(place, self._memory if self.settings.trust_mtime else None))

    def _local(self) -> Picture:
        """What the directory of this machine holds now."""
        directory = self._directory()
        return picture_of_entries(
            self.context.objects.listing(directory), lambda entry: (directory / entry.path).open("rb"), self._memory
        )

    def _store_theirs(self) -> tuple[str, Picture]:
        """Fetch what the server has, and answer the tree of it, and what it is."""
        place = self._place()
        trusts = self.settings.trust_mtime
        version = steadily(lambda: store(place, self.context, self._memory, trusts=trusts, now=time()))
        return tree_of(version), picture_of_tree(self.context.objects, tree_of(version), self._memory)

    def _take(self, merged: Picture, theirs: Picture) -> None:
        """Make the local directory what both sides come to."""
        objects = self.context.objects
        tree, found = self._store_theirs()
        if found != theirs:
            raise ServerAheadError(self.resource.name, self.settings.address, changes(theirs, found).changed)
        entries = {entry.path: entry for entry in objects.entries(objects.store(self._directory()))}
        taken = {entry.path: entry for entry in objects.entries(tree)}
        wanted: list[Entry] = []
        for path, seen in merged.items():
            same = [each[path] for each in (taken, entries) if path in each and each[path].kind is seen.kind]
            fits = [each for each in same if seen.kind is EntryKind.DIRECTORY or self._sum(each) == seen.sum]
            wanted.append(fits[0])
        objects.restore(objects.tree(wanted), self._directory())

    def _appear(self, tree: str) -> None:
        """Put what was fetched where nothing lies, whole or not at all."""
        mark = sha256(f"{self.context.clone} {self.resource.name}".encode()).hexdigest()[:16]
        stage = self.local_path.with_name(f".dws-staging-{mark}")
        try:
            self.local_path.parent.mkdir(parents=True, exist_ok=True)
            shutil.rmtree(stage, ignore_errors=True)
            self.context.objects.overlay(tree, stage)
            with suppress(FileNotFoundError):
                self.local_path.rmdir()
            stage.rename(self.local_path)
        except OSError as error:
            raise FileAccessError(error.filename or self.local_path, error) from error

    def _sum(self, entry: Entry) -> str:
        return self._memory.sum_of_object(entry.id) or entry.id

    def _opener(self, tree: str, picture: Picture) -> Callable[[str], BinaryIO]:
        def open_it(path: str) -> BinaryIO:
            if picture[path].kind is EntryKind.SYMLINK:
                return io.BytesIO(self.context.objects.get(picture[path].sum))
            return self.context.objects.open(tree, path)

        return open_it


def _count(old: Picture, new: Picture) -> int:
    differing = changes(old, new)
    return len(differing.added) + len(differing.removed) + len(differing.changed)
