"""A resource as the workspace records it."""

from collections.abc import Mapping
from dataclasses import dataclass

from dws_core.model.codec import Json, JsonObject, object_of, text_of
from dws_core.model.names import check_name
from dws_core.model.role import Role


@dataclass(frozen=True)
class Resource:
    """One collection of data, code or results of the project.

    `settings` holds only what every clone shares; what belongs to one clone (a path outside the workspace) is kept there.
    `distribution` names the package whose plugin brings the type.
    """

    name: str
    role: Role
    type: str
    distribution: str
    settings: Mapping[str, Json]
    time: str
    id: str = ""

    def to_json(self) -> JsonObject:
        return {
            "name": self.name,
            "role": self.role.value,
            "type": self.type,
            "distribution": self.distribution,
            "settings": dict(self.settings),
            "time": self.time,
        }

    @classmethod
    def from_json(cls, value: JsonObject, record_id: str) -> "Resource":
        return cls(
            name=check_name("resource", text_of(value, "name")),
            role=Role(text_of(value, "role")),
            type=check_name("resource type", text_of(value, "type")),
            distribution=check_name("distribution", text_of(value, "distribution")),
            settings=object_of(value, "settings"),
            time=text_of(value, "time"),
            id=record_id,
        )
