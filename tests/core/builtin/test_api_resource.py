"""The type api-resource keeps the contract's promises."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar

import pytest

from dws_core.builtin.api_resource.hooks import dws_resource_types
from dws_core.builtin.api_resource.resource_type import ApiResource, VersionUnknownError
from dws_core.builtin.api_resource.settings import ApiResourceSettings
from dws_core.errors import DamagedRecordError
from dws_core.model.resource import Resource
from dws_core.model.role import Role
from dws_core.plugin import ResourceType
from dws_core.testing import Content, File, ResourceTypeSuite, make_context


class TestApiResource(ResourceTypeSuite):
    descriptor = dws_resource_types()[0]
    samples: ClassVar[Sequence[Content]] = tuple(
        {"version": File(text.encode())} for text in ("2026-01-01", "2026-01-02", "any text: caf\u00e9, '\"\n", "0" * 64)
    )

    def make(self, root: Path, role: Role) -> ResourceType[Any]:
        return ApiResource(self.resource(ApiResourceSettings(), role), ApiResourceSettings(), self.context(root))

    def write(self, subject: ResourceType[Any], content: Content) -> None:
        item = content["version"]
        assert isinstance(item, File)
        subject.declare(item.content.decode())

    def read(self, subject: ResourceType[Any]) -> Content:
        return {"version": File(str(subject.current().data["version"]).encode())}

    def lose(self, subject: ResourceType[Any]) -> None:
        (subject.context.private / "declared.json").unlink()


class TestVersionSetting:
    """What the user sets and what a step declares, together: what was said last counts."""

    def test_the_users_version_is_enough_for_a_snapshot(self, tmp_path: Path) -> None:
        """`dws config --resource NAME version V` gives the version."""
        subject = opened(tmp_path, "2026-01-01")

        subject.check()

        assert subject.snapshot().id == "2026-01-01"

    def test_a_step_that_declares_later_is_believed(self, tmp_path: Path) -> None:
        """A declaration replaces the setting that held when it was made."""
        opened(tmp_path, "set").declare("declared")

        assert opened(tmp_path, "set").current().id == "declared"

    def test_a_setting_changed_later_is_believed(self, tmp_path: Path) -> None:
        """A setting that was changed since replaces the declaration."""
        opened(tmp_path, "set").declare("declared")

        assert opened(tmp_path, "set anew").current().data["version"] == "set anew"

    def test_without_a_version_the_next_step_is_named(self, tmp_path: Path) -> None:
        """The refusal holds the command that gives a version."""
        with pytest.raises(VersionUnknownError) as refusal:
            opened(tmp_path, None).check()

        assert refusal.value.hint is not None and "dws config --resource prices version" in refusal.value.hint

    def test_a_damaged_declaration_is_named_and_not_passed_over(self, tmp_path: Path) -> None:
        """A version is never guessed."""
        subject = opened(tmp_path, "set")
        subject.declare("declared")
        (kept,) = subject.context.private.iterdir()
        kept.write_text('{"declared": 7}')

        with pytest.raises(DamagedRecordError, match=kept.name):
            opened(tmp_path, "set").current()

    def test_it_is_no_place_for_results_or_code(self) -> None:
        """Only data can lie behind an API."""
        (descriptor,) = dws_resource_types()

        assert descriptor.roles == (Role.SOURCE_DATA, Role.INTERMEDIATE_DATA)


def opened(root: Path, version: str | None) -> ApiResource:
    """Open the resource as a command does, with the setting as it is now."""
    resource = Resource("prices", Role.SOURCE_DATA, "api-resource", "dws-core", {}, "2026-01-01T00:00:00Z")
    return ApiResource(resource, ApiResourceSettings(version), make_context(root))
