"""A plugin whose hooks fail when they are called."""

from dws_core.plugin import hookimpl


@hookimpl
def dws_resource_types() -> list[object]:
    raise RuntimeError("called, and failed")


@hookimpl
def dws_before_snapshot() -> None:
    raise RuntimeError("called before, and failed")


@hookimpl
def dws_after_snapshot() -> None:
    raise RuntimeError("called after, and failed")
