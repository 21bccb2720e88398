"""The files of resources for whatever opens files by fsspec: `dws://NAME/path`, and `filesystem("NAME")`."""

from dws_core.files.filesystem import DwsFileSystem, filesystem

__all__ = ["DwsFileSystem", "filesystem"]
