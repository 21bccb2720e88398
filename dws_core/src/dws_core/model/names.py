"""The one rule for names and for paths that come from metadata."""

import re
import unicodedata

from dws_core.errors import InvalidNameError, PathRefusedError

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_LONGEST_PATH, _LONGEST_COMPONENT = 4000, 255
_RESERVED = frozenset({".git", ".dataworkspace"})
# Code points that HFS+ drops from names, so that ".g\u200cit" is ".git" there.
_IGNORED_BY_FILE_SYSTEMS = re.compile("[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]")


def check_name(kind: str, name: str) -> str:
    """Return the name of a tag, host, resource or store if it is one; InvalidNameError otherwise."""
    if not _NAME.fullmatch(name):
        raise InvalidNameError(kind, name)
    return name


def fold(name: str) -> str:
    """Give the form in which two names that count as one are equal."""
    return name.casefold()


def is_reserved(component: str) -> bool:
    """Tell whether a file system may take this path component for `.git` or `.dataworkspace`."""
    plain = _IGNORED_BY_FILE_SYSTEMS.sub("", unicodedata.normalize("NFC", component)).casefold()
    plain = plain.split(":", 1)[0].rstrip(". ") or plain
    return plain in _RESERVED or bool(re.fullmatch(r"git~\d+|datawo~\d+", plain))


def check_relative(path: str) -> str:
    """Return a path inside a resource, `a/b`, if it is one; PathRefusedError otherwise. The empty path is the whole."""
    if path == "":
        return path
    if len(path) > _LONGEST_PATH or (len(path) > _LONGEST_COMPONENT and max(map(_length, path.split("/"))) > _LONGEST_COMPONENT):
        raise PathRefusedError(f"{path[:80]}…", "it is longer than a file system takes")
    if "\0" in path:
        raise PathRefusedError(path.replace("\0", "\\0"), "it holds a NUL character")
    for component in path.split("/"):
        if component in ("", ".", ".."):
            raise PathRefusedError(path, "it must be relative and normalised: no '..', '.', empty part or leading '/'")
        if is_reserved(component):
            raise PathRefusedError(path, f"{component!r} belongs to git or to the workspace itself")
    return path


def _length(component: str) -> int:
    return len(component.encode("utf-8", "surrogateescape"))
