"""Finding out what a directory holds: walk it, read what may have changed since it was last read, work out the trees."""

import os
import stat
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from contextlib import nullcontext
from operator import attrgetter
from pathlib import Path

from dws_core.errors import FileAccessError, PathMissingError, UnstableFileError, UnsupportedFileError
from dws_core.objects.choice import EVERYTHING, Choice, ChosenEntry
from dws_core.objects.contents import Contents
from dws_core.objects.files import is_here
from dws_core.objects.hands import hashers
from dws_core.objects.intake import Intake, Taken
from dws_core.objects.layout import BLOCKS_ABOVE, PACKED_BELOW
from dws_core.objects.picture import NO_ID, FoundDirectory, kind_in, size_in, walk_down
from dws_core.objects.room import StoringRoom
from dws_core.objects.rows import DIRECTORY_ROW, ROW
from dws_core.objects.stat_cache import Remembered, StatCache
from dws_core.objects.ticking import moment_on
from dws_core.objects.tree import EXECUTABLE, FILE, SYMLINK, is_reserved_name, join_nodes, object_id
from dws_core.plugin.context import Progress
from dws_core.plugin.staging import is_staging

_BATCH = 256
_NAME = attrgetter("name")
_STAGING = b".dws-"
_KINDS = {
    stat.S_IFIFO: "fifo",
    stat.S_IFSOCK: "socket",
    stat.S_IFCHR: "device",
    stat.S_IFBLK: "device",
}


