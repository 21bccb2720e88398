"""R17, R22 and R23: what lies elsewhere is contacted only where that was accepted, and may be seen as it was."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from dws_core.errors import OriginNotAcceptedError
from dws_core.plugin import Capability, ResourceType
from dws_core.testing.subject import Subject, needs


class Viewing(Subject):
    """What holds for content that lies elsewhere."""

    @needs(Capability.REMOTE)
    def test_r17_nothing_is_contacted_that_was_not_accepted(self, subject: ResourceType[Any]) -> None:
        """R17: every look comes after `Context.contact`, which is told the origin in full."""
        version = self.take(subject)
        asked: list[str] = []

        def refuse(place: str) -> None:
            asked.append(place)
            raise OriginNotAcceptedError(subject.resource.name, place)

        stranger = type(subject)(subject.resource, subject.settings, replace(subject.context, contact=refuse))
        looks: list[Callable[[], object]] = [stranger.check, stranger.current, stranger.snapshot, stranger.live]
        looks += [lambda: stranger.changes_since(version), lambda: stranger.files().info("x")]
        if Capability.RESTORABLE in self.descriptor.capabilities:
            looks.append(lambda: stranger.restore(version))
        for look in looks:
            with pytest.raises(OriginNotAcceptedError):
                look()

        assert {*asked} == {stranger.origin}

    @needs(Capability.REMOTE)
    def test_r17_what_was_recorded_is_told_without_contact(self, subject: ResourceType[Any]) -> None:
        """R8, R15, R22: versions are compared, sent to stores and seen where nobody may be contacted."""
        self.write(subject, self.samples[0])
        first = self.take(subject)
        self.write(subject, self.samples[1])
        second = self.take(self.again(subject))

        def refuse(place: str) -> None:
            raise OriginNotAcceptedError(subject.resource.name, place)

        stranger = type(subject)(subject.resource, subject.settings, replace(subject.context, contact=refuse))

        assert stranger.compare(first, second)
        assert stranger.needs(first) <= first.named_ids
        assert stranger.view is None

    @needs(Capability.REMOTE, Capability.RESTORABLE)
    def test_r23_what_is_live_is_seen_again(self, subject: ResourceType[Any]) -> None:
        """R22, R23: a restore may have a version seen that lies there no more; to restore what is live ends that."""
        version = self.take(subject)
        self.write(subject, self.samples[1])
        self.again(subject).restore(version)
        if self.again(subject).view is None:  # it came back where it lies
            assert self.read(self.again(subject)) == self.samples[0]
            return

        assert self.again(subject).view == version
        assert self.again(subject).snapshot() == version
        self.again(subject).restore(self.again(subject).live())

        assert self.again(subject).view is None
        assert self.read(self.again(subject)) == self.samples[1]
