"""Files fetched from a server into the object store, each through a file of its own for the moment."""

import os
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from itertools import count
from pathlib import Path

from dws_core.errors import FileAccessError, UnstableFileError
from dws_core.plugin import Entry, Progress
from dws_ssh.download import Download
from dws_ssh.hashing import quick_sums
from dws_ssh.place import Place
from dws_ssh.reading import read_files
from dws_ssh.survey import Found

_TRIES = 3


def fetch(
    place: Place,
    keep: Callable[[Path], Entry],
    directory: Path,
    wanted: Mapping[str, Found],
    sums: MutableMapping[str, str],
    progress: Progress,
) -> Iterator[tuple[Found, Entry]]:
    """Fetch files into the object store, and yield each as it was read, with its entry; `sums` then tell what was read.

    What the server said of a file has to hold of what came of it: if not, somebody wrote to it, and it is fetched again.
    """
    left = dict(wanted)
    with ThreadPoolExecutor(1, thread_name_prefix="download") as aside:
        begin = partial(Download, directory, count(), aside)
        for _ in range(_TRIES):
            differing: dict[str, Found] = {}
            for path, found, download in read_files(place, left, begin):
                entry, sum_ = download.keep(keep)
                if sums.setdefault(path, sum_) != sum_:
                    differing[path] = found
                    continue
                progress.advance(files=1, size=found.size)
                yield found, replace(entry, path=path, kind=found.kind)
            for path in differing:
                del sums[path]
            sums.update(quick_sums(place, differing, None))
            left = differing
    if left:
        raise UnstableFileError(place.shown(place.at(next(iter(left)))))


def keep_link(keep: Callable[[Path], Entry], directory: Path, path: str, found: Found) -> Entry:
    """Store a symlink by way of one of this machine."""
    here = directory / "link"
    try:
        here.symlink_to(os.fsdecode(found.target))
    except OSError as error:
        raise FileAccessError(here, error) from error
    entry = replace(keep(here), path=path)
    here.unlink()
    return entry
