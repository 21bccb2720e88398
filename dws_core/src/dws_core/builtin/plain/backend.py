"""The plain backend: a record is kept once its file is there."""

from dws_core.plugin import Backend, Commit


class PlainBackend(Backend):
    """Metadata as plain files; records are immutable, so the files are their own history."""

    def init(self) -> None:
        """Nothing to make: the core has made the directory."""

    def commit(self, commit: Commit) -> None:
        """Nothing to do: each record became visible whole, by rename."""

    def holds(self, path: str) -> bool:
        return (self.root / path).is_file()
