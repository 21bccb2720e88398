"""Reading an object as a stream: whole, in part, and on where the connection was cut."""

import random
from collections.abc import Callable

import pytest

from dws_s3.connection import Connection
from dws_s3.errors import ChangedMeanwhileError, CutError
from dws_s3.place import Place
from dws_s3.streaming import stream
from tests.servers.cutting import Cutting
from tests.servers.s3 import S3

CONTENT = random.Random(1).randbytes(5_000_000)


@pytest.mark.parametrize("key", ["plain", "with space+plus&é%20", "a//b", "\x01\x1f\x7f", "..dots../...", "名前/🙂"])
def test_any_key_can_be_read_whole_and_in_part(s3: S3, bucket: str, key: str) -> None:
    """A key may hold every character; a part ends where the object does."""
    s3.client().put_object(Bucket=bucket, Key=key, Body=CONTENT[:5_000])
    connection = Connection(Place(bucket))

    assert b"".join(stream(connection, key)) == CONTENT[:5_000]
    for start, length in ((0, 1), (4, 100), (4_990, 100), (5_000, 1), (6_000, 1), (7, None), (5, 0)):
        expected = CONTENT[start:5_000] if length is None else CONTENT[start:5_000][:length]
        assert b"".join(stream(connection, key, start, length)) == expected, (start, length)


def test_nothing_and_what_is_missing_are_told_apart(s3: S3, bucket: str) -> None:
    """An empty object is there."""
    s3.client().put_object(Bucket=bucket, Key="empty", Body=b"")
    connection = Connection(Place(bucket))

    assert [*stream(connection, "empty")] == [*stream(connection, "empty", 5)] == []
    with pytest.raises(FileNotFoundError):
        b"".join(stream(connection, "missing"))


def test_a_version_is_read_although_others_came_later(s3: S3, bucket: str) -> None:
    """Whatever became of the key."""
    client = s3.client()
    first = client.put_object(Bucket=bucket, Key="key", Body=b"first")["VersionId"]
    client.put_object(Bucket=bucket, Key="key", Body=b"second")
    client.delete_object(Bucket=bucket, Key="key")

    assert b"".join(stream(Connection(Place(bucket)), "key", version=first)) == b"first"
    with pytest.raises(FileNotFoundError):
        b"".join(stream(Connection(Place(bucket)), "key", version="0" * len(first)))


def test_what_was_cut_goes_on_where_it_ended(s3: S3, bucket: str, cutting: Callable[[int], Cutting]) -> None:
    """Every connection lets less pass than the object has."""
    s3.client().put_object(Bucket=bucket, Key="key", Body=CONTENT)
    proxy = cutting(s3.port)
    proxy.limit = 2_000_000
    connection = Connection(Place(bucket, f"http://127.0.0.1:{proxy.port}"))

    assert b"".join(stream(connection, "key")) == CONTENT
    assert b"".join(stream(connection, "key", 5, 3_000_000)) == CONTENT[5:3_000_005]


def test_what_is_always_cut_ends_with_an_error(s3: S3, bucket: str, cutting: Callable[[int], Cutting]) -> None:
    """After some tries that brought nothing new."""
    s3.client().put_object(Bucket=bucket, Key="key", Body=CONTENT)
    proxy = cutting(s3.port)
    connection = Connection(Place(bucket, f"http://127.0.0.1:{proxy.port}"))
    pieces = stream(connection, "key")
    next(pieces)
    proxy.limit = 1_000
    proxy.cut_all()

    with pytest.raises(CutError, match="the connection was cut"):
        b"".join(pieces)


def test_two_versions_are_never_mixed(s3: S3, bucket: str, cutting: Callable[[int], Cutting]) -> None:
    """What is replaced while it is read is not gone on with, unless its version was asked for."""
    client = s3.client()
    first = client.put_object(Bucket=bucket, Key="key", Body=CONTENT)["VersionId"]
    proxy = cutting(s3.port)
    proxy.limit = 2_000_000
    connection = Connection(Place(bucket, f"http://127.0.0.1:{proxy.port}"))
    current, named = stream(connection, "key"), stream(connection, "key", version=first)
    begun = next(named)
    next(current)
    client.put_object(Bucket=bucket, Key="key", Body=CONTENT[::-1])

    with pytest.raises(ChangedMeanwhileError):
        b"".join(current)
    assert begun + b"".join(named) == CONTENT
