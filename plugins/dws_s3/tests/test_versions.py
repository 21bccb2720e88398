"""Every version below a prefix, found by listing alone."""

from pathlib import Path

from dws_s3.levels import PENDING, walk
from dws_s3.listing import list_current
from dws_s3.pages import Pages
from dws_s3.rows import Row
from dws_s3.spool import Spool
from dws_s3.versions import list_versions, versions_of
from plugins.dws_s3.tests.buckets import Bucket, make
from tests.servers.s3 import S3


def rows_of(bucket: Bucket) -> list[Row]:
    return [Row(key, version, 1, "etag") for key, version in bucket.versions]


def test_every_version_is_in_the_set_and_no_delete_marker(s3: S3, tmp_path: Path) -> None:
    """Versions of keys that are deleted now as well, in order, each once."""
    bucket = make(s3)
    for _ in range(3):
        bucket.put_many(["data/x", "data-1/x", "data.csv", "data", "data0", "é\n"])
    for key in ("data/x", "data"):
        bucket.delete(key)

    with list_versions(bucket.client, bucket.name, b"", tmp_path) as existing:
        assert list(existing) == bucket.versions
        assert len(existing) == 18
        assert list(existing.lost(rows_of(bucket))) == []

    assert list(tmp_path.iterdir()) == []


def test_versions_that_were_removed_are_lost(s3: S3, tmp_path: Path) -> None:
    """A version removed for good, and one that never was; a deleted key has lost nothing."""
    bucket = make(s3)
    gone, kept = bucket.put("key"), bucket.put("key")
    bucket.put("deleted")
    bucket.delete("deleted")
    recorded = rows_of(bucket)
    bucket.client.delete_object(Bucket=bucket.name, Key="key", VersionId=gone)

    with list_versions(bucket.client, bucket.name, b"", tmp_path) as existing:
        lost = list(existing.lost([*recorded, Row(b"never", kept, 1, "etag")]))

    assert [(row.key, row.version) for row in lost] == [(b"key", gone), (b"never", kept)]


def test_a_version_null_that_was_overwritten_is_lost(s3: S3, tmp_path: Path) -> None:
    """Its id is still there, but another content."""
    bucket = make(s3, versioned=False)
    bucket.put("key", b"one")
    with list_versions(bucket.client, bucket.name, b"", tmp_path) as existing:
        before = [Row(key, version, 3, "f97c5d29941bfb1b2fdab0874906ab82") for key, version in existing]
        assert list(existing.lost(before)) == []
    bucket.put("key", b"two")

    with list_versions(bucket.client, bucket.name, b"", tmp_path) as existing:
        assert list(existing.lost(before)) == before


def test_the_versions_of_few_keys_are_found_among_others_that_begin_alike(s3: S3) -> None:
    """More than a page of versions, newest first, delete markers among them; of a key that is not there, none."""
    bucket = make(s3)
    bucket.put_many(["key-1", "key.csv", "key/x", "keys", "dir/", "dir/x"])
    for _ in range(250):
        bucket.put("key")
    bucket.delete("key")
    bucket.put("key")

    found = list(versions_of(bucket.client, bucket.name, [b"key", b"dir/", b"ke", b"none"]))

    assert {entry.key for entry in found} == {b"key", b"dir/"}
    assert [entry.version for entry in found if not entry.is_marker and entry.key == b"key"] == [
        version for version in reversed(bucket.written["key"]) if version is not None
    ]
    assert [entry.is_marker for entry in found[:3]] == [False, True, False]


def test_a_page_that_ends_between_names_that_begin_alike_loses_nothing(s3: S3, tmp_path: Path) -> None:
    """Wherever a page ends: this server pages in the order of its directories, in which `a-1` and `a.csv` come before `a`."""
    bucket = make(s3)
    bucket.put_many(f"{number:02}{rest}" for number in range(12) for rest in ("", "-1", ".csv", "/x", "-1.csv", "-1/x"))
    for _ in range(12):
        bucket.put("05")

    for most in range(2, 20):
        found: set[tuple[bytes, str]] = set()
        alone: set[bytes | None] = set()
        with Spool(tmp_path, PENDING) as spool:
            for _, page in walk(Pages(bucket.client, bucket.name, most=most), b"", spool):
                found |= {(entry.key, entry.version) for entry in page.entries}
                alone.add(page.only)

        assert {key for key, _ in found} == set(bucket.current)
        assert {version for version in found if version[0] not in alone} == {
            version for version in bucket.versions if version[0] not in alone
        }
        assert set(bucket.current.items()) <= found


def test_a_page_of_one_name_and_what_begins_alike(s3: S3, tmp_path: Path) -> None:
    """More siblings than a page holds, all beginning with the name of an object and of a directory."""
    bucket = make(s3)
    bucket.put_many([*(f"img-{number:04}.png" for number in range(1010)), "img/1", "jmg"])
    for _ in range(5):
        bucket.put("img")

    with list_versions(bucket.client, bucket.name, b"", tmp_path) as existing:
        assert {key for key, _ in existing} == set(bucket.current)
        assert list(existing.lost([*rows_of(bucket), Row(b"img", "0" * 32, 1, "etag")])) == [Row(b"img", "0" * 32, 1, "etag")]
    with list_current(bucket.client, bucket.name, b"", tmp_path, skew=0) as listing:
        assert {row.key: row.version for row in listing} == bucket.current
