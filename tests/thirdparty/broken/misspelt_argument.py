"""A plugin whose hook asks for an argument that the hook does not have."""

from dws_core.plugin import hookimpl


@hookimpl
def dws_after_snapshot(snapshto: object) -> None:
    pass
