"""The type rclone-listed: a remote that is looked at where it lies, and of which a listing with checksums is recorded."""

import os
import re
from collections.abc import Collection, Iterator
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from dws_core.model.role import Role
from dws_core.plugin import Files, Listed, ListedResourceType, Proposal
from dws_rclone.configured import config_of, rclone_of
from dws_rclone.errors import HashUnknownError, RemoteDirectoryMissingError
from dws_rclone.files import RemoteFiles
from dws_rclone.listing import Listing, check_there, look
from dws_rclone.proposing import propose_listed
from dws_rclone.rclone import Rclone
from dws_rclone.remote import Remote
from dws_rclone.serving import Server, serving
from dws_rclone.settings import RcloneSettings

_KIND = re.compile(r"[a-z0-9]+")


class RcloneListed(ListedResourceType[RcloneSettings]):
    """Nothing is ever written there, and nothing of it is kept here."""

    trusts_marks = True

    @classmethod
    def propose(cls, settings: RcloneSettings, role: Role, root: Path) -> Proposal[RcloneSettings]:
        return propose_listed(replace(settings, no_local=True), root)

    @property
    def origin(self) -> str:
        return str(self._remote)

    def check(self) -> None:
        check_there(self._rclone(), self._remote)

    def look(self, below: str = "") -> Iterator[Listed]:
        only = self._paths(below) if below else None
        found = self._look(self._kind, only=only) if only != [] else Listing("", {})
        for path, mark in found.files.items():
            given = f"{found.kind}:{mark.hash}" if mark.hash else None
            # Of what a service makes when it is fetched, it tells no size.
            yield Listed(os.fsencode(path), size=max(mark.size, 0), hash=given, mark=mark.modified or None)

    def present(self) -> Files:
        return RemoteFiles(self.resource.name, self._remote, self._serving, lambda path: self.current(path).id)

    def _paths(self, below: str) -> list[str]:
        """Name what lies at a path or below it, asking for no checksums."""
        found = self._look("", size_only=True)
        return [path for path in found.files if path == below or path.startswith(f"{below}/")]

    def _look(self, kind: str, *, only: Collection[str] | None = None, size_only: bool = False) -> Listing:
        """List what is there; RemoteDirectoryMissingError where nothing is."""
        settings = self.settings
        size_only = size_only or settings.size_only
        found = look(self._rclone(), self._remote, kind, size_only=size_only, read=settings.compute_hash, only=only)
        if not found.is_there:
            raise RemoteDirectoryMissingError(self.origin)
        return found

    @cached_property
    def _remote(self) -> Remote:
        return Remote.parse(self.settings.remote)

    @property
    def _kind(self) -> str:
        """The kind of checksum that was recorded, which a stranger may have written; "" where there is none."""
        kind = self.settings.hash_type or ""
        if kind and not _KIND.fullmatch(kind):
            raise HashUnknownError(self.resource.name, kind)
        return kind

    def _rclone(self) -> Rclone:
        """Have rclone at hand, once it is certain that the remote may be contacted."""
        self.context.contact(self.origin)
        return rclone_of(self.settings, self.context.root)

    def _serving(self) -> Server:
        self.context.contact(self.origin)
        return serving(config_of(self.settings, self.context.root))
