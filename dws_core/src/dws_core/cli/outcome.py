"""What a verb has to say besides a mere report."""

from dataclasses import dataclass, field

from dws_core.model.codec import JsonObject
from dws_core.model.report import Report


@dataclass(frozen=True)
class Outcome:
    """Lines for people, more of them with `--verbose`, and the document that `--json` gives programs."""

    lines: tuple[str, ...]
    document: JsonObject
    details: tuple[str, ...] = field(default=())


@dataclass(frozen=True)
class Finding:
    """A report on whether all is well; where it is not, the exit status says so too."""

    report: Report
    sound: bool
