"""Ours: a resource of type local-files."""

import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.programs.program import FILES, Commands, Program

DWS = str(Path(sys.executable).with_name("dws"))


class Dws(Program):
    name = "dws"
    needs = ("git",)

    @classmethod
    def find(cls, path: str) -> str:
        """The command beside this Python, whatever else is called so."""
        super().find(path)
        return DWS

    @property
    def store(self) -> Sequence[Path]:
        return [self.stage.workspace / ".dataworkspace"]

    def prepare(self) -> Commands:
        return [
            [self.program, "init"],
            [self.program, "add", "local-files", "--role=intermediate-data", f"--name={FILES}", f"./{FILES}"],
        ]

    def snapshot(self, tag: str) -> Commands:
        return [[self.program, "snapshot", "-m", f"message of {tag}", tag]]

    def unchanged(self, tag: str) -> Commands:
        return [[self.program, "snapshot"]]

    def status(self) -> Commands:
        return [[self.program, "status"]]

    def restore(self, tag: str) -> Commands:
        return [[self.program, "restore", tag]]

    def restore_everything(self, tag: str) -> Commands:
        return self.restore(tag)

    def empty(self) -> Path:
        """Empty the directory of the resource, which itself must be there."""
        self.put_aside(self.stage.workspace / FILES)
        return self.stage.workspace
