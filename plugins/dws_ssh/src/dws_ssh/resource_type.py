"""A directory of a server, looked at where it lies, of which every version is kept in the object store."""

import io
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from time import time
from typing import BinaryIO

from dws_core.errors import DamagedObjectError, MissingObjectError
from dws_core.model.changes import Changes, RestorePlan
from dws_core.model.names import check_relative
from dws_core.model.role import Role
from dws_core.model.version import Version
from dws_core.plugin import EntryKind, Files, Proposal, ResourceType, ResultsMove, View, results_moves
from dws_ssh import moving
from dws_ssh.errors import ResultsWrittenError
from dws_ssh.files import RecordedFiles, RemoteFiles
from dws_ssh.hashing import look
from dws_ssh.memory import Memory
from dws_ssh.picture import Picture, changes, identity, identity_below
from dws_ssh.place import Place
from dws_ssh.proposing import address_of, propose
from dws_ssh.recorded import picture_of_tree, tree_of, version_of
from dws_ssh.restoring import bring, find_steps
from dws_ssh.settings import SshSettings
from dws_ssh.storing import store
from dws_ssh.survey import Found, check_top, steadily


class SshDirectory(ResourceType[SshSettings]):
    """What lies in the directory or, where nothing may be written there, after a restore what lay there once."""

    @classmethod
    def propose(cls, settings: SshSettings, role: Role, root: Path) -> Proposal[SshSettings]:
        return propose(settings, role, root)

    @cached_property
    def origin(self) -> str:
        return address_of(self.settings).url

    @property
    def view(self) -> Version | None:
        return self._view.version if self.settings.read_only else None

    def check(self) -> None:
        if self.resource.role is Role.RESULTS and self.settings.read_only:
            raise ResultsWrittenError(self.settings.address)
        if self.view is None:
            check_top(self._place())

    def current(self, subpath: str = "") -> Version:
        picture = self._seen()
        return Version(identity_below(picture, check_relative(subpath)) if subpath else identity(picture))

    def snapshot(self, move: ResultsMove | None = None) -> Version:
        version = self.view or self.live()
        if move is None:
            return version
        objects, tree = self.context.objects, tree_of(version)
        top = [entry.path for entry in objects.entries(tree) if "/" not in entry.path]
        files = {f"{move.destination}/{name}": content for name, content in move.files.items()}
        moved = objects.edit(tree, moves=results_moves(top, move), files=files)
        return version_of(picture_of_tree(objects, moved, self._memory), moved)

    def move_results(self, version: Version, move: ResultsMove) -> None:
        recorded, tree = self._recorded(version), tree_of(version)
        moving.move_results(
            self._place(), self.context.clone, move, recorded, self._look(), lambda path: self._open(tree, path, recorded)
        )

    def live(self) -> Version:
        place = self._place()
        return steadily(lambda: store(place, self.context, self._memory, trusts=self.settings.trust_mtime, now=time()))

    def changes_since(self, version: Version | None) -> Changes:
        recorded = self._recorded(version)
        return changes(recorded, self._seen(recorded))

    def compare(self, old: Version | None, new: Version) -> Changes:
        return self.context.objects.compare(tree_of(old) if old else None, tree_of(new))

    def plan(self, version: Version) -> RestorePlan:
        wanted = self._complete(version)
        if self.settings.read_only:
            differing = changes(self._seen(wanted), wanted)
            return RestorePlan(differing, differing.bytes or 0, "seen as it was; nothing is written there")
        found, now = self._look(wanted)
        return RestorePlan(changes(now, wanted), find_steps(found, now, wanted).size)

    def restore(self, version: Version) -> Version:
        wanted = self._complete(version)
        found, now = self._look(wanted)
        if self.settings.read_only:
            if now == wanted:
                self._view.end()
            else:
                self._view.show(version)
            return version
        if now != wanted:
            steps, tree = find_steps(found, now, wanted), tree_of(version)
            bring(self._place(), self.context.clone, found, steps, lambda path: self._open(tree, path, wanted))
            if self._look(wanted)[1] != wanted:
                return self.live()
        self._memory.remember_tree(tree_of(version))
        self._memory.save()
        return version

    def open(self, version: Version, path: str) -> BinaryIO:
        return self.context.objects.open(tree_of(version), path)

    def verify(self, version: Version) -> Sequence[str]:
        try:
            self.context.objects.get(tree_of(version))
        except (MissingObjectError, DamagedObjectError):
            return (f"the tree of {version.short}, which is all of it",)
        return ()

    def needs(self, version: Version) -> frozenset[str]:
        return frozenset({tree_of(version)})

    def files(self, version: Version | None = None) -> Files:
        wanted = version or self.view
        if wanted is not None:
            return self._recorded_files(wanted)
        why_not = "it was added with --read-only" if self.settings.read_only else ""
        return RemoteFiles(self.resource.name, self._place, lambda path: self.current(path).id, self.context.clone, why_not)

    def _recorded_files(self, version: Version) -> Files:
        def identify(path: str) -> str:
            return identity_below(self._recorded(version), path) if path else version.id

        return RecordedFiles(self.resource.name, self.context.objects, tree_of(version), identify)

    @cached_property
    def _memory(self) -> Memory:
        return Memory(self.context.private, self.origin)

    @property
    def _view(self) -> View:
        return View(self.context.private)

    def _place(self) -> Place:
        """The directory, where people of this clone accepted that it is contacted."""
        self.context.contact(self.origin)
        return Place(address_of(self.settings), self.settings.identity)

    def _look(self, against: Picture | None = None) -> tuple[Mapping[str, Found], Picture]:
        place, trusted = self._place(), self._memory if self.settings.trust_mtime else None
        return steadily(lambda: look(place, trusted, against))

    def _seen(self, against: Picture | None = None) -> Picture:
        """What is seen: a recorded version, or what lies there now."""
        return self._look(against)[1] if self.view is None else self._recorded(self.view)

    def _recorded(self, version: Version | None) -> Picture:
        return picture_of_tree(self.context.objects, tree_of(version), self._memory) if version else {}

    def _complete(self, version: Version) -> Picture:
        """What a version holds, all of which is in this clone; MissingObjectError."""
        lacking = self.context.objects.missing(tree_of(version))
        if lacking:
            raise MissingObjectError(f"the content of {lacking[0]} as of {version.short}")
        return self._recorded(version)

    def _open(self, tree: str, path: str, wanted: Picture) -> BinaryIO:
        if wanted[path].kind is EntryKind.SYMLINK:
            return io.BytesIO(self.context.objects.get(wanted[path].sum))
        return self.context.objects.open(tree, path)
