"""Manifests: rows in order become a tree of the object store, and come out of it again."""

import json
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dws_core.errors import DamagedRecordError, NewerFormatError, UnsupportedFileError
from dws_core.plugin import Context, chunks
from dws_core.plugin.manifest import Below
from dws_core.testing import make_context
from dws_s3.manifest import BucketManifest, written
from dws_s3.rows import Row

KEYS = st.binary(min_size=1, max_size=8) | st.text('a/-.é\n"\\\u2028\U0001f600', min_size=1, max_size=8).map(str.encode)
ROWS = st.builds(
    Row,
    KEYS,
    st.text(st.characters(codec="utf-8"), min_size=1, max_size=8),
    st.integers(0, 2**63 - 1),
    st.text(st.characters(codec="utf-8"), max_size=8),
    st.none() | st.just("sha256:0"),
)
MANY = st.lists(ROWS, unique_by=lambda row: row.key, max_size=60).map(sorted)


@pytest.fixture
def context(tmp_path: Path) -> Context:
    return make_context(tmp_path)


def stored(context: Context, rows: Iterable[Row], bucket: str = "bucket", prefix: bytes = b"") -> BucketManifest:
    """Store a manifest, and open it."""
    with written(rows, context.private, bucket, prefix) as directory:
        return BucketManifest(context.objects, context.objects.store(directory))


