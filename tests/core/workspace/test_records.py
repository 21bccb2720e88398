"""Records on disk."""

import os
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest

from dws_core.errors import DamagedRecordError
from dws_core.model.codec import JsonObject
from dws_core.workspace.records import Records


def make(tmp_path: Path) -> Records:
    (tmp_path / "local").mkdir(exist_ok=True)
    return Records(tmp_path, tmp_path / "local" / "index")


def test_records_come_back_in_order_of_time_then_id(tmp_path: Path) -> None:
    """The order does not depend on which clone wrote a record, nor when it arrived."""
    records = make(tmp_path)
    late = records.put("snapshots", {"time": "2026-01-02"})
    twins = sorted(records.put("snapshots", {"time": "2026-01-01", "n": n}) for n in range(2))

    assert list(make(tmp_path).read("snapshots")) == [*twins, late]


def test_a_record_edited_by_hand_is_damaged_even_after_it_was_read(tmp_path: Path) -> None:
    """The index never hides a change of the file it was made from."""
    records = make(tmp_path)
    identity = records.put("resources", {"time": "t", "name": "code"})
    assert records.read("resources")
    path = tmp_path / "resources" / f"{identity}.json"
    path.write_text(path.read_text().replace("code", "edoc_"))

    with pytest.raises(DamagedRecordError, match=identity):
        make(tmp_path).read("resources")


def test_a_truncated_record_is_named_with_the_line(tmp_path: Path) -> None:
    records = make(tmp_path)
    identity = records.put("resources", {"name": "code", "time": "t"})
    path = tmp_path / "resources" / f"{identity}.json"
    path.write_text('{\n  "name": "co')

    with pytest.raises(DamagedRecordError, match=f"{identity}.json, line 2"):
        records.read("resources")


def test_a_spoilt_index_is_made_anew(tmp_path: Path) -> None:
    records = make(tmp_path)
    identity = records.put("resources", {"time": "t"})
    records.read("resources")
    (tmp_path / "local" / "index" / "resources").write_bytes(b"\x1e\xff not of ours\n\t\t\n")

    assert list(make(tmp_path).read("resources")) == [identity]


def test_unknown_keys_of_a_record_are_kept(tmp_path: Path) -> None:
    """A record of a newer program round-trips."""
    value: JsonObject = {"time": "t", "from the future": [1, {"a": None}]}

    identity = make(tmp_path).put("snapshots", value)

    assert make(tmp_path).one("snapshots", identity) == value


def test_a_link_is_no_record(tmp_path: Path) -> None:
    (tmp_path / "snapshots").mkdir()
    (tmp_path / "snapshots" / "x.json").symlink_to("/etc/hostname")

    with pytest.raises(DamagedRecordError, match="plain file"):
        make(tmp_path).read("snapshots")


def index_of(tmp_path: Path) -> bytes:
    return (tmp_path / "local" / "index" / "snapshots").read_bytes()


def put_many(records: Records, count: int) -> list[str]:
    return [records.put("snapshots", {"time": f"2026-{number:06}", "message": "x" * 100}) for number in range(count)]


def test_a_record_more_adds_to_the_index_and_leaves_the_rest_as_it_is(tmp_path: Path) -> None:
    """What one more record costs does not grow with those there are."""
    put_many(make(tmp_path), 300)
    make(tmp_path).rows("snapshots")
    before = index_of(tmp_path)

    make(tmp_path).put("snapshots", {"time": "2027", "message": "y"})
    make(tmp_path).rows("snapshots")

    added = index_of(tmp_path).removeprefix(before)
    assert b"2027" in added
    assert len(added) < 300


def test_what_is_known_is_not_written_again(tmp_path: Path) -> None:
    put_many(make(tmp_path), 3)
    make(tmp_path).rows("snapshots")
    before = index_of(tmp_path)

    make(tmp_path).rows("snapshots")

    assert index_of(tmp_path) == before


@pytest.mark.parametrize("lost", [1, 40, 200, 10_000])
def test_an_index_whose_end_was_torn_off_is_made_whole(tmp_path: Path, lost: int) -> None:
    """Power may fail while a line is written; the next lines count all the same."""
    identities = put_many(make(tmp_path), 20)
    make(tmp_path).rows("snapshots")
    path = tmp_path / "local" / "index" / "snapshots"
    path.write_bytes(path.read_bytes()[:-lost])

    assert list(make(tmp_path).rows("snapshots")) == identities
    mended = index_of(tmp_path)
    assert list(make(tmp_path).rows("snapshots")) == identities
    assert index_of(tmp_path) == mended


