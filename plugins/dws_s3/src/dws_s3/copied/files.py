"""The files of a bucket of which versions are copied: as they lie there, or as a version that is seen in their place."""

from collections.abc import Callable
from typing import BinaryIO

from dws_core.errors import ReadOnlyFilesError
from dws_core.plugin import Objects, TreeFiles
from dws_s3.extent import Extent
from dws_s3.files import BucketFiles


class LiveFiles(BucketFiles):
    """What lies there; `identify` gives the id of the content at a path."""

    def __init__(self, resource: str, extent: Extent, identify: Callable[[str], str], why_not: str) -> None:
        super().__init__(resource, extent, why_not)
        self._identify = identify

    def version(self, path: str = "") -> str | None:
        return self._identify(path)


class SeenFiles(TreeFiles):
    """Reading comes from the object store; nothing is written until the view is left."""

    def __init__(self, resource: str, objects: Objects, tree: str) -> None:
        super().__init__(resource, objects, tree)
        self._why_not = f"it is seen as it was; `dws live {resource}` ends that"

    def write(self, path: str, content: BinaryIO) -> None:
        raise ReadOnlyFilesError(self.resource, self._why_not)

    def remove(self, path: str) -> None:
        raise ReadOnlyFilesError(self.resource, self._why_not)
