"""Records on disk."""

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
    (tmp_path / "local" / "index" / "resources").write_bytes(b"\n#\xff not of ours\n\t\t\n")

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
