"""What snapshots need: told by their records, and by types where an older record says nothing."""

from dataclasses import replace
from pathlib import Path

from dws_core.model.version import Version
from dws_core.workspace.content import Needs
from tests.core.operations.sharing import Shared


def test_what_only_looks_like_an_object_is_not_needed(tmp_path: Path) -> None:
    """A type may name its versions by any digits: the record of the snapshot tells which of them were objects."""
    workspace = Shared.here(tmp_path).begin()
    (taken,) = workspace.snapshots()
    unknown = "f" * 64
    version = Version("ab" * 32, {"beside": "cd" * 32})

    told = replace(taken, versions={unknown: version}, objects={unknown: ("cd" * 32,)})
    silent = replace(taken, versions={unknown: version}, objects={})

    needs = Needs(workspace)
    assert needs.of_snapshot(told) == {"cd" * 32}
    assert needs.of_snapshot(silent) == {"ab" * 32, "cd" * 32}


def test_a_snapshot_tells_the_objects_of_each_of_its_versions(tmp_path: Path) -> None:
    workspace = Shared.here(tmp_path).begin()

    (taken,) = workspace.snapshots()

    assert {key: set(ids) for key, ids in taken.objects.items()} == {key: {each.id} for key, each in taken.versions.items()}
