"""The verb publish."""

from pathlib import Path

import pytest

from dws_core.errors import NoStoreError, NotShareableError, PathMissingError
from dws_core.operations.publish import publish
from dws_core.operations.report import report
from dws_core.workspace import Workspace

from .conftest import contents
from .sharing import Shared, again


def test_a_published_workspace_has_an_origin_with_everything(tmp_path: Path) -> None:
    shared = Shared.here(tmp_path)
    ada = shared.begin()

    pushed = publish(ada, str(shared.origin))

    assert pushed.origin == str(shared.origin) and pushed.to_stores == {"shared": 1}
    assert again(ada).backend.origin == str(shared.origin)
    assert [each.label for each in shared.join("bob").snapshots()] == ["V1"]


def test_content_that_has_no_store_stops_it_before_anything_is_changed(tmp_path: Path) -> None:
    shared = Shared.here(tmp_path)
    ada = shared.begin(store=False)
    before = contents(tmp_path)

    with pytest.raises(NoStoreError):
        publish(ada, str(shared.origin))

    assert contents(tmp_path) == before
    assert again(ada).backend.origin is None


def test_an_origin_that_is_not_there_changes_nothing(tmp_path: Path) -> None:
    shared = Shared.here(tmp_path)
    ada = shared.begin()

    with pytest.raises(PathMissingError):
        publish(ada, str(tmp_path / "nowhere"))

    assert again(ada).backend.origin is None


def test_a_dry_run_changes_nothing(tmp_path: Path) -> None:
    shared = Shared.here(tmp_path)
    ada = shared.begin()
    before = contents(tmp_path)

    planned = publish(ada, str(shared.origin), dry_run=True)

    assert not planned.done and planned.origin == str(shared.origin) and len(planned.snapshots) == 1
    assert contents(tmp_path) == before


def test_a_backend_for_one_clone_alone_says_so(workspace: Workspace, tmp_path: Path) -> None:
    with pytest.raises(NotShareableError) as refusal:
        publish(workspace, str(tmp_path), dry_run=False)

    assert refusal.value.hint
    assert report(workspace, "status", {}).tables
