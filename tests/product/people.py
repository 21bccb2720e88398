"""People who share a workspace: each a directory of their own, and one origin and store between them."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.product.near import Ended, run_near

DWS = str(Path(sys.executable).with_name("dws"))


@dataclass(frozen=True)
class Person:
    """Somebody at work in a clone."""

    root: Path

    def tries(self, *arguments: str) -> Ended:
        """Give a command, whatever comes of it."""
        return run_near(self.root, ["--batch", *arguments])

    def dws(self, *arguments: str) -> str:
        """Give a command that must succeed, and answer what it says."""
        ended = self.tries(*arguments)
        assert ended.status == 0, (arguments, ended)
        return ended.out

    def asks(self, *arguments: str) -> Any:
        """Give a command that must succeed, and answer its document."""
        return json.loads(self.dws("--json", *arguments))

    def git(self, *arguments: str) -> str:
        """What a user does with git itself."""
        done = subprocess.run(["git", *IDENTITY, *arguments], cwd=self.root, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def write(self, path: str, content: str) -> Path:
        place = self.root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(content)
        return place

    def read(self, path: str) -> str:
        return (self.root / path).read_text()

    def history(self) -> list[tuple[str, str]]:
        """The hash and tags of each snapshot, in order."""
        return [(row["Hash"], row["Tags"]) for row in self.asks("report", "history")["tables"][0]["rows"]]

    def tags(self) -> list[str]:
        return [tags for _, tags in self.history()]

    def states(self) -> dict[str, str]:
        return {row["Resource"]: row["State"] for row in self.asks("status")["tables"][0]["rows"]}


IDENTITY = ["-c", "user.name=Somebody", "-c", "user.email=somebody@example.org", "-c", "init.defaultBranch=main"]


def make_origin(directory: Path) -> Path:
    """Make an empty repository, as a git host does."""
    directory.mkdir(parents=True)
    subprocess.run(["git", *IDENTITY, "init", "--quiet", "--bare", str(directory)], check=True)
    return directory


def begin(directory: Path, *, store: Path | None = None, hostname: str = "desk") -> Person:
    """Make a workspace with code and results, and with data that git does not carry."""
    (directory / "data").mkdir(parents=True)
    person = Person(directory)
    person.dws("init", "--create-resources", "code,results", "--hostname", hostname)
    person.dws("add", "local-files", "--role", "source-data", "data")
    person.write("data/d.csv", "1\n")
    person.write("code/a.py", "one\n")
    if store is not None:
        person.dws("store", "add", "shared", str(store))
    return person


def join(origin: Path | str, directory: Path, *options: str) -> Person:
    """Clone the workspace, as a colleague does."""
    directory.parent.mkdir(parents=True, exist_ok=True)
    Person(directory.parent).dws("clone", *options, str(origin), directory.name)
    return Person(directory)
