"""A resource as the workspace records it."""

from collections.abc import Mapping
from dataclasses import dataclass

from dws_core.model.codec import Json, JsonObject, object_of, text_of
from dws_core.model.names import check_name
from dws_core.model.passing import Passing
from dws_core.model.role import Role


@dataclass(frozen=True)
class Resource:
    """One collection of data, code or results of the project.

    `settings` holds only what every clone shares; what belongs to one clone (a path outside the workspace) is kept there.
    `distribution` names the package whose plugin brings the type; `passing` says whether its lineage crosses workspaces.
    """

    name: str
    role: Role
    type: str
    distribution: str
    settings: Mapping[str, Json]
    time: str
    id: str = ""
    passing: Passing = Passing.NOTHING

    @property
    def export(self) -> bool:
        """Whether its lineage is written for other workspaces."""
        return self.passing is Passing.EXPORT

    @property
    def imported(self) -> bool:
        """Whether its lineage comes with it from another workspace."""
        return self.passing is Passing.IMPORTED

    def to_json(self) -> JsonObject:
        return {
            "name": self.name,
            "role": self.role.value,
            "type": self.type,
            "distribution": self.distribution,
            "settings": dict(self.settings),
            "time": self.time,
            **self.passing.to_json(),
        }

    @classmethod
    def from_json(cls, value: JsonObject, record_id: str) -> "Resource":
        role, passing = Role(text_of(value, "role")), Passing.from_json(value)
        if role not in passing.roles:
            raise ValueError(f"a resource of the role {role} cannot be one to {passing.value}")
        return cls(
            name=check_name("resource", text_of(value, "name")),
            role=role,
            type=check_name("resource type", text_of(value, "type")),
            distribution=check_name("distribution", text_of(value, "distribution")),
            settings=object_of(value, "settings"),
            time=text_of(value, "time"),
            id=record_id,
            passing=passing,
        )
