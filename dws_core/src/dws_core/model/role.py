"""What a resource is to the project."""

from enum import StrEnum

from dws_core.errors import UnknownNameError


class Role(StrEnum):
    """What a resource is to the project."""

    SOURCE_DATA = "source-data"
    INTERMEDIATE_DATA = "intermediate-data"
    CODE = "code"
    RESULTS = "results"

    @classmethod
    def of(cls, text: str) -> "Role":
        """Find the role by its name or first letter; UnknownNameError if there is none."""
        for role in cls:
            if text.casefold() in (role.value, role.value[0]):
                return role
        raise UnknownNameError("role", text, [role.value for role in cls])
