"""What the types of resources tell of what they keep elsewhere, as on a server."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from dws_core.errors import DwsError
from dws_core.model.resource import Resource
from dws_core.model.version import Version
from dws_core.workspace.workspace import Workspace


@dataclass
class Elsewhere:
    """What cannot be given back, each with the labels of the snapshots that lack it; and why it could not be looked at, if so."""

    absent: dict[str, list[str]] = field(default_factory=dict)
    problem: str = ""


def look_elsewhere(workspace: Workspace, resource: Resource, versions: Mapping[str, Version]) -> Elsewhere:
    """Let a resource's type look after versions, which go by the labels of their snapshots."""
    found = Elsewhere()
    told: dict[str, tuple[str, ...]] = {}
    try:
        type_ = workspace.open_resource(resource)
        for label, version in versions.items():
            key = str(version.to_json())
            if key not in told:
                told[key] = tuple(type_.verify(version))
            for what in told[key]:
                found.absent.setdefault(what, []).append(label)
    except DwsError as error:
        found.problem = f"What {resource.name} keeps elsewhere was not looked at: {error.message}"
    return found
