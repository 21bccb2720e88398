"""A store as the workspace records it."""

from dataclasses import dataclass

from dws_core.model.codec import JsonObject, text_of
from dws_core.model.names import check_name


@dataclass(frozen=True)
class SharedStore:
    """A place where content goes when it is pushed.

    `mark` is the random id that the place itself holds, whatever it is called and wherever it is mounted. `scheme` is that of the
    URL, and `distribution` names the package whose plugin knows it.
    """

    name: str
    url: str
    scheme: str
    distribution: str
    mark: str
    time: str
    id: str = ""

    def to_json(self) -> JsonObject:
        return {
            "name": self.name,
            "url": self.url,
            "scheme": self.scheme,
            "distribution": self.distribution,
            "mark": self.mark,
            "time": self.time,
        }

    @classmethod
    def from_json(cls, value: JsonObject, record_id: str) -> "SharedStore":
        return cls(
            name=check_name("store", text_of(value, "name")),
            url=text_of(value, "url"),
            scheme=check_name("kind of store", text_of(value, "scheme")),
            distribution=check_name("distribution", text_of(value, "distribution")),
            mark=check_name("mark of a store", text_of(value, "mark")),
            time=text_of(value, "time"),
            id=record_id,
        )
