"""Reading pages ourselves: the same as botocore reads, and everything that is no page left to botocore."""

import itertools
from collections.abc import Iterator, Mapping
from datetime import datetime
from operator import attrgetter
from typing import Any
from urllib.parse import quote_plus, unquote_plus

import pytest
from botocore.exceptions import ClientError
from botocore.parsers import create_parser
from botocore.session import get_session
from hypothesis import given
from hypothesis import strategies as st

from dws_core.errors import UnsupportedFileError
from dws_s3.page import VERSIONS, Entry, Page, parse
from dws_s3.pages import Pages, UnusableListingError
from plugins.dws_s3.tests.answering import Answer, answering
from plugins.dws_s3.tests.buckets import make
from plugins.dws_s3.tests.test_listing import AWKWARD
from tests.servers.s3 import S3

HEAD = "<?xml version='1.0' encoding='UTF-8'?><ListVersionsResult xmlns='http://s3.amazonaws.com/doc/2006-03-01/'>"
KEY_BYTES = st.binary(min_size=1, max_size=12) | st.sampled_from([b"a//b", b"/a", b"//", b"a/", b"\xff", b"+ %2B", b"<&>'\""])


def page_of(keys: list[bytes], more: str = "") -> bytes:
    """Write a page as Amazon's server does: keys encoded, delete markers and versions in turn."""
    rows = []
    for number, key in enumerate(keys):
        kind = "Version" if number % 2 else "DeleteMarker"
        content = f"<ETag>&quot;{number}&quot;</ETag><Size>{number}</Size>" if number % 2 else ""
        rows.append(
            f"<{kind}><Key>{quote_plus(key, safe='/')}</Key><VersionId>v{number}</VersionId><IsLatest>true</IsLatest>"
            f"<LastModified>2026-11-26T22:26:43.000Z</LastModified>{content}<Owner><ID>x</ID></Owner></{kind}>"
        )
    return f"{HEAD}<EncodingType>url</EncodingType>{more}{''.join(rows)}</ListVersionsResult>".encode()


def as_botocore_reads(body: bytes) -> dict[str, Any]:
    """Give what botocore's own parser makes of a page."""
    model = get_session().get_service_model("s3").operation_model("ListObjectVersions")
    assert model.output_shape is not None
    answer = {"body": body, "headers": {}, "status_code": 200}
    return dict(create_parser("rest-xml").parse(answer, model.output_shape))


def fields(entry: Entry) -> tuple[object, ...]:
    seconds = datetime.fromisoformat(entry.modified).timestamp()
    return entry.is_marker, entry.version, entry.size, entry.etag, seconds, entry.is_latest


def their_fields(answer: dict[str, Any]) -> dict[str, list[tuple[object, ...]]]:
    """Give the same of botocore's answer: of each key its versions, then its delete markers."""
    found: dict[str, list[tuple[object, ...]]] = {}
    for each in answer.get("Versions", []):
        rest = each["Size"], each["ETag"].strip('"'), each["LastModified"].timestamp(), each["IsLatest"]
        found.setdefault(each["Key"], []).append((False, each["VersionId"], *rest))
    for each in answer.get("DeleteMarkers", []):
        found.setdefault(each["Key"], []).append(
            (True, each["VersionId"], 0, "", each["LastModified"].timestamp(), each["IsLatest"])
        )
    return found


def our_fields(page: Page) -> dict[str, list[tuple[object, ...]]]:
    found: dict[str, list[tuple[object, ...]]] = {}
    for each in sorted(page.entries, key=attrgetter("is_marker")):
        found.setdefault(each.key.decode(), []).append(fields(each))
    return found


def test_a_page_is_read_as_botocore_reads_it(s3: S3) -> None:
    """Of a real server's answer, over every awkward key, versions and delete markers: each field is the same."""
    bucket = make(s3)
    for key in [key for key in AWKWARD if "/" not in key]:
        bucket.put(key)
    for key in ("data", "é", "new\nline", "&amp;"):
        bucket.delete(key)
        bucket.put(key, b"again")
    bodies: list[bytes] = []

    def keep(response_dict: dict[str, Any], **_: Any) -> None:
        bodies.append(response_dict["body"])

    bucket.client.meta.events.register("before-parse.s3.ListObjectVersions", keep)

    theirs = bucket.client.list_object_versions(Bucket=bucket.name, Delimiter="/")
    ours = parse(bodies[0], VERSIONS)

    assert ours is not None
    assert our_fields(ours) == their_fields(theirs)
    assert len(theirs["DeleteMarkers"]) == 4


@given(st.lists(KEY_BYTES, max_size=6), st.lists(KEY_BYTES, max_size=3))
def test_encoded_keys_are_bytes_whatever_they_are(keys: list[bytes], prefixes: list[bytes]) -> None:
    """Empty segments, leading slashes, bytes that are not UTF-8: what was encoded comes out again."""
    shown = "".join(f"<CommonPrefixes><Prefix>{quote_plus(each, safe='/')}</Prefix></CommonPrefixes>" for each in prefixes)

    page = parse(page_of(keys, shown), VERSIONS)

    assert page is not None
    assert [each.key for each in page.entries] == keys
    assert page.prefixes == prefixes


