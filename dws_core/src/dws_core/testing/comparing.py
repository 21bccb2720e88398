"""R7 and R8: a resource tells what differs."""

from typing import Any

from dws_core.model.changes import Changes
from dws_core.plugin import ResourceType
from dws_core.testing.content import Content, differences
from dws_core.testing.subject import Subject


class Comparing(Subject):
    """What holds for changes."""

    def test_r07_changes_since_a_version_are_named(self, subject: ResourceType[Any], old: Content, new: Content) -> None:
        """R7: tell what differs between a recorded version and what is there now."""
        self.write(subject, old)
        version = self.take(subject)

        self.write(subject, new)

        assert self.again(subject).changes_since(version) == differences(old, new)

    def test_r07_since_nothing_everything_is_new(self, subject: ResourceType[Any], content: Content) -> None:
        """R7: None is nothing at all."""
        self.write(subject, content)

        assert subject.changes_since(None) == differences({}, content)

    def test_r07_telling_changes_touches_nothing(self, subject: ResourceType[Any]) -> None:
        """R7: what is there stays."""
        version = self.take(subject)
        self.write(subject, self.samples[1])

        subject.changes_since(version)

        assert self.read(subject) == self.samples[1]

    def test_r08_two_versions_are_compared(self, subject: ResourceType[Any], old: Content, new: Content) -> None:
        """R8: tell what differs between two recorded versions, whatever is there now."""
        self.write(subject, old)
        first = self.take(subject)
        self.write(subject, new)
        second = self.take(subject)
        self.write(subject, self.samples[0])

        found = self.again(subject)

        assert found.compare(first, second) == differences(old, new)
        assert found.compare(second, first) == differences(new, old)
        assert found.compare(None, second) == differences({}, new)
        assert found.compare(first, first) == Changes()

    def test_r08_equal_content_taken_twice_does_not_differ(self, subject: ResourceType[Any]) -> None:
        """R8: where versions may differ though the content is equal, a comparison finds nothing."""
        first = self.take(subject)
        self.write(subject, self.samples[1])
        self.take(subject)
        self.write(subject, self.samples[0])
        third = self.take(subject)

        assert self.again(subject).compare(first, third) == Changes()
