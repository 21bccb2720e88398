"""What a verb has to say besides a mere report."""

from dataclasses import dataclass, field

from dws_core.model.codec import JsonObject
from dws_core.model.report import Report


@dataclass(frozen=True)
class Outcome:
    """Lines for people, more of them with `--verbose`, and the document that `--json` gives programs.

    Where not all was done that was asked for, it is not `sound`, and the exit status says so too.
    """

    lines: tuple[str, ...]
    document: JsonObject
    details: tuple[str, ...] = field(default=())
    sound: bool = True


@dataclass(frozen=True)
class Finding:
    """A report on whether all is well; where it is not, the exit status says so too."""

    report: Report
    sound: bool
