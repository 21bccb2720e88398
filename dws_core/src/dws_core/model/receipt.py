"""What says that a store holds all that snapshots need."""

from dataclasses import dataclass

from dws_core.model.codec import JsonObject, text_of, texts_of
from dws_core.model.names import check_name


@dataclass(frozen=True)
class Receipt:
    """The ids of the snapshots that a store (by id) holds, found whole there when it was written, by whom and when."""

    store: str
    snapshots: tuple[str, ...]
    time: str
    host: str
    user: str

    def to_json(self) -> JsonObject:
        return {
            "store": self.store,
            "snapshots": [*self.snapshots],
            "time": self.time,
            "host": self.host,
            "user": self.user,
        }

    @classmethod
    def from_json(cls, value: JsonObject, _: str) -> "Receipt":
        return cls(
            store=text_of(value, "store"),
            snapshots=texts_of(value, "snapshots"),
            time=text_of(value, "time"),
            host=check_name("host", text_of(value, "host")),
            user=text_of(value, "user"),
        )
