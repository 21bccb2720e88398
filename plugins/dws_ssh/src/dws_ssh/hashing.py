"""The SHA-256 of files as they are on the server now: worked out there where that is allowed, else by reading them."""

import hashlib
from collections.abc import Iterator, Mapping
from functools import partial

from dws_core.plugin import EntryKind
from dws_ssh.memory import Memory
from dws_ssh.picture import Picture, Seen
from dws_ssh.place import Place
from dws_ssh.reading import read_files
from dws_ssh.sums import sums
from dws_ssh.survey import Found, empty_directories, survey

_FILES_AT_ONCE, _BYTES_AT_ONCE = 2_000, 4 * 1024**3


def look(place: Place, trusted: Memory | None, against: Picture | None = None) -> tuple[Mapping[str, Found], Picture]:
    """Find what lies there now; no sum is needed of a file that has another size than what it is held `against`."""
    found = survey(place)
    files = files_in(found)
    if against is not None:
        files = {path: each for path, each in files.items() if path in against and against[path].size == each.size}
    return found, picture_of(found, sums_of(place, files, trusted))


def sums_of(place: Place, files: Mapping[str, Found], trusted: Memory | None) -> dict[str, str]:
    """Answer the sum of each of these files."""
    known = quick_sums(place, files, trusted)
    left = {path: each for path, each in files.items() if path not in known}
    known |= {path: digest.hexdigest() for path, _, digest in read_files(place, left, lambda _: hashlib.sha256())}
    return known


def quick_sums(place: Place, files: Mapping[str, Found], trusted: Memory | None) -> dict[str, str]:
    """Answer the sums that cost no reading from here: what is trusted to be as before, and what the server works out."""
    remembered = ((path, trusted.sum_of_file(path, each)) for path, each in files.items()) if trusted else ()
    known = {path: sum_ for path, sum_ in remembered if sum_}
    for batch in _batches({path: each for path, each in files.items() if path not in known}):
        worked_out = place.using(partial(sums, paths=[place.at(path) for path in batch]))
        if worked_out is None:
            break
        known |= {path: worked_out[place.at(path)] for path in batch if place.at(path) in worked_out}
    return known


def picture_of(found: Mapping[str, Found], sums_of_files: Mapping[str, str]) -> Picture:
    """Put together what a look found, and the sums of the files in it; one of which none is known equals no other."""
    picture = {path: Seen(EntryKind.DIRECTORY, "", 0) for path in empty_directories(found)}
    for path, each in found.items():
        if each.kind is EntryKind.SYMLINK:
            picture[path] = Seen(each.kind, hashlib.sha256(each.target).hexdigest(), each.size)
        elif each.kind is not EntryKind.DIRECTORY:
            picture[path] = Seen(each.kind, sums_of_files.get(path, ""), each.size)
    return picture


def files_in(found: Mapping[str, Found]) -> dict[str, Found]:
    """Keep the regular files."""
    return {path: each for path, each in found.items() if each.kind in (EntryKind.FILE, EntryKind.EXECUTABLE)}


def _batches(files: Mapping[str, Found]) -> Iterator[list[str]]:
    """Part files so that what is lost with a connection is soon done again."""
    batch: list[str] = []
    size = 0
    for path, each in files.items():
        batch.append(path)
        size += each.size
        if len(batch) == _FILES_AT_ONCE or size >= _BYTES_AT_ONCE:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
