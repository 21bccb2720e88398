"""B17: two histories become one."""

from pathlib import Path

import pytest

from dws_core.plugin import Backend
from dws_core.testing.clones import OURS, THEIRS, Clones, shared
from dws_core.testing.faults import Fault, interruptions


class Merging(Clones):
    """What holds for merging."""

    @shared
    def test_b17_a_merge_holds_both(self, ours: Backend, theirs: Backend) -> None:
        """B17: this clone's history holds both, and its files are those of both; nothing of the user's is touched."""
        contents = self.record(ours, OURS), self.record(theirs, THEIRS)
        self.record_own(theirs.root, {"code/own.txt": b"own\n", "link or not": b"x"})
        theirs.push()
        before = self.visible(ours.root)

        conflicts = self.pull(self.make(ours.root))
        pushed = self.make(ours.root).push()
        self.pull(self.make(theirs.root))

        assert (tuple(conflicts), pushed) == ((), True)
        for root in (ours.root, theirs.root):
            assert self.make(root).holds(OURS) and self.make(root).holds(THEIRS)
            assert tuple((root / path).read_bytes() for path in (OURS, THEIRS)) == contents
            assert (root / "code" / "own.txt").read_bytes() == b"own\n"
        assert {path: item for path, item in self.visible(ours.root).items() if path in before} == before
        assert self.make(ours.root).fetch() is None and self.make(theirs.root).fetch() is None

    @shared
    def test_b17_a_record_stays_though_somebody_removed_it(self, ours: Backend, theirs: Backend) -> None:
        """B17: the records of both stay, whatever was done, wherever it is merged."""
        content = self.record(ours, OURS)
        self.exchange(ours, theirs)
        self.record_own(theirs.root, {OURS: None})
        self.record(theirs, THEIRS)
        theirs.push()

        self.exchange(ours, theirs)

        for root in (ours.root, theirs.root):
            assert self.make(root).holds(OURS) and (root / OURS).read_bytes() == content
            assert self.make(root).holds(THEIRS)

    @shared
    def test_b17_contradictions_are_named_and_the_records_are_merged(self, ours: Backend, theirs: Backend) -> None:
        """B17: names the files whose changes contradict each other; all else is merged."""
        self.record_own(ours.root, {"shared.txt": b"begin\n"})
        self.exchange(ours, theirs)
        self.record_own(ours.root, {"shared.txt": b"ours\n"})
        self.record_own(theirs.root, {"shared.txt": b"theirs\n", "other.txt": b"other\n"})
        content = self.record(theirs, THEIRS)
        theirs.push()

        conflicts = self.pull(ours)

        assert tuple(conflicts) == ("shared.txt",)
        assert self.make(ours.root).holds(THEIRS) and (ours.root / THEIRS).read_bytes() == content
        assert (ours.root / "other.txt").read_bytes() == b"other\n"

    @shared
    @pytest.mark.parametrize("fault", Fault)
    def test_b17_ended_in_the_middle_it_is_repaired_or_done_again(
        self, ours: Backend, theirs: Backend, fault: Fault, tmp_path: Path
    ) -> None:
        """B17, B8: until then it has happened or it has not; what is left to do where it was ended, `repair` does."""
        number = 0
        names: tuple[str, ...] = ()

        def prepare() -> None:
            nonlocal number, names
            number += 1
            names = tuple(f".dataworkspace/snapshots/{whose}-{number}.json" for whose in ("ours", "theirs"))
            self.pull(theirs)
            self.record(theirs, names[1])
            self.record_own(theirs.root, {"code/own.txt": b"%d\n" % number, f"code/{number - 1}": None, f"code/{number}": b"x"})
            theirs.push()
            self.record(ours, names[0])

        def work() -> None:
            self.pull(self.make(ours.root))

        for where in interruptions(fault, prepare, work, tmp_path / "scratch", most=6):
            opened = self.make(ours.root)
            for stale in opened.stale_files():
                stale.unlink(missing_ok=True)
            opened.repair()
            merged = opened.holds(names[1])
            present = [(ours.root / path).exists() for path in (names[1], f"code/{number}")]
            assert present == [merged, merged], where
            assert (ours.root / "code" / f"{number - 1}").exists() == (not merged and number > 1), where
            assert tuple(self.pull(opened)) == () and opened.push(), where
            assert all(self.make(ours.root).holds(path) for path in names), where
            assert (ours.root / "code" / "own.txt").read_bytes() == b"%d\n" % number, where
            assert (ours.root / "password.txt").read_text() == "secret\n", where
