"""A bucket as a store: what goes over the line, what a server tells and does not know, and what others left."""

import hashlib
import io
import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from dws_core.errors import DwsError, UnstableFileError
from dws_core.plugin import StoreContext
from dws_core.testing.context import Silence
from dws_s3.errors import AccessDeniedError, NoBucketError
from dws_s3.store import S3Store
from tests.servers.cutting import Cutting
from tests.servers.refusing import Refusing, Rule
from tests.servers.s3 import S3

MIB = 1024 * 1024
LARGE = random.Random(2).randbytes(24 * MIB + 5)
PARTS = 4
NAME = "packs/0a1b.pack"


@pytest.fixture
def before(s3: S3, refusing: Callable[[int], Refusing]) -> Refusing:
    """A server that refuses before the real one."""
    return refusing(s3.port)


def open_store(bucket: str, tmp_path: Path, endpoint: str = "") -> S3Store:
    url = S3Store.check_url(f"s3://{bucket}/team" + (f"?endpoint={endpoint}" if endpoint else ""), tmp_path)
    return S3Store(url, StoreContext(tmp_path / "private", Silence()))


def put(store: S3Store, content: bytes, name: str = NAME) -> None:
    store.put(name, io.BytesIO(content), len(content))


def left(s3: S3, bucket: str) -> list[Any]:
    """What is in a bucket: versions, markers and uploads that are not finished."""
    versions, uploads = s3.client().list_object_versions(Bucket=bucket), s3.client().list_multipart_uploads(Bucket=bucket)
    return [*versions.get("Versions", []), *versions.get("DeleteMarkers", []), *uploads.get("Uploads", [])]


@pytest.mark.parametrize(
    ("given", "recorded"),
    [
        ("s3://bucket", "s3://bucket"),
        ("S3://bucket/", "s3://bucket"),
        ("s3://bucket/a/b/", "s3://bucket/a/b"),
        ("s3://bucket/a b#c%41é", "s3://bucket/a%20b%23cA%C3%A9"),
        ("s3://bucket/a?endpoint=http://127.0.0.1:9000/", "s3://bucket/a?endpoint=http://127.0.0.1:9000"),
        ("s3://bucket?region=eu-1&endpoint=https%3A%2F%2Fexample.org", "s3://bucket?endpoint=https://example.org&region=eu-1"),
    ],
)
def test_a_url_is_recorded_in_one_form(given: str, recorded: str, tmp_path: Path) -> None:
    """Also when it is given again as it was recorded."""
    assert S3Store.check_url(given, tmp_path) == recorded
    assert S3Store.check_url(recorded, tmp_path) == recorded


@pytest.mark.parametrize(
    "url",
    [
        "s3:bucket",
        "s3://",
        "s3://host:9000/bucket",
        "s3://ada:secret@bucket/a",
        "s3://bucket?endpoint=http://ada:secret@example.org",
        "s3://bucket?endpoint=http%3A%2F%2Fada%3Asecret%40example.org&x=y",
        "s3://bucket?endpoint=example.org",
        "s3://bucket?profile=mine",
        "s3://bucket/a//b",
        "s3://bucket/a/../b",
        "s3://bucket/a%0Ab",
        "s3://bucket/%ff",
        f"s3://bucket/{'a' * 801}",
    ],
)
def test_a_url_that_names_no_place_is_refused_and_its_password_not_shown(url: str, tmp_path: Path) -> None:
    """What is recorded is shared with everybody; a profile is each machine's own."""
    with pytest.raises(DwsError) as caught:
        S3Store.check_url(url, tmp_path)

    assert "secret" not in f"{caught.value.message}{caught.value.hint}"


def test_a_bucket_that_is_not_there_is_not_made(bucket: str, s3: S3, tmp_path: Path) -> None:
    """It is named, with the line that makes it."""
    with pytest.raises(NoBucketError):
        open_store("not-there", tmp_path).prepare()

    assert [each["Name"] for each in s3.client().list_buckets()["Buckets"] if each["Name"] == "not-there"] == []


def test_to_look_whether_it_can_be_written_leaves_nothing(bucket: str, s3: S3, before: Refusing, tmp_path: Path) -> None:
    """Nothing that anybody sees or pays for; where it cannot be written, the permission is named."""
    open_store(bucket, tmp_path).prepare()
    before.refuse(Rule(403, "AccessDenied", method="POST"))

    with pytest.raises(AccessDeniedError, match="s3:PutObject is needed"):
        open_store(bucket, tmp_path, before.url).prepare()

    assert left(s3, bucket) == []


