"""R13: a version is given."""

from typing import Any

import pytest

from dws_core.errors import DwsError
from dws_core.plugin import Capability, ResourceType
from dws_core.testing.subject import Subject, needs

_TEXTS = ("2026-01-01", "v1", "V1", "v 1", "", "-", "caf\u00e9", "a\nb", "0" * 64, "x" * 1000, "{}", "../..")


class Declaring(Subject):
    """What holds for versions that are given."""

    @needs(Capability.DECLARED)
    def test_r13_a_declared_version_holds_from_then_on(self, subject: ResourceType[Any]) -> None:
        """R13: take the version that a user or a step gives."""
        version = subject.declare("2026-01-01")

        assert self.again(subject).current() == version
        assert self.take(self.again(subject)) == version

    @needs(Capability.DECLARED)
    def test_r13_any_text_is_taken_or_refused_with_a_next_step(self, subject: ResourceType[Any]) -> None:
        """R13: different texts are different versions; an equal text is an equal one."""
        versions = {}
        for text in _TEXTS:
            try:
                versions[text] = self.again(subject).declare(text)
            except DwsError as refusal:
                assert refusal.hint

        assert len({version.id for version in versions.values()}) == len(versions) > 1
        assert all(self.again(subject).declare(text) == version for text, version in versions.items())

    @needs(Capability.DECLARED)
    def test_r13_the_latest_word_counts(self, subject: ResourceType[Any]) -> None:
        """R13: a later declaration replaces an earlier one."""
        first = subject.declare("first")
        second = subject.declare("second")
        recorded = self.take(subject)
        third = self.again(subject).declare("first")

        assert recorded == second != first == third == self.again(subject).current()

    @needs(Capability.DECLARED)
    def test_r13_without_any_version_a_snapshot_is_refused(self, subject: ResourceType[Any]) -> None:
        """R3: the error says how to give one."""
        self.lose(subject)

        with pytest.raises(DwsError) as refusal:
            self.again(subject).check()

        assert refusal.value.hint
