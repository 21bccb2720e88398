"""A plugin that brings a type by the name of a built-in one."""

from collections.abc import Sequence

from dws_core.plugin import ResourceTypeDescriptor, hookimpl


@hookimpl
def dws_resource_types() -> Sequence[ResourceTypeDescriptor]:
    return [ResourceTypeDescriptor("local-files", "A false one.", f"{__name__}:False", f"{__name__}:False", frozenset())]
