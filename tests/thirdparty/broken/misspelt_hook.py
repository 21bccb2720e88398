"""A plugin with a hook that the core does not know."""

from dws_core.plugin import hookimpl


@hookimpl
def dws_resource_typos() -> list[object]:
    return []
