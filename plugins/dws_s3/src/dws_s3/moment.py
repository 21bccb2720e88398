"""The state of a bucket at one moment, worked out from what its versions tell of when they were written."""

from collections.abc import Iterator
from datetime import UTC, datetime

from dws_s3.page import NULL, Entry, Page


def written(moment: datetime) -> str:
    """Write a whole second so that it compares with `Entry.modified`, whatever fraction that one has."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")


class KeyState:
    """One key just before a moment, the `cut`, made from its versions and delete markers, newest first, as they are listed.

    `best` is what counted then; `earliest_change` when the key changed first since, and is empty where it did not. Where the
    version `null` was overwritten since, nobody can say what counted.
    """

    __slots__ = ("best", "cut", "earliest_change", "is_overwritten", "key")

    def __init__(self, key: bytes, cut: str) -> None:
        self.key = key
        self.cut = cut
        self.best: Entry | None = None
        self.earliest_change = ""
        self.is_overwritten = False

    def add(self, entry: Entry) -> None:
        """Take one more into account; the one that the server calls the latest is it, whatever the order.

        A version `null` may be listed out of its turn. Of others the one modified last counts, of equals the one listed first.
        """
        if entry.modified >= self.cut:
            self.is_overwritten |= entry.version == NULL
            self.earliest_change = min(self.earliest_change or entry.modified, entry.modified)
        elif self.best is None or entry.is_latest or (not self.best.is_latest and entry.modified > self.best.modified):
            self.best = entry

    @property
    def current(self) -> Entry | None:
        """The version that was current, None where the key was deleted, not there yet, or nobody can say."""
        return None if self.best is None or self.best.is_marker or self.is_overwritten else self.best


class KeyStates:
    """The keys of pages; of each level the pages must come in order, of several they may come mixed."""

    def __init__(self, cut: str) -> None:
        self._cut = cut
        self._continued: dict[bytes, KeyState] = {}

    def take(self, level: bytes, page: Page) -> Iterator[KeyState]:
        """Yield the keys that end on this page; one that goes on comes with the page where it ends."""
        states = {state.key: state} if (state := self._continued.pop(level, None)) else {}
        # Looked up, not grouped: some servers list the delete markers of a page after its versions.
        for entry in page.entries:
            if (state := states.get(entry.key)) is None:
                state = states[entry.key] = KeyState(entry.key, self._cut)
            state.add(entry)
        if page.after is not None and (goes_on := states.pop(page.after[0], None)):
            self._continued[level] = goes_on
        yield from states.values()
