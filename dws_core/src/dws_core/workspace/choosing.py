"""Which resources of a workspace a command is about."""

from collections.abc import Sequence
from dataclasses import dataclass

from dws_core.model.resource import Resource
from dws_core.workspace.workspace import Workspace


@dataclass(frozen=True)
class Choice:
    """All resources, or those named in `only`, without those in `skip`; with `only_workspace` none, but the workspace itself."""

    only: Sequence[str] = ()
    skip: Sequence[str] = ()
    only_workspace: bool = False

    @property
    def is_all(self) -> bool:
        return not (self.only or self.skip or self.only_workspace)

    def of(self, workspace: Workspace) -> tuple[Resource, ...]:
        """Give the chosen resources, in the order that people know; UnknownNameError."""
        wanted = {workspace.resource(name).id for name in self.only}
        left = {workspace.resource(name).id for name in self.skip}
        if self.only_workspace:
            return ()
        return tuple(each for each in workspace.resources if each.id not in left and (not wanted or each.id in wanted))


EVERYTHING = Choice()
"""The workspace and all of its resources."""
