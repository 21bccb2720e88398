"""A pull with nothing new costs one `git fetch` a repository, however much content there is."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.product.people import Person, begin, join, make_origin

# Every Python that is started with this beside it writes down which programs it starts, and which files and directories it opens.
WATCHING = """
import json, os, sys

_names = {"open": "opened", "os.scandir": "listed", "os.listdir": "listed", "subprocess.Popen": "started"}
_seen = os.open(os.environ["SEEN"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)

def _place(thing):
    if isinstance(thing, int):
        return os.readlink(f"/proc/self/fd/{thing}")
    return os.path.abspath(os.fsdecode(thing or "."))

def _hook(event, arguments):
    if event in _names:
        started = event == "subprocess.Popen"
        what = [os.fsdecode(each) for each in arguments[1]] if started else _place(arguments[0])
        os.write(_seen, (json.dumps([_names[event], what]) + "\\n").encode())

sys.addaudithook(_hook)
"""

# Those of git's commands that look at files of the working tree, one by one.
WALKING = {
    "add",
    "checkout",
    "checkout-index",
    "diff",
    "diff-files",
    "hash-object",
    "ls-files",
    "read-tree",
    "status",
    "update-index",
}


@dataclass(frozen=True)
class Seen:
    """What a command did: the git commands that it gave, and the paths that it listed or opened."""

    git: list[str]
    paths: list[Path]

    def below(self, *directories: Path) -> list[Path]:
        return [path for path in self.paths if any(path.is_relative_to(directory) for directory in directories)]


@pytest.fixture
def bob(tmp_path: Path) -> Person:
    """Somebody who cloned a workspace with every kind of content: in the history, in a repository of its own, and stored."""
    ada = begin(tmp_path / "ada" / "weather", store=tmp_path / "store")
    for number in range(30):
        ada.write(f"data/deep/{number}.csv", f"{number}\n")
    library = Person(ada.root / "library")
    library.write("lib.py", "lib\n")
    for command in (["init", "--quiet"], ["add", "."], ["commit", "--quiet", "-m", "Begin"]):
        library.git(*command)
    library.git("remote", "add", "origin", str(make_origin(tmp_path / "library.git")))
    library.git("push", "--quiet", "origin", "main")
    ada.dws("add", "git", "--role", "code", "library")
    ada.write("results/results.json", '{"metrics": {"accuracy": 0.5}}')
    ada.dws("snapshot", "V1")
    ada.dws("publish", str(make_origin(tmp_path / "origin.git")))
    bob = join(tmp_path / "origin.git", tmp_path / "bob" / "weather", "--accept", "--skip", "library")
    bob.git("clone", "--quiet", "--", str(tmp_path / "library.git"), "library")
    bob.dws("pull", "--accept")
    return bob


def _watched(person: Person, *arguments: str) -> Seen:
    """Give a command that must succeed, and see what it does."""
    beside = person.root.parent / "watching"
    beside.mkdir()
    (beside / "sitecustomize.py").write_text(WATCHING)
    watching = {"PYTHONPATH": str(beside), "SEEN": str(beside / "seen")}
    command = [str(Path(sys.executable).with_name("dws")), "--batch", *arguments]
    done = subprocess.run(command, cwd=person.root, env={**os.environ, **watching}, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    lines = [json.loads(line) for line in (beside / "seen").read_text().splitlines()]
    started = [what for kind, what in lines if kind == "started"]
    return Seen([_git_command(words) for words in started], [Path(what) for kind, what in lines if kind != "started"])


def _git_command(words: list[str]) -> str:
    """Tell which of git's commands a line of words gives."""
    assert Path(words[0]).name == "git", words
    place = 1
    while words[place] == "-c":
        place += 2
    return words[place]


def test_it_fetches_once_from_each_repository_and_looks_at_no_content(bob: Person) -> None:
    """One `git fetch` of the workspace and one of each repository with an origin; no directory of content is listed, no file of
    it opened, neither where people work nor in the object store, and the store is not looked into."""
    content = [bob.root / name for name in ("data", "code", "results")]
    objects = bob.root / ".dataworkspace" / "local" / "objects"

    seen = _watched(bob, "pull")

    assert seen.git.count("fetch") == 2
    assert not WALKING.intersection(seen.git)
    assert seen.below(bob.root / ".dataworkspace")
    assert not seen.below(*content, objects, bob.root.parents[1] / "store")


def test_whoever_watches_sees_content_that_is_looked_at(bob: Person) -> None:
    """A command that does look at content is seen doing so: what the test above does not see is not there."""
    bob.write("data/new.csv", "1\n")

    seen = _watched(bob, "status")

    assert bob.root / "data" in seen.below(bob.root / "data")
