"""A file that is being written: it appears whole when it is closed, or not at all."""

import io
import sys
import tempfile
import warnings
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import IO, Any, BinaryIO, cast

_IN_MEMORY = 8 * 1024 * 1024


class FreshFile(io.RawIOBase):
    """Keeps what is written, beside the resource; `put` puts it in its place.

    Nothing appears where the block that writes it raises, however it is closed then: whoever wraps it only says `close`.
    """

    def __init__(self, path: str, put: Callable[[BinaryIO], None], scratch: Path, *, autocommit: bool = True) -> None:
        super().__init__()
        self.path = path
        self.mode = "wb"
        self._put = put
        self._autocommit = autocommit
        self._handled = sys.exc_info()[1]
        place = str(scratch) if scratch.is_dir() else None
        self._content: IO[bytes] = tempfile.SpooledTemporaryFile(_IN_MEMORY, dir=place)  # noqa: SIM115  # closed once it is in its place

    def writable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def write(self, content: Any) -> int:
        if self.closed:
            raise ValueError(f"{self.path} is closed")
        return self._content.write(content)

    def tell(self) -> int:
        return self._content.tell()

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self._content.seek(offset, whence)
        return self._content.tell()

    def truncate(self, size: int | None = None) -> int:
        self._content.truncate(self.tell() if size is None else size)
        return self.tell() if size is None else size

    def commit(self) -> None:
        """Let it appear."""
        try:
            self._content.seek(0)
            self._put(cast(BinaryIO, self._content))
        finally:
            self._content.close()

    def discard(self) -> None:
        """Let nothing appear."""
        self._content.close()

    def close(self) -> None:
        """Let it appear, unless an error is on its way that was not when it was opened."""
        if self.closed:
            return
        super().close()
        raised = sys.exc_info()[1]
        if raised is not None and raised is not self._handled:
            self.discard()
        elif self._autocommit:
            self.commit()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if error is not None and not self.closed:
            super().close()
            self.discard()
        self.close()

    def __del__(self) -> None:
        if "_content" in self.__dict__ and not self.closed:
            super().close()
            self.discard()
            warnings.warn(f"{self.path} was never closed, so nothing was written", RuntimeWarning, stacklevel=2)
