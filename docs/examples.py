"""Play the examples of the documentation, and compare what they say with what is written.

A page is played from top to bottom in one fresh directory. A block of kind `console` holds commands (`$ …`, going on after
`> `) and their output; a block `python file=NAME`, or of another kind with `file=`, is written to that file. In output, a line
`…` stands for any lines, and `…` in a line for any text; hashes, times and the width of columns may differ.

Two commands are played by the player itself: `cd`, and `python3 -m pip install ./PROJECT`, which installs for that page alone.

python docs/examples.py [PAGE …] plays pages, and writes down anew the output that differs.
"""

import os
import re
import subprocess
import sys
import tempfile
import tomllib
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

TOP = Path(__file__).parents[1]
SHOWN_HOME = "/home/me"
_BLOCK = re.compile(r"^```(?P<kind>\w+)(?: file=(?P<file>\S+))?\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
_VARIABLE = [
    (re.compile(r"\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(\+00:00|Z)?"), "TIME"),
    (re.compile(r"\b[0-9a-f]{7,64}\b"), "HASH"),
    (re.compile(r"[ \t]+"), " "),
    (re.compile(r"(execution_time_seconds \| )[\d.]+"), r"\1SECONDS"),
]


@dataclass
class Example:
    """A command of a page with the output that the page shows, and after the play the real one."""

    command: str
    shown: str
    real: str = ""
    status: int = 0

    @property
    def agrees(self) -> bool:
        """Tell whether the page tells the truth."""
        return _pattern(self.shown).fullmatch(_plain(self.real)) is not None


@dataclass
class Page:
    """One page, split into text and blocks; a block of commands holds examples."""

    path: Path
    parts: list["str | Written | list[Example]"] = field(default_factory=list)

    @classmethod
    def read(cls, path: Path) -> "Page":
        text = path.read_text(encoding="utf-8")
        page, end = cls(path), 0
        for block in _BLOCK.finditer(text):
            page.parts.append(text[end : block.start()])
            page.parts.append(_content(block))
            end = block.end()
        page.parts.append(text[end:])
        return page

    @property
    def examples(self) -> list[Example]:
        return [example for part in self.parts if isinstance(part, list) for example in part]

    def play(self, home: Path) -> None:
        """Run every example in a directory, which stands for a user's home."""
        stage = _Stage(home)
        for part in self.parts:
            if isinstance(part, Written):
                part.write(stage.directory)
            elif isinstance(part, list):
                for example in part:
                    stage.run(example)

    def text(self) -> str:
        """The page with the real output wherever it did not tell the truth."""
        return "".join(
            part if isinstance(part, str) else part.text if isinstance(part, Written) else _block(part) for part in self.parts
        )


@dataclass(frozen=True)
class Written:
    """A file that a page tells its reader to write, or a block that is only to be read (`path` is empty)."""

    text: str
    path: str = ""
    body: str = ""

    def write(self, directory: Path) -> None:
        if self.path:
            (directory / self.path).parent.mkdir(parents=True, exist_ok=True)
            (directory / self.path).write_text(self.body, encoding="utf-8")


class _Stage:
    """Where a page is played: a directory that commands may change, and an environment of its own."""

    def __init__(self, home: Path) -> None:
        self.home = self.directory = home
        self.site = home / ".site"
        commands = str(Path(sys.executable).parent)
        self.environment = {
            "HOME": str(home),
            "LOGNAME": "me",
            "LC_ALL": "C.UTF-8",
            "PATH": os.pathsep.join([commands, os.environ["PATH"]]),
            "PYTHONPATH": str(self.site),
            "DWS_DISABLE_PLUGINS": ",".join(_test_plugins()),
            "PYTHONPYCACHEPREFIX": str(home / ".compiled"),
            "DOCS": str(TOP / "docs"),
            "GIT_CONFIG_NOSYSTEM": "1",
            **{
                f"GIT_{who}_{what}": value
                for who in ("AUTHOR", "COMMITTER")
                for what, value in (("NAME", "me"), ("EMAIL", "me@laptop"))
            },
        }

    def run(self, example: Example) -> None:
        if found := re.fullmatch(r"cd (\S+)", example.command):
            self.directory = (self.directory / found[1]).resolve()
            return
        if found := re.fullmatch(r"python3 -m pip install (\./\S+)", example.command):
            self._install(self.directory / found[1])
            return
        done = subprocess.run(
            ["bash", "-c", example.command],
            cwd=self.directory,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        example.status = done.returncode
        example.real = done.stdout.decode("utf-8", "replace").replace(str(self.home), SHOWN_HOME)

    def _install(self, project: Path) -> None:
        """Do what pip does, for this page alone: build the wheel and unpack it."""
        with tempfile.TemporaryDirectory() as wheels:
            build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", wheels]
            subprocess.run(build, cwd=project, check=True, capture_output=True)
            for wheel in Path(wheels).glob("*.whl"):
                zipfile.ZipFile(wheel).extractall(self.site)


def pages() -> list[Path]:
    """List every page whose examples are played."""
    return [
        TOP / "README.md",
        TOP / "CONTRIBUTING.md",
        *sorted((TOP / "docs").glob("*.md")),
        *sorted(TOP.glob("plugins/*/README.md")),
    ]


def _test_plugins() -> list[str]:
    """Name the plugins that are installed for tests, of which no reader knows."""
    projects = [tomllib.loads(path.read_text(encoding="utf-8")) for path in TOP.glob("tests/thirdparty/*/pyproject.toml")]
    return [name for project in projects for name in project["project"]["entry-points"]["dws"]]


def links(text: str) -> list[str]:
    """List the files that a page's relative links name."""
    return [target.partition("#")[0] for target in re.findall(r"\]\((?!https?:|#)([^)\s]+)\)", text)]


def _content(block: re.Match[str]) -> "Written | list[Example]":
    if block["kind"] != "console":
        return Written(block[0], block["file"] or "", block["body"])
    return list(_examples(block["body"]))


def _examples(body: str) -> Iterator[Example]:
    for piece in re.split(r"^\$ ", body, flags=re.MULTILINE)[1:]:
        first, *rest = piece.splitlines(keepends=True)
        more = 0
        while more < len(rest) and rest[more].startswith("> "):
            more += 1
        command = "".join([first, *(line[2:] for line in rest[:more])]).rstrip("\n")
        yield Example(command, "".join(rest[more:]))


def _block(examples: list[Example]) -> str:
    lines = "".join(
        "$ " + example.command.replace("\n", "\n> ") + "\n" + (example.shown if example.agrees else example.real)
        for example in examples
    )
    return f"```console\n{lines}```"


def _plain(text: str) -> str:
    for variable, name in _VARIABLE:
        text = variable.sub(name, text)
    return "\n".join(line.rstrip() for line in text.strip("\n").splitlines())


def _pattern(shown: str) -> re.Pattern[str]:
    lines = (re.escape(line).replace("…", ".*") for line in _plain(shown).splitlines())
    text = "\n".join(r"\0" if line == ".*" else line for line in lines)
    return re.compile(text.replace("\n\\0\n", r"\n(?s:.*\n)?").replace("\n\\0", r"(?s:\n.*)?").replace("\\0\n", r"(?s:.*\n)?"))


def main(arguments: list[str]) -> None:
    """Play pages, and write down anew what differs."""
    for path in [Path(name).resolve() for name in arguments] or pages():
        page = Page.read(path)
        with tempfile.TemporaryDirectory() as home:
            page.play(Path(home))
        wrong = [example for example in page.examples if not example.agrees]
        print(f"{path.relative_to(TOP)}: {len(page.examples)} examples, {len(wrong)} written anew")
        path.write_text(page.text(), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
