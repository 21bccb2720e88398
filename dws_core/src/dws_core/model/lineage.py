"""How every result came to be: steps, what they read and what they wrote."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Lineage:
    """Placeholder until the lineage floor is built."""
