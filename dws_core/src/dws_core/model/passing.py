"""Whether the lineage of a resource crosses workspaces, and in which direction."""

from enum import StrEnum

from dws_core.model.codec import JsonObject, flag_of
from dws_core.model.role import Role


class Passing(StrEnum):
    """What happens to the lineage of a resource besides being recorded; a record tells it where it is anything."""

    NOTHING = "nothing"

    EXPORT = "export"
    """Each snapshot writes it to a file in the resource, for other workspaces."""

    IMPORTED = "imported"
    """It comes with the resource, in such a file of another workspace."""

    @property
    def roles(self) -> tuple[Role, ...]:
        """The roles that a resource can have with it."""
        fitting = {Passing.EXPORT: (Role.INTERMEDIATE_DATA, Role.RESULTS), Passing.IMPORTED: (Role.SOURCE_DATA,)}
        return fitting.get(self, tuple(Role))

    def to_json(self) -> JsonObject:
        return {} if self is Passing.NOTHING else {self.value: True}

    @classmethod
    def from_json(cls, value: JsonObject) -> "Passing":
        given = [each for each in (cls.EXPORT, cls.IMPORTED) if flag_of(value, each.value)]
        if len(given) > 1:
            raise ValueError("'export' and 'imported' exclude each other")
        return given[0] if given else cls.NOTHING
