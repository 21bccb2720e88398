"""R24 and R25: what a snapshot records beside a version, and how a resource stands to its origin."""

from typing import Any

from dws_core.plugin import Capability, ResourceType, Standing
from dws_core.testing.content import File
from dws_core.testing.exchanging import Exchanging
from dws_core.testing.subject import needs


class Telling(Exchanging):
    """What holds for what is known at one moment alone."""

    def test_r24_what_is_added_to_a_version_makes_it_no_other_one(self, subject: ResourceType[Any]) -> None:
        """R24: its id stays, and so do what it needs and the content."""
        version = self.take(subject)
        before = self.read(subject)

        added = self.again(subject).annotate(version)

        assert added == version and self.read(subject) == before
        assert subject.needs(version) <= self.again(subject).needs(added) <= added.named_ids
        assert not self.again(subject).compare(version, added)

    def test_r25_telling_how_it_stands_changes_nothing(self, subject: ResourceType[Any]) -> None:
        """R25: nothing is changed; None where there is nothing to tell."""
        version = self.take(subject)
        self.write(subject, self.samples[1])

        told = [self.again(subject).standing(each) for each in (None, version)]

        assert all(each is None or (isinstance(each, Standing) and each.text) for each in told)
        assert self.read(subject) == self.samples[1]

    @needs(Capability.ORIGIN)
    def test_r25_a_change_on_either_side_is_told(self, connected: ResourceType[Any], other: ResourceType[Any]) -> None:
        """R25: where a type tells how it stands at all, it tells of a difference, and that there is none any more."""
        version = self.take(connected)
        agreeing = self.again(connected).standing(version)
        if agreeing is None:
            return
        self.settle(connected, {**self.samples[0], "new": File(b"new")})
        changed_here = self.again(connected).standing(version)
        changed_there = other.standing(version)
        self.again(connected).push([])

        assert changed_here != agreeing == self.again(connected).standing(version)
        assert changed_there == agreeing != other.standing(version)
