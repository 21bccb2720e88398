"""Boxes that break one promise each, with their suites; run by `test_resource_type.py` in a process of its own."""

import hashlib
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, BinaryIO

from dws_core.errors import NotReadableError
from dws_core.model.changes import Changes, RestorePlan
from dws_core.model.role import Role
from dws_core.model.version import Version
from dws_core.plugin import DirectoryFiles, FileInfo, Files, Proposal, ResourceType, ResultsMove
from dws_core.testing import File, Item, ResourceTypeSuite
from tests.core.testing.box import DESCRIPTOR, Box, BoxSettings, encode

BROKEN: dict[str, str] = {}
"""For each suite of a broken box the number of the promise that it breaks."""


def breaks(promise: str) -> Callable[[type[Box]], type[Box]]:
    """Make a suite for a broken box."""

    def suite(box: type[Box]) -> type[Box]:
        class Suite(ResourceTypeSuite):
            descriptor = replace(DESCRIPTOR, implementation=f"{__name__}:{box.__name__}")

            def make(self, root: Path, role: Role) -> ResourceType[Any]:
                return box(self.resource(BoxSettings("box"), role), BoxSettings("box"), self.context(root))

        name = f"Test{box.__name__}"
        Suite.__name__ = Suite.__qualname__ = name
        globals()[name] = Suite
        BROKEN[name] = promise
        return box

    return suite


@breaks("r01")
class ProposesByMaking(Box):
    @classmethod
    def propose(cls, settings: BoxSettings, role: Role, root: Path) -> Proposal[BoxSettings]:
        (root / "made by a proposal").mkdir(exist_ok=True)
        return super().propose(settings, role, root)


@breaks("r02")
class EmptiesWhenCreated(Box):
    def create(self) -> None:
        shutil.rmtree(self.local_path, ignore_errors=True)
        super().create()


@breaks("r03")
class ChecksNothing(Box):
    def check(self) -> None:
        pass


@breaks("r04")
class LooksAtSizes(Box):
    def current(self, subpath: str = "") -> Version:
        sizes = [(path, len(item.content) if isinstance(item, File) else 0) for path, item in self.now().items()]
        return Version(hashlib.sha256(repr(sizes).encode()).hexdigest())


@breaks("r04")
class BelievesTimes(Box):
    def now(self) -> dict[str, Item]:
        found = super().now()
        files = [path for path in sorted(self.local_path.rglob("*")) if path.is_symlink() or not path.is_dir()]
        stamps = [(str(path), path.lstat().st_mtime_ns, path.lstat().st_ino, path.lstat().st_size) for path in files]
        known = self.context.private / hashlib.sha256(ascii(stamps).encode()).hexdigest()
        if known.exists():
            return self.stored(Version("known", {"after": known.read_text()}))
        stored = self.context.objects.put(encode(found))
        known.parent.mkdir(parents=True, exist_ok=True)
        known.write_text(str(stored))
        return found


@breaks("r04")
class StoresWhenAsked(Box):
    def current(self, subpath: str = "") -> Version:
        return self.snapshot() if not subpath else super().current(subpath)


@breaks("r05")
class TouchesFiles(Box):
    def snapshot(self, move: ResultsMove | None = None) -> Version:
        for path in self.local_path.rglob("*"):
            if path.is_file() and not path.is_symlink():
                os.utime(path, ns=(0, 0))
        return super().snapshot(move)


@breaks("r06")
class OverwritesResults(Box):
    def move_results(self, version: Version, move: ResultsMove) -> None:
        destination = self.local_path / move.destination
        destination.mkdir(parents=True, exist_ok=True)
        for path, item in self.stored(version, "before").items():
            if path.partition("/")[0] not in move.stay and isinstance(item, File):
                (destination / Path(path).name).write_bytes(item.content)
                (self.local_path / path).unlink(missing_ok=True)


@breaks("r06")
class MovesWhatChanged(Box):
    def move_results(self, version: Version, move: ResultsMove) -> None:
        super().move_results(version, move)
        for path in self.stored(version, "before"):
            if path.partition("/")[0] not in move.stay:
                (self.local_path / path).unlink(missing_ok=True)


@breaks("r06")
class MovesOnlyOnce(Box):
    def move_results(self, version: Version, move: ResultsMove) -> None:
        if not (self.local_path / move.destination).exists():
            super().move_results(version, move)


@breaks("r07")
class SeesNoRemoval(Box):
    def changes_since(self, version: Version | None) -> Changes:
        return replace(super().changes_since(version), removed=())


@breaks("r08")
class ComparesWithWhatIsThere(Box):
    def compare(self, old: Version | None, new: Version) -> Changes:
        return self.changes_since(old)


