"""Keys of objects: bytes wherever they are kept and compared, text where boto3 or a message needs one."""

from dws_core.errors import UnsupportedFileError


def text_of(key: bytes) -> str:
    """Give a key as text, undecodable bytes as surrogates."""
    return key.decode("utf-8", "surrogateescape")


def key_of(text: str) -> bytes:
    """Give back the key that `text_of` made a text of."""
    return text.encode("utf-8", "surrogateescape")


def parameter(key: bytes) -> str:
    """Give a key as boto3 takes it; an UnsupportedFileError where it is not UTF-8, which no request of boto3's can name."""
    try:
        return key.decode("utf-8")
    except UnicodeDecodeError as error:
        raise UnsupportedFileError(text_of(key), "key that is not UTF-8") from error
