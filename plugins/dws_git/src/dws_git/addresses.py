"""Where a repository came from: told apart from paths, and cleared of what nobody else may see."""

import os
import re
from pathlib import Path
from urllib.parse import urlsplit

from dws_git.errors import LocalOriginError, OriginRefusedError

_SCHEME = re.compile(r"(?:^|/)([a-z][a-z0-9+.-]*):/{1,2}(.+)", re.IGNORECASE)
_HIDDEN = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*://)([^/?#]*)@(.*)", re.DOTALL)
_NETWORK = re.compile(
    r"(?:git|https?|ssh)://(?:[A-Za-z0-9._-]+@)?(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]+)?/[^\x00-\x20\x7f]*"
)
_NETWORK_SCP = re.compile(r"(?:[A-Za-z0-9._][A-Za-z0-9._-]*@)?[A-Za-z0-9._][A-Za-z0-9._-]*:(?![:-])(?!//)[^\x00-\x20\x7f]+")
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
    """Answer an origin's URL without what nobody else may see, and a path of this machine relative to the workspace."""
    if not url:
        return None
    url = without_secrets(url)
    parts = urlsplit(url)
    if parts.scheme == "file":
        return os.path.relpath(parts.path, root)
    if parts.scheme or re.match(r"[^/]+:", url):
        return url
    return os.path.relpath(top / url, root)


def without_secrets(url: str) -> str:
    """Answer a URL without user and password over http, and without password over anything else."""
    found = _HIDDEN.fullmatch(url)
    if found is None:
        return url
    scheme, user, rest = found.groups()
    kept = "" if scheme.lower() in ("http://", "https://") else user.partition(":")[0] + "@"
    return f"{scheme}{kept}{rest}"


def check_network(url: str, place: Path) -> None:
    """Refuse a stranger's URL that is not plainly a place in the network; a path of a machine is to be cloned by hand."""
    if _NETWORK.fullmatch(url) or ("://" not in url and _NETWORK_SCP.fullmatch(url)):
        return
    if url.startswith("-") or "::" in url or ("://" in url and not url.startswith("file://")) or not url.isprintable():
        raise OriginRefusedError(url)
    raise LocalOriginError(url, place)
