"""Content in a git repository's store: blobs written many at once, trees made and read."""

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from dws_core.errors import MissingObjectError, UnstableFileError
from dws_git.listing import DIRECTORY, SUBMODULE, SYMLINK, Item, Listing, blob_id
from dws_git.repository import Repository


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
    places: dict[str, tuple[str, Path]] = {}
    for path, item in listing.items():
        if item.id in absent and item.id not in places:
            place = directory / path
            if item.mode == SYMLINK:
                place = _write(scratch / f"link-{len(places)}", os.fsencode(os.readlink(place)))  # noqa: PTH115  # as hashed
            places[item.id] = (path, place)
    stored = _hash_objects(repository, [place for _, place in places.values()])
    for wanted, found in zip(places, stored, strict=True):
        if wanted != found:
            raise UnstableFileError(directory / places[wanted][0])


def store_texts(repository: Repository, texts: Sequence[bytes], scratch: Path) -> list[str]:
    """Store bytes and answer their ids."""
    identities = [blob_id(text, repository.algorithm) for text in texts]
    absent = missing(repository, identities)
    fresh = [text for text, identity in zip(texts, identities, strict=True) if identity in absent]
    _hash_objects(repository, [_write(scratch / f"text-{number}", text) for number, text in enumerate(fresh)])
    return identities


def write_tree(repository: Repository, listing: Mapping[str, Item], scratch: Path) -> str:
    """Make a tree of stored files, symlinks and submodules; empty directories are left out."""
    index = {"GIT_INDEX_FILE": str(scratch / "index-of-tree")}
    (scratch / "index-of-tree").unlink(missing_ok=True)
    repository.git.run("update-index", "-z", "--index-info", given=index_lines(listing, repository.zero), environment=index)
    return repository.git.line("write-tree", environment=index)


def index_lines(listing: Mapping[str, Item | None], zero: str, prefix: str = "") -> bytes:
    """Say to `update-index --index-info` what is at each path; None takes the path out."""
    start = os.fsencode(prefix)
    lines = []
    for path, item in listing.items():
        if item is None:
            lines.append(f"0 {zero}\t".encode() + start + os.fsencode(path) + b"\0")
        elif item.mode != DIRECTORY:
            lines.append(f"{item.mode} {item.id}\t".encode() + start + os.fsencode(path) + b"\0")
    return b"".join(lines)


def read_tree(repository: Repository, tree: str) -> Listing:
    """List a tree or commit; MissingObjectError if it, or a tree in it, is not there."""
    found = repository.git.ask("ls-tree", "-r", "-z", "--full-tree", tree)
    if found is None:
        raise MissingObjectError(f"the git tree {tree} of {repository.top}")
    return dict(map(_entry, filter(None, found.split(b"\0"))))


def _entry(line: bytes) -> tuple[str, Item]:
    facts, _, path = line.partition(b"\t")
    mode, _, identity = facts.decode().split()
    return os.fsdecode(path), Item(mode, identity)


def _hash_objects(repository: Repository, places: Sequence[Path]) -> list[str]:
    if not places:
        return []
    given = b"".join(b'"' + _quoted(os.fsencode(place)) + b'"\n' for place in places)
    stored = repository.git.run("hash-object", "-w", "--no-filters", "--stdin-paths", given=given)
    return stored.decode().split()


def _quoted(path: bytes) -> bytes:
    return path.replace(b"\\", b"\\\\").replace(b'"', b'\\"').replace(b"\n", b"\\n")


def _write(place: Path, content: bytes) -> Path:
    place.write_bytes(content)
    return place