def test_a_byte_of_the_index_that_flipped_is_not_believed(tmp_path: Path) -> None:
    records = make(tmp_path)
    identity = records.put("resources", {"time": "t", "name": "code"})
    records.read("resources")
    path = tmp_path / "local" / "index" / "resources"
    path.write_bytes(path.read_bytes().replace(b"code", b"cope"))

    assert make(tmp_path).read("resources")[identity]["name"] == "code"


def test_a_record_is_damaged_also_where_its_time_was_set_back(tmp_path: Path) -> None:
    """Size and time of writing can be set at will; the time of the last change cannot."""
    identity = make(tmp_path).put("resources", {"time": "t", "name": "code"})
    make(tmp_path).read("resources")
    path = tmp_path / "resources" / f"{identity}.json"
    times = path.stat()
    path.write_text(path.read_text().replace("code", "edoc"))
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))

    with pytest.raises(DamagedRecordError, match=identity):
        make(tmp_path).read("resources")


def test_a_record_that_is_gone_is_gone_whatever_the_index_says(tmp_path: Path) -> None:
    first, second = put_many(make(tmp_path), 2)
    make(tmp_path).rows("snapshots")
    (tmp_path / "snapshots" / f"{first}.json").unlink()

    assert list(make(tmp_path).rows("snapshots")) == [second]


def test_two_that_add_to_the_index_do_not_undo_each_other(tmp_path: Path) -> None:
    """Each has read the index before the other adds to it, and nobody holds a lock."""
    one, two = make(tmp_path), make(tmp_path)
    put_many(make(tmp_path), 3)
    one.rows("snapshots")
    two.rows("snapshots")
    put_many(make(tmp_path), 6)
    one.refresh()
    one.rows("snapshots")
    two.put("snapshots", {"time": "2027"})
    two.rows("snapshots")
    before = index_of(tmp_path)

    assert len(make(tmp_path).rows("snapshots")) == 7
    assert index_of(tmp_path) == before


def read_all(directory: Path) -> int:
    return len(make(directory).rows("snapshots"))


def test_processes_may_make_the_index_at_the_same_time(tmp_path: Path) -> None:
    identities = put_many(make(tmp_path), 200)

    with ProcessPoolExecutor(4) as pool:
        counts = list(pool.map(read_all, [tmp_path] * 8))

    assert counts == [200] * 8
    before = index_of(tmp_path)
    assert list(make(tmp_path).rows("snapshots")) == identities
    assert index_of(tmp_path) == before


def test_rows_that_count_no_more_are_cleared_away(tmp_path: Path) -> None:
    """Records come and go with branches; the index does not grow for ever."""
    records = make(tmp_path)
    identities = put_many(records, 20)
    for second in range(100):
        for identity in identities:
            os.utime(tmp_path / "snapshots" / f"{identity}.json", (second, second))
        records.refresh()
        assert list(records.rows("snapshots")) == identities

    assert index_of(tmp_path).count(identities[0].encode()) < 70


def test_nothing_is_written_through_a_link_in_place_of_the_index(tmp_path: Path) -> None:
    """A stranger's workspace may bring any link; to look at it writes nothing outside."""
    (tmp_path / "outside").mkdir()
    workspace = tmp_path / "workspace"
    (workspace / "local").mkdir(parents=True)
    (workspace / "local" / "index").symlink_to(tmp_path / "outside")
    records = Records(workspace, workspace / "local" / "index")
    identity = records.put("snapshots", {"time": "t"})

    assert list(records.rows("snapshots")) == [identity]
    assert [*(tmp_path / "outside").iterdir()] == []


def test_a_time_of_any_text_orders_as_text(tmp_path: Path) -> None:
    """The index gives back exactly the order that the records themselves have."""
    records = make(tmp_path)
    times = ["", "a", "a b", 'a"', "a\\", "a\tb", "a\n", "\u00e9", "\U0001f600"]
    ordered = [records.put("snapshots", {"time": time}) for time in sorted(times)]

    assert list(records.rows("snapshots")) == ordered
    assert list(make(tmp_path).rows("snapshots")) == ordered
