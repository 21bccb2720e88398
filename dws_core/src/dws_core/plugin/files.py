"""The files of a resource, at a recorded version or as they are now: what can be listed, read and written."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from dws_core.errors import ReadOnlyFilesError
from dws_core.plugin.reading_ahead import read_ahead


@dataclass(frozen=True)
class FileInfo:
    """A file or a directory: its path in the resource (`a/b`), size in bytes, and when it was written (seconds since 1970)."""

    path: str
    is_directory: bool = False
    size: int = 0
    modified: float | None = None


class Files(ABC):
    """What `dws://NAME/path` and `dws_core.filesystem` show. Several threads call at once; making it contacts nothing.

    Paths are relative to the resource, `a/b`, and checked by whoever calls; "" is the resource itself. What is asked for is
    looked up anew each time, so that nobody sees what was there before.
    """

    def __init__(self, resource: str) -> None:
        self.resource = resource

    @abstractmethod
    def info(self, path: str) -> FileInfo:
        """F1: tell of what lies at a path; FileNotFoundError. Of a link it is what the link leads to."""

    @abstractmethod
    def list(self, path: str = "") -> Iterator[FileInfo]:
        """F2: yield what lies directly in a directory, in any order; FileNotFoundError, NotADirectoryError."""

    @abstractmethod
    def read(self, path: str, start: int = 0, length: int | None = None) -> bytes:
        """F3: give the bytes of a file, or `length` of them from `start` on (fewer where it ends before).

        FileNotFoundError, IsADirectoryError.
        """

    def open(self, path: str) -> BinaryIO:
        """F4: open a file for reading, from its beginning; it can be sought in. FileNotFoundError, IsADirectoryError.

        By default it is read in parts, several at once where it is read on and on. Where content may change between two of
        them, a type opens what it looked at, and no other.
        """
        info = self.info(path)
        if info.is_directory:
            raise IsADirectoryError(path)
        return read_ahead(lambda start, length: self.read(path, start, length), info.size, path)

    def version(self, path: str = "") -> str | None:
        """F5: give the id of the version of what lies at a path, as `current(path)` does of what is there now.

        None where only the resource as a whole has one. FileNotFoundError.
        """
        return None

    def write(self, path: str, content: BinaryIO) -> None:
        """F6: let a file hold what is read from `content`, whole or not at all; directories above it are made.

        Where reading raises, so does this, and nothing has changed. IsADirectoryError; ReadOnlyFilesError where nothing may be
        written: in a recorded version, in a resource that is read-only.
        """
        raise ReadOnlyFilesError(self.resource)

    def remove(self, path: str) -> None:
        """F7: remove a file, or a directory that holds nothing; FileNotFoundError, ReadOnlyFilesError.

        OSError of a directory that holds something. The directories above that hold nothing then are gone as well, so that
        they are there in no type.
        """
        raise ReadOnlyFilesError(self.resource)
