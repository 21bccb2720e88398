"""Where a repository came from: told apart from paths, and cleared of what nobody else may see."""

import os
import re
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

_SCHEME = re.compile(r"(?:^|/)([a-z][a-z0-9+.-]*):/{1,2}(.+)", re.IGNORECASE)
_SCP = re.compile(r"(?:^|/)([A-Za-z0-9._-]+@[A-Za-z0-9._-]+:[^/].*)")


def url_in(path: str) -> str | None:
    """Answer the URL that a user gave where a path is wanted, even after it was taken for one; None if it is a path.

    Over http its user and password are left out, since it goes into a message.
    """
    found = _SCHEME.search(path)
    if found:
        host, slash, rest = found[2].lstrip("/").partition("/")
        shown = host.rpartition("@")[2] if found[1].lower() in ("http", "https") else host
        return f"{found[1]}://{shown}{slash}{rest}"
    found = _SCP.search(path)
    return found[1] if found else None


def shareable(url: str | None, top: Path, root: Path) -> str | None:
    """Answer an origin's URL without user and password (over http), and a path of this machine relative to the workspace."""
    if not url:
        return None
    parts = urlsplit(url)
    if parts.scheme in ("http", "https"):
        return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
    if parts.scheme == "file":
        return os.path.relpath(parts.path, root)
    if parts.scheme or re.match(r"[^/]+:", url):
        return url
    return os.path.relpath(top / url, root)
