"""What only a server, or the way to it, can refuse."""

import shlex
from collections.abc import Sequence
from pathlib import Path

from dws_core.errors import ContentError, PathRefusedError, ResourceError, SettingError, ToolFailedError

_SHOWN = 10


class LostError(Exception):
    """A connection that does not carry anything any more; whoever meets it makes another one, or gives up."""


class SftpStatusError(Exception):
    """What the server answers where it does not do what it was asked."""

    NO_SUCH_FILE, PERMISSION_DENIED, FAILURE, BAD_MESSAGE, UNSUPPORTED = 2, 3, 4, 5, 8

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code

    @property
    def is_missing(self) -> bool:
        return self.code == self.NO_SUCH_FILE


class AddressRefusedError(SettingError):
    def __init__(self, text: str, expected: str) -> None:
        super().__init__(
            f"{text!r} is no address of a directory on a server",
            hint=f"give it as {expected}, where users and hosts are letters, digits, '.', '_' and '-'",
        )


class SpeechError(ToolFailedError):
    def __init__(self, reason: str) -> None:
        super().__init__(
            "the server", "be understood", reason, hint="look whether it is an ssh server that offers sftp: `sftp HOST` tells"
        )


class UnreachableError(ToolFailedError):
    def __init__(self, host: str, port: int, reason: str) -> None:
        super().__init__(
            "ssh", f"reach {host} at port {port}", reason, hint="look at the name, the port and the network, then try again"
        )


class UnknownHostError(ToolFailedError):
    """A server that nothing says to be the one that it claims to be."""

    def __init__(self, host: str, port: int, fingerprint: str, file: Path, name: str) -> None:
        scan = f"ssh-keyscan {f'-p {port} ' if port != 22 else ''}{host}"
        renamed = f" | sed 's/^[^ ]*/{name}/'" if name not in (host, f"[{host}]:{port}") else ""
        super().__init__(
            "ssh",
            f"trust {host} at port {port}",
            f"its key, {fingerprint}, is not in {file}",
            hint=f"if whoever runs the server says that this is its key: `{scan}{renamed} >> {shlex.quote(str(file))}`",
        )


class ChangedHostError(ToolFailedError):
    """A server that has another key than the one that is known: it was set up anew, or somebody else answers."""

    def __init__(self, host: str, port: int, fingerprint: str, file: Path, name: str) -> None:
        super().__init__(
            "ssh",
            f"trust {host} at port {port}",
            f"its key has changed to {fingerprint}, and {file} holds another one: somebody else may answer in its place",
            hint=f"ask whoever runs the server; if the new key is right, `ssh-keygen -R {shlex.quote(name)} "
            f"-f {shlex.quote(str(file))}`, then try again",
        )


class RevokedHostError(ToolFailedError):
    def __init__(self, host: str, port: int, fingerprint: str, file: Path) -> None:
        super().__init__(
            "ssh",
            f"trust {host} at port {port}",
            f"its key, {fingerprint}, is marked as revoked in {file}",
            hint="ask whoever runs the server for its new key",
        )


class LoginRefusedError(ToolFailedError):
    def __init__(self, user: str, host: str, tried: Sequence[str]) -> None:
        shown = f"the server takes none of the keys {', '.join(tried)}" if tried else "there is no key to show it"
        super().__init__(
            "ssh",
            f"log in as {user} at {host}",
            shown,
            hint="look at the user, and name the key with `--identity`, in ~/.ssh/config, or to the agent with `ssh-add`",
        )


class LockedKeyError(ToolFailedError):
    def __init__(self, key: str) -> None:
        super().__init__(
            "ssh",
            f"use the key {key}",
            "it is locked with a passphrase",
            hint=f"unlock it for the agent: `ssh-add {shlex.quote(key)}`",
        )


class BadKeyError(ToolFailedError):
    def __init__(self, key: str, reason: str) -> None:
        super().__init__("ssh", f"use the key {key}", reason, hint="name the file of a private key that `ssh` itself can use")


class BadConfigurationError(ToolFailedError):
    def __init__(self, file: str, reason: str) -> None:
        super().__init__("ssh", f"read {file}", reason, hint="correct it, then try again")


class WayNotKnownError(ToolFailedError):
    def __init__(self, host: str, option: str) -> None:
        super().__init__(
            "dws",
            f"reach {host} as your ssh configuration says",
            f"{option} starts a program, which is not done here",
            hint="say it with ProxyJump, or reach the server in another way",
        )


class NoSftpError(ToolFailedError):
    def __init__(self, host: str, reason: str) -> None:
        super().__init__(
            "ssh",
            f"open sftp at {host}",
            reason,
            hint="ask whoever runs the server to allow sftp (`Subsystem sftp internal-sftp`)",
        )


class ServerGoneError(ToolFailedError):
    def __init__(self, host: str, port: int, reason: str, tries: int) -> None:
        super().__init__(
            "ssh",
            f"stay connected to {host} at port {port}",
            f"{reason} ({tries} tries)",
            hint="look at the network and the server, then run the same command again",
        )


class RemoteFileError(ContentError):
    """The server refused a file: the message names the file and says why."""

    def __init__(self, place: str, reason: str, *, hint: str = "look at it on the server, then try again") -> None:
        super().__init__(f"{place}: {reason}", hint=hint)


class RemoteFullError(RemoteFileError):
    def __init__(self, place: str) -> None:
        super().__init__(place, "no space is left on the server", hint="free some space there, then try again")


class RemoteReadOnlyError(RemoteFileError):
    def __init__(self, place: str) -> None:
        super().__init__(
            place,
            "what it lies in is read-only on the server",
            hint="make it writable there; or say that nothing is ever written: `dws config --resource NAME read-only true`",
        )


class RemoteForbiddenError(RemoteFileError):
    def __init__(self, place: str) -> None:
        super().__init__(place, "permission denied by the server", hint="change the permissions there, or log in as another user")


class ResultsWrittenError(PathRefusedError):
    def __init__(self, address: str) -> None:
        super().__init__(
            address,
            "results are written there, which --read-only rules out",
            hint="leave --read-only away, or choose another role",
        )


class CopyTakenError(ResourceError):
    def __init__(self, path: Path, address: str) -> None:
        super().__init__(
            f"{path} holds something else than {address}, which is to be copied there",
            hint="move it away, or choose another --local-path, then try again",
        )


class ServerAheadError(ResourceError):
    def __init__(self, name: str, address: str, paths: Sequence[str]) -> None:
        super().__init__(
            f"{address} has changes that are not in the copy {name!r}: {_named(paths)}",
            hint="take them with `dws pull`, then `dws push` again",
        )


class DivergedError(ResourceError):
    def __init__(self, name: str, address: str, paths: Sequence[str]) -> None:
        super().__init__(
            f"both {address} and the copy {name!r} have changed {_named(paths)}",
            hint="put aside which of the two is not to stay (take a snapshot first, and nothing is lost), then `dws pull`",
        )


class RemoteDirectoryMissingError(ResourceError, FileNotFoundError):
    """There is no directory at the address; FileNotFoundError, as whoever asks for the content of nothing expects."""

    def __init__(self, address: str) -> None:
        super().__init__(f"there is no directory {address}", hint="make it on the server, or correct the address")


def _named(paths: Sequence[str]) -> str:
    return ", ".join(paths[:_SHOWN]) + (f" and {len(paths) - _SHOWN} more" if len(paths) > _SHOWN else "")
