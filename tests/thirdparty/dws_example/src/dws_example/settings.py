"""What a user may set on a single-file resource."""

from dataclasses import dataclass

from dws_core.plugin import Scope, Settings, setting


@dataclass(frozen=True)
class SingleFileSettings(Settings):
    """The settings of a single-file resource."""

    path: str = setting("the file", argument=True, scope=Scope.PLACE, editable=False)
