"""R17 to R20: a resource with an origin of its own is obtained, pushed and pulled."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dws_core.errors import DwsError
from dws_core.plugin import Capability, ResourceType
from dws_core.testing.content import Content, File
from dws_core.testing.faults import Fault, interruptions
from dws_core.testing.subject import Subject, needs

_OTHER_CLONE = "fedcba9876543210fedcba9876543210"


class Exchanging(Subject):
    """What holds for origins. Where ORIGIN is declared, the author supplies the four methods below."""

    def connect(self, subject: ResourceType[Any]) -> ResourceType[Any]:
        """Give the resource, which has none, an origin of its own that holds what it holds; answer it opened anew."""
        raise NotImplementedError

    def settle(self, subject: ResourceType[Any], content: Content) -> None:
        """Make it hold this, as a state that its own tool has recorded and a push sends."""
        raise NotImplementedError

    def there(self, subject: ResourceType[Any]) -> Mapping[str, str]:
        """Read what the origin of a connected resource holds, not through the code under test: names, and what they lead to."""
        raise NotImplementedError

    def elsewhere(self, subject: ResourceType[Any], root: Path) -> ResourceType[Any]:
        """Open the same resource in another clone of the workspace, whose top is `root`; nothing is obtained yet."""
        root.mkdir(exist_ok=True)
        context = replace(self.context(root), clone=_OTHER_CLONE)
        return type(subject)(subject.resource, subject.settings, context)

    @pytest.fixture
    def connected(self, subject: ResourceType[Any]) -> ResourceType[Any]:
        """The resource with an origin that holds its first sample."""
        self.settle(subject, self.samples[0])
        return self.connect(subject)

    @pytest.fixture
    def other(self, connected: ResourceType[Any], scratch: Path) -> ResourceType[Any]:
        """The same resource in another clone, obtained from the origin."""
        other = self.elsewhere(connected, scratch / "other")
        other.obtain()
        return self.elsewhere(connected, scratch / "other")

    @needs(Capability.ORIGIN)
    def test_r17_both_clones_know_where_it_comes_from(self, connected: ResourceType[Any], scratch: Path) -> None:
        """R17: where the content can be obtained from, before and after it was."""
        other = self.elsewhere(connected, scratch / "other")
        before = other.origin
        other.obtain()

        assert before == other.origin == connected.origin is not None

    @needs(Capability.ORIGIN)
    def test_r17_without_an_origin_nothing_is_exchanged(self, subject: ResourceType[Any]) -> None:
        """R17: None is nowhere, and pushing and pulling say so."""
        self.settle(subject, self.samples[0])
        version = self.take(subject)

        assert subject.origin is None
        assert not subject.push([version]).anything and not subject.pull().anything

    @needs(Capability.ORIGIN)
    def test_r18_it_is_obtained_as_it_was_pushed(self, connected: ResourceType[Any], other: ResourceType[Any]) -> None:
        """R18: get the content from its origin to where nothing lies yet."""
        assert self.read(other) == self.read(connected) == self.samples[0]

    @needs(Capability.ORIGIN)
    def test_r18_obtaining_again_changes_nothing(self, other: ResourceType[Any]) -> None:
        """R18: it may be done again."""
        self.write(other, self.samples[1])

        other.obtain()

        assert self.read(other) == self.samples[1]

    @needs(Capability.ORIGIN, Capability.LOCAL_PATH)
    def test_r18_what_lies_there_is_never_overwritten(self, connected: ResourceType[Any], scratch: Path) -> None:
        """R18: to where nothing lies yet."""
        other = self.elsewhere(connected, scratch / "other")
        assert other.local_path is not None
        other.local_path.mkdir(parents=True)
        (other.local_path / "mine").write_text("somebody's")

        with pytest.raises(DwsError) as refusal:
            other.obtain()

        assert refusal.value.hint
        assert [path.name for path in other.local_path.iterdir()] == ["mine"]

    @needs(Capability.ORIGIN, Capability.LOCAL_PATH)
    @pytest.mark.parametrize("fault", Fault)
    def test_r18_ended_in_the_middle_it_is_done_again(self, connected: ResourceType[Any], fault: Fault, scratch: Path) -> None:
        """R18: ended anywhere, it may be done again, and until then nothing of it is taken for the content."""
        clones = iter(range(1000))
        other = [connected]

        def prepare() -> None:
            other[0] = self.elsewhere(connected, scratch / f"other{next(clones)}")

        def obtain() -> None:
            other[0].obtain()

        for where in interruptions(fault, prepare, obtain, scratch / "faults", most=6):
            assert other[0].local_path is not None
            if other[0].local_path.exists():
                assert self.read(other[0]) == self.samples[0], where
            other[0].obtain()
            assert self.read(other[0]) == self.samples[0], where

    @needs(Capability.ORIGIN, Capability.RESTORABLE)
    def test_r19_every_version_pushed_comes_back_elsewhere(self, connected: ResourceType[Any], scratch: Path) -> None:
        """R19: whatever the recorded versions need is there; what lies in the object store travels with it."""
        versions = []
        for number, content in enumerate(self.samples):
            if number % 2:
                self.write(connected, content)
            else:
                self.settle(connected, content)
            versions.append(self.take(self.again(connected)))
        before = self.there(connected)

        sent = self.again(connected).push(versions)
        other = self.elsewhere(connected, scratch / "other")
        other = type(other)(other.resource, other.settings, replace(other.context, objects=connected.context.objects))
        other.obtain()

        assert sent.anything and self.there(connected) != before
        for version, content in zip(versions, self.samples, strict=True):
            other.restore(version)
            assert self.read(other) == content

    @needs(Capability.ORIGIN)
    def test_r19_pushing_again_sends_nothing(self, connected: ResourceType[Any]) -> None:
        """R19: what is there is not sent again."""
        self.write(connected, self.samples[1])
        version = self.take(connected)
        connected.push([version])
        before = self.there(connected)

        again = self.again(connected).push([version])

        assert not again.anything and self.there(connected) == before
        assert not self.again(connected).pull().anything

    @needs(Capability.ORIGIN)
    def test_r19_a_dry_run_sends_nothing(self, connected: ResourceType[Any]) -> None:
        """R19: it says what would be sent."""
        self.settle(connected, self.samples[1])
        version = self.take(connected)
        before = self.there(connected)

        would = self.again(connected).push([version], dry_run=True)

        assert self.there(connected) == before
        assert would == self.again(connected).push([version]) and would.anything

    @needs(Capability.ORIGIN)
    def test_r19_an_origin_that_went_another_way_is_not_overwritten(
        self, connected: ResourceType[Any], other: ResourceType[Any]
    ) -> None:
        """R19: an error, with nothing overwritten there, that says how to go on; and R20: nothing is changed here."""
        self.settle(connected, self.samples[1])
        connected.push([self.take(connected)])
        self.settle(other, self.samples[2])
        version = self.take(other)
        before = self.there(connected)

        with pytest.raises(DwsError) as pushed:
            other.push([version])
        with pytest.raises(DwsError) as pulled:
            other.pull()

        assert pushed.value.hint and pulled.value.hint
        assert self.there(connected) == before and self.read(other) == self.samples[2]

    @needs(Capability.ORIGIN)
    @pytest.mark.parametrize("fault", Fault)
    def test_r19_ended_in_the_middle_it_is_done_again(self, connected: ResourceType[Any], fault: Fault, scratch: Path) -> None:
        """R19: what was sent by halves is sent whole the next time."""
        states = iter(range(1000))
        version = [self.take(connected)]

        def prepare() -> None:
            self.settle(connected, {"state": File(b"%d" % next(states))})
            self.write(connected, {"state": File(b"not recorded")})
            version[0] = self.take(self.again(connected))

        for where in interruptions(fault, prepare, lambda: self.again(connected).push(version), scratch, most=5):
            self.again(connected).push(version)
            assert not self.again(connected).push(version).anything, where

    @needs(Capability.ORIGIN)
    def test_r20_what_others_pushed_is_taken(self, connected: ResourceType[Any], other: ResourceType[Any]) -> None:
        """R20: take what the origin has."""
        self.settle(connected, self.samples[1])
        connected.push([self.take(connected)])

        would = other.pull(dry_run=True)
        before = self.read(other)
        taken = other.pull()

        assert before == self.samples[0] and self.read(other) == self.samples[1]
        assert would.anything and taken.anything and not other.pull().anything

    @needs(Capability.ORIGIN, Capability.RESTORABLE)
    def test_r20_versions_that_others_pushed_can_be_restored(
        self, connected: ResourceType[Any], other: ResourceType[Any]
    ) -> None:
        """R20: what others' versions need is taken too, whatever was recorded of them."""
        self.write(connected, self.samples[1])
        version = self.take(connected)
        connected.push([version])

        other.pull()
        found = type(other)(other.resource, other.settings, replace(other.context, objects=connected.context.objects))
        found.restore(version)

        assert self.read(other) == self.samples[1]

    @needs(Capability.ORIGIN)
    def test_r20_what_is_not_recorded_is_not_overwritten(self, connected: ResourceType[Any], other: ResourceType[Any]) -> None:
        """R20: an error, with nothing changed here, that names it."""
        path = next(path for path in self.samples[0] if path in self.samples[1])
        self.settle(connected, {**self.samples[0], path: File(b"theirs")})
        connected.push([self.take(connected)])
        mine: Content = {**self.samples[0], path: File(b"mine")}
        self.write(other, mine)

        with pytest.raises(DwsError, match=path) as refusal:
            other.pull()

        assert refusal.value.hint and self.read(other) == mine

    @needs(Capability.ORIGIN)
    def test_r20_what_is_not_in_the_way_stays_as_it_is(self, connected: ResourceType[Any], other: ResourceType[Any]) -> None:
        """R20: work that is not recorded and that nothing contradicts is no hindrance."""
        path = next(path for path in self.samples[0] if path in self.samples[1])
        self.settle(connected, {**self.samples[0], "theirs": File(b"theirs")})
        connected.push([self.take(connected)])
        self.write(other, {**self.samples[0], path: File(b"mine"), "untracked": File(b"mine")})

        other.pull()

        expected = {**self.samples[0], path: File(b"mine"), "untracked": File(b"mine"), "theirs": File(b"theirs")}
        assert self.read(other) == expected

    @needs(Capability.ORIGIN)
    @pytest.mark.parametrize("fault", Fault)
    def test_r20_ended_in_the_middle_it_is_done_again(
        self, connected: ResourceType[Any], other: ResourceType[Any], fault: Fault, scratch: Path
    ) -> None:
        """R20: the next pull completes it, and what is not recorded here stays."""
        states = iter(range(1000))
        expected: list[Content] = [{}]
        kept: Content = {"not recorded": File(b"mine")}

        def prepare() -> None:
            number = next(states)
            theirs: Content = {"state": File(b"%d" % number), f"new{number}/file": File(b"new"), "stays": File(b"same")}
            self.settle(connected, theirs)
            self.again(connected).push([])
            self.write(other, {**self.read(other), **kept})
            expected[0] = {**theirs, **kept}

        def work() -> None:
            type(other)(other.resource, other.settings, other.context).pull()

        for where in interruptions(fault, prepare, work, scratch / "faults"):
            work()
            assert self.read(other) == expected[0], where
