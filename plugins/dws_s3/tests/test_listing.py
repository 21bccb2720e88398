"""Listing what is current in a bucket of a real server."""

import hashlib
import itertools
import time
from pathlib import Path

import pytest

from dws_s3.listing import Listing, UnversionedBucketError, list_current
from plugins.dws_s3.tests.buckets import Bucket, make
from tests.servers.s3 import S3

AWKWARD = [
    *("data", "data/", "data/x", "data-1/x", "data.csv", "data0", "DATA/x", "Data"),
    *("trailing/", "only/directories/", "...", "..hidden/...", "x y", " before", "after "),
    *("a+b", "a%2Bb", "%41", "%", "%%", "a b/c%2Fd", "é", "e\u0301", "\u2028", "\u00a0", "\U0001f600/\U0001f600"),
    *("\n", "new\nline/\ttab", "q?#&<>\"'", "]]>", "&amp;", "&#10;", "*", ":", "|", "^", "`", "$HOME", "{}", "[a]", "~"),
    *("=", "@", ";", ",", "!", "(", "'", '"', "z" * 200, ("y" * 200 + "/") * 4 + "x", "deep/" * 40 + "x"),
]


def listed(bucket: Bucket, directory: Path, prefix: bytes = b"") -> Listing:
    """List a bucket of a server whose only machine has one clock."""
    return list_current(bucket.client, bucket.name, prefix, directory, skew=0)


def current(bucket: Bucket, directory: Path, prefix: bytes = b"") -> dict[bytes, str]:
    """List it, check that nothing comes twice or out of order, and answer each key with its version's id."""
    with listed(bucket, directory, prefix) as listing:
        rows = list(listing)
    assert [row.key for row in rows] == sorted({row.key for row in rows})
    assert listing.count == len(rows)
    return {row.key: row.version for row in rows}


def test_every_character_of_a_key_is_kept_and_siblings_do_not_hide_each_other(s3: S3, tmp_path: Path) -> None:
    """Each key is listed once with the id it was written under, in the order of the bytes."""
    bucket = make(s3)
    for key in AWKWARD:
        bucket.put(key)

    assert current(bucket, tmp_path) == bucket.current


def test_an_object_is_listed_with_all_that_a_manifest_needs(s3: S3, tmp_path: Path) -> None:
    """Size, ETag without quotation marks, and the time, of objects written whole and in parts."""
    bucket = make(s3)
    before = time.time()
    bucket.put("whole", b"12345")
    bucket.upload("parts", [b"a" * (5 << 20), b"b"])

    with listed(bucket, tmp_path) as listing:
        parts, whole = listing

    assert (whole.size, whole.etag) == (5, hashlib.md5(b"12345").hexdigest())
    assert (parts.size, parts.etag[-2:], parts.version) == ((5 << 20) + 1, "-2", bucket.current[b"parts"])
    assert all(before - 2 < each.seconds < before + 60 for each in (whole, parts))
    assert (listing.count, listing.size) == (2, whole.size + parts.size)


def test_more_keys_than_a_page_holds_on_several_levels(s3: S3, tmp_path: Path) -> None:
    """Levels of more than one page, with siblings that directories sort between, lose and double nothing."""
    bucket = make(s3)
    bucket.put_many(f"{top}{number:04}" for top in ("", "data/", "data-1/", "data.csv/deep/") for number in range(300))
    bucket.put_many(f"many/{number}/x" for number in range(1100))

    assert current(bucket, tmp_path) == bucket.current


def test_more_versions_of_one_key_than_a_page_holds(s3: S3, tmp_path: Path) -> None:
    """Of 1,100 versions the last counts, and keys before and after it are not touched by its paging."""
    bucket = make(s3)
    for key in ("before", "key", "keys", "zero"):
        bucket.put(key)
    for number in range(1100):
        bucket.put("key", b"%d" % number)

    assert current(bucket, tmp_path) == bucket.current


def test_delete_markers_hide_keys_until_they_are_written_again(s3: S3, tmp_path: Path) -> None:
    """Deleted, deleted twice, deleted and written again; a directory of nothing but deleted keys."""
    bucket = make(s3)
    for key in ("kept", "deleted", "twice", "again", "empty/a", "empty/b"):
        bucket.put(key)
    for key in ("deleted", "twice", "twice", "again", "empty/a", "empty/b", "never"):
        bucket.delete(key)
    bucket.put("again")

    assert set(current(bucket, tmp_path)) == {b"kept", b"again"}
    assert current(bucket, tmp_path) == bucket.current


def test_a_prefix_is_where_the_listing_begins(s3: S3, tmp_path: Path) -> None:
    """A prefix that ends in the delimiter names a directory; another one whatever begins so; of nothing there is nothing."""
    bucket = make(s3)
    bucket.put_many(["data/x", "data/y/z", "data/", "data-1/x", "data", "other"])

    assert set(current(bucket, tmp_path, b"data/")) == {b"data/", b"data/x", b"data/y/z"}
    assert set(current(bucket, tmp_path, b"data")) == {key for key in bucket.current if key.startswith(b"data")}
    assert current(bucket, tmp_path, b"none/") == {}


def test_nothing_stays_on_disk(s3: S3, tmp_path: Path) -> None:
    """What the listing needed there is gone once it is closed, and where it could not be made."""
    bucket, unversioned = make(s3), make(s3, versioned=False)
    bucket.put("key")

    with listed(bucket, tmp_path) as listing:
        assert list(tmp_path.iterdir()) != []
        next(iter(listing))
    with pytest.raises(UnversionedBucketError):
        listed(unversioned, tmp_path)

    assert list(tmp_path.iterdir()) == []


def test_objects_without_a_version_of_their_own_are_counted(s3: S3, tmp_path: Path) -> None:
    """What was written before versioning began, or while it was suspended, has the id `null`."""
    bucket = make(s3, versioned=False)
    bucket.put("old")
    bucket.put("old and new")
    enable = {"Bucket": bucket.name, "VersioningConfiguration": {"Status": "Enabled"}}
    bucket.client.put_bucket_versioning(**enable)
    bucket.put("old and new")
    bucket.put("suspended")
    bucket.client.put_bucket_versioning(**{**enable, "VersioningConfiguration": {"Status": "Suspended"}})
    bucket.put("suspended")

    with listed(bucket, tmp_path) as listing:
        found = {row.key: row.version for row in listing}

    assert found == bucket.current
    assert found[b"old"] == found[b"suspended"] == "null" != found[b"old and new"]
    assert (listing.null_ids, listing.versioning) == (2, "Suspended")


def test_a_key_that_the_server_cannot_show_is_named(s3: S3, tmp_path: Path) -> None:
    """A server that does not encode keys replaces characters that XML has no word for."""
    bucket = make(s3)
    bucket.put("control\x01")

    with listed(bucket, tmp_path) as listing:
        keys = [row.key for row in listing]

    assert listing.unreadable.names == keys == ["control\ufffd".encode()]


def test_progress_is_told_of_every_key(s3: S3, tmp_path: Path) -> None:
    """The numbers that are told add up to the keys there are."""
    bucket = make(s3)
    bucket.put_many(f"{number % 7}/{number}" for number in range(100))
    told: list[int] = []

    list_current(bucket.client, bucket.name, b"", tmp_path, skew=0, seen=told.append).close()

    assert list(itertools.accumulate(told))[-1] >= 100
