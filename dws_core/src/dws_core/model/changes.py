"""What differs between two versions of a resource."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Changes:
    """Paths added, removed and changed, each sorted; directories count only where they are empty.

    `bytes` is the size of what was added and changed, as it is now, where the type tells it.
    """

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    bytes: int | None = field(default=None, compare=False)

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed)


@dataclass(frozen=True)
class RestorePlan:
    """What a restore would do to one resource: files to write new, to replace and to remove, and the bytes to write."""

    changes: Changes
    bytes: int = 0
    note: str = ""
