"""The content of stored files, small ones and those kept as blocks alike."""

import io
from typing import BinaryIO

from dws_core.errors import DamagedObjectError, MissingObjectError
from dws_core.objects.blocks import BlockReader, decode_list
from dws_core.objects.contents import Contents
from dws_core.objects.layout import BLOCKS_ABOVE


def blocks_of(contents: Contents, identity: bytes, size: int, what: str) -> list[bytes]:
    """Give the ids of the blocks of a large file."""
    return decode_list(contents.read(identity, what), size, what)


def open_file(contents: Contents, identity: bytes, size: int, what: str) -> BinaryIO:
    """Open a file's content for reading; no byte is given out whose hash was not checked."""
    if size <= BLOCKS_ABOVE:
        return io.BytesIO(read_file(contents, identity, size, what))
    blocks = blocks_of(contents, identity, size, what)
    return io.BufferedReader(BlockReader(size, blocks, lambda block: contents.read(block, what)))


def read_file(contents: Contents, identity: bytes, size: int, what: str) -> bytes:
    """Read the content of a file that is not kept as blocks, or of a symlink."""
    content = contents.read(identity, what)
    if len(content) != size:
        raise DamagedObjectError(what)
    return content


def is_here(contents: Contents, identity: bytes, size: int) -> bool:
    """Tell whether all objects of a file are in this clone, without reading them all."""
    if not contents.has(identity):
        return False
    if size <= BLOCKS_ABOVE:
        return True
    try:
        return all(contents.has(block) for block in blocks_of(contents, identity, size, "the file"))
    except (MissingObjectError, DamagedObjectError):
        return False
