"""The link between a directory here and a place at a remote: how they stand to each other, and what is carried over."""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from dws_core.errors import FileAccessError
from dws_core.plugin import Context, Entry, EntryKind
from dws_rclone.agreement import Agreement
from dws_rclone.configured import rclone_of
from dws_rclone.hashing import same
from dws_rclone.listing import Listing, hash_kind, look
from dws_rclone.names import to_rclone
from dws_rclone.rclone import TRANSFER, Rclone, names_file, place_of
from dws_rclone.remote import KEPT, Remote
from dws_rclone.settings import RcloneSettings
from dws_rclone.sides import Sides, beside, carried


@dataclass
class Link:
    """A resource's two sides at work, in one command."""

    name: str
    settings: RcloneSettings
    remote: Remote
    directory: Path
    context: Context
    is_recorded: bool = True
    rclone: Rclone = field(init=False)

    def __post_init__(self) -> None:
        self.rclone = rclone_of(self.settings, self.context.root)

    def here(self) -> dict[str, Entry]:
        """List what is here now, but directories."""
        found = self.context.objects.listing(self.directory)
        return {entry.path: entry for entry in found if entry.kind is not EntryKind.DIRECTORY}

    def there(self) -> Listing:
        """List what is at the remote now."""
        size_only = self.settings.size_only
        kind = "" if size_only else self._kind()
        found = look(self.rclone, self.remote, kind, size_only=size_only, read=self.settings.compute_hash)
        if kind and found.files and not any(mark.hash for mark in found.files.values()):
            self._kind_note.unlink(missing_ok=True)  # the name may belong to another service by now
        return found

    def sides(self, there: Listing | None = None, here: Mapping[str, Entry] | None = None) -> Sides:
        """Compare both sides as they are now."""
        there = there or self.there()
        found = self.here() if here is None else here
        able = carried(found)
        counted = {path: entry for path, entry in found.items() if path in able or path in there.files}

        def equal(paths: Collection[str]) -> set[str]:
            return same(self.rclone, self.directory, counted, there, paths)

        return beside(counted, there, self.agreement, equal)

    def left_out(self, here: Mapping[str, Entry]) -> int:
        """Count what stays here, since a remote holds neither links nor names that are no UTF-8."""
        return len(here) - len(carried(here))

    @cached_property
    def agreement(self) -> Agreement:
        """What is known to be equal; of a resource that was just added, what was so then."""
        found = Agreement.read(self._agreement_note)
        return found if found.pairs or not self.is_recorded else Agreement.read(self.context.private.parent / self._added)

    def remember(self) -> None:
        """Write down what is known to be equal."""
        self.agreement.write(self._agreement_note)

    def agree(self, there: Listing | None = None) -> Sides:
        """Compare both sides, and remember what is equal."""
        sides = self.sides(there)
        self.agreement.settle(sides.equal)
        self.remember()
        return sides

    def carry(self, action: str, source: Remote | Path, target: Remote | Path, paths: Iterable[str], *options: str) -> None:
        """Have rclone copy files, which it checks as it does; how far it is, is told."""
        with names_file(filter(None, map(to_rclone, paths))) as names:
            command = ("copy", *TRANSFER, *options, "--files-from-raw", names, "--", place_of(source), place_of(target))
            self.rclone.run(action, *command, watch=self.watch())

    def carry_all(self, action: str, target: Path) -> None:
        """Have rclone copy everything that is at the remote; what came before it was ended in the middle is not fetched again."""
        options = [each for each in TRANSFER if each not in ("--ignore-times", "--no-traverse")]
        command = ("copy", *options, "--exclude", f"/{KEPT}/**", "--", str(self.remote), str(target))
        self.rclone.run(action, *command, watch=self.watch())

    def watch(self) -> "_Told":
        """Give a new listener to rclone's statistics."""
        return _Told(self.context)

    def _kind(self) -> str:
        """Answer which checksums the remote gives, asked once."""
        note = self._kind_note
        try:
            name, _, kind = note.read_text().partition(":")
            if name == self.remote.name:
                return kind
        except FileNotFoundError:
            pass
        except OSError as error:
            raise FileAccessError(note, error) from error
        kind = hash_kind(self.rclone, self.remote)
        try:
            note.parent.mkdir(parents=True, exist_ok=True)
            note.write_text(f"{self.remote.name}:{kind}")
        except OSError as error:
            raise FileAccessError(note, error) from error
        return kind

    @property
    def _kind_note(self) -> Path:
        return self.context.private / "checksums"

    @property
    def _agreement_note(self) -> Path:
        return self.context.private / ("agreed.json" if self.is_recorded else self._added)

    @property
    def _added(self) -> str:
        """Where a resource that is being added, and has no id and no directory of its own yet, remembers what is equal."""
        return f"added-{hashlib.sha256(f'{self.remote} {self.settings.local_path}'.encode()).hexdigest()[:16]}.json"


class _Told:
    """Tells the user's progress what rclone's statistics say has been done since."""

    def __init__(self, context: Context) -> None:
        self._progress = context.progress
        self._size = 0
        self._files = 0

    def __call__(self, stats: Mapping[str, Any]) -> None:
        size, files = int(stats.get("bytes") or 0), int(stats.get("transfers") or 0)
        self._progress.advance(files=max(files - self._files, 0), size=max(size - self._size, 0))
        self._size, self._files = size, files
