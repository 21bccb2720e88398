"""What can be set on a workspace, and where this clone keeps what is its own."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from dws_core.errors import FileAccessError, InvalidSettingError
from dws_core.journal import write_whole
from dws_core.model.codec import Json, JsonObject, dump, object_of, parse
from dws_core.model.names import check_name
from dws_core.model.undo import Key
from dws_core.plugin.settings import Scope, Settings, setting
from dws_core.workspace.history import WORKSPACE
from dws_core.workspace.template import check_template

ORIGINS = "origins"
"""Where this clone keeps the origin of each resource that it was told to contact, by the resource's id."""

_MOST_DAYS = 36500


@dataclass(frozen=True)
class WorkspaceSettings(Settings):
    """The settings of a workspace."""

    hostname: str | None = setting(
        "this clone's name for its machine, as it stands in tags of results", default=None, scope=Scope.CLONE
    )
    scratch_directory: str | None = setting("where this clone keeps large temporary files", default=None, scope=Scope.CLONE)
    results_dir_template: str = setting(
        "the directory of a results resource that a snapshot's results move to", default="snapshots/{HOSTNAME}-{TAG}"
    )
    results_exclude: tuple[str, ...] = setting(
        "names at the top of a results resource that stay where they are",
        default=("README", "README.md", "README.rst", "README.txt", ".gitattributes", ".gitignore", ".gitkeep"),
    )
    undo_days: int = setting(
        "for how many days this clone can undo an operation; `dws gc` forgets older ones", default=30, scope=Scope.CLONE
    )

    def __post_init__(self) -> None:
        check_template(self.results_dir_template)
        if not 0 <= self.undo_days <= _MOST_DAYS:
            raise InvalidSettingError("undo_days", self.undo_days, f"a whole number from 0 to {_MOST_DAYS}")
        if self.hostname is not None:
            check_name("host", self.hostname)


class CloneSettings:
    """What belongs to this clone alone: its random id, its own settings, and those of each resource here.

    The file names the directory it lies in by its inode, which nobody can send: what came with a stranger's workspace
    (or a copy) does not count until it was adopted.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> JsonObject:
        """Give everything; nothing at all where the clone is new, or where what is there came from elsewhere."""
        return {} if self.is_foreign else self._read()

    @property
    def is_foreign(self) -> bool:
        """Tell whether there are settings, and they were not written here."""
        found = self._read()
        return bool(found) and found.get("inode") != self._inode()

    def adopt(self, clone: str) -> None:
        """Take settings that came with a copy of the workspace for this clone's own; it gets an id of its own."""
        self._write({**self._read(), "clone": clone})

    def _read(self) -> JsonObject:
        try:
            return parse(self._path.read_bytes(), str(self._path))
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise FileAccessError(self._path, error) from error

    def _inode(self) -> int:
        return self._path.parent.stat().st_ino

    def of_workspace(self) -> JsonObject:
        return object_of(self.read(), "workspace")

    def of_resource(self, identity: str) -> JsonObject:
        return object_of(object_of(self.read(), "resources"), identity)

    def of(self, target: str) -> JsonObject:
        """Give what was set for a target: `workspace`, or the id of a resource."""
        return self.of_workspace() if target == WORKSPACE else self.of_resource(target)

    def change(self, values: Mapping[Key, Json]) -> None:
        """Set values by (target, name); None takes a value away."""
        everything = self.read()
        workspace, given = object_of(everything, "workspace"), object_of(everything, "resources")
        resources = {identity: object_of(given, identity) for identity in given}
        for (target, name), value in values.items():
            settings = workspace if target == WORKSPACE else resources.setdefault(target, {})
            settings[name] = value
            if value is None:
                del settings[name]
        self._write({**everything, "workspace": workspace, "resources": {key: each for key, each in resources.items() if each}})

    def begin(self, clone: str, hostname: str) -> None:
        """Give a new clone its id and its name for the machine; an old one keeps them."""
        everything = self.read()
        if "clone" not in everything:
            self._write({**everything, "clone": clone, "workspace": {"hostname": hostname, **object_of(everything, "workspace")}})

    def _write(self, everything: JsonObject) -> None:
        write_whole(self._path, dump({**everything, "inode": self._inode()}))
