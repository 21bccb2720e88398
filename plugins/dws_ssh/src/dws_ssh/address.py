"""Where something lies on a server: what a user types, and the URL that stands for it."""

import posixpath
import re
from dataclasses import dataclass
from urllib.parse import quote_from_bytes, unquote_to_bytes

from dws_ssh.errors import AddressRefusedError

_WHO = r"(?:(?P<user>[A-Za-z0-9._][A-Za-z0-9._-]*)@)?(?P<host>[A-Za-z0-9._][A-Za-z0-9._-]*)(?::(?P<port>[0-9]{1,5}))?"
_TYPED = re.compile(_WHO + r":(?P<path>/[^\0]*)")
_URL = re.compile(r"ssh://" + _WHO + r"(?P<path>/[^\0]*)")
_NAME = re.compile(r"[A-Za-z0-9._][A-Za-z0-9._-]*")
_LAST_PORT = 65_535
_TYPED_AS, _URL_AS = "[USER@]HOST[:PORT]:/PATH", "ssh://[USER@]HOST[:PORT]/PATH"


@dataclass(frozen=True)
class Address:
    """A path on a server, undecodable bytes as surrogates; user and port are None where the ssh configuration says them."""

    user: str | None
    host: str
    port: int | None
    path: str

    @classmethod
    def typed(cls, text: str) -> "Address":
        """Take `[USER@]HOST[:PORT]:/PATH`, or the URL; AddressRefusedError."""
        if text.startswith("ssh://"):
            return cls.of_url(text)
        return cls._of(_TYPED.fullmatch(text), text, _TYPED_AS)

    @classmethod
    def of_url(cls, url: str) -> "Address":
        """Take `ssh://[USER@]HOST[:PORT]/PATH`; AddressRefusedError."""
        return cls._of(_URL.fullmatch(url), url, _URL_AS)

    @property
    def url(self) -> str:
        user, port = f"{self.user}@" if self.user else "", f":{self.port}" if self.port else ""
        return f"ssh://{user}{self.host}{port}{quote_from_bytes(self.raw_path)}"

    @property
    def text(self) -> str:
        user, port = f"{self.user}@" if self.user else "", f":{self.port}" if self.port else ""
        return f"{user}{self.host}{port}:{self.path}"

    @property
    def raw_path(self) -> bytes:
        return self.path.encode("utf-8", "surrogateescape")

    @classmethod
    def _of(cls, found: re.Match[str] | None, text: str, expected: str) -> "Address":
        if found is None:
            raise AddressRefusedError(_without_password(text), expected)
        path = found["path"]
        if expected == _URL_AS:
            path = unquote_to_bytes(path).decode("utf-8", "surrogateescape")
        port = int(found["port"]) if found["port"] else None
        if "\0" in path or ".." in path.split("/") or (port is not None and not 0 < port <= _LAST_PORT):
            raise AddressRefusedError(text, expected)
        return cls(found["user"], found["host"], port, "/" + posixpath.normpath(path).lstrip("/"))


def check_name(text: str) -> str:
    """Return a user or host if it is one; AddressRefusedError."""
    if not _NAME.fullmatch(text):
        raise AddressRefusedError(text, _TYPED_AS)
    return text


def _without_password(text: str) -> str:
    """Leave out what may be a password: the text was meant for something else, and goes into a message."""
    return re.sub(r"(^|//)([^/@]*@)", r"\1", text)
