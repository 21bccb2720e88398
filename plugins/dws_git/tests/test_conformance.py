"""The types git and git-subdirectory, and the git backend, keep the contract's promises."""

import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dws_core.model.role import Role
from dws_core.model.version import Version
from dws_core.plugin import Commit, ResourceType
from dws_core.testing import Content, ResourceTypeSuite, make_context
from dws_git.backend import GitBackend
from dws_git.hooks import dws_resource_types
from dws_git.resource_type import GitResource
from dws_git.settings import GitSettings, GitSubdirectorySettings
from dws_git.subdirectory import GitSubdirectory
from plugins.dws_git.tests.suite import GitBackendSuite

GIT, SUBDIRECTORY = dws_resource_types()


class TestGit(ResourceTypeSuite):
    descriptor = GIT
    keep = frozenset({".git"})

    def make(self, root: Path, role: Role) -> ResourceType[Any]:
        place = root / "repository"
        place.mkdir()
        (place / "README").write_text("a repository\n")
        for command in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "Begin"]):
            subprocess.run(["git", *command], cwd=place, check=True)
        settings = GitSettings(relative_local_path="repository")
        return GitResource(self.resource(settings, role), settings, self.context(root))

    @pytest.fixture(autouse=True)
    def serve(self, daemon: Any) -> None:
        self.daemon = daemon

    def connect(self, subject: ResourceType[Any]) -> ResourceType[Any]:
        origin = Path(tempfile.mkdtemp(dir=self.daemon.directory))
        url = f"{self.daemon.url}/{origin.name}"
        _git(origin, "init", "-q", "--bare")
        _git(_place(subject), "remote", "add", "origin", url)
        _git(_place(subject), "push", "-q", "-u", "origin", "main")
        settings = replace(subject.settings, remote_origin_url=url, branch="main")
        return GitResource(self.resource(settings, subject.resource.role), settings, subject.context)

    def settle(self, subject: ResourceType[Any], content: Content) -> None:
        self.write(subject, content)
        _git(_place(subject), "add", "--all")
        _git(_place(subject), "commit", "-q", "--allow-empty", "-m", "Go on")

    def there(self, subject: ResourceType[Any]) -> Mapping[str, str]:
        lines = _git(_place(subject), "ls-remote", "origin").splitlines()
        return {line.split("\t")[1]: line.split("\t")[0] for line in lines}


def _place(subject: ResourceType[Any]) -> Path:
    assert subject.local_path is not None
    return subject.local_path


def _git(directory: Path, *arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=directory, check=True, capture_output=True, text=True).stdout


class TestGitSubdirectory(ResourceTypeSuite):
    descriptor = SUBDIRECTORY

    def make(self, root: Path, role: Role) -> ResourceType[Any]:
        GitBackend(make_context(root, "backend")).init()
        settings = GitSubdirectorySettings("code")
        return GitSubdirectory(self.resource(settings, role), settings, self.context(root))

    def record(self, subject: ResourceType[Any], version: Version) -> None:
        backend = GitBackend(make_context(subject.context.root, "backend"))
        backend.commit(Commit("Record one", (), [(subject.resource, version)]))


class TestGitBackend(GitBackendSuite):
    pass
