"""What identifies a resource's content."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from dws_core.model.codec import Json, JsonObject, dump, text_of

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9:._+-]{0,199}")
_OBJECT_ID = re.compile(r"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")


@dataclass(frozen=True)
class Version:
    """The identity of a resource's content: equal exactly when the content is equal.

    `data` is what the resource's type needs to bring the content back; it takes no part in comparisons.
    """

    id: str
    data: Mapping[str, Json] = field(default_factory=dict, compare=False)

    def __post_init__(self) -> None:
        if not _ID.fullmatch(self.id):
            raise ValueError(f"{self.id!r} cannot be a version")

    @property
    def short(self) -> str:
        """The first eight digits, as people see it."""
        return self.id[:8]

    @property
    def named_ids(self) -> frozenset[str]:
        """All that may be an object's id, anywhere in it."""
        return frozenset(_OBJECT_ID.findall(dump(self.to_json()).decode("utf-8", "replace")))

    def to_json(self) -> JsonObject:
        return {"id": self.id, **({"data": dict(self.data)} if self.data else {})}

    @classmethod
    def from_json(cls, value: JsonObject) -> "Version":
        data = value.get("data", {})
        if not isinstance(data, dict):
            raise ValueError("a version's data must be an object")
        return cls(text_of(value, "id"), data)


def is_object_id(text: str) -> bool:
    """Tell whether a text has the form of an object's id."""
    return _OBJECT_ID.fullmatch(text) is not None