@given(st.lists(st.text("ab+% &<é", min_size=1).map(str.encode), max_size=6))
def test_every_field_of_an_encoded_page_is_what_botocore_reads(keys: list[bytes]) -> None:
    """Version ids, sizes, ETags, times and the end of the page are botocore's, which leaves keys encoded if asked for that."""
    more = "<IsTruncated>true</IsTruncated><NextKeyMarker>a+b%2F</NextKeyMarker><NextVersionIdMarker>v</NextVersionIdMarker>"
    body = page_of(keys, more)

    page, theirs = parse(body, VERSIONS), as_botocore_reads(body)

    assert page is not None
    assert page.after == (b"a b/", "v") and theirs["NextKeyMarker"] == "a+b%2F" and theirs["IsTruncated"]
    assert our_fields(page) == {unquote_plus(key): rows for key, rows in their_fields(theirs).items()}


def test_others_who_use_the_same_client_get_what_botocore_reads(s3: S3) -> None:
    """A client that we listed with answers its other callers as ever."""
    bucket = make(s3)
    bucket.put("key", b"12345")
    before = bucket.client.list_object_versions(Bucket=bucket.name)

    page = Pages(bucket.client, bucket.name).get(b"")
    after = bucket.client.list_object_versions(Bucket=bucket.name)

    assert [entry.key for entry in page.entries] == [b"key"]
    assert after["Versions"] == before["Versions"] != []


def answers(*bodies: bytes | int) -> Iterator[Answer]:
    """Answer with these bodies, or statuses, one after another, and the last again and again."""
    for body in itertools.chain(bodies, itertools.repeat(bodies[-1])):
        yield (200, {}, body) if isinstance(body, bytes) else (body, {}, b"")


ERROR = b"<Error><Code>InternalError</Code><Message>We encountered an internal error.</Message></Error>"
SLOW = b"<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>"


@pytest.mark.parametrize("first", [ERROR, SLOW, page_of([b"a"])[:-30], page_of([b"a"])[:20], 500, 503], ids=range(6))
def test_an_answer_that_is_no_page_is_asked_for_again(first: bytes | int) -> None:
    """An error with the status 200, a body that ends early, and an error: botocore's own second try finds the page."""
    coming = answers(first, page_of([b"a", b"b"]))
    with answering(lambda asked: next(coming)) as client:
        assert [entry.key for entry in Pages(client, "bucket").get(b"").entries] == [b"a", b"b"]


@pytest.mark.parametrize("body", [ERROR, page_of([b"a"])[:-30]], ids=["error", "cut"])
def test_an_error_that_stays_is_botocores(body: bytes) -> None:
    """What is never a page is the ClientError that botocore makes of it."""
    with answering(lambda asked: (200, {}, body)) as client, pytest.raises(ClientError):
        Pages(client, "bucket").get(b"")


TRUNCATED = "<IsTruncated>true</IsTruncated>"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"<Other/>", "no list"),
        (page_of([], TRUNCATED), "does not say where"),
        (page_of([b"b/x"]), "names the key"),
        (page_of([b"other"]), "names the key"),
        (page_of([], "<CommonPrefixes><Prefix>b/</Prefix></CommonPrefixes>"), "names the prefix"),
        (page_of([], "<CommonPrefixes><Prefix>b/c/d/</Prefix></CommonPrefixes>"), "names the prefix"),
        (page_of([], "<CommonPrefixes><Prefix>b/c</Prefix></CommonPrefixes>"), "names the prefix"),
        (page_of([b"b/", b"b/c"]).replace(b"<Size>1<", b"<Size>x<"), "invalid literal"),
        (page_of([b"b/"]).replace(b"2026-11-26T22:26:43.000Z", b"yesterday"), "isoformat"),
    ],
    ids=itertools.count(),
)
def test_a_listing_that_cannot_be_right_is_refused(body: bytes, reason: str) -> None:
    """What lies elsewhere than was asked for would be walked without end, or counted where it is not."""
    fitting = body if b"b/x" not in body else body.replace(b"b/x", b"b/x/y")
    with answering(lambda asked: (200, {}, fitting)) as client, pytest.raises(UnusableListingError, match=reason):
        Pages(client, "bucket").get(b"b/")


def test_what_is_asked_for_is_one_level_encoded() -> None:
    """The request names prefix, delimiter and encoding, and where the page before ended."""
    asked_for: list[Mapping[str, str]] = []

    def answer(asked: Mapping[str, str]) -> Answer:
        asked_for.append(asked)
        return 200, {}, page_of([])

    with answering(answer) as client:
        Pages(client, "bucket").get("é +/".encode(), (b"\xc3\xa9 +/x", "v1"))

    assert asked_for == [
        {"versions": "", "prefix": "é +/", "delimiter": "/", "encoding-type": "url", "max-keys": "1000"}
        | {"key-marker": "é +/x", "version-id-marker": "v1"}
    ]


def test_a_prefix_that_no_request_can_name_is_refused() -> None:
    """A directory whose name is not UTF-8 cannot be asked for through boto3."""
    with answering(lambda asked: (200, {}, page_of([]))) as client, pytest.raises(UnsupportedFileError, match="UTF-8"):
        Pages(client, "bucket").get(b"\xff/")
