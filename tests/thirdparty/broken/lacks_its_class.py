"""A plugin whose descriptor names a class that is not there."""

from collections.abc import Sequence

from dws_core.plugin import ResourceTypeDescriptor, hookimpl


@hookimpl
def dws_resource_types() -> Sequence[ResourceTypeDescriptor]:
    return [ResourceTypeDescriptor("hollow", "Nothing behind it.", "nowhere.at_all:Type", "nowhere.at_all:Settings", frozenset())]
