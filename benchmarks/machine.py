"""The limits of the machine: what no program can do faster here.

python -m benchmarks.machine LIMIT TREE [OUT FILES EACH TOGETHER] measures one of them, and prints its figure.
"""

import hashlib
import json
import os
import platform
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.clock import FailedRunError, Figure, cost_of
from benchmarks.trees import Shape

NAME = "machine"
WALK = "scandir and stat"
READ = "read"
HASH = "read and sha256"
COPY = "cp -r"
COPY_BESIDE = "cp -r, beside restore everything"
CHANGED = "changed files"

_TOP = Path(__file__).parents[1]
_CHUNK = 1 << 20


def limit(name: str, tree: Path) -> Figure:
    """Measure a walk through a tree in a Python of its own, whose start is not counted."""
    return _child(name, os.fspath(tree))


def changed_files(tree: Path, out: Path, shape: Shape) -> Figure:
    """Measure the cost of the changed 1 %: to read, hash and write it, in directories like those it came from."""
    return _child(CHANGED, os.fspath(tree), os.fspath(out), str(shape.files), str(shape.each), str(shape.together))


def copy(tree: Path, target: Path) -> Figure:
    """Measure `cp -r` of a tree into a directory, which may be there."""
    return cost_of(["cp", "-r", f"{tree}/.", os.fspath(target)], target.parent)


def has_reflinks(scratch: Path) -> bool:
    """Tell whether files can share their blocks here."""
    (scratch / "reflink").write_bytes(b"x" * 4096)
    try:
        cost_of(["cp", "--reflink=always", "reflink", "reflink-copy"], scratch)
    except FailedRunError:
        return False
    return True


def description(scratch: Path) -> dict[str, str | float | bool]:
    """Say what machine this is."""
    system = subprocess.run(["stat", "-f", "-c", "%T", scratch], capture_output=True, text=True, check=False).stdout.strip()
    return {
        "cpus": len(os.sched_getaffinity(0)),
        "kernel": platform.release(),
        "python": platform.python_version(),
        "file system": system,
        "reflinks": has_reflinks(scratch),
        # What else kept the machine busy: one program at a time makes no more than 1, or 2 where it uses two cores.
        "load": round(os.getloadavg()[2], 2),
        # No peak of a program is less than what this process has, nor tells anything where it is near.
        "own MiB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "date": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
    }


def _child(*arguments: str) -> Figure:
    """Measure in another process, so that this one stays small: its memory would be counted as that of what it starts."""
    command = [sys.executable, "-m", "benchmarks.machine", *arguments]
    done = subprocess.run(command, cwd=_TOP, stdout=subprocess.PIPE, check=True)
    figure: Figure = json.loads(done.stdout)
    return figure


def _walk(tree: str) -> Iterator[tuple[str, os.stat_result]]:
    with os.scandir(tree) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                yield from _walk(entry.path)
            else:
                yield entry.path, entry.stat(follow_symlinks=False)


def _read(path: str, use: Callable[[memoryview], object]) -> int:
    """Read a file as cheaply as Python can: into one buffer, by the calls of the system."""
    file, size = os.open(path, os.O_RDONLY), 0
    while count := os.readv(file, [_VIEW]):
        use(_VIEW[:count])
        size += count
    os.close(file)
    return size


def _rewrite(tree: str, out: str, *shape: str) -> None:
    for path, start, length in Shape(*map(int, shape)).changed():
        with Path(tree, path).open("rb") as file:
            file.seek(start)
            content = file.read(length)
        hashlib.sha256(content).digest()
        target = Path(out, path)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)


def _hash(path: str) -> bytes:
    digest = hashlib.sha256()
    _read(path, digest.update)
    return digest.digest()


_VIEW = memoryview(bytearray(_CHUNK))
_LIMITS: dict[str, Callable[..., object]] = {
    WALK: lambda tree: sum(status.st_size for _, status in _walk(tree)),
    READ: lambda tree: sum(_read(path, len) for path, _ in _walk(tree)),
    HASH: lambda tree: sum(len(_hash(path)) for path, _ in _walk(tree)),
    CHANGED: _rewrite,
}

if __name__ == "__main__":
    start, cpu = time.perf_counter(), time.process_time()
    _LIMITS[sys.argv[1]](*sys.argv[2:])
    figure = {"seconds": time.perf_counter() - start, "cpu": time.process_time() - cpu}
    print(json.dumps(figure | {"peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024}))
