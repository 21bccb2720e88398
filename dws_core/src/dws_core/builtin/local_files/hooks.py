"""What this plugin brings: plain directories."""

from collections.abc import Sequence

from dws_core.plugin import Capability, ResourceTypeDescriptor, hookimpl


@hookimpl
def dws_resource_types() -> Sequence[ResourceTypeDescriptor]:
    return [
        ResourceTypeDescriptor(
            name="local-files",
            help="A directory of this machine; its content is kept by the workspace, so that every version can be restored.",
            implementation="dws_core.builtin.local_files.resource_type:LocalFiles",
            settings="dws_core.builtin.local_files.settings:LocalFilesSettings",
            capabilities=frozenset({Capability.RESTORABLE, Capability.HOLDS_RESULTS, Capability.LOCAL_PATH}),
        )
    ]
