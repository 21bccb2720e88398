"""What a remote holds: its files, each with what tells whether it is the same."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from dws_core.errors import PathRefusedError
from dws_core.model.codec import Json, JsonObject, dump, parse
from dws_rclone.errors import NothingThereError, RemoteDirectoryMissingError, ReservedThereError
from dws_rclone.names import from_rclone, to_rclone
from dws_rclone.rclone import LOOK, Rclone, names_file
from dws_rclone.remote import KEPT, Remote

# The first that a remote has is asked for; of others, such as those that only one service knows, its first one.
_PREFERRED = ("sha256", "sha1", "md5", "sha512")
READ_HASH = "sha256"


@dataclass(frozen=True)
class Mark:
    """What tells a file of a remote from another at the same path: equal ones are the same, as far as the remote tells.

    Where there is a checksum the time does not count; with sizes alone neither does.
    """

    size: int
    hash: str = ""
    modified: str = ""


@dataclass(frozen=True)
class Listing:
    """The files of a remote by the path they have here, and the kind of their checksums ("" where it gives none)."""

    kind: str
    files: Mapping[str, Mark]
    is_there: bool = True

    def dump(self) -> bytes:
        """Give the form in which it is stored."""
        files: JsonObject = {path: [mark.size, mark.hash, mark.modified] for path, mark in self.files.items()}
        return dump({"files": files, "hash": self.kind})

    @classmethod
    def parse(cls, content: bytes) -> "Listing":
        """Read what was stored; what makes no sense, since a stranger may have stored it, is left out."""
        value = parse(content, "the listing of a remote")
        files = value.get("files")
        kind = value.get("hash")
        found = {path: _mark(each) for path, each in files.items()} if isinstance(files, dict) else {}
        return cls(kind if isinstance(kind, str) else "", {path: mark for path, mark in found.items() if mark is not None})


def hash_kind(rclone: Rclone, remote: Remote) -> str:
    """Ask which checksums a remote has, and choose one; "" where it has none."""
    found = rclone.ask(f"ask what {remote} can do", "backend", "features", "--", f"{remote.name}:")
    offered = [str(each) for each in found.get("Hashes") or ()]
    return next((each for each in (*_PREFERRED, *offered) if each in offered), "")


def look(
    rclone: Rclone,
    remote: Remote,
    kind: str,
    *,
    size_only: bool = False,
    read: bool = False,
    only: Iterable[str] | None = None,
) -> Listing:
    """List what a remote holds, or `only` these paths of it; nothing where there is no such directory.

    `read` works out what checksums the remote does not give.
    """
    wanted = ["--hash", "--hash-type", kind] if kind and not size_only else []
    try:
        with _chosen(only) as chosen:
            command = ("lsjson", "--recursive", "--files-only", "--no-mimetype", *wanted, *chosen, "--", str(remote))
            found = rclone.ask(f"list {remote}", *command)
    except NothingThereError:
        return Listing(kind, {}, is_there=False)
    files: dict[str, Mark] = {}
    refused: list[str] = []
    for each in found:
        if each["Path"].partition("/")[0] == KEPT:
            continue
        given = (each.get("Hashes") or {}).get(kind, "")
        modified = "" if given or size_only else _whole_seconds(each["ModTime"])
        try:
            files[from_rclone(each["Path"])] = Mark(int(each["Size"]), given, modified)
        except PathRefusedError:
            refused.append(each["Path"])
    if refused:
        raise ReservedThereError(str(remote), refused)
    return _read(rclone, remote, kind, files) if read and not size_only else Listing(kind, files)


def check_there(rclone: Rclone, remote: Remote) -> None:
    """Raise a RemoteDirectoryMissingError where a remote has no such directory."""
    try:
        rclone.ask(f"list {remote}", "lsjson", "--no-modtime", "--no-mimetype", "--", str(remote))
    except NothingThereError as error:
        raise RemoteDirectoryMissingError(str(remote)) from error


@contextmanager
def _chosen(only: Iterable[str] | None) -> Iterator[Sequence[str]]:
    """Give the options that let a command see these paths alone."""
    if only is None:
        yield ()
        return
    with names_file(filter(None, map(to_rclone, only))) as names:
        yield ("--files-from-raw", names)


def _read(rclone: Rclone, remote: Remote, kind: str, files: Mapping[str, Mark]) -> Listing:
    """Have rclone read the files of which the remote gives no checksum."""
    from_here = [path for path, mark in files.items() if not mark.hash]
    if not from_here:
        return Listing(kind, files)
    kind = kind or READ_HASH
    sums = read_sums(rclone, remote, kind, [*from_here])
    return Listing(kind, {**files, **{path: Mark(files[path].size, each) for path, each in sums.items() if path in files}})


def read_sums(rclone: Rclone, remote: Remote, kind: str, paths: Iterable[str]) -> dict[str, str]:
    """Work out checksums of a remote's files by reading them."""
    with names_file(filter(None, map(to_rclone, paths))) as names:
        said = rclone.run(f"read {remote}", *LOOK, "hashsum", kind, "--download", "--files-from-raw", names, "--", str(remote))
    lines = (line.split("  ", 1) for line in said.decode("utf-8", "surrogateescape").splitlines())
    return {from_rclone(line[1]): line[0] for line in lines if len(line) == 2}


def _whole_seconds(text: str) -> str:
    """Give a time as all services keep it: some have no fractions, and each writes its own zone."""
    return str(int(datetime.fromisoformat(text).timestamp()))


def _mark(value: Json) -> Mark | None:
    if not isinstance(value, list) or len(value) != 3:
        return None
    size, given, modified = value
    if isinstance(size, int) and isinstance(given, str) and isinstance(modified, str):
        return Mark(size, given, modified)
    return None
