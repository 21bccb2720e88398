"""A look at a directory of a server: what lies there, without its content."""

import os
import stat
from collections.abc import Callable, Mapping
from typing import NamedTuple, TypeVar

from dws_core.errors import UnstableFileError, UnsupportedFileError
from dws_core.model.names import is_reserved
from dws_core.plugin import EntryKind
from dws_core.plugin.staging import is_staging
from dws_ssh.errors import RemoteDirectoryMissingError, SpeechError
from dws_ssh.packets import Named, look, read_link
from dws_ssh.place import Place, about
from dws_ssh.session import Talk
from dws_ssh.talks import list_directory

_KINDS = {stat.S_IFIFO: "fifo", stat.S_IFSOCK: "socket", stat.S_IFCHR: "device", stat.S_IFBLK: "device"}
_DEEPEST = 250
_TRIES = 3

T = TypeVar("T")


class Found(NamedTuple):
    """One thing on the server; `target` is where a symlink points."""

    kind: EntryKind
    size: int
    modified: int
    mode: int
    target: bytes = b""


def survey(place: Place) -> dict[str, Found]:
    """Find all that lies below a directory, by path, directories too; UnsupportedFileError for what no version can hold."""
    check_top(place)
    found: dict[str, Found] = {}
    waiting = [""]
    while waiting:
        listed = [*place.each(waiting, lambda _, path: about(place.at(path), list_directory(place.at(path))))]
        waiting = []
        for directory, entries in listed:
            for each in entries:
                name = os.fsdecode(each.name)
                if not is_staging(name):
                    path = f"{directory}/{name}" if directory else name
                    found[path] = _found(place, path, each)
                    if found[path].kind is EntryKind.DIRECTORY:
                        waiting.append(path)
    links = [path for path, each in found.items() if each.kind is EntryKind.SYMLINK]
    for path, target in place.each(links, lambda _, path: about(place.at(path), _read_link(place.at(path)))):
        found[path] = found[path]._replace(target=target, size=len(target))
    return found


def check_top(place: Place) -> None:
    """Raise a RemoteDirectoryMissingError where there is no directory; a symlink to one is as good."""
    try:
        attributes = place.hold(lambda _: about(place.top, _look(place.top)))
    except FileNotFoundError as error:
        raise RemoteDirectoryMissingError(place.address.text) from error
    if not stat.S_ISDIR(attributes):
        raise RemoteDirectoryMissingError(place.address.text)


def steadily(work: Callable[[], T]) -> T:
    """Look again where a file went away between being found and being read; UnstableFileError if that goes on."""
    for _ in range(_TRIES):
        try:
            return work()
        except RemoteDirectoryMissingError:
            raise
        except FileNotFoundError as error:
            gone = str(error)
    raise UnstableFileError(gone)


def leftovers(place: Place) -> list[tuple[str, bool]]:
    """Name what lies at the top under a name for the moment, and whether it is a directory."""
    entries = place.hold(lambda _: about(place.top, list_directory(place.top)))
    return [(os.fsdecode(each.name), stat.S_ISDIR(each.attributes.mode)) for each in entries if is_staging(each.name)]


def empty_directories(found: Mapping[str, Found]) -> set[str]:
    """Name the directories that hold nothing."""
    above = {path.rpartition("/")[0] for path in found}
    return {path for path, each in found.items() if each.kind is EntryKind.DIRECTORY and path not in above}


def _found(place: Place, path: str, named: Named) -> Found:
    name, (size, mode, modified) = path.rpartition("/")[2], named.attributes
    if not name or "/" in os.fsdecode(named.name) or "\0" in name or mode == -1:
        raise SpeechError("it lists what can be no file")
    shown = place.shown(place.at(path))
    if is_reserved(name):
        raise UnsupportedFileError(shown, "part of a nested repository or workspace")
    if path.count("/") >= _DEEPEST:
        raise UnsupportedFileError(shown, f"directory nested more than {_DEEPEST} deep")
    if stat.S_ISDIR(mode):
        return Found(EntryKind.DIRECTORY, 0, modified, mode)
    if stat.S_ISLNK(mode):
        return Found(EntryKind.SYMLINK, size, modified, mode)
    if not stat.S_ISREG(mode):
        raise UnsupportedFileError(shown, _KINDS.get(stat.S_IFMT(mode), "special file"))
    return Found(EntryKind.EXECUTABLE if mode & stat.S_IXUSR else EntryKind.FILE, size, modified, mode)


def _look(path: bytes) -> Talk[int]:
    (attributes,) = yield [look(path, follow=True)]
    return int(attributes.mode)


def _read_link(path: bytes) -> Talk[bytes]:
    (names,) = yield [read_link(path)]
    return bytes(names[0].name)
