"""What went from or to an origin."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Exchange:
    """What was (or with a dry run would be) sent or taken, in a few words (`3 commits to main`), and whether it is anything."""

    text: str
    anything: bool
