"""The types git and git-subdirectory, and the git backend, keep the contract's promises."""

import subprocess
from pathlib import Path
from typing import Any

from dws_core.model.role import Role
from dws_core.model.version import Version
from dws_core.plugin import Commit, ResourceType
from dws_core.testing import ResourceTypeSuite, make_context
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
