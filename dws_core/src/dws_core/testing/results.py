"""R6: the results of a snapshot move to a directory of their own."""

from pathlib import Path
from typing import Any

import pytest

from dws_core.plugin import Capability, ResourceType, ResultsMove
from dws_core.testing.content import Content, File
from dws_core.testing.faults import Fault, interruptions
from dws_core.testing.subject import Subject, needs

_STAY = frozenset({"snapshots", "README.md"})
_LINEAGE = b'{"steps": []}\n'
_README: Content = {"README.md": File(b"stays")}


class Results(Subject):
    """What holds for a results resource."""

    @needs(Capability.HOLDS_RESULTS)
    def test_r06_results_move_and_what_stays_stays(self, results: ResourceType[Any], content: Content) -> None:
        """R6: move the results of that version to their directory and write the files beside them."""
        self.write(results, {**content, **_README})
        move = _move("first")
        version = self.take(results, move)

        self.again(results).move_results(version, move)

        assert self.read(results) == {**_README, **_moved(content, move)}

    @needs(Capability.HOLDS_RESULTS)
    def test_r06_the_version_is_that_of_the_content_after_the_move(self, results: ResourceType[Any], content: Content) -> None:
        """R5, R6: right after a snapshot nothing counts as changed."""
        self.write(results, {**content, **_README})
        move = _move("first")
        version = self.take(results, move)
        assert self.read(results) == {**content, **_README}

        self.again(results).move_results(version, move)
        found = self.again(results)

        assert not found.changes_since(version)
        assert self.loose or found.current() == version

    @needs(Capability.HOLDS_RESULTS)
    def test_r06_results_of_earlier_snapshots_stay_where_they_are(self, results: ResourceType[Any]) -> None:
        """Results are additive."""
        moves = _move("first"), _move("second")

        for move, content in zip(moves, self.samples[:2], strict=True):
            self._add(results, content)
            version = self.take(self.again(results), move)
            self.again(results).move_results(version, move)

        assert self.read(results) == {**_moved(self.samples[0], moves[0]), **_moved(self.samples[1], moves[1])}
        assert not self.again(results).changes_since(version)

    @needs(Capability.HOLDS_RESULTS)
    def test_r06_equal_names_in_different_directories_survive(self, results: ResourceType[Any]) -> None:
        """No file overwrites another, however alike their paths are."""
        content: Content = {
            "a/g.txt": File(b"a"),
            "a/b/g.txt": File(b"a b"),
            "g.txt": File(b"top"),
            "a/snapshots/g.txt": File(b"no snapshot of ours"),
            "host-first/g.txt": File(b"a name as our own"),
        }
        self.write(results, content)
        move = _move("first")
        version = self.take(results, move)

        self.again(results).move_results(version, move)

        assert self.read(results) == _moved(content, move)

    @needs(Capability.HOLDS_RESULTS)
    def test_r06_moving_again_changes_nothing(self, results: ResourceType[Any]) -> None:
        """R6: it may be called again."""
        move = _move("first")
        version = self.take(results, move)
        self.again(results).move_results(version, move)

        self.again(results).move_results(version, move)

        assert self.read(results) == _moved(self.samples[0], move)

    @needs(Capability.HOLDS_RESULTS)
    @pytest.mark.parametrize("fault", Fault)
    def test_r06_ended_in_the_middle_it_is_called_again(self, results: ResourceType[Any], fault: Fault, scratch: Path) -> None:
        """R6: it may be called again after it was ended in the middle, with the same result."""
        content = {**self.samples[-2], **_README}
        move = _move("first")
        self.write(results, content)
        version = self.take(results, move)

        for where in interruptions(
            fault,
            lambda: self.write(results, content),
            lambda: self.again(results).move_results(version, move),
            scratch,
        ):
            self.again(results).move_results(version, move)
            assert self.read(results) == {**_README, **_moved(self.samples[-2], move)}, where
            assert not self.again(results).changes_since(version), where

    @needs(Capability.HOLDS_RESULTS)
    def test_r06_what_changed_since_stays_and_what_was_stored_is_moved(self, results: ResourceType[Any]) -> None:
        """R6: what changed since the version was stored stays where it is, and the stored bytes are at the destination."""
        stored: Content = {"changed.txt": File(b"old"), "removed.txt": File(b"gone"), "same.txt": File(b"same")}
        self.write(results, stored)
        move = _move("first")
        version = self.take(results, move)
        self.write(results, {"changed.txt": File(b"new"), "late.txt": File(b"late"), "same.txt": File(b"same")})

        self.again(results).move_results(version, move)

        expected = {"changed.txt": File(b"new"), "late.txt": File(b"late"), **_moved(stored, move)}
        assert self.read(results) == expected

    def _add(self, results: ResourceType[Any], content: Content) -> None:
        snapshots = {path: item for path, item in self.read(results).items() if path.startswith("snapshots/")}
        self.write(results, {**content, **snapshots})


def _move(name: str) -> ResultsMove:
    return ResultsMove(f"snapshots/host-{name}", _STAY, {"lineage.json": _LINEAGE})


def _moved(content: Content, move: ResultsMove) -> Content:
    beside: Content = {path: File(written) for path, written in move.files.items()}
    return {f"{move.destination}/{path}": item for path, item in {**content, **beside}.items()}
