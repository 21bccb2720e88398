"""A plain directory, of which every version is kept in the object store."""

from pathlib import Path

from dws_core.builtin.local_files.settings import LocalFilesSettings
from dws_core.errors import PathMissingError
from dws_core.model.role import Role
from dws_core.plugin import DirectoryResourceType, Proposal


class LocalFiles(DirectoryResourceType[LocalFilesSettings]):
    """A directory of this machine."""

    @classmethod
    def propose(cls, settings: LocalFilesSettings, role: Role, root: Path) -> Proposal[LocalFilesSettings]:
        directory = root / settings.local_path
        if not directory.is_dir():
            raise PathMissingError(directory)
        return Proposal(settings, directory.resolve().name, directory)

    def create(self) -> None:
        self.local_path.mkdir(parents=True, exist_ok=True)

    @property
    def local_path(self) -> Path:
        return self.context.root / self.settings.local_path
