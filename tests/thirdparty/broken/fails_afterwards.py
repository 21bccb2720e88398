"""A plugin that fails once a snapshot has been taken."""

from dws_core.plugin import hookimpl


@hookimpl
def dws_after_snapshot() -> None:
    raise RuntimeError("too late")
