"""The content of many files of a server, each as it was at one moment: small ones whole, large ones piece by piece."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Protocol, TypeVar

from dws_core.errors import UnstableFileError
from dws_ssh.packets import Attributes
from dws_ssh.place import Place, about
from dws_ssh.session import Session, Talk
from dws_ssh.survey import Found
from dws_ssh.talks import PIECE, PIECES_READ, read_piece

_WHOLE = 4 * 1024 * 1024
_CLASSES = ((64 * 1024, 256), (512 * 1024, 32), (_WHOLE, 4))
"""Up to which size files are read whole, and how many of them at once, so that what is in memory stays small."""
_TRIES = 3


class Sink(Protocol):
    """What takes the bytes of one file, in their order."""

    def update(self, content: bytes, /) -> None: ...


S = TypeVar("S", bound=Sink)


def read_files(place: Place, files: Mapping[str, Found], begin: Callable[[Found], S]) -> Iterator[tuple[str, Found, S]]:
    """Read files, and yield each, as it then was, with what took its bytes; UnstableFileError for one that keeps changing."""
    left = dict(files)
    for _ in range(_TRIES):
        changed: dict[str, Found] = {}
        for path, attributes, parts in _read_small(place, left):
            if _settled(left[path], attributes):
                yield path, left[path], _poured(begin(left[path]), parts)
            else:
                changed[path] = _as_now(left[path], attributes)
        for path in [path for path, each in left.items() if each.size > _WHOLE]:
            sink = begin(left[path])
            for attributes, parts in _read_large(place, path, left[path]):
                if not _settled(left[path], attributes):
                    changed[path] = _as_now(left[path], attributes)
                    break
                _poured(sink, parts)
            else:
                yield path, left[path], sink
        left = changed
    if left:
        raise UnstableFileError(place.shown(place.at(next(iter(left)))))


def _read_small(place: Place, files: Mapping[str, Found]) -> Iterator[tuple[str, Attributes, Sequence[bytes]]]:
    def begin(session: Session, path: str) -> Talk[tuple[Attributes, list[bytes]]]:
        return about(place.at(path), read_piece(place.at(path), session.part, 0, files[path].size))

    above = -1
    for size, at_once in _CLASSES:
        paths = [path for path, each in files.items() if above < each.size <= size]
        above = size
        for path, (attributes, parts) in place.each(paths, begin, at_once):
            yield path, attributes, parts


def _read_large(place: Place, path: str, found: Found) -> Iterator[tuple[Attributes, Sequence[bytes]]]:
    """Give the pieces of a file in their order."""

    def begin(session: Session, start: int) -> Talk[tuple[Attributes, list[bytes]]]:
        return about(place.at(path), read_piece(place.at(path), session.part, start, min(start + PIECE, found.size)))

    early: dict[int, tuple[Attributes, list[bytes]]] = {}
    wanted = 0
    for start, piece in place.each(range(0, found.size, PIECE), begin, PIECES_READ):
        early[start] = piece
        while wanted in early:
            yield early.pop(wanted)
            wanted += PIECE


def _settled(found: Found, attributes: Attributes) -> bool:
    return (attributes.size, attributes.modified) == (found.size, found.modified)


def _as_now(found: Found, attributes: Attributes) -> Found:
    return found._replace(size=attributes.size, modified=attributes.modified)


def _poured(sink: S, parts: Sequence[bytes]) -> S:
    for part in parts:
        sink.update(part)
    return sink
