"""Blobs in a git repository's store, written many at once."""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from dws_core.errors import FileAccessError, UnstableFileError
from dws_git.listing import DIRECTORY, SUBMODULE, SYMLINK, Item, blob_id
from dws_git.repository import Repository

# From so many on, small files go into one pack: a file system takes far longer to make a file for each.
_MANY, _SMALL = 100, 1 << 20


def missing(repository: Repository, identities: Iterable[str]) -> set[str]:
    """Tell which of these objects the repository does not have."""
    wanted = sorted(set(identities))
    if not wanted:
        return set()
    given = "".join(f"{identity}\n" for identity in wanted).encode()
    answer = repository.git.run("cat-file", "--batch-check=%(objectname)", "--buffer", given=given)
    return {line.split()[0].decode() for line in answer.splitlines() if line.endswith(b" missing")}


def store_files(repository: Repository, directory: Path, listing: Mapping[str, Item], scratch: Path) -> None:
    """Store the bytes of these files and symlinks as they are; UnstableFileError if one is no longer what the listing says."""
    absent = missing(repository, (item.id for item in listing.values() if item.mode not in (DIRECTORY, SUBMODULE)))
    names: dict[str, str] = {}
    places: dict[str, Path] = {}
    for path, item in listing.items():
        if item.id in absent and item.id not in places:
            names[item.id] = path
            places[item.id] = directory / path
            if item.mode == SYMLINK:
                target = os.readlink(places[item.id])  # noqa: PTH115  # Path.readlink would change './x' to 'x'
                places[item.id] = _write(scratch / f"link-{len(places)}", os.fsencode(target))
    for wanted, found in zip(places, _store(repository, [*places.values()], scratch), strict=True):
        if wanted != found:
            raise UnstableFileError(directory / names[wanted])


def store_texts(repository: Repository, texts: Sequence[bytes], scratch: Path) -> list[str]:
    """Store bytes and answer their ids."""
    identities = [blob_id(text, repository.algorithm) for text in texts]
    absent = missing(repository, identities)
    fresh = [text for text, identity in zip(texts, identities, strict=True) if identity in absent]
    _store(repository, [_write(scratch / f"text-{number}", text) for number, text in enumerate(fresh)], scratch)
    return identities


def _store(repository: Repository, places: Sequence[Path], scratch: Path) -> list[str]:
    """Store files and answer their ids, in the same order."""
    try:
        small = [place for place in places if place.stat().st_size <= _SMALL] if len(places) >= _MANY else []
    except OSError as error:
        raise FileAccessError(None, error) from error
    packed = dict(zip(small, _pack(repository, small, scratch), strict=True)) if small else {}
    loose = [place for place in places if place not in packed]
    stored = {**packed, **dict(zip(loose, _hash_objects(repository, loose), strict=True))}
    return [stored[place] for place in places]


def _hash_objects(repository: Repository, places: Sequence[Path]) -> list[str]:
    if not places:
        return []
    given = b"".join(b'"' + _quoted(os.fsencode(place)) + b'"\n' for place in places)
    stored = repository.git.run("hash-object", "-w", "--no-filters", "--stdin-paths", given=given)
    return stored.decode().split()


def _pack(repository: Repository, places: Sequence[Path], scratch: Path) -> list[str]:
    marks = scratch / "marks"
    repository.git.feed("fast-import", "--quiet", "--depth=0", f"--export-marks={marks}", chunks=_blobs(places))
    found = dict(line.split() for line in marks.read_text().splitlines())
    return [found[f":{number}"] for number, _ in enumerate(places, 1)]


def _blobs(places: Sequence[Path]) -> Iterator[bytes]:
    for number, place in enumerate(places, 1):
        content = place.read_bytes()
        yield b"blob\nmark :%d\ndata %d\n%b\n" % (number, len(content), content)


def _quoted(path: bytes) -> bytes:
    return path.replace(b"\\", b"\\\\").replace(b'"', b'\\"').replace(b"\n", b"\\n")


def _write(place: Path, content: bytes) -> Path:
    place.write_bytes(content)
    return place
