"""restic: encrypted packs of chunks; a restore over a changed tree writes every file."""

from collections.abc import Sequence
from pathlib import Path

from benchmarks.programs.program import FILES, Commands, Program


class Restic(Program):
    name = "restic"
    needs = ("restic",)
    version = ("version",)

    @property
    def settings(self) -> dict[str, str]:
        private = self.stage.private
        return {
            "RESTIC_PASSWORD": "bench",
            "RESTIC_REPOSITORY": str(private / "repository"),
            "RESTIC_CACHE_DIR": str(private / "cache"),
        }

    @property
    def store(self) -> Sequence[Path]:
        return [self.stage.private / "repository"]

    def prepare(self) -> Commands:
        return [[self.program, "init", "-q"]]

    def snapshot(self, tag: str) -> Commands:
        return [[self.program, "backup", "-q", "--tag", tag, FILES]]

    def status(self) -> Commands:
        return [[self.program, "backup", "-q", "--dry-run", FILES]]

    def restore(self, tag: str) -> Commands:
        return [[self.program, "restore", "-q", "latest", "--tag", tag, "--target", "."]]

    def restore_everything(self, tag: str) -> Commands:
        return self.restore(tag)
