"""Keys of objects as boto3 takes them; everywhere else they are bytes."""

from dws_core.errors import UnsupportedFileError
from dws_core.plugin.rows import key_of, text_of

__all__ = ["key_of", "parameter", "text_of"]


def parameter(key: bytes) -> str:
    """Give a key as boto3 takes it; an UnsupportedFileError where it is not UTF-8, which no request of boto3's can name."""
    try:
        return key.decode("utf-8")
    except UnicodeDecodeError as error:
        raise UnsupportedFileError(text_of(key), "key that is not UTF-8") from error
