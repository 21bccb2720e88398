"""borg: segments of chunks, not encrypted here; a restore over a changed tree writes every file."""

from collections.abc import Sequence
from pathlib import Path

from benchmarks.programs.program import FILES, Commands, Program


class Borg(Program):
    name = "borg"
    needs = ("borg",)

    @property
    def settings(self) -> dict[str, str]:
        private = self.stage.private
        return {
            "BORG_BASE_DIR": str(private),
            "BORG_REPO": str(private / "repository"),
            "BORG_UNKNOWN_UNENCRYPTED_REPO_ACCESS_IS_OK": "yes",
        }

    @property
    def store(self) -> Sequence[Path]:
        return [self.stage.private / "repository"]

    def prepare(self) -> Commands:
        return [[self.program, "init", "-e", "none"]]

    def snapshot(self, tag: str) -> Commands:
        return [[self.program, "create", f"::{tag}", FILES]]

    def restore(self, tag: str) -> Commands:
        return [[self.program, "extract", f"::{tag}"]]

    def restore_everything(self, tag: str) -> Commands:
        return self.restore(tag)
