"""What a bucket holds, for tests: filled, read and removed with a client of boto3's own."""

from collections.abc import Iterator
from typing import Any

from dws_core.plugin import Files, ResourceType
from dws_core.testing import Content, File
from dws_core.testing.content import EmptyDirectory, Item
from dws_s3.settings import S3Settings
from tests.servers.s3 import S3

SAMPLES: tuple[Content, ...] = (
    {"data.csv": File(b"x,y\n1,2\n"), "deep/er/part.csv": File(b"x,y\n3,4\n"), "deep/other.csv": File(b"x,y\n5,6\n")},
    {"data.csv": File(b"x,y\n1,9\n"), "deep/er/part.csv": File(b"x,y\n3,4\n"), "new.csv": File(b"x,y\n")},
    {
        "binary.bin": File(bytes(range(256)) * 700),
        "caf\u00e9 \u4e16\u754c.txt": File("caf\u00e9\n".encode()),
        "empty": File(b""),
        "-rf": File(b"a name that looks like an option"),
        "name with spaces + plus": File(b"spaces"),
        "\"quoted\" 'twice' $HOME;`id`": File(b"quotes"),
        "new\nline\ttab": File(b"newline"),
        "100%25": File(b"percent"),
        "data/part": File(b"1"),
        "data-1/part": File(b"2"),
        "data.csv": File(b"3"),
    },
    {"binary.bin": File(bytes(reversed(range(256))) * 700), "deep": File(b"a file now"), "empty": File(b"no longer")},
    {},
)


def fill(s3: S3, settings: S3Settings, content: Content) -> None:
    """Make the part of a bucket that is the resource hold exactly this."""
    client = s3.client()
    there = {each["Key"] for each in _objects(client, settings)}
    wanted = {
        settings.prefix + (path if isinstance(item, File) else f"{path}/"): item.content if isinstance(item, File) else b""
        for path, item in content.items()
    }
    empty(client, settings.bucket, there - wanted.keys())
    for key, body in wanted.items():
        client.put_object(Bucket=settings.bucket, Key=key, Body=body)


def empty(client: Any, bucket: str, keys: "set[str]") -> None:
    """Put a delete marker on each key."""
    for key in keys:
        client.delete_object(Bucket=bucket, Key=key)


def read(s3: S3, subject: ResourceType[Any]) -> Content:
    """Read what the resource holds; through our own files only where it is seen otherwise than it is."""
    if subject.view is not None:
        return dict(_seen(subject.files(), ""))
    client, settings = s3.client(), subject.settings
    keys = [each["Key"] for each in _objects(client, settings)]
    return {
        key.removeprefix(settings.prefix).removesuffix("/"): EmptyDirectory()
        if key.endswith("/")
        else File(client.get_object(Bucket=settings.bucket, Key=key)["Body"].read())
        for key in keys
    }


def _seen(files: Files, directory: str) -> "Iterator[tuple[str, Item]]":
    """Read all that is seen below a directory."""
    found = list(files.list(directory))
    if directory and not found:
        yield directory, EmptyDirectory()
    for each in found:
        if each.is_directory:
            yield from _seen(files, each.path)
        else:
            yield each.path, File(files.read(each.path))


def remove(s3: S3, bucket: str) -> None:
    """Remove a bucket with all its versions."""
    client = s3.client()
    while True:
        found = client.list_object_versions(Bucket=bucket, MaxKeys=1000)
        named = [
            {"Key": each["Key"], "VersionId": each["VersionId"]}
            for kind in ("Versions", "DeleteMarkers")
            for each in found.get(kind, ())
        ]
        if not named:
            break
        client.delete_objects(Bucket=bucket, Delete={"Objects": named})
    client.delete_bucket(Bucket=bucket)


def _objects(client: Any, settings: S3Settings, prefix: str | None = None) -> Iterator[Any]:
    """List what is current, level by level, since the server loses keys where a page runs over several levels."""
    start = settings.prefix if prefix is None else prefix
    for page in client.get_paginator("list_objects_v2").paginate(Bucket=settings.bucket, Prefix=start, Delimiter="/"):
        # The server keeps a directory of its own that held something, and lists it without an ETag.
        yield from (each for each in page.get("Contents", ()) if each.get("ETag", "").strip('"'))
        for each in page.get("CommonPrefixes", ()):
            yield from _objects(client, settings, each["Prefix"])
