"""R3 to R5, R22 and R23: a resource says which version it holds, and stores it."""

import os
from pathlib import Path
from typing import Any

import pytest

from dws_core.errors import DwsError, PathMissingError, UnsupportedFileError
from dws_core.model.version import Version
from dws_core.plugin import Capability, ResourceType
from dws_core.testing.content import Content, File
from dws_core.testing.context import objects_directory
from dws_core.testing.faults import Fault, interruptions
from dws_core.testing.subject import Subject, needs, needs_not


class Stating(Subject):
    """What holds for versions."""

    def test_r03_a_check_changes_nothing(self, subject: ResourceType[Any]) -> None:
        """R3: raise an error if a snapshot could not be taken now; change nothing."""
        before = self.read(subject)

        subject.check()

        assert self.read(subject) == before

    def test_r03_content_that_went_away_is_refused_with_a_next_step(self, subject: ResourceType[Any]) -> None:
        """R3: the error says what to do; nothing of it reads as an empty resource."""
        self.lose(subject)
        lost = self.again(subject)

        with pytest.raises(DwsError) as refusal:
            lost.check()
        for ask in (lost.current, lambda: lost.changes_since(None)):
            with pytest.raises((FileNotFoundError, PathMissingError)):
                ask()

        assert refusal.value.hint

    def test_r04_the_version_differs_exactly_when_the_content_does(
        self, subject: ResourceType[Any], old: Content, new: Content
    ) -> None:
        """R4: equal exactly when the content is equal."""
        self.write(subject, old)
        first = self.take(subject)
        self.write(subject, new)
        second = self.take(self.again(subject))
        self.write(subject, old)
        third = self.take(self.again(subject))

        assert second not in (first, third)
        assert self.loose or first == third

    def test_r04_asking_again_gives_the_same_version(self, subject: ResourceType[Any], content: Content) -> None:
        """R4: what is there now has one version, and a snapshot of it has the same."""
        self.write(subject, content)

        before = subject.current()
        asked_again = self.again(subject).current()
        taken = self.take(self.again(subject))
        after = self.again(subject).current()

        assert before == asked_again
        assert taken == after
        assert self.loose or before == taken

    def test_r04_asking_stores_nothing(self, subject: ResourceType[Any], content: Content) -> None:
        """R4: answer the version of what is there now, storing nothing."""
        self.take(subject)
        before = self._stored(subject)
        self.write(subject, content)

        self.again(subject).current()

        assert self._stored(subject) == before

    def test_r04_an_edit_of_equal_size_and_time_is_seen(self, subject: ResourceType[Any]) -> None:
        """R4: a change is never missed because size or time happened to match."""
        taken = self.take(subject)
        known = self.again(subject).current()
        content = self.samples[0]
        path, item = next((path, item) for path, item in content.items() if isinstance(item, File) and item.content)
        edited = bytes([item.content[0] ^ 1]) + item.content[1:]
        in_place = [file for file in self.files(subject) if file.read_bytes() == item.content]

        if not in_place:
            self.write(subject, {**content, path: File(edited, item.executable)})
        for file in in_place[:1]:
            times = file.stat()
            with file.open("r+b") as stream:
                stream.write(edited)
            os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))

        assert self.again(subject).current() not in (known, taken)
        assert self.again(subject).changes_since(taken).changed == (path,)

    def test_r04_nothing_at_a_path_is_a_file_not_found_error(self, subject: ResourceType[Any]) -> None:
        """R4: FileNotFoundError where there is nothing at that path."""
        with pytest.raises(FileNotFoundError):
            subject.current("no/such/path")

    @needs(Capability.LOCAL_PATH)
    def test_r04_the_version_below_a_path_is_that_of_what_lies_there(self, subject: ResourceType[Any]) -> None:
        """R4: it changes with what lies below the path, and with nothing else."""
        self.write(subject, {"a/x": File(b"1"), "b/y": File(b"1")})
        before = {path: subject.current(path) for path in ("a", "a/x", "b")}

        self.write(subject, {"a/x": File(b"2"), "b/y": File(b"1")})
        after = {path: self.again(subject).current(path) for path in ("a", "a/x", "b")}

        assert before["a"] != after["a"] and before["a/x"] != after["a/x"] and before["b"] == after["b"]

    def test_r05_a_snapshot_leaves_what_people_see_alone(self, subject: ResourceType[Any], content: Content) -> None:
        """R5: visible content is not touched."""
        self.write(subject, content)
        before = self.read(subject), self._stamps(subject)

        self.take(subject)

        assert (self.read(subject), self._stamps(subject)) == before

    def test_r05_nothing_counts_as_changed_right_after_a_snapshot(self, subject: ResourceType[Any], content: Content) -> None:
        """R5: the version it answers is that of the content."""
        self.write(subject, content)

        version = self.take(subject)

        assert isinstance(version, Version)
        assert not self.again(subject).changes_since(version)

    def test_r14_of_what_was_just_stored_nothing_is_lacking(self, subject: ResourceType[Any], content: Content) -> None:
        """R14: name what could not be given back; nothing where all of it can be."""
        self.write(subject, content)
        version = self.take(subject)

        assert not self.again(subject).verify(version)

    @pytest.mark.parametrize("fault", Fault)
    def test_r05_a_snapshot_ended_in_the_middle_leaves_all_as_it_was(
        self, subject: ResourceType[Any], fault: Fault, scratch: Path
    ) -> None:
        """A failure before the snapshot is recorded leaves everything as it was, and the next snapshot works."""
        number = 0

        def prepare() -> None:
            nonlocal number
            number += 1
            self.write(subject, {path: _numbered(item, number) for path, item in self.samples[0].items()})

        for where in interruptions(fault, prepare, lambda: self.again(subject).snapshot(), scratch):
            expected = {path: _numbered(item, number) for path, item in self.samples[0].items()}
            assert self.read(subject) == expected, where
            version = self.take(self.again(subject))
            assert not self.again(subject).changes_since(version), where

    @needs(Capability.LOCAL_PATH, Capability.RESTORABLE)
    def test_r05_what_cannot_be_held_is_refused_by_name(self, subject: ResourceType[Any]) -> None:
        """Fifos, sockets and devices are refused by name."""
        assert subject.local_path is not None
        os.mkfifo(subject.local_path / "a pipe")

        with pytest.raises(UnsupportedFileError, match="a pipe"):
            self.take(subject)

    def _stored(self, subject: ResourceType[Any]) -> dict[str, int]:
        store = objects_directory(subject.context.root)
        return {str(path): path.stat().st_size for path in store.rglob("*") if path.is_file()}

    @needs_not(Capability.REMOTE)
    def test_r22_what_lies_there_is_what_is_seen(self, subject: ResourceType[Any]) -> None:
        """R22: None where the content itself is seen, after a restore too."""
        version = self.take(subject)
        if Capability.RESTORABLE in self.descriptor.capabilities:
            self.write(subject, self.samples[1])
            self.again(subject).restore(version)

        assert self.again(subject).view is None

    @needs_not(Capability.REMOTE)
    def test_r23_without_a_view_the_live_version_is_the_current_one(self, subject: ResourceType[Any]) -> None:
        """R23: store what is needed of what lies there now, and answer its version."""
        version = self.again(subject).live()

        assert self.loose or version == self.again(subject).current()
        assert not self.again(subject).changes_since(version)

    def _stamps(self, subject: ResourceType[Any]) -> dict[str, tuple[int, int, int]]:
        stats = {str(file): file.stat() for file in self.files(subject)}
        return {file: (stat.st_ino, stat.st_mtime_ns, stat.st_mode) for file, stat in stats.items()}


def _numbered(item: object, number: int) -> File:
    assert isinstance(item, File), "the first sample holds files only"
    return File(item.content + str(number).encode(), item.executable)
