"""What a user may set on an api-resource."""

from dataclasses import dataclass

from dws_core.plugin import Scope, Settings, setting


@dataclass(frozen=True)
class ApiResourceSettings(Settings):
    """The settings of an api-resource."""

    version: str | None = setting(
        "the version of the data as this clone uses it now: any text that changes whenever the data does",
        default=None,
        scope=Scope.CLONE,
    )
