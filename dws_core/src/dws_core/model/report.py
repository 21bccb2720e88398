"""What a command has to say, before anybody decides how it looks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from dws_core.model.codec import Json, JsonObject


@dataclass(frozen=True)
class Table:
    """Named columns, rows of plain values and an optional heading.

    A value that is an object is shown as `key=value` lines in text; JSON keeps it as it is.
    """

    columns: tuple[str, ...]
    rows: Sequence[tuple[Json, ...]]
    title: str = ""

    def to_json(self) -> JsonObject:
        return {"title": self.title, "rows": [dict(zip(self.columns, row, strict=True)) for row in self.rows]}


@dataclass(frozen=True)
class Report:
    """A title line or two, tables, and closing lines. `facts` are further values for programs, shown in JSON only."""

    name: str
    title: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    closing: tuple[str, ...] = ()
    facts: Mapping[str, Json] = field(default_factory=dict)

    def to_json(self) -> JsonObject:
        return {
            "report": self.name,
            "title": list(self.title),
            "tables": [table.to_json() for table in self.tables],
            "closing": list(self.closing),
            **dict(self.facts),
        }
