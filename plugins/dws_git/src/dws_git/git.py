"""The only place that runs git: with arguments that no value can extend, and an environment that no caller can bend."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from functools import cache, cached_property
from pathlib import Path
from typing import IO, NamedTuple

from dws_core.errors import ToolFailedError, ToolMissingError
from dws_git.configuration import Configuration

os.environ.setdefault("GIT_PYTHON_REFRESH", "quiet")  # where git is missing we say so ourselves, with the next step
import git

OLDEST = (2, 25)
_HOW = "install git (Debian and Ubuntu: `sudo apt install git`; macOS: `xcode-select --install`), then try again"

_CONFIGURATION = {
    # Nothing of a repository runs on its own.
    "core.fsmonitor": "false",
    "core.hooksPath": "/dev/null",
    "safe.bareRepository": "explicit",
    "submodule.recurse": "false",
    "gc.auto": "0",
    "maintenance.auto": "false",
    # Bytes, names and modes are what they are on disk; which names are refused is decided by the core's own rule.
    "core.precomposeUnicode": "false",
    "core.protectNTFS": "false",
    "core.protectHFS": "false",
    "core.safecrlf": "false",
    "core.quotePath": "false",
    "core.fileMode": "true",
    "core.symlinks": "true",
    # Every entry of an index is looked at as it is, and each index is one whole file.
    "core.ignoreStat": "false",
    "core.splitIndex": "false",
    "index.sparse": "false",
    "fastimport.unpackLimit": "0",
    # What a record names outlasts a loss of power, as the record itself does.
    "core.fsync": "objects,derived-metadata,reference",
    "i18n.commitEncoding": "UTF-8",
}

_ENVIRONMENT = {
    "GIT_ALLOW_PROTOCOL": "file:git:http:https:ssh",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_LITERAL_PATHSPECS": "1",
    "GIT_GLOB_PATHSPECS": "0",
    "GIT_NOGLOB_PATHSPECS": "0",
    "GIT_ICASE_PATHSPECS": "0",
    "GIT_CONFIG_PARAMETERS": "",
    "GIT_CONFIG_COUNT": "0",
    "GIT_NAMESPACE": "",
    "GIT_EDITOR": "false",
}


_REMEMBERED = 100
_IN_URL = re.compile(r"(https?://)[^/\s']+@", re.IGNORECASE)


class _Refusal(Exception):  # noqa: N818  # no error by itself: whoever ran the command decides
    """A git command ended with another status than 0; whoever ran it knows what that means."""

    def __init__(self, command: str, status: int, said: str) -> None:
        super().__init__(f"git {command} ended with status {status}: {said}")
        self.status = status
        self.said = said


class Outcome(NamedTuple):
    """How a command ended: its status, its output, and what it said beside it."""

    status: int
    output: bytes
    said: str


class Git:
    """git at work in one directory."""

    def __init__(self, directory: Path, environment: Mapping[str, str]) -> None:
        self._git = git.Git(directory)
        self._directories = [Path(environment[name]) for name in ("GIT_DIR", "GIT_COMMON_DIR") if name in environment]
        self._facts: dict[tuple[str, ...], Outcome] = {}
        self._git.update_environment(**_ENVIRONMENT, **environment)
        self._options = [word for name, value in _CONFIGURATION.items() for word in ("-c", f"{name}={value}")]
        self._reader: git.Git.AutoInterrupt | None = None

    @cached_property
    def configuration(self) -> Configuration:
        """What the user has set for this repository."""
        return Configuration(lambda: self.run("config", "-z", "--list"), self._directories)

    def run(self, *arguments: str, given: bytes = b"", environment: Mapping[str, str] | None = None) -> bytes:
        """Run one command, `given` on its standard input, and answer its output; ToolFailedError with git's own words."""
        try:
            return self._execute(arguments, given, environment)
        except _Refusal as refusal:
            raise ToolFailedError("git", arguments[0], _reason(refusal), hint=_hint(refusal.said)) from refusal

    def outcome(self, *arguments: str, environment: Mapping[str, str] | None = None) -> Outcome:
        """Run a command whose ending is for its caller to judge."""
        return self._finish(arguments, b"", environment)

    def fact(self, *arguments: str, environment: Mapping[str, str] | None = None) -> Outcome:
        """Ask what is so for ever, since all that it is about is named by its whole id; asked again it is remembered.

        Where git answers neither yes nor no (0 or 1), an object may be missing, and it is asked anew.
        """
        found = self._facts.get(arguments)
        if found is None:
            found = self.outcome(*arguments, environment=environment)
            if found.status in (0, 1):
                while len(self._facts) >= _REMEMBERED:
                    self._facts.pop(next(iter(self._facts)))
                self._facts[arguments] = found
        return found

    def feed(self, *arguments: str, chunks: Iterable[bytes]) -> None:
        """Run a command that answers nothing, giving it content piece by piece; ToolFailedError with git's own words."""
        process = self._start(arguments, None)
        assert process.stdin is not None, "it is a pipe"
        try:
            for chunk in chunks:
                process.stdin.write(chunk)
        except BrokenPipeError:
            pass  # git gave up; why is what it says
        except BaseException:
            process.terminate()
            process.communicate()
            raise
        _, said = process.communicate()
        if process.returncode:
            refusal = _Refusal(arguments[0], process.returncode, said.decode("utf-8", "replace").strip())
            raise ToolFailedError("git", arguments[0], _reason(refusal), hint=_hint(refusal.said))

    def ask(self, *arguments: str, given: bytes = b"", environment: Mapping[str, str] | None = None) -> bytes | None:
        """Run a command whose failure is an answer too: None."""
        try:
            return self._execute(arguments, given, environment)
        except _Refusal:
            return None

    def line(self, *arguments: str, environment: Mapping[str, str] | None = None) -> str:
        """Run a command that answers one line."""
        return os.fsdecode(self.run(*arguments, environment=environment)).removesuffix("\n")

    def answer(self, *arguments: str) -> str | None:
        """Ask for one line, None where there is none."""
        found = self.ask(*arguments)
        return None if found is None else os.fsdecode(found).removesuffix("\n")

    def blob(self, identity: str) -> "Blob":
        """Open a stored object; LookupError if it is not there. Each must be read to its end before the next."""
        if self._reader is None:
            self._reader = self._start(["cat-file", "--batch"], None)
        question, answer = self._reader.stdin, self._reader.stdout
        assert question is not None and answer is not None, "both are pipes"
        question.write(identity.encode() + b"\n")
        question.flush()
        header = answer.readline().split()
        if len(header) != 3:
            raise LookupError(identity)
        return Blob(int(header[2]), answer)

    def close(self) -> None:
        """End the process that waits for more."""
        if self._reader is not None:
            self._reader.communicate()
            self._reader = None

    def _execute(self, arguments: Sequence[str], given: bytes, environment: Mapping[str, str] | None) -> bytes:
        ended = self._finish(arguments, given, environment)
        if ended.status:
            raise _Refusal(arguments[0], ended.status, ended.said)
        return ended.output

    def _finish(self, arguments: Sequence[str], given: bytes, environment: Mapping[str, str] | None) -> Outcome:
        process = self._start(arguments, environment)
        output, said = process.communicate(given)
        return Outcome(int(process.returncode), bytes(output), said.decode("utf-8", "replace").strip())

    def _start(self, arguments: Sequence[str], environment: Mapping[str, str] | None) -> "git.Git.AutoInterrupt":
        command = ["git", *self._options, *arguments]
        try:
            return self._git.execute(command, istream=subprocess.PIPE, as_process=True, env=dict(environment or {}))
        except git.GitCommandNotFound as error:
            raise ToolMissingError("git", _HOW) from error