@pytest.mark.parametrize("content", [b"small", LARGE], ids=["small", "large"])
def test_what_was_put_need_not_be_asked_for_again(bucket: str, before: Refusing, tmp_path: Path, content: bytes) -> None:
    """The server's answer to the put has its own SHA-256, of all parts in order too."""
    store = open_store(bucket, tmp_path, before.url)
    put(store, content)
    before.refuse(Rule(500, "InternalError"))

    assert store.checksum(NAME) == hashlib.sha256(content).hexdigest()


def test_what_others_put_is_asked_for(bucket: str, tmp_path: Path) -> None:
    """The server knows the SHA-256 of what came whole; of what came in parts it knows none, and the core reads it back."""
    put(open_store(bucket, tmp_path), b"small", "packs/small")
    put(open_store(bucket, tmp_path), LARGE, "packs/large")

    assert open_store(bucket, tmp_path).checksum("packs/small") == hashlib.sha256(b"small").hexdigest()
    assert open_store(bucket, tmp_path).checksum("packs/large") is None


@pytest.mark.parametrize("content", [b"small", LARGE], ids=["small", "large"])
def test_what_is_there_gets_no_new_version(bucket: str, s3: S3, tmp_path: Path, content: bytes) -> None:
    """Nor does anything stay of the attempt."""
    put(open_store(bucket, tmp_path), content)

    put(open_store(bucket, tmp_path), content)
    put(open_store(bucket, tmp_path), content[::-1])

    assert [each["Size"] for each in left(s3, bucket)] == [len(content)]
    assert open_store(bucket, tmp_path).read(NAME) == content


def test_an_upload_that_ended_in_the_middle_is_gone_on_with(bucket: str, s3: S3, before: Refusing, tmp_path: Path) -> None:
    """What came is not sent again, and in the end no upload is left."""
    before.refuse(Rule(403, "AccessDenied", asking="partNumber=3"))
    with pytest.raises(AccessDeniedError):
        put(open_store(bucket, tmp_path, before.url), LARGE)
    came = s3.client().list_parts(Bucket=bucket, Key=f"team/{NAME}", UploadId=left(s3, bucket)[0]["UploadId"])["Parts"]
    before.refuse()
    before.requests.clear()

    store = open_store(bucket, tmp_path, before.url)
    put(store, LARGE)

    assert len(came) >= 2
    assert len(before.asked("PUT", "partNumber=")) == PARTS - len(came)
    assert before.asked("POST", "?uploads") == []
    assert store.checksum(NAME) == hashlib.sha256(LARGE).hexdigest()
    assert [each["Size"] for each in left(s3, bucket)] == [len(LARGE)]


def test_an_upload_of_something_else_does_not_spoil_it(bucket: str, s3: S3, before: Refusing, tmp_path: Path) -> None:
    """Parts are taken for what they are, not for what stands beside them."""
    before.refuse(Rule(403, "AccessDenied", asking="partNumber=3"))
    other = LARGE[: 8 * MIB] + LARGE[8 * MIB :][::-1]
    with pytest.raises(AccessDeniedError):
        put(open_store(bucket, tmp_path, before.url), other)
    s3.client().create_multipart_upload(Bucket=bucket, Key=f"team/{NAME}-and-more")

    put(open_store(bucket, tmp_path), LARGE)

    assert open_store(bucket, tmp_path).read(NAME) == LARGE
    assert [each["Key"] for each in left(s3, bucket)] == [f"team/{NAME}", f"team/{NAME}-and-more"]


def test_an_upload_that_somebody_ends_meanwhile_is_begun_anew(bucket: str, s3: S3, before: Refusing, tmp_path: Path) -> None:
    """Whoever cleans up a bucket, or finishes the same upload, does not make a push fail."""
    before.refuse(Rule(404, "NoSuchUpload", asking="partNumber=2", times=1))

    put(open_store(bucket, tmp_path, before.url), LARGE)

    assert open_store(bucket, tmp_path).read(NAME) == LARGE
    assert [each["Size"] for each in left(s3, bucket)] == [len(LARGE)]


