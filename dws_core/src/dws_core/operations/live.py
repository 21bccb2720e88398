"""See what lies at a resource's place now, where a restore has us see a recorded version of it."""

from dataclasses import dataclass

from dws_core.model.undo import State
from dws_core.plugin.viewing import view_of
from dws_core.workspace import Workspace, bring, changing


@dataclass(frozen=True)
class Seen:
    """The resource's name, and as what it was seen before ("" where it was seen as it is)."""

    name: str
    before: str


def live(workspace: Workspace, name: str) -> Seen:
    """Leave the view of a recorded version; nothing at the place itself is changed. `undo` brings the view back."""
    with changing(workspace, "live") as operation:
        resource = workspace.resource(name)
        type_ = workspace.open_resource(resource)
        seen, before = type_.view, view_of(workspace, resource)
        if seen is None:
            return Seen(resource.name, "")
        with workspace.objects.aside():
            now = type_.live()
        bring(workspace, operation, State(versions={resource.id: now}), f"{resource.name}, seen before as in {before}")
        if now == seen:  # then there was nothing to bring
            type_.restore(now)
    return Seen(resource.name, before)
