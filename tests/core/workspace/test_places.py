"""Where a resource lies that lies in a directory here."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from dws_core.errors import PlaceUnknownError
from dws_core.model.resource import Resource
from dws_core.model.role import Role
from dws_core.plugin import Scope, Settings, setting
from dws_core.workspace.places import check_places


@dataclass(frozen=True)
class _Copied(Settings):
    """Settings that a type which lies here shares with one that does not."""

    place: str | None = setting("the directory", default=None, scope=Scope.PLACE)


def test_what_lies_here_needs_a_directory_though_its_settings_do_not(tmp_path: Path) -> None:
    """A record that names none leads nowhere: least of all to the top of the workspace."""
    resource = Resource("copy", Role.CODE, "copied", "tests", {}, "2026-01-01T00:00:00Z", "0" * 64)

    with pytest.raises(PlaceUnknownError, match="copy"):
        check_places(tmp_path, resource, _Copied, {}, {}, is_local=True)

    check_places(tmp_path, resource, _Copied, {}, {}, is_local=False)
    check_places(tmp_path, resource, _Copied, {}, {"place": "/anywhere"}, is_local=True)
