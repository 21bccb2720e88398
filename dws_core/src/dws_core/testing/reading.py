"""R21, and F1 to F7 of the files that it gives: those of a recorded version, and those that are there now."""

import io
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, BinaryIO, cast

import pytest

from dws_core.errors import NotReadableError, PathRefusedError, ReadOnlyFilesError
from dws_core.plugin import Capability, FileInfo, Files, ResourceType
from dws_core.testing.choosing import only_if
from dws_core.testing.content import Content, EmptyDirectory, File
from dws_core.testing.subject import Subject, needs, needs_not

_MISSING = ("no", "no/such/file")

is_written = only_if(lambda declared: not declared.isdisjoint({Capability.HOLDS_RESULTS, Capability.LOCAL_PATH}))
"""Run a test only for types that people write files to."""


class Reading(Subject):
    """What holds for the files of a resource."""

    @needs(Capability.RESTORABLE)
    def test_r21_a_recorded_version_has_its_files_whatever_is_there_now(
        self, subject: ResourceType[Any], content: Content
    ) -> None:
        """R21, F1 to F4: listed, looked at, read and opened."""
        self.write(subject, content)
        version = self.take(subject)
        self.write(subject, next(each for each in self.samples if each != content))

        _assert_holds(self.again(subject).files(version), content)

    @needs(Capability.RESTORABLE)
    def test_r21_without_a_version_the_files_are_those_that_are_there_now(
        self, subject: ResourceType[Any], content: Content
    ) -> None:
        """R21, F1 to F4: not as any snapshot holds them."""
        self.take(subject)
        self.write(subject, content)

        _assert_holds(self.again(subject).files(), content)

    @needs(Capability.RESTORABLE)
    def test_r21_what_changes_meanwhile_is_seen(self, subject: ResourceType[Any]) -> None:
        """Files that are at hand already are looked up anew each time; those of a version stay as they are."""
        recorded = self.again(subject).files(self.take(subject))
        now = self.again(subject).files()
        _assert_holds(now, self.samples[0])
        self.write(subject, self.samples[1])

        _assert_holds(now, self.samples[1])
        _assert_holds(recorded, self.samples[0])

    @needs(Capability.RESTORABLE)
    def test_r21_several_threads_read_at_once(self, subject: ResourceType[Any], content: Content) -> None:
        """Several threads call at once, and each gets what it asked for."""
        self.write(subject, content)
        version = self.take(subject)
        wanted = [(path, item.content) for path, item in content.items() if isinstance(item, File)] * 20

        for files in self._both(subject, version):
            with ThreadPoolExecutor(8) as threads:
                found = [*threads.map(files.read, [path for path, _ in wanted])]
            assert found == [each for _, each in wanted]

    @needs(Capability.RESTORABLE)
    def test_r21_f3_a_part_is_read(self, subject: ResourceType[Any]) -> None:
        """F3: `length` bytes from `start` on, fewer where the file ends before."""
        path, whole = _some_file(self.samples[0])

        for files in self._both(subject, self.take(subject)):
            assert files.read(path, 2) == whole[2:]
            assert files.read(path, 1, 2) == whole[1:3]
            assert files.read(path, 1, len(whole) + 100) == whole[1:]
            assert files.read(path, len(whole) + 1, 5) == b"" == files.read(path, 0, 0)

    @needs(Capability.RESTORABLE)
    def test_r21_f4_an_opened_file_can_be_sought_in(self, subject: ResourceType[Any]) -> None:
        """F4: open a file for reading, from its beginning; it can be sought in."""
        path, whole = _some_file(self.samples[0])

        for files in self._both(subject, self.take(subject)):
            with files.open(path) as file:
                assert (file.read(1), file.tell()) == (whole[:1], 1)
                assert (file.seek(-2, io.SEEK_END), file.read()) == (len(whole) - 2, whole[-2:])
                assert (file.seek(0), file.read(), file.read()) == (0, whole, b"")

    @needs(Capability.RESTORABLE)
    def test_r21_what_is_not_there_is_not_found(self, subject: ResourceType[Any]) -> None:
        """F1 to F5: FileNotFoundError; NotADirectoryError and IsADirectoryError where it is the other."""
        path, _ = _some_file(self.samples[0])

        for files in self._both(subject, self.take(subject)):
            for missing in (*_MISSING, f"{path}/below"):
                for ask in (files.info, files.read, files.open, files.version):
                    with pytest.raises(FileNotFoundError):
                        ask(missing)
                with pytest.raises((FileNotFoundError, NotADirectoryError)):
                    [*files.list(missing)]
            with pytest.raises(NotADirectoryError):
                [*files.list(path)]
            for directory in {"", *_directories(self.samples[0])}:
                with pytest.raises(IsADirectoryError):
                    files.read(directory)
                with pytest.raises(IsADirectoryError):
                    files.open(directory)

    @needs(Capability.RESTORABLE)
    def test_r21_f5_content_has_one_version_now_and_recorded(self, subject: ResourceType[Any], content: Content) -> None:
        """F5: the id of the version of what lies at a path, as `current(path)` gives it; None where only the whole has one."""
        self.write(subject, content)
        taken = self.take(subject)
        recorded, now = self._both(subject, taken)

        for path in (*content, *_directories(content)):
            found = recorded.version(path)
            assert found in (None, now.version(path))
            assert found in (None, self.again(subject).current(path).id)
        assert recorded.version() in (None, taken.id)

    @needs(Capability.RESTORABLE)
    def test_r21_f6_a_recorded_version_never_changes(self, subject: ResourceType[Any]) -> None:
        """F6, F7: ReadOnlyFilesError, with a next step."""
        path, _ = _some_file(self.samples[0])
        files = self.again(subject).files(self.take(subject))

        with pytest.raises(ReadOnlyFilesError) as refusal:
            files.write(path, io.BytesIO(b"another"))
        with pytest.raises(ReadOnlyFilesError):
            files.remove(path)

        assert refusal.value.hint
        _assert_holds(files, self.samples[0])
        assert self.read(subject) == self.samples[0]

    @is_written
    def test_r21_f6_what_is_written_is_there(self, subject: ResourceType[Any]) -> None:
        """F6: a new file, one in directories that are made, one in place of another; seen at once, and recorded."""
        self.write(subject, {"old": File(b"old"), "deep/old": File(b"old")})
        files = self.again(subject).files()
        large = bytes(range(256)) * 50_000

        for path, content in (("new", b"new"), ("a/b/c/new", b""), ("old", large), ("deep/old", b"newer")):
            files.write(path, io.BytesIO(content))
            assert files.read(path) == content

        wanted = {"new": File(b"new"), "a/b/c/new": File(b""), "old": File(large), "deep/old": File(b"newer")}
        assert self.read(subject) == wanted
        assert not self.again(subject).changes_since(self.take(self.again(subject)))

    @is_written
    def test_r21_f6_a_file_is_written_whole_or_not_at_all(self, subject: ResourceType[Any]) -> None:
        """F6: where reading the content raises, so does writing, and nothing has changed."""
        path, _ = _some_file(self.samples[0])
        files = self.again(subject).files()

        for where in (path, "new", "new directory/new"):
            with pytest.raises(ZeroDivisionError):
                files.write(where, cast(BinaryIO, io.BufferedReader(_Failing(), 16)))

        found = self.read(subject)
        assert {path: item for path, item in found.items() if not isinstance(item, EmptyDirectory)} == self.samples[0]

    @is_written
    def test_r21_f6_no_file_is_written_over_a_directory(self, subject: ResourceType[Any]) -> None:
        """F6: IsADirectoryError."""
        self.write(subject, {"deep/old": File(b"old")})

        with pytest.raises(IsADirectoryError):
            self.again(subject).files().write("deep", io.BytesIO(b"new"))

        assert self.read(subject) == {"deep/old": File(b"old")}

    @needs(Capability.LOCAL_PATH)
    def test_r21_f6_nothing_is_written_through_a_symlink(self, subject: ResourceType[Any], scratch: Any) -> None:
        """F6, F7: neither over what a link leads to, nor in a directory that one leads to."""
        assert subject.local_path is not None
        self.write(subject, {"inner/file": File(b"inside")})
        (scratch / "file").write_bytes(b"outside")
        (subject.local_path / "out").symlink_to(scratch)
        (subject.local_path / "link").symlink_to(scratch / "file")
        files = self.again(subject).files()

        files.write("link", io.BytesIO(b"inside now"))
        with pytest.raises(PathRefusedError):
            files.write("out/file", io.BytesIO(b"new"))
        with pytest.raises(PathRefusedError):
            files.remove("out/file")

        assert (scratch / "file").read_bytes() == b"outside" and len([*scratch.iterdir()]) == 1
        assert files.read("link") == b"inside now"

    @is_written
    def test_r21_f7_what_is_removed_is_gone(self, subject: ResourceType[Any]) -> None:
        """F7: a file, and directories that hold nothing then; FileNotFoundError; what holds something stays."""
        self.write(subject, {"a": File(b"a"), "deep/b": File(b"b"), "deep/c": File(b"c"), "deeper/er/d": File(b"d")})
        files = self.again(subject).files()

        files.remove("a")
        with pytest.raises(OSError):
            files.remove("deep")
        files.remove("deep/b")
        files.remove("deeper/er/d")
        for missing in ("a", "deeper", *_MISSING):
            with pytest.raises(FileNotFoundError):
                files.remove(missing)

        assert self.read(subject) == {"deep/c": File(b"c")}

    @needs_not(Capability.RESTORABLE)
    def test_r21_a_type_without_files_says_so(self, subject: ResourceType[Any]) -> None:
        """R21: NotReadableError, with a next step, where there are none; otherwise they are listed."""
        try:
            listed = {path for path, info in _walk(subject.files()) if not info.is_directory}
        except NotReadableError as refusal:
            assert refusal.hint
        else:
            assert listed == {path for path, item in self.samples[0].items() if isinstance(item, File)}

    def _both(self, subject: ResourceType[Any], version: Any) -> tuple[Files, Files]:
        return self.again(subject).files(version), self.again(subject).files()


