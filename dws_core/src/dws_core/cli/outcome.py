"""What a verb that changed something has to say."""

from dataclasses import dataclass, field

from dws_core.model.codec import JsonObject


@dataclass(frozen=True)
class Outcome:
    """Lines for people, more of them with `--verbose`, and the document that `--json` gives programs."""

    lines: tuple[str, ...]
    document: JsonObject
    details: tuple[str, ...] = field(default=())
