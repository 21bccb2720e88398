"""What must never be recorded: passwords, keys and tokens among parameters, arguments and addresses."""

import re
from itertools import pairwise

_PARTS = frozenset({"password", "passwd", "passphrase", "secret", "secrets", "credential", "credentials", "apikey"})
_OWNERS = ("access", "account", "api", "auth", "bearer", "github", "hf", "private", "refresh", "secret", "session", "signing")
_PAIRS = frozenset((owner, thing) for owner in _OWNERS for thing in ("key", "token"))
_ADDRESS = re.compile(r"(?P<scheme>[a-zA-Z][a-zA-Z0-9+.-]*)://(?P<user>[^/\s@:]*)(?P<password>:[^/\s@]*)?@")
_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


def is_secret_name(name: str) -> bool:
    """Tell whether something of this name is to be kept secret: `password`, `--api-key`, `AWS_SECRET_ACCESS_KEY`, `authToken`."""
    words = [word.lower() for word in _WORDS.findall(name)]
    return words == ["token"] or not _PARTS.isdisjoint(words) or not _PAIRS.isdisjoint(pairwise(words))


def without_passwords(text: str) -> str:
    """Take the password out of each address in a text, and of one on the web the user too, who may be a token."""
    return _ADDRESS.sub(_cleaned, text) if "://" in text else text


def _cleaned(found: re.Match[str]) -> str:
    web = found["scheme"].lower() in ("http", "https")
    return f"{found['scheme']}://" if web else f"{found['scheme']}://{found['user']}@"
