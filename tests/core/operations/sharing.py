"""Clones of one workspace over a shared folder, made by the verbs themselves, each on a machine of its own."""

import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

from dws_core.model.role import Role
from dws_core.operations.add import add
from dws_core.operations.clone import Wish, clone
from dws_core.operations.init import init
from dws_core.operations.publish import publish
from dws_core.operations.snapshot import snapshot
from dws_core.operations.store import add_store
from dws_core.registry import Registry
from dws_core.workspace import Workspace

from .conftest import Listener, make_caller


@dataclass(frozen=True)
class Shared:
    """Where the origin and the store of a workspace are, and how many clones have been made."""

    top: Path
    registry: Registry

    @classmethod
    def here(cls, top: Path) -> Self:
        """Let clones meet in a directory; with the plugins that are installed, of which one brings the backend for that."""
        return cls(top, Registry.discover(os.environ))

    @property
    def origin(self) -> Path:
        return self.top / "origin"

    @property
    def store(self) -> Path:
        return self.top / "store"

    def begin(self, *, store: bool = True) -> Workspace:
        """Make a workspace with a directory of data and one of results, and a snapshot; it is not published yet."""
        root = self.top / "first"
        root.mkdir()
        self.origin.mkdir(exist_ok=True)
        caller = make_caller(root)
        workspace = init(root, self.registry, caller, Listener(), backend="folder")
        for name, role in (("data", Role.SOURCE_DATA), ("results", Role.RESULTS)):
            (root / name).mkdir()
            add(workspace, "local-files", {"local_path": str(root / name)}, role=role)
        (root / "data" / "d.csv").write_text("1\n")
        if store:
            add_store(again(workspace), "shared", str(self.store))
        snapshot(again(workspace), "V1")
        return again(workspace)

    def published(self) -> Workspace:
        workspace = self.begin()
        publish(workspace, str(self.origin))
        return again(workspace)

    def join(self, name: str, *, wish: Wish | None = None) -> Workspace:
        """Clone it to a directory of that name, on a machine of that name."""
        caller = replace(make_caller(self.top), host=name, user=name)
        cloned = clone(
            str(self.origin), self.top / name, self.registry, caller, Listener(), wish or Wish(hostname=name), backend="folder"
        )
        return Workspace(cloned.root, self.registry, replace(caller, cwd=cloned.root), Listener())


def again(workspace: Workspace) -> Workspace:
    """The workspace as the next command finds it."""
    return Workspace(workspace.root, workspace.registry, workspace.caller, Listener())


def warnings_of(workspace: Workspace) -> list[str]:
    """What the workspace's progress was told to warn of."""
    assert isinstance(workspace.progress, Listener)
    return workspace.progress.warnings
