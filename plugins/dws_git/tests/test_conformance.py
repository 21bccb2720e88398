"""The types git and git-subdirectory, and the git backend, keep the contract's promises."""

import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dws_core.model.role import Role
from dws_core.model.version import Version
from dws_core.plugin import Backend, Commit, ResourceType
from dws_core.testing import BackendSuite, Content, ResourceTypeSuite, make_context
from dws_git.backend import GitBackend
from dws_git.hooks import dws_backends, dws_resource_types
from dws_git.resource_type import GitResource
from dws_git.settings import GitSettings, GitSubdirectorySettings
from dws_git.subdirectory import GitSubdirectory

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


class TestGitBackend(BackendSuite):
    (descriptor,) = dws_backends()

    def make(self, root: Path) -> Backend:
        return GitBackend(make_context(root, "backend"))

    def make_origin(self, tmp_path: Path) -> str:
        origin = tmp_path / f"origin {len([*tmp_path.iterdir()])}.git"
        subprocess.run(["git", "init", "-q", "--bare", str(origin)], check=True)
        return str(origin)

    def record_own(self, root: Path, files: Mapping[str, bytes | None]) -> None:
        for path, content in files.items():
            place = root / path
            if content is not None:
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(content)
            elif place.exists():
                place.unlink()
        for command in (
            ["add", "--all", "--force", "--", *(path for path in files if _concerns(root, path))],
            ["commit", "-q", "-m", "Own"],
        ):
            subprocess.run(["git", *command], cwd=root, check=True)

    def visible(self, root: Path) -> Content:
        """What the backend commits of its own accord is not looked at."""
        own = (".dataworkspace/.gitignore", ".dataworkspace/.gitattributes")
        return {path: item for path, item in super().visible(root).items() if path not in own}


def _concerns(root: Path, path: str) -> bool:
    """Tell whether there is anything to record at a path: git will not be told of others."""
    tracked = subprocess.run(["git", "ls-files", "--", path], cwd=root, check=True, capture_output=True).stdout
    return (root / path).exists() or bool(tracked)
