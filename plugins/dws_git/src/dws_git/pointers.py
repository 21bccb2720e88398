"""What stands in git for a file that git-lfs keeps: a text that names the content by its hash."""

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from dws_core.errors import FileAccessError, MissingObjectError
from dws_git.lfs import storage
from dws_git.listing import EXECUTABLE, FILE, Item
from dws_git.repository import Repository

# Nothing but these three lines: what programs of the user's do beside (`ext-0-…`) is nothing to be undone by us.
_POINTER = re.compile(rb"version https://git-lfs\.github\.com/spec/v1\noid sha256:([0-9a-f]{64})\nsize ([0-9]{1,18})\n")
_LONGEST = 1024


class Pointer(NamedTuple):
    """The content that a file has: its SHA-256, and its size."""

    hash: str
    size: int

    def place(self, repository: Repository) -> Path:
        """Where git-lfs keeps the content in this clone, if it does."""
        return storage(repository) / self.hash[:2] / self.hash[2:4] / self.hash

    def is_here(self, repository: Repository) -> bool:
        """Tell whether the content is in this clone; bytes of that number are taken for it."""
        try:
            return self.place(repository).stat().st_size == self.size
        except OSError:
            return False

    def is_whole(self, repository: Repository) -> bool:
        """Tell whether what this clone keeps has the hash that it is named by."""
        sha = hashlib.sha256()
        try:
            with self.place(repository).open("rb") as content:
                while chunk := content.read(1 << 20):
                    sha.update(chunk)
        except OSError as error:
            raise FileAccessError(error.filename, error) from error
        return sha.hexdigest() == self.hash


def pointers(repository: Repository, items: Mapping[str, Item]) -> dict[str, Pointer]:
    """Find the files of a listing, as git stores it, in whose stead git-lfs keeps the content."""
    found: dict[str, Pointer] = {}
    try:
        for path, item in items.items():
            if item.mode in (FILE, EXECUTABLE):
                pointer = _read(repository, item.id)
                if pointer is not None:
                    found[path] = pointer
    finally:
        repository.git.close()
    return found


def _read(repository: Repository, identity: str) -> Pointer | None:
    try:
        blob = repository.git.blob(identity)
    except LookupError as error:
        raise MissingObjectError(f"the git object {identity} of {repository.top}") from error
    content = blob.read(min(_LONGEST, blob.size))
    if blob.size > _LONGEST:
        while blob.read(1 << 20):
            pass  # what is too long to stand for anything is read over
        return None
    match = _POINTER.fullmatch(content)
    return Pointer(match[1].decode(), int(match[2])) if match else None
