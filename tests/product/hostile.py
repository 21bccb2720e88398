"""A workspace that its owner made to do harm, and the people who meet it: one who has it already, and one who clones it."""

import hashlib
import json
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.product.near import Ended, run_near
from tests.product.people import Person, begin, join, make_origin

Json = dict[str, Any]

LATER = "2100-01-01T00:00:00.000000Z"
LOOKS = ("status", "report status", "report history", "report results", "report lineage", "diff V1 V2", "store list", "log")
STEERING = "\x1b[2J\r\u202e\x07\x9b"
"""What clears a screen, begins a line anew and turns the reading order, where it is not escaped."""

_HARMFUL = {chr(code) for code in (*range(32), *range(0x7F, 0xA0), 0x202E, 0x2028)} - {"\n"}


def make(top: Path) -> None:
    """Make a workspace with code, results and stored data, its origin and store, a colleague's clone, and things outside."""
    origin = make_origin(top / "origin.git")
    owner = begin(top / "owner", store=top / "store")
    owner.dws("snapshot", "V1")
    owner.write("data/d.csv", "second\n")
    owner.write("results/results.json", '{"metrics": {"accuracy": 0.5}}')
    owner.dws("snapshot", "V2")
    owner.dws("publish", str(origin))
    join(origin, top / "old", "--accept", "--hostname", "old")
    branch = owner.git("branch", "--show-current").strip()
    subprocess.run(["git", "clone", "--quiet", "--branch", branch, str(origin), str(top / "evil")], check=True)
    (top / "outside").mkdir()
    (top / "outside" / "precious").write_text("precious\n")


@dataclass(frozen=True)
class Hostile:
    """The place where all of it lies; to the owner's clone `evil` anything may be done before it is pushed."""

    top: Path

    @property
    def evil(self) -> Path:
        return self.top / "evil"

    @property
    def owner(self) -> Person:
        """The owner, who may also use `dws`."""
        return Person(self.top / "owner")

    @property
    def outside(self) -> Path:
        """What nobody may touch."""
        return self.top / "outside"

    @property
    def canary(self) -> Path:
        """What would be there if anything had run."""
        return self.outside / "ran"

    def records(self, kind: str) -> list[Json]:
        """The records of a kind."""
        return [json.loads(path.read_text()) for path in sorted((self.evil / ".dataworkspace" / kind).glob("*.json"))]

    def id_of(self, resource: str) -> str:
        """The id of a resource."""
        paths = (self.evil / ".dataworkspace" / "resources").glob("*.json")
        return next(path.stem for path in paths if json.loads(path.read_text())["name"] == resource)

    def record(self, kind: str, value: Any) -> str:
        """Add a record with the name that it must have, and answer its id."""
        content = (json.dumps(value, sort_keys=True, indent=2) + "\n").encode()
        identity = hashlib.sha256(content).hexdigest()
        path = self.evil / ".dataworkspace" / kind / f"{identity}.json"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
        return identity

    def resource(self, name: str, type_: str, **settings: Any) -> str:
        """Add a resource."""
        distribution = "dws-core" if type_ == "local-files" else "dws-git"
        facts = {"name": name, "type": type_, "distribution": distribution, "settings": settings}
        return self.record("resources", {"role": "source-data", "time": LATER, **facts})

    def snapshot(self, tag: str = "EVIL", **facts: Any) -> str:
        """Add a snapshot that is like the last one but for these facts."""
        like = max(self.records("snapshots"), key=lambda each: (each["tags"] == ["V2"], str(each["time"])))
        return self.record("snapshots", {**like, "tags": [tag], "time": LATER, **facts})

    def setting(self, name: str, value: Any, target: str = "workspace") -> str:
        """Change a setting."""
        return self.record("settings", {"target": target, "name": name, "value": value, "time": LATER})

    def store(self, name: str, **facts: Any) -> str:
        """Add a store that is like the first one but for these facts."""
        return self.record("stores", {**self.records("stores")[0], "name": name, **facts})

    def push(self) -> None:
        """Put all of it where others pull it."""
        for command in (["add", "--force", "--all"], ["commit", "--quiet", "-m", "harmless"], ["push", "--quiet"]):
            Person(self.evil).git(*command)

    def tries(self, where: str, line: str, *more: str) -> Ended:
        """Give a command in one of the places, whatever comes of it: never a surprise, nor anything that steers a terminal."""
        ended = run_near(self.top / where, ["--batch", *line.split(), *more])
        assert ended.status in (0, 1), (line, ended)
        assert "mistake in dws" not in ended.err and "Traceback" not in ended.err, (line, ended)
        assert not _HARMFUL & {*ended.out, *ended.err}, (line, ended)
        errors = [each for each in ended.err.splitlines() if each.startswith("error: ")]
        assert len(errors) == (ended.status == 1 and not ended.out), (line, ended)
        return ended

    def clone(self, name: str = "new", *options: str) -> Ended:
        """Clone the workspace."""
        return self.tries(".", "clone", *options, str(self.top / "origin.git"), name)

    def look(self, where: str) -> str:
        """Look at everything in a clone, which must be possible, and answer all that was said."""
        found = [self.tries(where, line) for line in LOOKS]
        assert [each.status for each in found] == [0] * len(LOOKS), found
        return "".join(each.out for each in found)

    def left_alone(self) -> bool:
        """Tell whether all outside is as it was."""
        return {path.name: path.read_text() for path in self.outside.iterdir()} == {"precious": "precious\n"}


class Listening:
    """A port of loopback; whoever contacts it is counted, and told nothing."""

    def __init__(self, listening: socket.socket) -> None:
        self.contacts = 0
        self._socket = listening

    @property
    def port(self) -> int:
        return int(self._socket.getsockname()[1])

    def serve(self) -> None:
        with suppress(OSError):
            while True:
                self._socket.accept()[0].close()
                self.contacts += 1


@contextmanager
def listening() -> Iterator[Listening]:
    """Listen at a port, until the end."""
    with socket.create_server(("127.0.0.1", 0)) as made:
        there = Listening(made)
        thread = threading.Thread(target=there.serve, daemon=True)
        thread.start()
        yield there
        made.shutdown(socket.SHUT_RDWR)
        thread.join()