def numbered(count: int, version: Callable[[int], str] = str) -> Iterable[Row]:
    """Make rows of a hundred to a directory."""
    for number in range(count):
        yield Row(b"data/%05d/%02d.bin" % (number // 100, number % 100), version(number), number, "e")


@pytest.fixture
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let chunks end after every other key or so, so that few rows make many."""
    monkeypatch.setattr(chunks, "ends_chunk", lambda key: key[-1] % 2 == 0)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
@given(rows=MANY)
def test_what_was_written_is_read(context: Context, small_chunks: None, rows: list[Row]) -> None:
    """Any rows, any bytes of keys: in order, each by its key, with their number and size."""
    manifest = stored(context, rows, "bucket", b"\xff/")

    assert list(manifest.rows()) == rows
    assert [manifest.find(row.key) for row in rows] == rows
    keys = {row.key for row in rows}
    assert not any(manifest.find(key + b"\0") for key in keys if key + b"\0" not in keys)
    assert (manifest.count, manifest.size) == (len(rows), sum(row.size for row in rows))
    assert (manifest.bucket, manifest.prefix) == ("bucket", b"\xff/")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
@given(rows=MANY, prefix=st.sampled_from([b"", b"a/", b"/", b"a//", b"a", b"none/", b"-/"]))
def test_what_lies_directly_below_is_what_a_listing_with_a_delimiter_says(
    context: Context, small_chunks: None, rows: list[Row], prefix: bytes
) -> None:
    """Objects with nothing behind the prefix that has a delimiter, and each directory once, in order."""
    expected: dict[bytes, Below[Row]] = {}
    for row in rows:
        if row.key.startswith(prefix):
            end = row.key.find(b"/", len(prefix))
            below = Below(row.key, row) if end < 0 else Below(row.key[: end + 1])
            expected.setdefault(below.key, below)

    assert list(stored(context, rows).below(prefix)) == list(expected.values())


def test_equal_rows_are_one_tree_and_others_another(context: Context) -> None:
    """The id tells the rows, the bucket and the prefix, and needs nothing stored."""
    tree = stored(context, numbered(5000)).id

    with written(numbered(5000), context.private, "bucket", b"") as directory:
        assert context.objects.scan(directory) == tree
    assert stored(context, numbered(4999)).id != tree
    assert stored(context, numbered(5000), "other").id != tree
    assert stored(context, numbered(5000), "bucket", b"data/").id != tree
    assert list(context.private.iterdir()) == []


def test_a_change_of_one_key_changes_one_chunk(context: Context) -> None:
    """Changed, added or removed: all chunks but one, or two where one ends at that key, are those of before."""
    before = stored(context, numbered(30_000))
    changed = stored(context, numbered(30_000, lambda number: "new" if number == 15_000 else str(number)))
    added = stored(context, sorted([*numbered(30_000), Row(b"data/00150/00.bin.new", "v", 1, "e")]))
    removed = stored(context, (row for row in numbered(30_000) if row.version != "15000"))

    assert len(before.chunk_ids()) > 15
    for after in (changed, added, removed):
        assert len(before.chunk_ids() - after.chunk_ids()) <= 2
        assert len(after.chunk_ids() - before.chunk_ids()) <= 2


def test_little_is_read_to_find_one_key_or_list_one_directory(context: Context) -> None:
    """Of thirty chunks, one for a key, and few for a directory, whose subdirectories fill chunks."""
    manifest = stored(context, numbered(30_000))
    read: list[str] = []
    get = context.objects.get

    def counted(object_id: str) -> bytes:
        read.append(object_id)
        return get(object_id)

    object.__setattr__(context.objects, "get", counted)
    opened = BucketManifest(context.objects, manifest.id)

    assert opened.find(b"data/00123/45.bin") is not None
    assert len(read) == 2
    assert [each.key for each in opened.below(b"data/00200/")] == [b"data/00200/%02d.bin" % number for number in range(100)]
    assert len(read) <= 5
    assert [each.key for each in opened.below(b"")] == [b"data/"]
    assert len(read) <= 7


def test_keys_without_end_are_refused_when_they_are_written(context: Context) -> None:
    """What could not be read again is not written."""
    with pytest.raises(UnsupportedFileError), written([Row(b"x" * 2_000_000, "v", 1, "e")], context.private, "bucket", b""):
        pass

    assert list(context.private.iterdir()) == []


def tampered(context: Context, name: str, change: Callable[[bytes], bytes]) -> BucketManifest:
    """Store a manifest of which somebody has changed a file."""
    with written(numbered(5000), context.private, "bucket", b"") as directory:
        (directory / name).write_bytes(change((directory / name).read_bytes()))
        return BucketManifest(context.objects, context.objects.store(directory))


FIRST = chunks.chunk_name(0)
ROW = b'["data/00000/00.bin","0",0,"e",null]'


@pytest.mark.parametrize(
    ("name", "change"),
    [
        (FIRST, lambda content: content[:-10]),
        (FIRST, lambda content: b""),
        (FIRST, lambda content: b"[]"),
        (FIRST, lambda content: b"{}"),
        (FIRST, lambda content: b"\xff" + content),
        (FIRST, lambda content: b"[" * 100_000),
        (FIRST, lambda content: content + b" " * 3_000_000),
        (FIRST, lambda content: b"[" + b",".join([ROW] * 9000) + b"]"),
        (FIRST, lambda content: content.replace(ROW, ROW + b"," + ROW)),
        (FIRST, lambda content: content.replace(ROW, b'["data/00000/00.bin","0",-1,"e",null]')),
        (FIRST, lambda content: content.replace(ROW, b'["data/00000/00.bin","0",1e999,"e",null]')),
        (FIRST, lambda content: content.replace(ROW, b'["data/00000/00.bin","0",true,"e",null]')),
        (FIRST, lambda content: content.replace(ROW, b'["data/00000/00.bin","0",' + b"9" * 30 + b',"e",null]')),
        (FIRST, lambda content: content.replace(ROW, b'["data/00000/00.bin","0",' + b"9" * 5000 + b',"e",null]')),
        (FIRST, lambda content: content.replace(ROW, b'["data/00000/00.bin","",0,"e",null]')),
        (FIRST, lambda content: content.replace(ROW, b'["data/00000/00.bin","0",0,"e"]')),
        (FIRST, lambda content: content.replace(ROW, b'["\\ud800","0",0,"e",null]')),
        (FIRST, lambda content: content.replace(ROW, b'["data/00000/00.bin","0",5,"e",null]')),
        (FIRST, lambda content: content.replace(b"\n]\n", b',\n["zzz","0",0,"e",null]\n]\n')),
        (chunks.INDEX, lambda content: b""),
        (chunks.INDEX, lambda content: b"[]"),
        (chunks.INDEX, lambda content: content.replace(b'"format": 1', b'"format": "1"')),
        (chunks.INDEX, lambda content: content.replace(b'"chunks": [', b'"chunks": [["zzz",1,1],')),
        (chunks.INDEX, lambda content: content.replace(b'"chunks": [', b'"chunks": [["a",1],')),
        (chunks.INDEX, lambda content: content.replace(b'"chunks": [', b'"chunks": [["a",1,1],')),
        (chunks.INDEX, lambda content: content.replace(b'"bucket": "bucket"', b'"bucket": 7')),
        (chunks.INDEX, lambda content: content.replace(b'"prefix": ""', b'"prefix": "\\ud800"')),
    ],
)
def test_a_strangers_manifest_is_not_believed(context: Context, name: str, change: Callable[[bytes], bytes]) -> None:
    """Whatever is not as we write it is one clear error, never a row."""
    manifest = tampered(context, name, change)

    with pytest.raises(DamagedRecordError, match="manifest"):
        list(manifest.rows())


def test_a_file_too_many_or_too_few_is_damage(context: Context) -> None:
    """The tree holds the index and its chunks, and nothing else."""
    with written(numbered(5000), context.private, "bucket", b"") as directory:
        (directory / "more").write_bytes(b"")
        more = BucketManifest(context.objects, context.objects.store(directory))
        (directory / "more").unlink()
        (directory / FIRST).unlink()
        fewer = BucketManifest(context.objects, context.objects.store(directory))
        (directory / chunks.INDEX).unlink()
        none = BucketManifest(context.objects, context.objects.store(directory))

    for manifest in (more, fewer, none):
        with pytest.raises(DamagedRecordError):
            manifest.find(b"data/00000/00.bin")


def test_a_newer_format_is_refused_with_what_is_needed(context: Context) -> None:
    """A later program may write what this one cannot read."""
    manifest = tampered(context, chunks.INDEX, lambda content: content.replace(b'"format": 1', b'"format": 2'))

    with pytest.raises(NewerFormatError, match="format 2"):
        manifest.find(b"key")


def test_a_chunk_is_json_with_a_line_a_row(context: Context) -> None:
    """Whoever looks into the object store can read it."""
    with written(numbered(100), context.private, "bucket", b"") as directory:
        lines = (directory / FIRST).read_text().splitlines()
        index = json.loads((directory / chunks.INDEX).read_bytes())

    assert lines[1].removesuffix(",") == ROW.decode()
    assert len(json.loads("".join(lines))) == len(lines) - 2
    assert index == {"format": 1, "bucket": "bucket", "prefix": "", "chunks": [["data/00000/00.bin", 100, 4950]]}
