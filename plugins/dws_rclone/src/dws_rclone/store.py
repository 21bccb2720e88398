"""The store rclone:REMOTE:PATH: what is kept is a file each at a remote, which appears whole and stays."""

import re
import secrets
import threading
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO

from dws_core.errors import FileAccessError, PathRefusedError, UnstableFileError
from dws_core.plugin import Kept, Store, StoreContext
from dws_rclone.remote import Remote
from dws_rclone.serving import Server, serving

_SCHEME = "rclone:"
_COMPONENT = re.compile(r"[a-z0-9][a-z0-9.-]*")
_FRESH = ".dws-put-"
_OLD = timedelta(days=1)
_PART = 1024 * 1024
# Works a checksum out of the bytes when it is asked, as this machine does; others tell what they were once told.
_HONEST = "sftp"
_HASH = "sha256"

# Who puts the same name at the same time waits for the other.
_LOCKS = [threading.Lock() for _ in range(64)]


class RcloneStore(Store):
    """A directory at a remote. Nothing there is overwritten; names are made of hashes, so who is second has equal bytes."""

    def __init__(self, url: str, context: StoreContext) -> None:
        super().__init__(url, context)
        self._remote = _remote_of(url)
        self._place = str(self._remote)

    @classmethod
    def check_url(cls, url: str, directory: Path) -> str:
        """K1: options belong to the user's configuration of rclone, so that a URL never holds a password."""
        return f"{_SCHEME}{_remote_of(url)}"

    def prepare(self) -> None:
        """K2: with what a dead command left there removed."""
        server = serving()
        server.call(f"make {self._place}", "operations/mkdir", fs=self._place, remote="")
        for each in self._entries("", recurse=False):
            if each["Name"].startswith(_FRESH) and datetime.now(UTC) - datetime.fromisoformat(each["ModTime"]) > _OLD:
                server.call(f"tidy {self._place}", "operations/deletefile", fs=self._place, remote=each["Path"])

    def list(self, prefix: str) -> Iterator[Kept]:
        for each in self._entries(prefix.rpartition("/")[0], recurse=True):
            if each["Path"].startswith(prefix) and _is_name(each["Path"]):
                yield Kept(each["Path"], each["Size"])

    def read(self, name: str, start: int = 0, length: int | None = None) -> bytes:
        _check(name)
        if length == 0:
            self._require(name)
            return b""
        if start:
            size = self._require(name)["Size"]
            if start >= size:
                return b""
        part = f"bytes={start}-{'' if length is None else start + length - 1}"
        with serving().get(
            f"read {self._place}/{name}", self._place, name, part if start or length is not None else ""
        ) as answer:
            return answer.read() if length is None else answer.read()[:length]

    def fetch(self, name: str, file: BinaryIO) -> None:
        _check(name)
        with serving().get(f"read {self._place}/{name}", self._place, name) as answer:
            while part := answer.read(_PART):
                file.write(part)

    def put(self, name: str, content: BinaryIO, size: int) -> None:
        _check(name)
        if self._find(name) is not None:
            return
        try:
            self.context.private.mkdir(parents=True, exist_ok=True)
            with TemporaryDirectory(prefix="put-", dir=self.context.private) as directory:
                _copy(content, Path(directory, "content"), size, name)
                with _LOCKS[hash(name) % len(_LOCKS)]:
                    if self._find(name) is None:
                        self._send(directory, name)
        except OSError as error:
            raise FileAccessError(error.filename or self.context.private, error) from error

    def checksum(self, name: str) -> str | None:
        _check(name)
        if not self._is_honest:
            return None
        options = {"showHash": True, "hashTypes": [_HASH], "noMimeType": True}
        found = self._require(name, **options).get("Hashes") or {}
        return found.get(_HASH) or None

    def _send(self, directory: str, name: str) -> None:
        """Send a file: under a name for the moment, where one that comes by halves would be seen."""
        action, server = f"keep {self._place}/{name}", serving()
        if not self._features["Move"]:
            server.call(action, "operations/copyfile", srcFs=directory, srcRemote="content", dstFs=self._place, dstRemote=name)
            return
        fresh = f"{_FRESH}{secrets.token_hex(12)}"
        here, there = {"srcFs": directory, "srcRemote": "content"}, {"dstFs": self._place, "dstRemote": fresh}
        server.call(action, "operations/copyfile", **here, **there)
        moving = {"srcFs": self._place, "srcRemote": fresh, "dstFs": self._place, "dstRemote": name}
        server.call(action, "operations/movefile", **moving)

    def _entries(self, path: str, *, recurse: bool) -> Sequence[dict[str, Any]]:
        options = {"recurse": recurse, "filesOnly": True, "noMimeType": True, "noModTime": recurse}
        try:
            found = serving().call(f"list {self._place}", "operations/list", fs=self._place, remote=path, opt=options)
        except FileNotFoundError:
            return []
        entries: Sequence[dict[str, Any]] = found.get("list") or []
        return entries

    def _find(self, name: str, **options: object) -> dict[str, Any] | None:
        try:
            found = serving().call(f"look at {self._place}/{name}", "operations/stat", fs=self._place, remote=name, opt=options)
        except FileNotFoundError:
            return None
        item: dict[str, Any] | None = found.get("item")
        return item if item is not None and not item["IsDir"] else None

    def _require(self, name: str, **options: object) -> dict[str, Any]:
        found = self._find(name, **options)
        if found is None:
            raise FileNotFoundError(name)
        return found

    @cached_property
    def _features(self) -> dict[str, Any]:
        found: dict[str, Any] = serving().call(f"ask what {self._place} can do", "operations/fsinfo", fs=self._place)["Features"]
        return found

    @cached_property
    def _is_honest(self) -> bool:
        found = serving().call(f"ask what {self._place} can do", "operations/fsinfo", fs=self._place)
        if _HASH not in (found.get("Hashes") or ()):
            return False
        return bool(found["Features"]["IsLocal"]) or _kind_of(serving(), self._remote.name) == _HONEST


def _kind_of(server: Server, name: str) -> str:
    return str(server.call("read its configuration", "config/get", name=name).get("type", ""))


def _remote_of(url: str) -> Remote:
    return Remote.parse(url[len(_SCHEME) :] if url[: len(_SCHEME)].lower() == _SCHEME else url)


def _copy(content: BinaryIO, place: Path, size: int, name: str) -> None:
    """Write down what is to be sent, so that what ends too early is not."""
    with place.open("wb") as file:
        while size and (part := content.read(min(size, _PART))):
            file.write(part)
            size -= len(part)
    if size:
        raise UnstableFileError(name)


def _check(name: str) -> None:
    if not _is_name(name):
        raise PathRefusedError(name, "it is no name of something that a store keeps")


def _is_name(name: str) -> bool:
    return all(_COMPONENT.fullmatch(each) for each in name.split("/"))
