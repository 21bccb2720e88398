"""How people name snapshots and resources."""

from pathlib import Path

import pytest

from dws_core.errors import AmbiguousNameError, DamagedRecordError, UnknownNameError
from dws_core.model.codec import JsonObject
from dws_core.model.resource import Resource
from dws_core.model.role import Role
from dws_core.model.snapshot import Snapshot
from dws_core.workspace.history import WORKSPACE, changed_settings, find_resource, find_snapshot, removed_ids
from dws_core.workspace.records import Records


def snapshot(identity: str, *tags: str, host: str = "one") -> Snapshot:
    return Snapshot(1, tags, "", "2026-01-01T00:00:00.0Z", host, "user", {}, id=identity)


def test_a_tag_that_looks_like_a_hash_is_a_tag() -> None:
    """`decade` and `20240101` are tags like any other, also where a hash begins so."""
    tagged, hashed = snapshot("1234aa", "decade"), snapshot("decade12")

    assert find_snapshot([tagged, hashed], "decade") is tagged


def test_a_short_hash_that_fits_two_is_refused_with_both() -> None:
    with pytest.raises(AmbiguousNameError, match=r"abcd111.*abcd222"):
        find_snapshot([snapshot("abcd1111"), snapshot("abcd2222")], "abcd")


def test_the_first_digits_of_a_hash_are_enough() -> None:
    assert find_snapshot([snapshot("abcd1111"), snapshot("ffff0000")], "FFFF").id == "ffff0000"


def test_the_same_tag_of_two_clones_names_both_machines() -> None:
    with pytest.raises(AmbiguousNameError, match=r"of one.*of two"):
        find_snapshot([snapshot("abcd1111", "V1"), snapshot("abcd2222", "V1", host="two")], "V1")


def test_an_unknown_tag_is_answered_with_those_there_are() -> None:
    with pytest.raises(UnknownNameError) as caught:
        find_snapshot([snapshot("abcd1111", "V1")], "V2")

    assert caught.value.hint == "there are: V1"


def test_names_of_resources_count_without_case() -> None:
    code = Resource("Code", Role.CODE, "local-files", "dws-core", {}, "t", "1" * 64)

    assert find_resource([code], "code") is code


@pytest.fixture
def records(tmp_path: Path) -> Records:
    return Records(tmp_path, tmp_path / "local" / "index")


def test_what_was_taken_out_may_come_back_and_go_again(records: Records) -> None:
    """The latest record of each target counts, in whatever order the records arrived."""
    for time, target, back in [
        (3, "a", False),
        (1, "a", False),
        (2, "a", True),
        (2, "b", True),
        (1, "b", False),
        (1, "c", False),
    ]:
        records.put("removed", {"target": target, "time": f"2026-01-0{time}", **({"back": True} if back else {})})

    assert removed_ids(records) == {"a", "c"}


def test_of_two_records_of_one_time_the_later_id_counts_in_every_clone(records: Records) -> None:
    ends: list[tuple[str, bool]] = [
        (records.put("removed", {"target": "a", "time": "2026-01-01", "back": back, "n": n}), back)
        for n in range(3)
        for back in (True, False)
    ]

    assert (removed_ids(records) == {"a"}) is not max(ends)[1]


def test_a_back_that_is_no_flag_is_damage(records: Records) -> None:
    """Taking it for either would show or hide something on a guess."""
    identity = records.put("removed", {"target": "a", "time": "2026-01-01", "back": "no"})

    with pytest.raises(DamagedRecordError, match=f"{identity}.*'back'"):
        removed_ids(records)


def test_a_setting_that_was_unset_holds_as_before_any_change(records: Records) -> None:
    """And a later change of it holds again; other settings and other targets stay as they are."""
    changes: list[JsonObject] = [
        {"target": WORKSPACE, "name": "hostname", "value": "lab"},
        {"target": WORKSPACE, "name": "hostname", "unset": True},
        {"target": "r", "name": "hostname", "value": "mine"},
        {"target": WORKSPACE, "name": "results_exclude", "unset": True},
        {"target": WORKSPACE, "name": "results_exclude", "value": ["x"]},
    ]
    for n, change in enumerate(changes):
        records.put("settings", {**change, "time": f"2026-01-0{n + 1}"})

    assert changed_settings(records, WORKSPACE) == {"results_exclude": ["x"]}
    assert changed_settings(records, "r") == {"hostname": "mine"}
