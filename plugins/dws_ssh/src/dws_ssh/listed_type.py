"""A directory of a server that is looked at where it lies, and of which a listing with hashes is recorded."""

import os
from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from time import time

from dws_core.model.role import Role
from dws_core.plugin import Files, Listed, ListedResourceType, Proposal
from dws_ssh.files import RemoteFiles
from dws_ssh.hashing import files_in, picture_of, sums_of
from dws_ssh.memory import Memory
from dws_ssh.picture import Picture
from dws_ssh.place import Place
from dws_ssh.proposing import address_of, propose
from dws_ssh.settings import SshSettings
from dws_ssh.survey import check_top, steadily, survey


class SshListed(ListedResourceType[SshSettings]):
    """Nothing is ever written there, and nothing of it is kept here."""

    @classmethod
    def propose(cls, settings: SshSettings, role: Role, root: Path) -> Proposal[SshSettings]:
        return propose(replace(settings, in_place=True), role, root)

    @cached_property
    def origin(self) -> str:
        return address_of(self.settings).url

    def check(self) -> None:
        check_top(self._place())

    def look(self, below: str = "") -> Iterator[Listed]:
        place = self._place()
        picture = steadily(lambda: self._picture(place, below))
        return (
            Listed(os.fsencode(path), seen.kind, seen.size, f"sha256:{seen.sum}" if seen.sum else None)
            for path, seen in picture.items()
        )

    def present(self) -> Files:
        return RemoteFiles(
            self.resource.name,
            self._place,
            lambda path: self.current(path).id,
            self.context.clone,
            self.NEVER_WRITTEN,
        )

    def _picture(self, place: Place, below: str) -> Picture:
        """Find what lies there now; only what lies at a path and below it needs a hash."""
        found, now = survey(place), time()
        if below:
            found = {path: each for path, each in found.items() if path == below or path.startswith(f"{below}/")}
        memory = Memory(self.context.private, self.origin) if self.settings.trust_mtime else None
        sums = sums_of(place, files_in(found), memory)
        if memory is not None and not below:
            memory.remember_files(found, sums, now)
            memory.save()
        return picture_of(found, sums)

    def _place(self) -> Place:
        """The directory, where people of this clone accepted that it is contacted."""
        self.context.contact(self.origin)
        return Place(address_of(self.settings), self.settings.identity)
