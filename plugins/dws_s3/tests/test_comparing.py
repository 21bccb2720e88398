"""What differs between two manifests, or between a manifest and what is listed now."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dws_core.model.changes import Changes
from dws_core.plugin import Context, chunks
from dws_core.plugin.differing import Difference, changes
from dws_core.testing import make_context
from dws_s3.comparing import compare, compare_rows, is_equal
from dws_s3.rows import Row
from plugins.dws_s3.tests.test_manifest import numbered, stored

PLAIN, OTHER = "0" * 32, "f" * 32
NUMBERED = st.integers(0, 200).map(lambda number: b"%03d" % number)
ROWS = st.lists(
    st.builds(Row, NUMBERED, st.sampled_from("vw"), st.just(1), st.just("e-2"), st.none()),
    unique_by=lambda row: row.key,
    max_size=80,
).map(sorted)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
@given(old=ROWS, new=ROWS)
def test_the_difference_is_what_two_dictionaries_say(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch, old: list[Row], new: list[Row]
) -> None:
    """Of any two states, with whichever chunks in common: added, removed and changed, in order."""
    monkeypatch.setattr(chunks, "ends_chunk", lambda key: key[-1] % 3 == 0)
    context = make_context(tmp_path_factory.mktemp("workspace"))
    before, after = {row.key: row for row in old}, {row.key: row for row in new}

    found = list(compare(stored(context, old), stored(context, new)))

    keys = sorted(key for key in before.keys() | after.keys() if before.get(key) != after.get(key))
    assert found == [Difference(key, before.get(key), after.get(key)) for key in keys]
    assert found == list(compare_rows(old, new))


def test_nothing_is_everything_added_or_removed(tmp_path: Path) -> None:
    """None is the state before anything was there."""
    context = make_context(tmp_path)
    manifest = stored(context, numbered(5))

    assert [each.old for each in compare(None, manifest)] == [None] * 5
    assert [each.new for each in compare(manifest, None)] == [None] * 5
    assert list(compare(None, None)) == []


def test_chunks_that_both_have_are_not_read(tmp_path: Path) -> None:
    """Of thirty chunks only the one that differs is read, on each side."""
    context: Context = make_context(tmp_path)
    old = stored(context, numbered(30_000))
    new = stored(context, numbered(30_000, lambda number: "new" if number == 15_000 else str(number)))
    read: list[str] = []
    get = context.objects.get

    def counted(object_id: str) -> bytes:
        read.append(object_id)
        return get(object_id)

    object.__setattr__(context.objects, "get", counted)

    assert [each.key for each in compare(old, new)] == [b"data/00150/00.bin"]
    assert len(read) <= 4


@pytest.mark.parametrize(
    ("old", "new", "equal"),
    [
        (Row(b"k", "v", 1, "a"), Row(b"k", "v", 2, "b"), True),
        (Row(b"k", "v", 1, PLAIN), Row(b"k", "w", 1, PLAIN), True),
        (Row(b"k", "v", 1, PLAIN), Row(b"k", "w", 2, PLAIN), False),
        (Row(b"k", "v", 1, PLAIN), Row(b"k", "w", 1, OTHER), False),
        (Row(b"k", "v", 1, PLAIN + "-2"), Row(b"k", "w", 1, PLAIN + "-2"), False),
        (Row(b"k", "v", 1, ""), Row(b"k", "w", 1, ""), False),
        (Row(b"k", "v", 1, "a", "sha256:x"), Row(b"k", "w", 1, "b", "sha256:x"), True),
        (Row(b"k", "v", 1, PLAIN, "sha256:x"), Row(b"k", "w", 1, PLAIN, "sha256:y"), False),
        (Row(b"k", "v", 1, PLAIN, "crc32:x"), Row(b"k", "w", 1, OTHER, "crc32:x"), False),
        (Row(b"k", "v", 1, PLAIN, "sha256:x"), Row(b"k", "w", 1, PLAIN), True),
        (Row(b"k", "copy", 1, "a"), Row(b"k", "v", 1, "b"), True),
        (Row(b"k", "v", 1, "a"), Row(b"k", "copy of copy", 1, "b"), True),
        (Row(b"k", "loop", 1, "a"), Row(b"k", "v", 1, "b"), False),
    ],
)
def test_two_versions_are_equal_as_far_as_one_can_tell(old: Row, new: Row, equal: bool) -> None:
    """By the id, by being known copies, by a strong checksum, by size and a plain MD5; everything else is a change."""
    copies = {(b"k", "copy"): "v", (b"k", "copy of copy"): "copy", (b"k", "loop"): "pool", (b"k", "pool"): "loop"}

    assert is_equal(old, new, copies) == equal
    assert is_equal(new, old, copies) == equal


def test_the_same_id_null_is_no_proof_of_the_same_content() -> None:
    """A version `null` may have been overwritten: size and a plain ETag, or a checksum, must say so too."""
    assert is_equal(Row(b"k", "null", 1, PLAIN), Row(b"k", "null", 1, PLAIN), {})
    assert is_equal(Row(b"k", "null", 1, PLAIN + "-2"), Row(b"k", "null", 1, PLAIN + "-2"), {})
    assert not is_equal(Row(b"k", "null", 1, PLAIN), Row(b"k", "null", 1, OTHER), {})
    assert not is_equal(Row(b"k", "null", 1, PLAIN), Row(b"k", "null", 2, PLAIN), {})


def test_changes_are_paths_below_the_prefix_and_the_bytes_that_are_new() -> None:
    """Added, removed and changed are sorted, undecodable bytes are surrogates, and what was removed has no bytes."""
    old = [Row(b"p/a", "1", 10, "x"), Row(b"p/b", "1", 100, "x"), Row(b"p/c", "1", 1, "x")]
    new = [Row(b"p/a", "2", 20, "y"), Row(b"p/c", "1", 1, "x"), Row(b"p/\xff", "1", 3, "x")]

    found = changes(compare_rows(old, new), b"p/")

    assert found == Changes(added=("\udcff",), removed=("b",), changed=("a",))
    assert found.bytes == 23
