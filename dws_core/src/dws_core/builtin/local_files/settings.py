"""What a user may set on a plain directory."""

from dataclasses import dataclass

from dws_core.plugin import Scope, Settings, setting


@dataclass(frozen=True)
class LocalFilesSettings(Settings):
    """Where the directory is."""

    local_path: str = setting("the directory", argument=True, scope=Scope.PLACE)
