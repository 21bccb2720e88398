"""DataLad: every file is a link to a key of git-annex."""

from collections.abc import Sequence
from pathlib import Path

from benchmarks.programs.program import FILES, Commands, Program


class Datalad(Program):
    name = "datalad"
    needs = ("datalad", "git-annex", "git")
    # It takes some 5 to 10 ms a file.
    most_files = 10_000

    @property
    def store(self) -> Sequence[Path]:
        return [self.stage.workspace / ".git"]

    def prepare(self) -> Commands:
        return [[self.program, "create", "--force", "."]]

    def snapshot(self, tag: str) -> Commands:
        return [[self.program, "save", "-m", tag], ["git", "tag", tag]]

    def status(self) -> Commands:
        return [[self.program, "status"]]

    def loosen(self, paths: Sequence[str]) -> Commands:
        return [["git", "annex", "unlock", "-q", *paths]]

    def restore(self, tag: str) -> Commands:
        return [["git", "checkout", "-q", tag]]

    def restore_everything(self, tag: str) -> Commands:
        return [
            [self.program, "clone", str(self.stage.workspace), "."],
            ["git", "checkout", "-q", tag],
            [self.program, "get", FILES],
        ]
