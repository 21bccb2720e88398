"""Measure what it costs to fetch a directory of a server over ssh, beside OpenSSH's sftp and rsync through the same server.

python -m benchmarks.ssh [--quick] [--rounds 3]
"""

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from benchmarks.clock import cost_of
from dws_ssh.address import Address
from dws_ssh.hashing import files_in
from dws_ssh.place import Place
from dws_ssh.reading import read_files
from dws_ssh.survey import survey
from tests.servers.sshd import Sshd, running_sshd

_DWS = str(Path(sys.executable).with_name("dws"))
_FIRST, _AGAIN = "first time", "nothing new"
_TARGETS = {"one large file": 1.5, "many small files": 1.0}
"""How long `dws snapshot` may take to fetch each set, as a part of what sftp takes."""


@dataclass(frozen=True)
class Bench:
    """A server on loopback, and a directory to fetch to."""

    server: Sshd
    top: Path

    @property
    def environment(self) -> Mapping[str, str]:
        return {**os.environ, "HOME": str(self.top / "home")}

    def rounds(self, name: str, number: int) -> Iterator[tuple[str, str, float]]:
        """Fetch a set once with each program, and once again; yield the program, which time it was, and the seconds."""
        source = self.top / "sets" / name
        place = self.top / f"round {number} of {name}"
        place.mkdir()
        yield "alone", _FIRST, self._alone(source, place)
        yield from self._dws(source, place / "workspace")
        yield "sftp", _FIRST, self._run(place, *self._sftp(source, place))
        if shutil.which("rsync"):
            for when in (_FIRST, _AGAIN):
                yield "rsync", when, self._run(place, *self._rsync(source, place))
        shutil.rmtree(place)

    def _dws(self, source: Path, workspace: Path) -> Iterator[tuple[str, str, float]]:
        workspace.mkdir()
        self._run(workspace, _DWS, "--batch", "init", "--hostname", "desk")
        self._run(workspace, _DWS, "--batch", "add", "ssh", "--role", "source-data", "--name", "data", f"server:{source}")
        for when in (_FIRST, _AGAIN):
            yield "dws", when, self._run(workspace, _DWS, "--batch", "snapshot", when.replace(" ", "-"))

    def _sftp(self, source: Path, place: Path) -> list[str]:
        (place / "batch").write_text(f'get -r "{source}" "{place}/by sftp"\n')
        return ["sftp", "-q", "-F", str(self.top / "home/.ssh/config"), "-b", str(place / "batch"), "server"]

    def _rsync(self, source: Path, place: Path) -> list[str]:
        through = f"ssh -F {self.top}/home/.ssh/config"
        return ["rsync", "-a", "-s", "-e", through, f"server:{source}/", f"{place}/by rsync"]

    def _run(self, directory: Path, *command: str) -> float:
        return cost_of(command, directory, self.environment)["seconds"]

    def _alone(self, source: Path, place: Path) -> float:
        """Fetch to plain files, as sftp does: no hash is worked out, and nothing is stored."""
        command = [sys.executable, "-m", "benchmarks.ssh", "--fetch", f"server:{source}", "--directory", str(place / "alone")]
        return cost_of(command, Path.cwd(), self.environment)["seconds"]


def main() -> None:
    """Make the sets, fetch them in turn, and print the least that each took."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.ssh", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="small sets: whether it works, not how fast")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--directory", type=Path, help="where to work; default: the system's temporary directory")
    parser.add_argument("--fetch", help="fetch this address to --directory, and measure nothing")
    options = parser.parse_args()
    if options.fetch:
        _fetch(options.fetch, options.directory)
        return
    if not shutil.which("rsync"):
        print("rsync is not there, so it is not measured: apt-get install rsync")
    with tempfile.TemporaryDirectory(prefix="dws-bench-ssh-", dir=options.directory) as name:
        top = Path(name)
        _make_sets(top / "sets", large=5 if options.quick else 500, many=100 if options.quick else 10_000)
        (top / "server").mkdir()
        with running_sshd(top / "server") as server:
            _make_home(top / "home", server)
            for each in _TARGETS:
                _measure(Bench(server, top), each, options.rounds)


def _measure(bench: Bench, name: str, rounds: int) -> None:
    least: dict[tuple[str, str], float] = {}
    for number in range(rounds):
        for program, when, seconds in bench.rounds(name, number):
            least[program, when] = min(seconds, least.get((program, when), seconds))
    print(f"\n{name}")
    for (program, when), seconds in least.items():
        print(f"  {program:6} {when:12} {seconds:8.2f} s")
    for program, what in (("alone", "fetched to plain files"), ("dws", "snapshot: fetched, hashed and stored")):
        ratio = least[program, _FIRST] / least["sftp", _FIRST]
        met = "met" if ratio <= _TARGETS[name] else "MISSED"
        print(f"  {what}: {ratio:.2f} of what sftp takes; it may be {_TARGETS[name]}: {met}")


class _File:
    """Takes the bytes of one file, and puts them under a number."""

    numbers = count()

    def __init__(self, directory: Path) -> None:
        self._path = directory / str(next(self.numbers))

    def update(self, content: bytes, /) -> None:
        with self._path.open("ab") as file:
            file.write(content)


def _fetch(address: str, directory: Path) -> None:
    """Fetch all files of a directory of a server with nothing but the plugin's own reading."""
    directory.mkdir()
    place = Place(Address.typed(address))
    for _ in read_files(place, files_in(survey(place)), lambda _: _File(directory)):
        pass


def _make_sets(directory: Path, *, large: int, many: int) -> None:
    (directory / "one large file").mkdir(parents=True)
    (directory / "many small files").mkdir()
    with (directory / "one large file" / "data.bin").open("wb") as file:
        for _ in range(large):
            file.write(os.urandom(1_000_000))
    for number in range(many):
        place = directory / "many small files" / f"{number % 100:02}"
        place.mkdir(exist_ok=True)
        (place / f"{number}.csv").write_bytes(os.urandom(4096))


def _make_home(home: Path, server: Sshd) -> None:
    (home / ".ssh").mkdir(parents=True)
    lines = "".join(f"  {line}\n" for line in server.configuration.read_text().splitlines())
    (home / ".ssh" / "config").write_text(f"Host server\n  HostName {server.host}\n  Port {server.port}\n{lines}")


if __name__ == "__main__":
    main()
