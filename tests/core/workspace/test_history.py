"""How people name snapshots and resources."""

import pytest

from dws_core.errors import AmbiguousNameError, UnknownNameError
from dws_core.model.resource import Resource
from dws_core.model.role import Role
from dws_core.model.snapshot import Snapshot
from dws_core.workspace.history import find_resource, find_snapshot


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