def test_several_may_send_the_same_large_thing_at_once(bucket: str, s3: S3, tmp_path: Path) -> None:
    """Nobody fails, no upload is left, and it is whole.

    This server may let two uploads that end at the same moment both become an object, each a version of the same bytes.
    """
    with ThreadPoolExecutor(3) as pool:
        for done in [pool.submit(put, open_store(bucket, tmp_path), LARGE) for _ in range(3)]:
            done.result()

    assert {each["Size"] for each in left(s3, bucket)} == {len(LARGE)}
    assert open_store(bucket, tmp_path).read(NAME) == LARGE


@pytest.mark.parametrize("content", [b"small", LARGE], ids=["small", "large"])
def test_a_server_that_knows_no_conditions_is_looked_at_first(
    bucket: str, s3: S3, before: Refusing, tmp_path: Path, content: bytes
) -> None:
    """It says so once, and is not asked again."""
    before.refuse(Rule(501, "NotImplemented", having="If-None-Match"))
    store = open_store(bucket, tmp_path, before.url)

    put(store, content)
    put(store, content)
    put(store, content, "packs/other")

    assert store.read(NAME) == content
    assert sorted(each["Size"] for each in left(s3, bucket)) == [len(content)] * 2
    assert sum("if-none-match" in each.headers for each in before.requests) == 1


def test_several_find_out_at_once_that_a_server_knows_no_conditions(bucket: str, before: Refusing, tmp_path: Path) -> None:
    """Each of them goes on without."""
    before.refuse(Rule(501, "NotImplemented", having="If-None-Match"))
    store = open_store(bucket, tmp_path, before.url)
    names = [f"loose/00/{number}" for number in range(8)]

    with ThreadPoolExecutor(8) as pool:
        for done in [pool.submit(put, store, name.encode(), name) for name in names]:
            done.result()

    assert sorted(each.name for each in store.list("loose/")) == names


def test_a_put_beside_another_one_is_tried_again(bucket: str, before: Refusing, tmp_path: Path) -> None:
    """Amazon answers so to the second of two at the same moment."""
    before.refuse(Rule(409, "ConditionalRequestConflict", method="PUT", times=2))
    store = open_store(bucket, tmp_path, before.url)

    put(store, b"content")

    assert store.read(NAME) == b"content"
    assert len(before.asked("PUT")) == 3


@pytest.mark.parametrize("size", [10, 20 * MIB])
def test_content_that_is_too_short_is_refused_by_name(bucket: str, s3: S3, tmp_path: Path, size: int) -> None:
    """Nothing becomes of it."""
    with pytest.raises(UnstableFileError, match=f"s3://{bucket}/team/{NAME}"):
        open_store(bucket, tmp_path).put(NAME, io.BytesIO(LARGE[: size - 1]), size)

    assert s3.client().list_object_versions(Bucket=bucket).get("Versions", []) == []


class Once(io.BytesIO):
    """What can be read once only, as a pipe."""

    def seekable(self) -> bool:
        return False

    def seek(self, *arguments: int) -> int:
        raise io.UnsupportedOperation

    def tell(self) -> int:
        raise io.UnsupportedOperation


def test_content_that_can_be_read_only_once_is_put(bucket: str, tmp_path: Path) -> None:
    """The contract asks for no more than reading."""
    store = open_store(bucket, tmp_path)

    store.put(NAME, Once(LARGE), len(LARGE))

    assert store.read(NAME) == LARGE


def test_what_nobody_put_is_not_listed(bucket: str, s3: S3, tmp_path: Path) -> None:
    """Other programs may keep things beside it; a prefix is no part of a longer one."""
    for key in ("team/Upper", "team/packs/", "team-2/packs/other", "packs/other", "team/a b"):
        s3.client().put_object(Bucket=bucket, Key=key, Body=b"")
    store = open_store(bucket, tmp_path)
    put(store, b"content")

    assert [each.name for each in store.list("")] == [each.name for each in store.list("packs/")] == [NAME]


def test_what_is_cut_again_and_again_arrives(bucket: str, s3: S3, cutting: Callable[[int], Cutting], tmp_path: Path) -> None:
    """No connection lets more than a part and a bit pass, there or back."""
    proxy = cutting(s3.port)
    proxy.limit = 10 * MIB
    store = open_store(bucket, tmp_path, f"http://127.0.0.1:{proxy.port}")

    put(store, LARGE)
    file = io.BytesIO()
    store.fetch(NAME, file)

    assert file.getvalue() == LARGE
