"""What this plugin brings: the plain backend."""

from collections.abc import Sequence

from dws_core.plugin import BackendDescriptor, hookimpl


@hookimpl
def dws_backends() -> Sequence[BackendDescriptor]:
    return [
        BackendDescriptor(
            name="plain",
            help="Keep the metadata as plain files, without a history of their own.",
            implementation="dws_core.builtin.plain.backend:PlainBackend",
            resource_type="local-files",
            preference=0,
        )
    ]
