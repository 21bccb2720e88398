"""The suite for a backend that shares by git."""

import subprocess
from collections.abc import Mapping
from pathlib import Path

from dws_core.plugin import Backend
from dws_core.testing import BackendSuite, Content, make_context
from dws_git.backend import GitBackend
from dws_git.hooks import dws_backends


class GitBackendSuite(BackendSuite):
    """What the suite asks of the author of the git backend."""

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
                subprocess.run(["git", "add", "--force", "--", path], cwd=root, check=True)
            else:
                subprocess.run(["git", "rm", "-q", "--ignore-unmatch", "--", path], cwd=root, check=True)
        subprocess.run(["git", "commit", "-q", "-m", "Own"], cwd=root, check=True)

    def visible(self, root: Path) -> Content:
        """What the backend commits of its own accord is not looked at."""
        own = (".dataworkspace/.gitignore", ".dataworkspace/.gitattributes")
        return {path: item for path, item in super().visible(root).items() if path not in own}
