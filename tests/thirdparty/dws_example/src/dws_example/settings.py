"""What a user may set on the resources of this plugin."""

from dataclasses import dataclass

from dws_core.plugin import Scope, Settings, setting


@dataclass(frozen=True)
class SingleFileSettings(Settings):
    """The settings of a single-file resource."""

    path: str = setting("the file", argument=True, scope=Scope.PLACE, editable=False)


@dataclass(frozen=True)
class ShelfSettings(Settings):
    """The settings of a shelf."""

    place: str = setting("the directory of the share", argument=True)
