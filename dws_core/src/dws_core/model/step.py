"""One step of a workflow: what it read, what it wrote, and with what."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Self

from dws_core.errors import PathRefusedError
from dws_core.model.codec import Json, JsonObject, object_of, objects_of, text_of, texts_of
from dws_core.model.names import check_name, check_relative

MAX_NAME = 200
MAX_PATH = 4096


class State(StrEnum):
    """How far a step came; what a step that is not complete wrote is unknown."""

    RUNNING = "running"
    COMPLETE = "complete"
    FAILED = "failed"


class Known(StrEnum):
    """How it is known that a step read or wrote something."""

    DECLARED = "declared"
    OBSERVED = "observed"
    INFERRED = "inferred"


@dataclass(frozen=True, order=True)
class ResourceRef:
    """A resource, or what lies at a path inside it: `results` or `results:sub/path`."""

    name: str
    subpath: str = ""

    def __post_init__(self) -> None:
        """Refuse what is no name, or leads out of the resource: InvalidNameError or PathRefusedError."""
        check_name("resource", self.name)
        if len(check_relative(self.subpath)) > MAX_PATH:
            raise PathRefusedError(f"{self.subpath[:40]}…", f"it has more than {MAX_PATH} characters")

    def __str__(self) -> str:
        return f"{self.name}:{self.subpath}" if self.subpath else self.name

    @classmethod
    def of(cls, text: str) -> Self:
        """Read the text form; InvalidNameError or PathRefusedError where it is none."""
        name, _, subpath = text.partition(":")
        return cls(name, subpath.strip("/"))

    @property
    def above(self) -> "tuple[ResourceRef, ...]":
        """Itself, and all that holds it."""
        parts = self.subpath.split("/") if self.subpath else []
        return tuple(ResourceRef(self.name, "/".join(parts[:count])) for count in range(len(parts), -1, -1))

    def holds(self, other: "ResourceRef") -> bool:
        """Tell whether `other` is this, or lies inside it."""
        inside = not self.subpath or other.subpath == self.subpath or other.subpath.startswith(self.subpath + "/")
        return self.name == other.name and inside

    def overlaps(self, other: "ResourceRef") -> bool:
        """Tell whether one of them holds the other."""
        return self.holds(other) or other.holds(self)


@dataclass(frozen=True)
class Edge:
    """What a step read or wrote, the id of the version it had (None where that is unknown), and how this is known."""

    ref: ResourceRef
    version: str | None
    known: Known = Known.DECLARED

    def to_json(self) -> JsonObject:
        return {"resource": self.ref.name, "subpath": self.ref.subpath, "version": self.version, "known": self.known.value}

    @classmethod
    def from_json(cls, value: JsonObject) -> Self:
        version = value.get("version")
        if version is not None and not isinstance(version, str):
            raise ValueError("'version' must be a text or null")
        return cls(ResourceRef(text_of(value, "resource"), text_of(value, "subpath")), version, Known(text_of(value, "known")))


@dataclass(frozen=True)
class Step:
    """One run of a script, notebook or named piece of work.

    `start` is UTC, as records keep time, `duration` in seconds, None while it runs. `code` is what it was run from, and
    `script` the file's name with the SHA-256 of its bytes; `results_file` is the same of the results file, whose name is its
    path in the results resource. `problem` says why its lineage cannot be trusted, if so.
    """

    id: str
    name: str
    start: str
    state: State
    duration: float | None = None
    parameters: Mapping[str, Json] = field(default_factory=dict)
    inputs: tuple[Edge, ...] = ()
    outputs: tuple[Edge, ...] = ()
    code: tuple[Edge, ...] = ()
    script: Mapping[str, Json] = field(default_factory=dict)
    results_file: Mapping[str, Json] = field(default_factory=dict)
    command_line: tuple[str, ...] = ()
    run_description: str | None = None
    problem: str = ""

    def to_json(self) -> JsonObject:
        return {
            "id": self.id,
            "name": self.name,
            "start": self.start,
            "state": self.state.value,
            "duration": self.duration,
            "parameters": dict(self.parameters),
            "inputs": [edge.to_json() for edge in self.inputs],
            "outputs": [edge.to_json() for edge in self.outputs],
            "code": [edge.to_json() for edge in self.code],
            "script": dict(self.script),
            "results_file": dict(self.results_file),
            "command_line": [*self.command_line],
            "run_description": self.run_description,
            "problem": self.problem,
        }

    @classmethod
    def from_json(cls, value: JsonObject) -> Self:
        """Read a step that may be a stranger's; ValueError or a NamingError or ResourceError where it makes no sense."""
        duration, description = value.get("duration"), value.get("run_description")
        if duration is not None and (isinstance(duration, bool) or not isinstance(duration, int | float)):
            raise ValueError("'duration' must be a number or null")
        if description is not None and not isinstance(description, str):
            raise ValueError("'run_description' must be a text or null")
        return cls(
            id=check_name("step", text_of(value, "id")),
            name=text_of(value, "name")[:MAX_NAME],
            start=text_of(value, "start"),
            state=State(text_of(value, "state")),
            duration=duration,
            parameters=object_of(value, "parameters"),
            inputs=tuple(map(Edge.from_json, objects_of(value, "inputs"))),
            outputs=tuple(map(Edge.from_json, objects_of(value, "outputs"))),
            code=tuple(map(Edge.from_json, objects_of(value, "code"))),
            script=object_of(value, "script"),
            results_file=object_of(value, "results_file"),
            command_line=texts_of(value, "command_line"),
            run_description=description,
            problem=text_of(value, "problem"),
        )
