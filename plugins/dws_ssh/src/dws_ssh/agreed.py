"""What this clone's copy and the server's directory last had in common: what either has changed since shows against it."""

from hashlib import sha256
from pathlib import Path

from dws_core.model.codec import Json, JsonObject
from dws_core.plugin import EntryKind, Note
from dws_ssh.picture import Picture, Seen


class Agreed:
    """A note of this clone alone: `common` is what both sides had (None: nobody knows), `sending` what a push began to send."""

    def __init__(self, directory: Path, address: str, mark: str, *, is_added: bool) -> None:
        # While a resource is being added it has no id yet, and its directory is the one above that of every other.
        above = directory.parent if is_added else directory
        self._first = above / f"agreed-{sha256(mark.encode()).hexdigest()[:16]}.json"
        self._path = directory / "agreed.json" if is_added else self._first
        self._address = address
        found = Note(self._path).read() or Note(self._first).read() or {}
        self.is_noted = bool(found)
        self.is_elsewhere = found.get("address", address) != address
        """Whether it was made with another address, which somebody else's record has replaced."""
        self.common = _picture(found.get("common"))
        self.sending = _picture(found.get("sending")) or {}

    def begin(self, sending: Picture) -> None:
        """Note what is going to be sent, before it is."""
        self._write(_json(self.common) if self.common is not None else None, _json(sending))

    def agree(self, common: Picture) -> None:
        """Note what both sides have now."""
        self._write(_json(common), {})

    def forget(self) -> None:
        """Note that nothing is known."""
        self._write(None, {})

    def _write(self, common: Json, sending: Json) -> None:
        Note(self._path).write({"address": self._address, "common": common, "sending": sending})
        self.common, self.sending = _picture(common), _picture(sending) or {}


def _json(picture: Picture) -> JsonObject:
    return {path: [each.kind.value, each.sum, each.size] for path, each in picture.items()}


def _picture(value: Json) -> Picture | None:
    if not isinstance(value, dict):
        return None
    rows = ((path, row) for path, row in value.items() if isinstance(row, list) and len(row) == 3)
    return {path: Seen(EntryKind(str(kind)), str(sum_), int(str(size))) for path, (kind, sum_, size) in rows}
