"""The user's own index: changed whole, behind its lock, and only where we were asked to."""

import os
import shutil
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from dws_git.errors import IndexBusyError
from dws_git.listing import Item, Listing
from dws_git.objects import index_lines
from dws_git.repository import Repository

_PATIENCE = 5.0


def lock_file(repository: Repository) -> Path:
    """The file that says that somebody changes the index."""
    return repository.git_dir / "index.lock"


def check_free(repository: Repository) -> None:
    """Raise an IndexBusyError while another git command changes the index."""
    if lock_file(repository).exists():
        raise IndexBusyError(lock_file(repository))


class HeldIndex:
    """The index while nobody else can change it; what is built beside takes its place at `put`."""

    def __init__(self, repository: Repository, copy: Path) -> None:
        self._repository = repository
        self.copy = copy

    @property
    def environment(self) -> Mapping[str, str]:
        """Makes git take the copy for the index."""
        return {"GIT_INDEX_FILE": str(self.copy)}

    def change(self, entries: Mapping[str, Item | None]) -> None:
        """Set entries of the copy; None takes one out."""
        if entries:
            lines = index_lines(entries, self._repository.zero)
            self._repository.git.run("update-index", "-z", "--index-info", given=lines, environment=self.environment)

    def put(self) -> None:
        """Make the copy the index."""
        lock = lock_file(self._repository)
        with lock.open("r+b") as file:
            file.write(self.copy.read_bytes())
            file.flush()
            os.fsync(file.fileno())
        # git takes an entry for unchanged where its file is older than the index: the index must not look younger than it is.
        found = self.copy.stat()
        os.utime(lock, ns=(found.st_atime_ns, found.st_mtime_ns))
        lock.replace(self._repository.index)


@contextmanager
def held(repository: Repository, scratch: Path) -> Iterator[HeldIndex]:
    """Lock the index, as git does, and copy it; without `put` it stays as it was."""
    lock = lock_file(repository)
    _take(lock)
    try:
        copy = scratch / "index-of-user"
        copy.unlink(missing_ok=True)
        if repository.index.exists():
            shutil.copy2(repository.index, copy)
        yield HeldIndex(repository, copy)
    finally:
        lock.unlink(missing_ok=True)


def _take(lock: Path) -> None:
    until = time.monotonic() + _PATIENCE
    while True:
        try:
            os.close(os.open(lock, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666))
            return
        except FileExistsError as error:
            if time.monotonic() > until:
                raise IndexBusyError(lock) from error
        time.sleep(0.1)


def entries(repository: Repository, prefixes: Sequence[str], environment: Mapping[str, str] | None = None) -> Listing:
    """List the index below these paths."""
    found = repository.git.run("ls-files", "--stage", "-z", "--", *prefixes, environment=environment)
    listing: Listing = {}
    for entry in filter(None, found.split(b"\0")):
        facts, _, path = entry.partition(b"\t")
        mode, identity, _ = facts.decode().split()
        listing[os.fsdecode(path)] = Item(mode, identity)
    return listing
