"""A plugin that brings a type, whose name another plugin claims too."""

from collections.abc import Sequence

from dws_core.plugin import ResourceTypeDescriptor, hookimpl


@hookimpl
def dws_resource_types() -> Sequence[ResourceTypeDescriptor]:
    return [ResourceTypeDescriptor("claimed", "A claimed type.", f"{__name__}:Claimed", f"{__name__}:Claims", frozenset())]
