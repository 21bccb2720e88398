"""A plugin that fails when it is asked for its resource types."""

from dws_core.plugin import hookimpl


@hookimpl
def dws_resource_types() -> list[object]:
    raise RuntimeError("called, and failed")
