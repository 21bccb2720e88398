"""Files of ours, written whole."""

import os
from contextlib import suppress
from pathlib import Path

from dws_core.errors import FileAccessError


def write_whole(place: Path, content: bytes) -> None:
    """Write a file so that it is there whole or as it was, whenever this is ended."""
    fresh = place.with_name(f".{place.name}.{os.getpid()}.tmp")
    try:
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with fresh.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(place)
    except OSError as error:
        with suppress(OSError):
            fresh.unlink(missing_ok=True)
        raise FileAccessError(place, error) from error
