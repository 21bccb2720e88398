"""A file that is compressed while it is written, or the other way while it is read."""

import io
from typing import Any


class CompressedFile(io.RawIOBase):
    """Closes the file below as well: fsspec's compressors leave it open, so that what was written would never appear."""

    def __init__(self, compressor: Any, file: Any, *, reading: bool) -> None:
        super().__init__()
        self._compressor = compressor
        self._file = file
        self._reading = reading

    def readable(self) -> bool:
        return self._reading

    def writable(self) -> bool:
        return not self._reading

    def seekable(self) -> bool:
        return self._reading and bool(self._compressor.seekable())

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return int(self._compressor.seek(offset, whence))

    def tell(self) -> int:
        return int(self._compressor.tell())

    def readinto(self, buffer: Any) -> int:
        content = self._compressor.read(len(buffer))
        buffer[: len(content)] = content
        return len(content)

    def write(self, content: Any) -> int:
        return int(self._compressor.write(content))

    def close(self) -> None:
        if not self.closed:
            try:
                self._compressor.close()
            finally:
                super().close()
                self._file.close()

    def __del__(self) -> None:
        """Say nothing: the file below tells that it was never closed."""
