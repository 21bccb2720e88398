"""What a workspace says of itself, written once."""

from dataclasses import dataclass
from typing import Self

from dws_core.errors import DamagedRecordError, FileAccessError, NewerFormatError
from dws_core.model.codec import JsonObject, parse, text_of
from dws_core.model.names import check_name
from dws_core.workspace.layout import Layout

FORMAT = 1


@dataclass(frozen=True)
class Description:
    """The workspace's random id, its name, and the backend that keeps its history, with the distribution that brings it."""

    id: str
    name: str
    backend: str
    distribution: str
    time: str

    def to_json(self) -> JsonObject:
        return {
            "format": FORMAT,
            "id": self.id,
            "name": self.name,
            "backend": self.backend,
            "distribution": self.distribution,
            "time": self.time,
        }

    @classmethod
    def read(cls, layout: Layout) -> Self:
        """Read it; NewerFormatError or DamagedRecordError names the file."""
        path = layout.description
        try:
            content = path.read_bytes()
        except OSError as error:
            raise FileAccessError(path, error) from error
        value = parse(content, str(path))
        line = content[: content.find(b'"format"') + 1].count(b"\n") + 1
        found = value.get("format")
        if not isinstance(found, int) or isinstance(found, bool) or found < 1:
            raise DamagedRecordError(str(path), "'format' must be a whole number", line=line)
        if found > FORMAT:
            raise NewerFormatError(str(path), line, found, FORMAT)
        try:
            return cls(
                id=text_of(value, "id"),
                name=check_name("workspace", text_of(value, "name")),
                backend=check_name("backend", text_of(value, "backend")),
                distribution=check_name("distribution", text_of(value, "distribution")),
                time=text_of(value, "time"),
            )
        except ValueError as error:
            raise DamagedRecordError(str(path), str(error)) from error
