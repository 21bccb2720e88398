"""Where a repository is shared or came from: told apart from paths, and cleared of what nobody else may see."""

import os
import re
from pathlib import Path
from urllib.parse import urlsplit

from dws_git.errors import LocalOriginError, OriginRefusedError, UrlRefusedError

_SCHEME = re.compile(r"(?:^|/)([a-z][a-z0-9+.-]*):/{1,2}(.+)", re.IGNORECASE)
_HIDDEN = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*://)([^/?#]*)@(.*)", re.DOTALL)
_NETWORK = re.compile(
    r"(?:git|https?|ssh)://(?:[A-Za-z0-9._-]+@)?(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]+)?/[^\x00-\x20\x7f]*"
)
_NETWORK_SCP = re.compile(r"(?:[A-Za-z0-9._][A-Za-z0-9._-]*@)?[A-Za-z0-9._][A-Za-z0-9._-]*:(?![:-])(?!//)[^\x00-\x20\x7f]+")
_SCP = re.compile(r"(?:^|/)([A-Za-z0-9._-]+@[A-Za-z0-9._-]+:[^/].*)")

_SCHEMES = ("file", "git", "http", "https", "ssh")
_HOST = re.compile(r"(?:[A-Za-z0-9._][A-Za-z0-9._-]*@)?(?:[A-Za-z0-9._][A-Za-z0-9._-]*|\[[0-9A-Fa-f:.]+(?:%[A-Za-z0-9._-]+)?\])")
_USER = re.compile(r"(?P<scheme>[a-z][a-z0-9+.-]*)://(?P<user>[^/\s'\"]*)@", re.IGNORECASE)


def url_in(path: str) -> str | None:
    """Answer the URL that a user gave where a path is wanted, even after it was taken for one; None if it is a path.

    What nobody else may see is left out, since it goes into a message.
    """
    found = _SCHEME.search(path)
    if found:
        return shown(f"{found[1]}://{found[2].lstrip('/')}")
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


def shown(text: str) -> str:
    """Clear a URL, or a text that holds some, of what nobody else may see: passwords, and over http the user too."""
    return _USER.sub(_without_secret, text)


def check_url(url: str) -> str:
    """Give a URL or path the form in which git is told of it; UrlRefusedError for what is neither, or would run something."""
    if not url or url.startswith("-"):
        raise _refused(url, "it would be taken for an option" if url else "it is empty")
    if re.search(r"[\x00-\x1f\x7f]", url):
        raise _refused(url, "it holds a control character")
    if re.match(r"[A-Za-z0-9][A-Za-z0-9+.-]*::", url):
        raise _refused(url, "it would start a program")
    scheme, separator, rest = url.partition("://")
    if separator and "/" not in scheme:
        return _check_scheme(url, scheme, rest)
    host, colon, _ = url.partition(":")
    if (colon and "/" not in host) or url.startswith("["):
        if not re.match(rf"{_HOST.pattern}:", url):
            raise _refused(url, "its host has a name that no host has")
        return url
    return str(Path(url).absolute())


def _check_scheme(url: str, scheme: str, rest: str) -> str:
    host, slash, path = rest.partition("/")
    if scheme not in _SCHEMES:
        raise _refused(url, f"{scheme} is nothing that histories are shared by")
    if scheme == "file":
        if host not in ("", "localhost") or not slash:
            raise _refused(url, "a file lies on this machine, at an absolute path: file:///path")
        return url
    user, at, _ = host.rpartition("@")
    if at and ":" in user:
        raise _refused(url, "it holds a password", next_step="leave it out: git keeps passwords with `git help credentials`")
    # Over http a user may be any text; of ssh it becomes a word of a command.
    named = host.rpartition("@")[2] if scheme in ("http", "https") else host
    if not _HOST.fullmatch(re.sub(r":[0-9]+$", "", named)):
        raise _refused(url, "its host has a name that no host has")
    if not path:
        raise _refused(url, "it names no repository")
    return url


def _refused(url: str, reason: str, *, next_step: str = "") -> UrlRefusedError:
    return UrlRefusedError(shown(url), reason, next_step=next_step)


def _without_secret(found: re.Match[str]) -> str:
    name = found["user"].partition(":")[0]
    kept = "" if found["scheme"].lower() in ("http", "https") else f"{name}@"
    return f"{found['scheme']}://{kept}"


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
        raise OriginRefusedError(shown(url))
    raise LocalOriginError(shown(url), place)
