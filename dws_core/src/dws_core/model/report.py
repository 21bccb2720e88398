"""What a command has to say, before anybody decides how it looks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from dws_core.model.codec import Json, JsonObject


class Shown(StrEnum):
    """How a value that is an object looks in a cell for people."""

    LINES = "lines"
    """`key=value,` a line each"""

    INLINE = "inline"
    """`key: value, key: value`"""

    SHORT = "short"
    """Its beginning, on one line."""


@dataclass(frozen=True)
class Table:
    """Named columns, rows of plain values and an optional heading.

    `objects` and `decimals` (of numbers that have a fraction) say how values look to people; JSON and CSV keep them exact.
    `brief` may be the same rows with no more of each object than its beginning, for who shows no more of them.
    """

    columns: tuple[str, ...]
    rows: Sequence[tuple[Json, ...]]
    title: str = ""
    objects: Shown = Shown.LINES
    decimals: int | None = None
    brief: Sequence[tuple[Json, ...]] | None = None

    @property
    def shown_rows(self) -> Sequence[tuple[Json, ...]]:
        """The rows for people to see."""
        return self.rows if self.brief is None else self.brief

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