class Survey:
    """Looks at a directory; with `contents` (within its `writing`) everything is stored."""

    def __init__(self, directory: Path, cache: StatCache, progress: Progress) -> None:
        self._directory = directory
        self._top = os.fsencode(directory)
        self._cache = cache
        self._progress = progress
        self._contents: Contents | None = None
        self._moved: dict[bytes, Remembered] | None = None

    def take(self, choice: Choice = EVERYTHING, contents: Contents | None = None) -> FoundDirectory:
        """Look, and answer what was found. UnsupportedFileError, UnstableFileError, FileAccessError, PathMissingError."""
        self._contents = contents
        if not self._directory.is_dir():
            raise PathMissingError(self._directory)
        top = FoundDirectory(b"", 0)
        found: list[FoundDirectory] = []
        waiting = [(top, choice)]
        while waiting:
            directory, chosen = waiting.pop()
            found.append(directory)
            try:
                below = self._walk(directory, chosen)
            except FileNotFoundError as error:
                raise UnstableFileError(os.fsdecode(error.filename)) from error
            except OSError as error:
                raise FileAccessError(os.fsdecode(error.filename), error) from error
            waiting.extend(reversed(below))
        self._read([(directory, index) for directory in found for index in self._compare(directory)])
        for directory in reversed(found):
            self._finish(directory)
        return top

    def store(self, top: FoundDirectory, contents: Contents) -> bool:
        """Store what an earlier look found, reading only what is not stored yet; tell whether a file was read."""
        self._contents = contents
        found = list(walk_down(top))
        wanted = [(directory, index) for directory in found for index in self._not_stored(directory)]
        self._read(wanted)
        for directory in reversed(found):
            self._finish(directory)
        return bool(wanted)

    def save(self, top: FoundDirectory) -> None:
        """Keep what was found for next time, if it is not what was known already."""
        directories = list(walk_down(top))
        if len(directories) != len(self._cache.directories) or not all(each.same for each in directories):
            self._cache.save(each.to_remember() for each in directories)

    def _walk(self, directory: FoundDirectory, choice: Choice) -> list[tuple[FoundDirectory, Choice]]:
        below: list[tuple[FoundDirectory, Choice]] = []
        names, rows = directory.names, []
        regular, link, folder, pack = stat.S_IFREG, stat.S_IFLNK, stat.S_IFDIR, ROW.pack
        for entry in self._look(directory, choice):
            name, status = entry.name, entry.stat(follow_symlinks=False)
            mode = status.st_mode
            kind = mode & 0o170000
            if kind == regular:
                code = EXECUTABLE if mode & 0o100 else FILE
            elif kind == folder:
                child = directory.below(name)
                directory.children[len(names)] = child
                below.append((child, choice.names[name] if choice.names is not None else EVERYTHING))
                names.append(name)
                rows.append(DIRECTORY_ROW)
                continue
            elif kind == link:
                code = SYMLINK
            else:
                raise UnsupportedFileError(self._full(directory, name), _KINDS.get(kind, "special file"))
            names.append(name)
            rows.append(pack(code, status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino))
        directory.rows = bytearray(b"".join(rows))
        return below

    def _look(self, directory: FoundDirectory, choice: Choice) -> Sequence["os.DirEntry[bytes] | ChosenEntry"]:
        """List what is to be looked at, in order of the bytes of the names."""
        path = self._top + b"/" + directory.path if directory.path else self._top
        if choice.names is not None:
            return [ChosenEntry(path, name, choice.names[name]) for name in sorted(choice.names)]
        with os.scandir(path) as found:
            entries = sorted(found, key=_NAME)
        names = list(map(_NAME, entries))
        ours = bisect_left(names, _STAGING)
        if ours == len(names) or not names[ours].startswith(_STAGING):
            return entries
        return [entry for entry in entries if not is_staging(entry.name)]

    def _compare(self, directory: FoundDirectory) -> list[int]:
        """Take over the ids of what is as it was, and answer the places of what must be read."""
        known = self._cache.directories.get(directory.path) or self._find_moved(directory)
        names = b"\0".join(directory.names)
        if known is not None and known.names == names and known.rows == directory.rows:
            directory.remembered, directory.same = known, known.path == directory.path
            directory.ids = bytearray(known.ids)
            return self._not_stored(directory)
        for name in directory.names:
            if is_reserved_name(name):
                raise UnsupportedFileError(self._full(directory, name), "part of a nested repository or workspace")
        directory.ids = bytearray(32 * len(directory.names))
        if known is None:
            return [index for index in range(len(directory.names)) if index not in directory.children]
        changed = _take_over(directory, known, same_names=known.names == names)
        return sorted({*changed, *self._not_stored(directory)})

    def _not_stored(self, directory: FoundDirectory) -> list[int]:
        """Answer the places of files whose content must be stored though it is known."""
        contents = self._contents
        if contents is None:
            return []
        known, ids, children = contents.known, directory.each_id(), directory.children
        lost = set[int]()
        if not all(map(known.__contains__, ids)):
            lost = {index for index, identity in enumerate(ids) if identity not in known and index not in children}
        if directory.has_large():
            sizes = enumerate(row[1] for row in ROW.iter_unpack(directory.rows))
            lost |= {index for index, size in sizes if size > BLOCKS_ABOVE and not is_here(contents, ids[index], size)}
        return sorted(lost)

    def _find_moved(self, directory: FoundDirectory) -> Remembered | None:
        """Find a directory that had the very same files elsewhere: renaming a directory changes none of its files."""
        if not directory.rows or len(directory.children) == len(directory.names):
            return None
        if self._moved is None:
            self._moved = {each.rows: each for each in self._cache.directories.values()}
        return self._moved.get(bytes(directory.rows))

    def _read(self, wanted: list[tuple[FoundDirectory, int]]) -> None:
        if not wanted:
            return
        sizes = [size_in(directory.row(index)) for directory, index in wanted]
        since = moment_on(self._cache.directory)
        with hashers() if any(size >= PACKED_BELOW for size in sizes) else nullcontext() as pool:
            if self._contents is not None:
                self._check_room(self._contents, wanted, sizes, pool)
            intake = Intake(self._contents, told=self._tell, since=since)
            for (directory, index), taken in self._take_all(intake, wanted, sizes, pool):
                directory.put(index, taken.row, taken.id, racy=taken.racy)

    def _check_room(
        self, contents: Contents, wanted: list[tuple[FoundDirectory, int]], sizes: list[int], pool: Executor | None
    ) -> None:
        """Where it is not plain that all fits, read everything once to count what is new, before a byte is written."""
        room = StoringRoom(contents)
        if not room.is_ample(sizes):
            for _ in self._take_all(Intake(room=room, told=self._tell), wanted, sizes, pool):
                pass
            room.check()

    def _take_all(
        self, intake: Intake, wanted: list[tuple[FoundDirectory, int]], sizes: list[int], pool: Executor | None
    ) -> Iterator[tuple[tuple[FoundDirectory, int], Taken]]:
        """Read small files here, middling ones in threads, and the blocks of large ones in threads too."""
        self._progress.expect(files=len(wanted), size=sum(sizes))
        done_files = done_size = 0
        middling = []
        for each, size in zip(wanted, sizes, strict=True):
            directory, index = each
            path = self._top + b"/" + directory.path_of(directory.names[index])
            if pool is not None and PACKED_BELOW <= size <= BLOCKS_ABOVE and kind_in(directory.row(index)) != SYMLINK:
                middling.append((each, size, pool.submit(intake.take, path)))
                continue
            yield each, intake.take(path, pool)
            done_files, done_size = done_files + 1, done_size + (size if size <= BLOCKS_ABOVE else 0)
            if done_files >= _BATCH or size > BLOCKS_ABOVE:
                self._progress.advance(files=done_files, size=done_size)
                done_files = done_size = 0
        self._progress.advance(files=done_files, size=done_size)
        for each, size, future in middling:
            yield each, future.result()
            self._progress.advance(files=1, size=size)

    def _tell(self, size: int) -> None:
        self._progress.advance(size=size)

    def _finish(self, directory: FoundDirectory) -> None:
        """Work out the tree of a directory, all below it being done."""
        for index, child in directory.children.items():
            if directory.id(index) != child.tree:
                directory.put(index, DIRECTORY_ROW, child.tree)
        if directory.remembered is not None and directory.same:
            directory.tree = directory.remembered.tree
        if directory.tree != NO_ID and (self._contents is None or directory.tree in self._contents.known):
            return
        tree = join_nodes(directory.encoded())
        directory.tree = object_id(tree)
        if self._contents is not None and directory.tree not in self._contents.known:
            self._contents.add_new(directory.tree, tree)

    def _full(self, directory: FoundDirectory, name: bytes) -> str:
        return os.fsdecode(self._top + b"/" + directory.path_of(name))


def _take_over(directory: FoundDirectory, known: Remembered, *, same_names: bool) -> list[int]:
    """Take over the ids of files whose rows are as they were, and answer the places of the others."""
    rows, before = directory.each_row(), known.each_row()
    if same_names:
        places = list(range(len(rows)))
        directory.ids[:] = known.ids
    else:
        at = {name: place for place, name in enumerate(known.names.split(b"\0"))} if known.names else {}
        places = [at.get(name, -1) for name in directory.names]
        ids = known.ids + NO_ID
        directory.ids[:] = b"".join([ids[place * 32 : place * 32 + 32] if place >= 0 else NO_ID for place in places])
    return [
        index
        for index, place in enumerate(places)
        if (place < 0 or rows[index] != before[place]) and index not in directory.children
    ]
