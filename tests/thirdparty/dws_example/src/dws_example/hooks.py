"""What this plugin brings: the resource types single-file and shelf, and the backend folder."""

from collections.abc import Sequence

from dws_core.model.role import Role
from dws_core.plugin import BackendDescriptor, Capability, ResourceTypeDescriptor, hookimpl

DWS_API_VERSION = 1


@hookimpl
def dws_resource_types() -> Sequence[ResourceTypeDescriptor]:
    return [
        ResourceTypeDescriptor(
            name="single-file",
            help="One file of the workspace, wherever it lies.",
            implementation="dws_example.resource_type:SingleFile",
            settings="dws_example.settings:SingleFileSettings",
            capabilities=frozenset({Capability.RESTORABLE}),
            roles=(Role.SOURCE_DATA, Role.INTERMEDIATE_DATA, Role.CODE),
        ),
        ResourceTypeDescriptor(
            name="shelf",
            help="A directory of a share, which is looked at where it lies and never changed.",
            implementation="dws_example.shelf:Shelf",
            settings="dws_example.settings:ShelfSettings",
            capabilities=frozenset({Capability.RESTORABLE, Capability.REMOTE}),
            roles=(Role.SOURCE_DATA,),
        ),
    ]


@hookimpl
def dws_backends() -> Sequence[BackendDescriptor]:
    return [
        BackendDescriptor(
            name="folder",
            help="Keep the metadata as plain files, and share them through a folder.",
            implementation="dws_example.backend:FolderBackend",
            resource_type="local-files",
            preference=-1,
            shares=True,
        )
    ]
