"""A place at a remote, written and read by other ways than rclone where there are some."""

import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dws_rclone.rclone import find
from plugins.dws_rclone.tests.remotes import Remotes


@dataclass(frozen=True)
class There:
    """A place at a remote: how rclone calls it, and where or by which client it is reached beside rclone."""

    remote: str
    config: Path
    directory: Path | None = None
    client: Any = None

    def write(self, files: Mapping[str, bytes]) -> None:
        """Let these files be there, as somebody else puts them there."""
        for path, content in files.items():
            if self.directory is None:
                self.client.put_object(Bucket=self.bucket, Key=f"data/{path}", Body=content)
            else:
                (self.directory / path).parent.mkdir(parents=True, exist_ok=True)
                (self.directory / path).write_bytes(content)

    def remove(self, path: str) -> None:
        """Remove a file there, as somebody else does."""
        if self.directory is None:
            self.client.delete_object(Bucket=self.bucket, Key=f"data/{path}")
        else:
            (self.directory / path).unlink()

    def read(self) -> dict[str, bytes]:
        """Read all that is there."""
        if self.directory is None:
            found = self.client.list_objects_v2(Bucket=self.bucket, Prefix="data/").get("Contents", ())
            keys = [each["Key"] for each in found]
            return {key[5:]: self.client.get_object(Bucket=self.bucket, Key=key)["Body"].read() for key in keys}
        files = [path for path in self.directory.rglob("*") if path.is_file()]
        return {str(path.relative_to(self.directory)): path.read_bytes() for path in files}

    def kept(self) -> dict[str, bytes]:
        """Read what was replaced or removed there, which lies beside it, by the last parts of the paths."""
        assert self.directory is not None
        beside = self.directory.with_name(f"{self.directory.name}.dws-replaced")
        return {"/".join(path.relative_to(beside).parts[1:]): path.read_bytes() for path in beside.rglob("*") if path.is_file()}

    @property
    def bucket(self) -> str:
        return self.remote.partition(":")[2].partition("/")[0]

    def rclone(self, *arguments: str) -> str:
        """Run rclone as its users do."""
        command = [find(), "--config", str(self.config), *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def make_place(kind: str, remotes: Remotes, served: Path, server: Callable[[str], Any]) -> There:
    """Make an empty place at a remote of a kind: a directory of this machine, one behind an ssh server, or a bucket."""
    if kind == "disk":
        (remotes.directory / "sets" / "data").mkdir(parents=True)
        return There("disk:sets/data", remotes.config, remotes.directory / "sets" / "data")
    if kind == "sftp":
        (served / "data").mkdir(parents=True)
        remotes.add_sftp("server", server("sshd"))
        return There(f"server:{served.resolve()}/data", remotes.config, served / "data")
    s3 = server("s3")
    remotes.add_s3("bucket", s3)
    return There(f"bucket:{s3.make_bucket(versioned=False)}/data", remotes.config, client=s3.client())
