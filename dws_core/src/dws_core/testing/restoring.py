"""R9 to R11: a recorded version comes back."""

import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from dws_core.errors import DwsError, NotRestorableError
from dws_core.plugin import Capability, ResourceType
from dws_core.testing.content import Content, File, differences
from dws_core.testing.context import objects_directory
from dws_core.testing.faults import Fault, interruptions
from dws_core.testing.subject import Subject, needs, needs_not


class Restoring(Subject):
    """What holds for restoring."""

    @needs(Capability.RESTORABLE)
    def test_r09_a_plan_tells_what_a_restore_would_do(self, subject: ResourceType[Any], old: Content, new: Content) -> None:
        """R9: tell what `restore` would do; change nothing."""
        self.write(subject, old)
        version = self.take(subject)
        self.write(subject, new)

        plan = self.again(subject).plan(version)

        assert plan.changes == differences(new, old)
        assert self.read(subject) == new

    @needs(Capability.RESTORABLE)
    def test_r09_a_plan_counts_the_bytes_to_write(self, subject: ResourceType[Any]) -> None:
        """R9: the bytes of the files to write."""
        old, new = self.samples[0], self.samples[1]
        self.write(subject, old)
        version = self.take(subject)
        self.write(subject, new)

        plan = self.again(subject).plan(version)

        to_write = [old[path] for path in (*plan.changes.added, *plan.changes.changed)]
        assert plan.bytes == sum(len(item.content) for item in to_write if isinstance(item, File))

    @needs(Capability.RESTORABLE)
    def test_r09_a_version_whose_content_is_gone_is_refused_or_comes_back(
        self, subject: ResourceType[Any], scratch: Path
    ) -> None:
        """R9: raise an error if it could not be done, before the first byte is changed."""
        version = self.take(subject)
        self.write(subject, self.samples[1])
        store = objects_directory(subject.context.root)
        if store.exists():
            shutil.move(store, scratch / "objects elsewhere")

        try:
            self.again(subject).plan(version)
        except DwsError as refusal:
            assert refusal.hint
            assert self.read(subject) == self.samples[1]
        else:
            self.again(subject).restore(version)
            assert self.read(subject) == self.samples[0]

    @needs(Capability.RESTORABLE)
    def test_r10_a_version_comes_back_byte_for_byte(self, subject: ResourceType[Any], old: Content, new: Content) -> None:
        """R10: make the content that of the version: names, bytes, executable bits, symlinks, empty directories."""
        self.write(subject, old)
        version = self.take(subject)
        self.write(subject, new)

        found = self.again(subject).restore(version)

        assert found == self.again(subject).current()
        assert self.read(subject) == old
        assert not self.again(subject).changes_since(version)

    @needs(Capability.RESTORABLE)
    def test_r10_it_comes_back_after_later_snapshots(self, subject: ResourceType[Any]) -> None:
        """R10: any recorded version, in any order."""
        versions = []
        for content in self.samples:
            self.write(subject, content)
            versions.append(self.take(self.again(subject)))

        for version, content in [*zip(versions, self.samples, strict=True)][::-2]:
            self.again(subject).restore(version)

            assert self.read(subject) == content

    @needs(Capability.RESTORABLE)
    def test_r10_restoring_what_is_there_already_changes_nothing(self, subject: ResourceType[Any]) -> None:
        """R10: only what differs is touched."""
        version = self.take(subject)
        before = {file: (file.stat().st_ino, file.stat().st_mtime_ns) for file in self.files(subject)}

        self.again(subject).restore(version)

        assert {file: (file.stat().st_ino, file.stat().st_mtime_ns) for file in self.files(subject)} == before
        assert self.read(subject) == self.samples[0]

    @needs(Capability.RESTORABLE)
    @pytest.mark.parametrize("fault", Fault)
    def test_r10_ended_in_the_middle_it_is_called_again(self, subject: ResourceType[Any], fault: Fault, scratch: Path) -> None:
        """R10: it may be called again after it was ended in the middle, with the same result; no file is ever half written."""
        old, new = self.samples[0], self.samples[-2]
        self.write(subject, old)
        version = self.take(subject)

        for where in interruptions(
            fault, lambda: self.write(subject, new), lambda: self.again(subject).restore(version), scratch
        ):
            halfway = self.read(subject)
            files = {path: item for path, item in halfway.items() if isinstance(item, File) and path in {*old, *new}}
            assert all(item in (old.get(path), new.get(path)) for path, item in files.items()), where
            self.again(subject).restore(version)
            assert self.read(subject) == old, where

    @needs(Capability.RESTORABLE, Capability.LOCAL_PATH)
    def test_r10_nothing_is_written_through_a_symlink(self, subject: ResourceType[Any], scratch: Path) -> None:
        """Restoring never writes outside the resource."""
        self.write(subject, {"inner/file": File(b"inside"), "other": File(b"inside")})
        version = self.take(subject)
        (scratch / "file").write_bytes(b"outside")
        assert subject.local_path is not None
        self.write(subject, {})
        (subject.local_path / "inner").symlink_to(scratch)
        (subject.local_path / "other").symlink_to(scratch / "file")

        self.again(subject).restore(version)

        assert (scratch / "file").read_bytes() == b"outside" and len([*scratch.iterdir()]) == 1
        assert self.read(subject) == {"inner/file": File(b"inside"), "other": File(b"inside")}

    @needs(Capability.RESTORABLE)
    def test_r10_a_restored_file_is_no_more_open_than_umask_allows(self, subject: ResourceType[Any]) -> None:
        """A restored file is never more open than umask allows."""
        version = self.take(subject)
        self.write(subject, {path: File(b"another") for path in self.samples[0]})
        usual = os.umask(0o077)

        try:
            self.again(subject).restore(version)
        finally:
            os.umask(usual)

        assert [file for file in self.files(subject) if file.stat().st_mode & 0o077] == []

    @needs_not(Capability.RESTORABLE)
    def test_r10_what_cannot_come_back_is_refused_with_a_next_step(self, subject: ResourceType[Any]) -> None:
        """A type that cannot restore says so."""
        version = self.take(subject)

        with pytest.raises(NotRestorableError) as planned:
            subject.plan(version)
        with pytest.raises(NotRestorableError):
            subject.restore(version)

        assert planned.value.hint

    @needs(Capability.RESTORABLE)
    def test_r11_files_of_a_recorded_version_can_be_read(self, subject: ResourceType[Any], content: Content) -> None:
        """R11: whatever is there now."""
        self.write(subject, content)
        version = self.take(subject)
        self.write(subject, next(each for each in self.samples if each != content))

        for path, item in content.items():
            if isinstance(item, File):
                with self.again(subject).open(version, path) as stream:
                    assert stream.read() == item.content

    def test_r11_a_file_that_a_version_does_not_hold_is_not_found(self, subject: ResourceType[Any]) -> None:
        """R11: FileNotFoundError where it holds none."""
        version = self.take(subject)

        with pytest.raises(FileNotFoundError):
            subject.open(version, "no/such/file").close()
