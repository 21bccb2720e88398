"""A real ssh server on a loopback port, with keys of its own and a client's configuration that knows it."""

import getpass
import os
import shlex
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

NEEDED = "needs ssh: sudo apt-get install openssh-server"
_ALIAS = "dws-tests"
_READY = 10.0


@dataclass(frozen=True)
class Sshd:
    """A running server; `directory` holds its keys and configuration, and a home folder for whoever logs in."""

    directory: Path
    port: int
    host: str = "127.0.0.1"

    @property
    def user(self) -> str:
        return getpass.getuser()

    @property
    def key(self) -> Path:
        """The key that opens it."""
        return self.directory / "user_key"

    @property
    def known_hosts(self) -> Path:
        """The file that knows the server, at its own port and, for who comes through a proxy, by the name `dws-tests`."""
        return self.directory / "known_hosts"

    @property
    def configuration(self) -> Path:
        """What makes `ssh -F` use that key and that file, and ask nobody."""
        return self.directory / "ssh_config"

    @property
    def environment(self) -> Mapping[str, str]:
        """Makes git take that configuration."""
        return {"GIT_SSH_COMMAND": shlex.join(["ssh", "-F", str(self.configuration)])}

    def url(self, path: Path, port: int = 0) -> str:
        """The URL of a repository of this machine, through this server, or through what listens at another port."""
        return f"ssh://{self.user}@{self.host}:{port or self.port}{path}"


def find_sshd() -> str | None:
    """Find the server's program, which must be started by its absolute path."""
    return shutil.which("sshd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")


@contextmanager
def running_sshd(directory: Path) -> Iterator[Sshd]:
    """Start a server, and end it."""
    program = find_sshd()
    assert program is not None, NEEDED
    if os.getuid() == 0:
        Path("/run/sshd").mkdir(exist_ok=True)
    server = Sshd(directory, free_port())
    _write_keys(server)
    (directory / "home").mkdir()
    (directory / "sshd_config").write_text(_server_lines(server))
    server.configuration.write_text(_client_lines(server))
    command = [program, "-D", "-e", "-f", str(directory / "sshd_config")]
    with (directory / "log").open("wb") as log, subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=log) as process:
        try:
            _wait(server, process)
            yield server
        finally:
            process.terminate()
            process.wait()


def free_port() -> int:
    """Find a port of loopback that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _write_keys(server: Sshd) -> None:
    for name in ("host_key", "user_key"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(server.directory / name)], check=True)
    shutil.copyfile(server.directory / "user_key.pub", server.directory / "authorized_keys")
    public = " ".join((server.directory / "host_key.pub").read_text().split()[:2])
    server.known_hosts.write_text(f"[{server.host}]:{server.port} {public}\n{_ALIAS} {public}\n")


def _server_lines(server: Sshd) -> str:
    home = f'HOME="{server.directory / "home"}"'
    settings = {
        "ListenAddress": server.host,
        "Port": server.port,
        "HostKey": server.directory / "host_key",
        "PidFile": server.directory / "pid",
        "AuthorizedKeysFile": server.directory / "authorized_keys",
        "AuthenticationMethods": "publickey",
        "PermitRootLogin": "prohibit-password",
        "StrictModes": "no",
        "UsePAM": "no",
        "UseDNS": "no",
        "PrintMotd": "no",
        "MaxStartups": 100,
        "MaxSessions": 100,
        "Subsystem": "sftp internal-sftp",
        "SetEnv": f"SHLVL=2 {home} GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL={os.devnull}",
    }
    return "".join(f"{name} {value}\n" for name, value in settings.items())


def _client_lines(server: Sshd) -> str:
    settings = {
        "HostKeyAlias": _ALIAS,
        "IdentityFile": server.key,
        "IdentitiesOnly": "yes",
        "UserKnownHostsFile": server.known_hosts,
        "GlobalKnownHostsFile": os.devnull,
        "StrictHostKeyChecking": "yes",
        "BatchMode": "yes",
    }
    return "".join(f"{name} {value}\n" for name, value in settings.items())


def _wait(server: Sshd, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + _READY
    while process.poll() is None and time.monotonic() < until:
        try:
            with socket.create_connection((server.host, server.port), timeout=1) as tried:
                if tried.recv(4) == b"SSH-":
                    return
        except OSError:
            time.sleep(0.02)
    raise AssertionError(f"sshd did not begin: {(server.directory / 'log').read_text()}")
