"""git: every file is an object of the repository."""

from collections.abc import Sequence
from pathlib import Path

from benchmarks.programs.program import FILES, Commands, Program


class Git(Program):
    name = "git"
    needs = ("git",)

    @property
    def store(self) -> Sequence[Path]:
        return [self.stage.workspace / ".git"]

    def prepare(self) -> Commands:
        return [["git", "init", "-q"]]

    def snapshot(self, tag: str) -> Commands:
        return [["git", "add", "-A", FILES], ["git", "commit", "-q", "--allow-empty", "-m", tag], ["git", "tag", tag]]

    def status(self) -> Commands:
        return [["git", "status", "--porcelain"]]

    def restore(self, tag: str) -> Commands:
        return [["git", "checkout", "-q", tag]]

    def restore_everything(self, tag: str) -> Commands:
        return [["git", "clone", "-q", "--branch", tag, str(self.stage.workspace), "."]]
