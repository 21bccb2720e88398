"""Data without files: its version is what was said last, by the user's setting or by a lineage step."""

import hashlib
import os
import re
from pathlib import Path

from dws_core.builtin.api_resource.settings import ApiResourceSettings
from dws_core.errors import DamagedRecordError, FileAccessError, ResourceError
from dws_core.model.changes import Changes
from dws_core.model.codec import dump, parse, text_of
from dws_core.model.role import Role
from dws_core.model.version import Version
from dws_core.plugin import Proposal, ResourceType, ResultsMove

_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9:._+-]{0,199}")
_LIKE_A_HASH = re.compile(r"[0-9a-f]{64}")
_WHAT = ("version",)


class VersionUnknownError(ResourceError):
    """Nobody has said yet which version of the data is in use."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"resource {name!r} holds no files, and nobody has said which version of its data is in use",
            hint=f"say it with `dws config --resource {name} version VERSION`, or let a lineage step declare it",
        )


class ApiResource(ResourceType[ApiResourceSettings]):
    """A version and nothing else; the data stays where it is."""

    @classmethod
    def propose(cls, settings: ApiResourceSettings, role: Role, root: Path) -> Proposal[ApiResourceSettings]:
        remark = (
            "its data lies behind an API, so a snapshot records only the version that is given, and a restore leaves it as it is"
        )
        return Proposal(settings, name="api-resource", remarks=(remark,))

    def check(self) -> None:
        if not self._said():
            raise VersionUnknownError(self.resource.name)

    def current(self, subpath: str = "") -> Version:
        said = self._said()
        if subpath or not said:
            raise FileNotFoundError(f"{self.resource.name}:{subpath}")
        return _version(said)

    def snapshot(self, move: ResultsMove | None = None) -> Version:
        self.check()
        return self.current()

    def changes_since(self, version: Version | None) -> Changes:
        return self.compare(version, self.current())

    def compare(self, old: Version | None, new: Version) -> Changes:
        if old is None:
            return Changes(added=_WHAT)
        return Changes() if old == new else Changes(changed=_WHAT)

    def declare(self, version: str) -> Version:
        if not version:
            raise VersionUnknownError(self.resource.name)
        content = dump({"declared": version, "setting": self.settings.version or ""})
        fresh = self._file.with_name(f"{self._file.name}.{os.getpid()}")
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            fresh.write_bytes(content)
            fresh.replace(self._file)
        except OSError as error:
            raise FileAccessError(self._file, error) from error
        return _version(version)

    def needs(self, version: Version) -> frozenset[str]:
        return frozenset()

    @property
    def _file(self) -> Path:
        return self.context.private / "declared.json"

    def _said(self) -> str:
        """Give what was said last: a declaration holds until the setting is given another value."""
        setting = self.settings.version or ""
        try:
            kept = parse(self._file.read_bytes(), str(self._file))
        except FileNotFoundError:
            return setting
        except OSError as error:
            raise FileAccessError(self._file, error) from error
        try:
            return text_of(kept, "declared") if text_of(kept, "setting") == setting else setting
        except ValueError as error:
            raise DamagedRecordError(str(self._file), str(error)) from error


def _version(text: str) -> Version:
    """Name any text by itself where it can be a version's id, else by its hash; no two texts get one name."""
    plain = _PLAIN.fullmatch(text) and not _LIKE_A_HASH.fullmatch(text)
    identity = text if plain else hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return Version(identity, {"version": text})
