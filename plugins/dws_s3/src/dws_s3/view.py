"""Which recorded version is seen in place of what lies in the bucket."""

from pathlib import Path

from dws_core.model.version import Version
from dws_s3.notes import Note


class View:
    """A note of this clone alone, of which there is one while an older version is seen."""

    def __init__(self, private: Path) -> None:
        self._note = Note(private / "view.json")

    @property
    def version(self) -> Version | None:
        """The version that is seen; None where what lies there is."""
        found = self._note.read()
        return Version.from_json(found) if found is not None else None

    def show(self, version: Version) -> None:
        """Have a version seen."""
        self._note.write(Version(version.id).to_json())

    def end(self) -> None:
        """Have what lies there seen."""
        self._note.remove()