class Blob:
    """The content of one stored object, read once from its beginning to its end."""

    def __init__(self, size: int, answer: IO[bytes]) -> None:
        self.size = size
        self._left = size
        self._answer = answer

    def read(self, size: int = -1) -> bytes:
        """Read so many bytes, or all that are left."""
        content = self._answer.read(self._left if size < 0 else min(size, self._left))
        self._left -= len(content)
        if not self._left and (content or not self.size):
            self._answer.read(1)  # the end of the line that follows the content
        return content


def check_git() -> None:
    """Raise a ToolMissingError if git is missing, a ToolFailedError if it is too old."""
    program = shutil.which("git")
    if program is None:
        raise ToolMissingError("git", _HOW)
    _check_age(program)


@cache
def _check_age(program: str) -> None:
    """Look once at each git that is found: it does not grow older while we run."""
    said = Git(Path("/"), {}).line("version")
    with suppress(ValueError, IndexError):
        found = tuple(int(part) for part in said.split()[2].split(".")[:2])
        if found < OLDEST:
            oldest = ".".join(map(str, OLDEST))
            raise ToolFailedError("git", "be used", f"{said} is too old", hint=f"install git {oldest} or newer")


def git_in(directory: Path) -> Git:
    """git for a repository that is to be made in a directory; until it is there, git finds no other in its place."""
    inside = str(directory / ".git")
    places = {"GIT_DIR": inside, "GIT_COMMON_DIR": inside, "GIT_OBJECT_DIRECTORY": f"{inside}/objects"}
    return Git(directory, {**places, "GIT_WORK_TREE": str(directory)})


def make_repository(directory: Path, *options: str) -> None:
    """Make a new repository, as the user's own git makes one, unless options of `git init` say otherwise."""
    git_in(directory).run("init", "--quiet", *options)


def look_there(url: str, *patterns: str) -> dict[str, str]:
    """Ask a place in the network for its refs, before there is a repository here; what HEAD leads to is found as `ref`."""
    nowhere = Git(Path("/"), {"GIT_DIR": os.devnull})
    said = os.fsdecode(nowhere.run("ls-remote", "--symref", "--", url, *patterns))
    lines = (line.partition("\t") for line in said.splitlines())
    return {"ref" if value.startswith("ref: ") else name: value.removeprefix("ref: ") for value, _, name in lines}


def _reason(refusal: _Refusal) -> str:
    said = _IN_URL.sub(r"\1", refusal.said)
    lines = [line for line in said.splitlines() if line.strip()]
    return lines[0].removeprefix("fatal: ").removeprefix("error: ") if lines else f"it ended with status {refusal.status}"


def _hint(said: str) -> str:
    if ".lock" in said:
        return "another git command is at work; if none is, remove the lock file that is named, then try again"
    if "No space left" in said:
        return "free some space on that disk, then try again"
    return "look at the repository with `git status` and `git fsck`, then try again"
