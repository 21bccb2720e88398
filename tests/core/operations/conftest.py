"""A workspace without git, with a resource for each role, made by the verbs themselves."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from dws_core.model.role import Role
from dws_core.operations.init import init
from dws_core.registry import Registry
from dws_core.workspace import Caller, Workspace


class Listener:
    """A progress that keeps what it was told."""

    def __init__(self) -> None:
        self.warnings: list[str] = []

    def expect(self, *, files: int = 0, size: int = 0) -> None:
        pass

    def advance(self, *, files: int = 0, size: int = 0) -> None:
        pass

    def warn(self, message: str) -> None:
        self.warnings.append(message)


def make_caller(cwd: Path) -> Caller:
    """A caller whose clock goes on by a second each time it is read."""
    clock = iter(datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=n) for n in range(10**9))
    tokens = iter(f"{n:032x}" for n in range(10**9))
    return Caller(lambda: next(clock), "host1", "ada", cwd, dict(os.environ), lambda: next(tokens))


@pytest.fixture
def registry() -> Registry:
    return Registry.discover(os.environ, none=True)


@pytest.fixture
def caller(tmp_path: Path) -> Caller:
    root = tmp_path / "workspace"
    root.mkdir()
    return make_caller(root)


@pytest.fixture
def workspace(registry: Registry, caller: Caller) -> Iterator[Workspace]:
    yield init(caller.cwd, registry, caller, Listener(), backend="plain", roles=list(Role))


def reopened(workspace: Workspace) -> Workspace:
    """The workspace as the next command finds it."""
    return Workspace.find(workspace.root, workspace.registry, workspace.caller, Listener())


def contents(directory: Path) -> dict[str, bytes | str]:
    """Every file and link below a directory, the workspace's local state left out."""
    return {
        str(path.relative_to(directory)): str(path.readlink()) if path.is_symlink() else path.read_bytes()
        for path in sorted(directory.rglob("*"))
        if (path.is_symlink() or path.is_file()) and ".dataworkspace/local" not in str(path)
    }
