"""A snapshot as the workspace records it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from dws_core.model.codec import Json, JsonObject, object_of, text_of, texts_of
from dws_core.model.later import LaterMapping
from dws_core.model.names import check_name, check_relative
from dws_core.model.version import Version

SHORT = 7
_HIGHEST = 10**9
_ID = re.compile(r"[0-9a-f]{64}")
# More characters than a report shows of an object in a cell.
_CELL = 64


@dataclass(frozen=True)
class Snapshot:
    """The exact version of every resource at one time.

    `versions` goes by resource id. `carried` names the resources whose version was carried over unlooked-at.
    `results` tells, by resource id, the directory its results moved to. `lineage` is the id of the lineage record.
    `objects` tells by resource id which objects its version names; of a resource that it leaves out that is not known.
    `exported` tells of versions (by id) with lineage written to them for other workspaces what they were before that.
    `abridged` has the metrics, of an object its beginning alone, where the whole would have to be read.
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
    exported: Mapping[str, str] = field(default_factory=dict)
    objects: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    id: str = ""
    abridged: Mapping[str, Json] | None = field(default=None, compare=False, repr=False)

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

    @property
    def shown_metrics(self) -> Mapping[str, Json]:
        """The metrics for people to see: of an object perhaps no more than fits in a table."""
        return self.metrics if self.abridged is None else self.abridged

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
            **({"exported": dict(self.exported)} if self.exported else {}),
            "objects": {key: [*ids] for key, ids in self.objects.items()},
        }

    @classmethod
    def from_json(cls, value: JsonObject, record_id: str) -> "Snapshot":
        number = value.get("number")
        if not isinstance(number, int) or isinstance(number, bool) or not 0 <= number <= _HIGHEST:
            raise ValueError(f"'number' must be a whole number up to {_HIGHEST}")
        results, exported, versions = object_of(value, "results"), object_of(value, "exported"), _versions_of(value)
        if not results.keys() <= versions.keys():
            raise ValueError("'results' names a resource that has no version")
        return cls(
            number=number,
            tags=tuple(check_name("tag", tag) for tag in texts_of(value, "tags")),
            message=text_of(value, "message"),
            time=text_of(value, "time"),
            host=check_name("host", text_of(value, "host")),
            user=text_of(value, "user"),
            versions=versions,
            parents=texts_of(value, "parents"),
            carried=texts_of(value, "carried"),
            results={key: check_relative(text_of(results, key)) for key in results},
            metrics=object_of(value, "metrics"),
            lineage=_lineage_of(value),
            exported={key: text_of(exported, key) for key in exported},
            objects=_objects_of(value),
            id=record_id,
        )

    @classmethod
    def from_abridged(cls, value: Mapping[str, Any], whole: Callable[[], JsonObject], record_id: str) -> "Snapshot":
        """Make a snapshot of what `abridge_snapshot` kept; `whole` reads its record when the rest is looked at."""
        return cls(
            number=value["number"],
            tags=tuple(value["tags"]),
            message=value["message"],
            time=value["time"],
            host=value["host"],
            user=value["user"],
            versions=LaterMapping(lambda: _versions_of(whole())),
            parents=tuple(value["parents"]),
            carried=tuple(value["carried"]),
            results=value["results"],
            metrics=LaterMapping(lambda: object_of(whole(), "metrics")),
            lineage=value["lineage"],
            exported=value.get("exported", {}),
            objects=LaterMapping(lambda: _objects_of(whole())),
            id=record_id,
            abridged=value["metrics"],
        )


def abridge_snapshot(value: JsonObject, record_id: str) -> JsonObject:
    """Give what lists of snapshots show of a record, without what is large; ValueError or NamingError if it makes no sense."""
    kept = Snapshot.from_json(value, record_id).to_json()
    del kept["versions"], kept["objects"]
    metrics = object_of(kept, "metrics")
    return {**kept, "metrics": {name: _beginning(item) if isinstance(item, dict) else item for name, item in metrics.items()}}


def _versions_of(value: JsonObject) -> dict[str, Version]:
    versions = object_of(value, "versions")
    return {key: Version.from_json(object_of(versions, key)) for key in versions}


def _objects_of(value: JsonObject) -> dict[str, tuple[str, ...]]:
    objects = object_of(value, "objects")
    found = {key: texts_of(objects, key) for key in objects}
    if not all(_ID.fullmatch(each) for ids in found.values() for each in ids):
        raise ValueError("'objects' must hold the ids of objects")
    return found


def _lineage_of(value: JsonObject) -> str:
    lineage = text_of(value, "lineage")
    if lineage and not _ID.fullmatch(lineage):
        raise ValueError("'lineage' must be the id of a record")
    return lineage


def _beginning(value: JsonObject) -> JsonObject:
    """Give so many of the first entries, at every depth, that they fill a cell of a table."""
    begun: JsonObject = {}
    for name, item in value.items():
        begun[name] = _beginning(item) if isinstance(item, dict) else item
        if len(repr(begun)) > _CELL:
            break
    return begun
