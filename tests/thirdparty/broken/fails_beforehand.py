"""A plugin that fails before a snapshot is taken."""

from dws_core.plugin import hookimpl


@hookimpl
def dws_before_snapshot() -> None:
    raise RuntimeError("too early")