@breaks("r09")
class PlansNothing(Box):
    def plan(self, version: Version) -> RestorePlan:
        return RestorePlan(Changes())


@breaks("r10")
class LeavesWhatIsNew(Box):
    def restore(self, version: Version) -> Version:
        for path, item in self.stored(version).items():
            self.put(path, item)
        return version


@breaks("r10")
class AnswersWhatWasThereBefore(Box):
    def restore(self, version: Version) -> Version:
        before = self.current()
        super().restore(version)
        return before


@breaks("r10")
class ForgetsExecutables(Box):
    def fill(self, fresh: Path, item: Item) -> None:
        super().fill(fresh, File(item.content) if isinstance(item, File) else item)


@breaks("r10")
class WritesInPlace(Box):
    def put(self, path: str, item: Item) -> None:
        place = self.local_path / path
        if isinstance(item, File) and place.is_file():
            place.write_bytes(b"")
            place.write_bytes(item.content)
        else:
            super().put(path, item)


@breaks("r10")
class OpensFilesToAll(Box):
    def fill(self, fresh: Path, item: Item) -> None:
        super().fill(fresh, item)
        if isinstance(item, File) and not item.executable:
            fresh.chmod(0o644)


@breaks("r11")
class OpensWhatIsThere(Box):
    def open(self, version: Version, path: str) -> BinaryIO:
        return (self.local_path / path).open("rb")


class _Broken(DirectoryFiles):
    """What a broken box gives as what is there now."""

    def __init__(self, box: Box) -> None:
        super().__init__("broken", box.local_path, lambda path: box.current(path).id)
        self.top = box.local_path


def breaks_files(files: type[_Broken]) -> type[_Broken]:
    """Make a suite for a box whose files are broken."""

    def give(box: Box, version: Version | None = None) -> Files:
        return files(box) if version is None else Box.files(box, version)

    breaks("r21")(type(files.__name__, (Box,), {"files": give, "__module__": __name__}))
    return files


@breaks("r21")
class GivesWhatIsThereAsRecorded(Box):
    def files(self, version: Version | None = None) -> Files:
        return super().files()


@breaks("r21")
class GivesNoFiles(Box):
    def files(self, version: Version | None = None) -> Files:
        raise NotReadableError(self.resource.name)


@breaks_files
class ReadsFromTheBeginning(_Broken):
    def read(self, path: str, start: int = 0, length: int | None = None) -> bytes:
        return super().read(path, 0, length)


@breaks_files
class ListsOnlyFiles(_Broken):
    def list(self, path: str = "") -> Iterator[FileInfo]:
        return (each for each in super().list(path) if not each.is_directory)


@breaks_files
class SaysTheWrongSize(_Broken):
    def info(self, path: str) -> FileInfo:
        return replace(super().info(path), size=0)


@breaks_files
class OpensAtTheEnd(_Broken):
    def open(self, path: str) -> BinaryIO:
        file = super().open(path)
        file.seek(0, 2)
        return file


@breaks_files
class GivesAllOneVersion(_Broken):
    def version(self, path: str = "") -> str | None:
        return "1"


@breaks_files
class RemembersAListing(_Broken):
    def list(self, path: str = "") -> Iterator[FileInfo]:
        known = self.__dict__.setdefault("known", {})
        return iter(known.setdefault(path, [*super().list(path)]))


@breaks_files
class WritesHalfAFile(_Broken):
    def write(self, path: str, content: BinaryIO) -> None:
        (self.top / path).parent.mkdir(parents=True, exist_ok=True)
        with (self.top / path).open("wb") as file:
            shutil.copyfileobj(content, file)


@breaks_files
class RemovesNothing(_Broken):
    def remove(self, path: str) -> None:
        self.info(path)


@breaks("r15")
class NeedsWhatItDoesNotName(Box):
    def needs(self, version: Version) -> frozenset[str]:
        return frozenset({hashlib.sha256(b"another").hexdigest()})


@breaks("r15")
class NeedsTooLittle(Box):
    def needs(self, version: Version) -> frozenset[str]:
        return frozenset()


@breaks("r16")
class BringsNothing(Box):
    def add_results(self, version: Version, directory: str) -> bool:
        return False


@breaks("r16")
class BringsOverWhatIsThere(Box):
    def add_results(self, version: Version, directory: str) -> bool:
        for path, item in self.stored(version).items():
            if path.startswith(directory + "/"):
                self.put(path, item)
        return True


@breaks("r14")
class MissesWhatIsThere(Box):
    def verify(self, version: Version) -> Sequence[str]:
        return [*self.stored(version)]
