"""People who share a workspace through git, each with a clone."""

import hashlib
import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from dws_core.plugin import Commit
from dws_core.testing import make_context
from dws_core.testing.context import Silence
from dws_git.backend import GitBackend

DESCRIPTION = ".dataworkspace/workspace.json"


def git(directory: Path, *arguments: str, given: bytes = b"", check: bool = True) -> str:
    """Run git as a user does."""
    done = subprocess.run(["git", *arguments], cwd=directory, input=given, capture_output=True, check=False)
    assert not check or done.returncode == 0, done.stderr.decode()
    return os.fsdecode(done.stdout).removesuffix("\n")


class Team:
    """Makes origins and clones below one directory. `template` is where the pair that most tests begin with is made once."""

    def __init__(self, place: Path, template: Path | None = None) -> None:
        self.place = place
        self._template = template

    def origin(self, name: str = "origin.git", *options: str) -> Path:
        """Make an empty repository to share by."""
        git(self.place, "init", "-q", "--bare", *options, name)
        return self.place / name

    def begin(self, name: str = "ours") -> GitBackend:
        """Make a workspace that nobody shares yet."""
        root = self.place / name
        root.mkdir()
        backend = self.open(root)
        backend.init()
        (root / DESCRIPTION).write_text(f'{{"name": "{name}"}}\n')
        backend.commit(Commit("Begin", (DESCRIPTION,)))
        return backend

    def two(self) -> tuple[GitBackend, GitBackend]:
        """Make a workspace that is published, and another clone of it."""
        if self._template is None:
            ours = self.begin()
            ours.publish(str(self.origin()))
            assert ours.push()
            return ours, self.clone(self.place / "origin.git")
        if not self._template.exists():
            self._template.mkdir()
            Team(self._template).two()
        shutil.copytree(self._template, self.place, symlinks=True, dirs_exist_ok=True)
        for name in ("ours", "theirs"):
            configuration = self.place / name / ".git" / "config"
            configuration.write_text(configuration.read_text().replace(str(self._template), str(self.place)))
        return self.open(self.place / "ours"), self.open(self.place / "theirs")

    def clone(self, url: Path | str, name: str = "theirs") -> GitBackend:
        """Clone a workspace."""
        root = self.place / name
        root.mkdir()
        GitBackend.clone(str(url), root, make_context(root, "backend"))
        return self.open(root)

    def open(self, root: Path) -> GitBackend:
        """Open a clone, as each command does anew."""
        return GitBackend(make_context(root, "backend"))

    def record(self, backend: GitBackend, text: str) -> str:
        """Commit a record, named by its bytes, and answer its path."""
        content = f'{{"text": "{text}"}}\n'.encode()
        path = f".dataworkspace/snapshots/{hashlib.sha256(content).hexdigest()}.json"
        place = backend.root / path
        place.parent.mkdir(exist_ok=True)
        place.write_bytes(content)
        backend.commit(Commit(text, (path,)))
        return path

    def own(self, backend: GitBackend, files: Mapping[str, str | None]) -> None:
        """Write files (None removes one) and commit them with plain git."""
        for path, content in files.items():
            place = backend.root / path
            if content is None:
                git(backend.root, "rm", "-q", "--", path)
            else:
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_text(content)
                git(backend.root, "add", "--force", "--", path)
        git(backend.root, "commit", "-q", "-m", "Own work")

    def pull(self, backend: GitBackend) -> tuple[str, ...]:
        """Take what is new, as the core does; names what is in conflict."""
        found = backend.fetch()
        if found is None:
            return ()
        backend.check_merge(found)
        return tuple(backend.merge(found))

    def share(self, backend: GitBackend) -> None:
        """Push, pulling first as often as somebody else was quicker."""
        while not backend.push():
            assert self.pull(backend) == ()

    def exchange(self, *backends: GitBackend) -> None:
        """Let all have what each has."""
        for backend in (*backends, *backends):
            assert self.pull(backend) == ()
            self.share(backend)

    def status(self, backend: GitBackend) -> list[str]:
        """What git says is not committed, apart from what this clone has to itself."""
        return git(backend.root, "status", "--porcelain", "--untracked-files=all").splitlines()

    def warnings(self, backend: GitBackend) -> list[str]:
        """What the user was told."""
        assert isinstance(backend.context.progress, Silence)
        return backend.context.progress.warnings


def record_and_share(root: Path, count: int) -> None:
    """Take records in a clone and share each, as a process of its own."""
    team = Team(root.parent)
    for number in range(count):
        backend = team.open(root)
        team.record(backend, f"{root.name}, {number}")
        team.share(backend)