class _Failing(io.RawIOBase):
    """Content that breaks off after some bytes."""

    def __init__(self) -> None:
        self._left = 100_000

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._left -= len(buffer)
        if self._left < 0:
            raise ZeroDivisionError
        buffer[:] = bytes(len(buffer))
        return len(buffer)


def _assert_holds(files: Files, content: Content) -> None:
    """Whatever a listing leads to is as it was written, and nothing else is there."""
    found = dict(_walk(files))
    wanted = {path: item.content for path, item in content.items() if isinstance(item, File)}
    assert {path for path in found if path in content or not found[path].is_directory} >= content.keys()
    assert {path for path, info in found.items() if not info.is_directory} - content.keys() == set()
    assert {path for path, info in found.items() if info.is_directory} >= _directories(content)
    for path, whole in wanted.items():
        assert found[path].size == files.info(path).size == len(whole) and not files.info(path).is_directory
        assert files.read(path) == whole
        with files.open(path) as file:
            assert file.read() == whole


def _walk(files: Files, path: str = "") -> Iterator[tuple[str, FileInfo]]:
    for info in files.list(path):
        yield info.path, info
        if info.is_directory:
            yield from _walk(files, info.path)


def _directories(content: Content) -> set[str]:
    found = {path for path, item in content.items() if isinstance(item, EmptyDirectory)}
    for path in content:
        while path := path.rpartition("/")[0]:
            found.add(path)
    return found


def _some_file(content: Content) -> tuple[str, bytes]:
    return next((path, item.content) for path, item in content.items() if isinstance(item, File) and len(item.content) > 4)
