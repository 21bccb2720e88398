"""One file: its version is the hash of its bytes, with its executable bit."""

import hashlib
import io
from pathlib import Path
from typing import BinaryIO

from dws_core.errors import FileAccessError, MissingObjectError, PathMissingError, PathRefusedError, UnsupportedFileError
from dws_core.model.changes import Changes, RestorePlan
from dws_core.model.role import Role
from dws_core.model.version import Version
from dws_core.plugin import Files, ListedFiles, Proposal, ResourceType, ResultsMove
from dws_example.settings import SingleFileSettings


class SingleFile(ResourceType[SingleFileSettings]):
    """A file of the workspace."""

    @classmethod
    def propose(cls, settings: SingleFileSettings, role: Role, root: Path) -> Proposal[SingleFileSettings]:
        path = root / settings.path
        _check(path)
        if not path.resolve().is_relative_to(root):
            raise PathRefusedError(path, "it lies outside the workspace", hint="copy it into the workspace first")
        return Proposal(settings, name=path.stem)

    @property
    def path(self) -> Path:
        """Where the file lies."""
        return self.context.root / self.settings.path

    def check(self) -> None:
        _check(self.path)

    def current(self, subpath: str = "") -> Version:
        if subpath not in ("", self.path.name):
            raise FileNotFoundError(subpath)
        return _version(*self._read())

    def snapshot(self, move: ResultsMove | None = None) -> Version:
        content, executable = self._read()
        found = _version(content, executable)
        stored = self.context.objects.put(content)
        return Version(found.id, {"object": stored, "size": len(content), "executable": executable})

    def changes_since(self, version: Version | None) -> Changes:
        return self.compare(version, self.current())

    def compare(self, old: Version | None, new: Version) -> Changes:
        name = (self.path.name,)
        if old is None:
            return Changes(added=name)
        return Changes() if old == new else Changes(changed=name)

    def plan(self, version: Version) -> RestorePlan:
        parent = self.path.parent
        if not parent.resolve().is_relative_to(self.context.root):
            raise PathRefusedError(parent, "it leads outside the workspace")
        content = self._stored(version)
        try:
            changes = self.compare(version, self.current())
        except (FileNotFoundError, PathMissingError):
            changes = Changes(added=(self.path.name,))
        return RestorePlan(changes, len(content) if changes else 0)

    def restore(self, version: Version) -> Version:
        if not self.plan(version).changes:
            return version
        content = self._stored(version)
        fresh = self.context.private / "restoring"
        try:
            self.context.private.mkdir(parents=True, exist_ok=True)
            self.path.parent.mkdir(parents=True, exist_ok=True)
            fresh.unlink(missing_ok=True)
            fresh.touch()
            if version.data.get("executable"):
                fresh.chmod(fresh.stat().st_mode | (fresh.stat().st_mode & 0o444) >> 2)
            fresh.write_bytes(content)
            fresh.replace(self.path)
        except OSError as error:
            raise FileAccessError(self.path, error) from error
        return self.current()

    def open(self, version: Version, path: str) -> BinaryIO:
        if path != self.path.name:
            raise FileNotFoundError(path)
        return io.BytesIO(self._stored(version))

    def files(self, version: Version | None = None) -> Files:
        if version is not None:
            return super().files(version)
        return ListedFiles(
            self.resource.name, lambda: [self.path.name], self._open_now, identify=lambda path: self.current(path).id
        )

    def _open_now(self, path: str) -> BinaryIO:
        if path != self.path.name:
            raise FileNotFoundError(path)
        return self.path.open("rb")

    def _read(self) -> tuple[bytes, bool]:
        _check(self.path)
        try:
            return self.path.read_bytes(), bool(self.path.stat().st_mode & 0o100)
        except OSError as error:
            raise FileAccessError(self.path, error) from error

    def _stored(self, version: Version) -> bytes:
        stored = version.data.get("object")
        if not isinstance(stored, str):
            raise MissingObjectError(f"version {version.short} of resource {self.resource.name!r}")
        return self.context.objects.get(stored)


def _check(path: Path) -> None:
    if path.is_symlink():
        raise UnsupportedFileError(path, "symlink")
    if not path.is_file():
        raise PathMissingError(path, expected="file")


def _version(content: bytes, executable: bool) -> Version:
    return Version(hashlib.sha256(content).hexdigest() + ("-executable" if executable else ""))
