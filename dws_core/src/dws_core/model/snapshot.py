"""A snapshot as the workspace records it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from dws_core.model.codec import Json, JsonObject, object_of, text_of, texts_of
from dws_core.model.names import check_name, check_relative
from dws_core.model.version import Version

SHORT = 7


@dataclass(frozen=True)
class Snapshot:
    """The exact version of every resource at one time.

    `versions` goes by resource id. `carried` names the resources whose version was carried over unlooked-at.
    `results` tells, by resource id, the directory its results moved to. `lineage` is the id of the lineage record.
    """

    number: int
    tags: tuple[str, ...]
    message: str
    time: str
    host: str
    user: str
    versions: Mapping[str, Version]
    parents: tuple[str, ...] = ()
    carried: tuple[str, ...] = ()
    results: Mapping[str, str] = field(default_factory=dict)
    metrics: Mapping[str, Json] = field(default_factory=dict)
    lineage: str = ""
    id: str = ""

    @property
    def short(self) -> str:
        """The first seven digits of the hash, as people see it."""
        return self.id[:SHORT]

    @property
    def label(self) -> str:
        """What people call it: its first tag, or its short hash."""
        return self.tags[0] if self.tags else self.short

    @property
    def described(self) -> str:
        """Its tags and its short hash: `V1 (1234567)`."""
        return f"{', '.join(self.tags)} ({self.short})" if self.tags else self.short

    def to_json(self) -> JsonObject:
        return {
            "number": self.number,
            "tags": list(self.tags),
            "message": self.message,
            "time": self.time,
            "host": self.host,
            "user": self.user,
            "versions": {key: version.to_json() for key, version in self.versions.items()},
            "parents": list(self.parents),
            "carried": list(self.carried),
            "results": dict(self.results),
            "metrics": dict(self.metrics),
            "lineage": self.lineage,
        }

    @classmethod
    def from_json(cls, value: JsonObject, record_id: str) -> "Snapshot":
        number = value.get("number")
        if not isinstance(number, int) or isinstance(number, bool) or number < 0:
            raise ValueError("'number' must be a whole number")
        versions = object_of(value, "versions")
        return cls(
            number=number,
            tags=tuple(check_name("tag", tag) for tag in texts_of(value, "tags")),
            message=text_of(value, "message"),
            time=text_of(value, "time"),
            host=check_name("host", text_of(value, "host")),
            user=text_of(value, "user"),
            versions={key: Version.from_json(object_of(versions, key)) for key in versions},
            parents=texts_of(value, "parents"),
            carried=texts_of(value, "carried"),
            results={key: check_relative(text_of(object_of(value, "results"), key)) for key in object_of(value, "results")},
            metrics=object_of(value, "metrics"),
            lineage=text_of(value, "lineage"),
            id=record_id,
        )
