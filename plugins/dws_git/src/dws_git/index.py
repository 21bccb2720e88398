"""The user's own index: changed whole, behind its lock, and only where we were asked to."""

import os
import shutil
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from dws_git.errors import IndexBusyError
from dws_git.listing import Item, Listing, Stage
from dws_git.repository import Repository
from dws_git.trees import index_lines

_PATIENCE = 5.0


def lock_file(repository: Repository) -> Path:
    """The file that says that somebody changes the index."""
    return repository.git_dir / "index.lock"


def check_free(repository: Repository, owner: str) -> None:
    """Raise an IndexBusyError while another git command changes the index; a lock that we left ourselves is no hindrance."""
    lock = lock_file(repository)
    if lock.exists() and not _is_ours(lock, owner):
        raise IndexBusyError(lock)


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

    def contradict(self, stages: Sequence[Stage]) -> None:
        """Let the copy say that the sides of these files contradict each other."""
        self.change({stage.path: None for stage in stages})
        lines = [f"{each.item.mode} {each.item.id} {each.number}\t".encode() + os.fsencode(each.path) + b"\0" for each in stages]
        given = b"".join(lines)
        self._repository.git.run("update-index", "-z", "--index-info", given=given, environment=self.environment)

    def refresh(self) -> None:
        """Let the copy know which files are as it says: git asks for that where it gives up a merge."""
        self._repository.git.ask("update-index", "-q", "--refresh", environment=self.environment)

    def prepare(self) -> None:
        """Lay the copy beside the index, so that nothing but a rename is left to do."""
        shutil.copyfile(self.copy, self._fresh)
        with self._fresh.open("rb") as file:
            os.fsync(file.fileno())
        # git takes an entry for unchanged where its file is older than the index: the index must not look younger than it is.
        found = self.copy.stat()
        os.utime(self._fresh, ns=(found.st_atime_ns, found.st_mtime_ns))

    def put(self) -> None:
        """Make what was prepared the index."""
        self._fresh.replace(self._repository.index)

    @property
    def _fresh(self) -> Path:
        return self._repository.git_dir / "index.dws"


@contextmanager
def held(repository: Repository, scratch: Path, owner: str) -> Iterator[HeldIndex]:
    """Lock the index, as git does, and copy it; without `put` it stays as it was.

    `owner` is this clone's id: a lock of ours, since the workspace's own lock is held, was left by a command that died.
    """
    lock = lock_file(repository)
    _take(lock, scratch / "lock", owner)
    try:
        copy = scratch / "index-of-user"
        copy.unlink(missing_ok=True)
        if repository.index.exists():
            shutil.copy2(repository.index, copy)
        yield HeldIndex(repository, copy)
    finally:
        lock.unlink(missing_ok=True)


def add_entries(repository: Repository, entries: Mapping[str, Item | None], scratch: Path, owner: str) -> None:
    """Set these entries of the user's index, and no other."""
    with held(repository, scratch, owner) as index:
        index.change(entries)
        index.prepare()
        index.put()


def release(repository: Repository, owner: str) -> None:
    """Remove the lock that a command of ours left when it died."""
    lock = lock_file(repository)
    if _is_ours(lock, owner):
        lock.unlink(missing_ok=True)


def _is_ours(lock: Path, owner: str) -> bool:
    """Tell whether a lock was left by this clone, or by a command of another that has died on this machine."""
    try:
        name, clone, host, process = os.fsdecode(lock.read_bytes()).split()
    except (OSError, ValueError):
        return False
    return name == "dws" and (clone == owner or (host == os.uname().nodename and not _is_alive(int(process))))


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass  # it is somebody else's
    return True


def _signature(owner: str) -> bytes:
    return f"dws {owner} {os.uname().nodename} {os.getpid()}\n".encode()


def _take(lock: Path, signed: Path, owner: str) -> None:
    signed.write_bytes(_signature(owner))
    until = time.monotonic() + _PATIENCE
    while True:
        if _is_ours(lock, owner):
            lock.unlink(missing_ok=True)
        try:
            os.link(signed, lock)  # with its content at once, so that whoever finds it knows whose it is
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
