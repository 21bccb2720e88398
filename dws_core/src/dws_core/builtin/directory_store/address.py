"""Where a directory store is: its URL, and the path that the URL names."""

import os
import re
from pathlib import Path
from urllib.parse import unquote_to_bytes

from dws_core.errors import InvalidSettingError

_SCHEME = "file:"
_EXPECTED = "a directory: its path, or file:///an/absolute/path"


def url_of(text: str, directory: Path) -> str:
    """Give the URL of a place that was named by a URL or by a path, which is taken from a directory; InvalidSettingError."""
    if text[: len(_SCHEME)].lower() == _SCHEME:
        return path_of(text).as_uri()
    if not text or "\0" in text or "://" in text:
        raise InvalidSettingError("the URL of a store", _shown(text), _EXPECTED)
    try:
        path = directory.absolute() / Path(text).expanduser()
    except RuntimeError as error:  # there is no such user
        raise InvalidSettingError("the URL of a store", _shown(text), _EXPECTED) from error
    return _normal(os.fsencode(path)).as_uri()


def path_of(url: str) -> Path:
    """Give the absolute path that a URL names on this machine; InvalidSettingError."""
    rest = url[len(_SCHEME) :]
    host, slash, path = (rest[2:] if rest.startswith("//") else rest).partition("/")
    found = unquote_to_bytes(path)
    if url[: len(_SCHEME)].lower() != _SCHEME or host.lower() not in ("", "localhost") or not slash or b"\0" in found:
        raise InvalidSettingError("the URL of a store", _shown(url), _EXPECTED)
    return _normal(b"/" + found)


def _shown(url: str) -> str:
    """Leave out user and password: the URL was meant for something else, and goes into a message."""
    return re.sub(r"(?<=://)[^/]*@", "", url)


def _normal(path: bytes) -> Path:
    # Two slashes at the beginning mean something else than one to some systems, and `normpath` keeps them.
    return Path(os.fsdecode(os.path.normpath(b"/" + path.lstrip(b"/"))))
