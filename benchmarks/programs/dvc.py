"""DVC: a directory is one tracked output, its files lie in a cache."""

from collections.abc import Sequence
from pathlib import Path

from benchmarks.programs.program import FILES, Commands, Program


class Dvc(Program):
    name = "dvc"
    needs = ("dvc", "git")

    @property
    def settings(self) -> dict[str, str]:
        return {"DVC_NO_ANALYTICS": "1", "DVC_STUDIO_OFFLINE": "1", "DVC_SITE_CACHE_DIR": str(self.stage.private / "site")}

    @property
    def store(self) -> Sequence[Path]:
        return [self._cache, self.stage.workspace / ".git"]

    @property
    def _cache(self) -> Path:
        return self.stage.workspace / ".dvc" / "cache"

    def prepare(self) -> Commands:
        return [
            ["git", "init", "-q"],
            [self.program, "init", "-q"],
            [self.program, "config", "core.analytics", "false"],
            [self.program, "config", "core.check_update", "false"],
            ["git", "add", "-A", ".dvc"],
            ["git", "commit", "-q", "-m", "init"],
        ]

    def snapshot(self, tag: str) -> Commands:
        return [
            [self.program, "add", "-q", FILES],
            ["git", "add", f"{FILES}.dvc", ".gitignore"],
            ["git", "commit", "-q", "--allow-empty", "-m", tag],
            ["git", "tag", tag],
        ]

    def status(self) -> Commands:
        return [[self.program, "status", "-q"]]

    def restore(self, tag: str) -> Commands:
        return [["git", "checkout", "-q", tag], [self.program, "checkout", "-q", "--force"]]

    def restore_everything(self, tag: str) -> Commands:
        return [
            ["git", "clone", "-q", "--branch", tag, str(self.stage.workspace), "."],
            [self.program, "cache", "dir", "-q", "--local", str(self._cache)],
            [self.program, "checkout", "-q"],
        ]
