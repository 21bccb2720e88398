"""Which keys can be the names of files: a copy can hold no others."""

from collections.abc import Iterable

from dws_core.errors import PathRefusedError, ResourceError
from dws_core.model.names import check_relative, is_reserved
from dws_s3.keys import text_of
from dws_s3.page import DELIMITER

_FEW = 5

IS_DIRECTORY = "other keys lie below it as in a directory"
NOT_SHOWN = "has characters that the server cannot show"


class KeysRefusedError(ResourceError):
    """Keys that can be the names of no files, each with the reason."""

    def __init__(self, bucket: str, keys: Iterable[tuple[bytes, str]]) -> None:
        found = list(keys)
        shown = "; ".join(f"{text_of(key)!a} {reason}" for key, reason in found[:_FEW])
        more = f"; and {len(found) - _FEW:,} more" if len(found) > _FEW else ""
        super().__init__(
            f"the bucket {bucket} has keys that can be the names of no files, so that no copy can hold them: {shown}{more}",
            hint="rename or remove them, or choose a prefix without them; a bucket that keeps versions needs no copy",
        )


def is_marker(path: bytes) -> bool:
    """Tell whether a key below a prefix is one that stands for a directory."""
    return path.endswith(DELIMITER)


def why_no_file(path: bytes, size: int = 0) -> str:
    """Say why what follows the prefix in a key is the path of no file, nor (ending with `/`) of a directory; "" if it is."""
    try:
        text = path.removesuffix(DELIMITER).decode()
    except UnicodeDecodeError:
        return "is not UTF-8"
    parts = text.split("/")
    for is_wrong, reason in (
        (is_marker(path or DELIMITER) and size > 0, "ends with '/' and has content"),
        (path.startswith(DELIMITER), "begins with '/'"),
        ("" in parts, "has an empty part ('//')"),
        (bool({".", ".."} & {*parts}), "has a part '.' or '..'"),
        ("\0" in text, "has a NUL character"),
        (any(map(is_reserved, parts)), "has a part that belongs to git or to workspaces"),
    ):
        if is_wrong:
            return reason
    try:
        check_relative(text)
    except PathRefusedError:
        return "is longer than a path may be"
    return ""
