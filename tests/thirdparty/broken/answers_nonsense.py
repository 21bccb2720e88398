"""A plugin that answers something else than what its hook is for."""

from dws_core.plugin import hookimpl


@hookimpl
def dws_resource_types() -> list[object]:
    return ["not a descriptor"]
