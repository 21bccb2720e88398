"""R15 and R16: what a version needs travels with it, and others' results are brought."""

from pathlib import Path
from typing import Any

import pytest

from dws_core.model.version import Version
from dws_core.objects import ObjectStore
from dws_core.plugin import Capability, ResourceType, ResultsMove
from dws_core.testing.content import Content, EmptyDirectory, File, Link
from dws_core.testing.faults import Fault, interruptions
from dws_core.testing.subject import Subject, needs

_MOVE = ResultsMove("snapshots/host-first", frozenset({"README.md"}), {"lineage.json": b"{}\n"})
_RESULTS: Content = {
    "plots/a.png": File(b"a plot"),
    "tool": File(b"#!/bin/sh\n", executable=True),
    "new\nline": File(b"a name of two lines"),
    "link": Link("plots/a.png"),
    "empty": EmptyDirectory(),
}
_MOVED: Content = {
    **{f"{_MOVE.destination}/{path}": item for path, item in _RESULTS.items()},
    f"{_MOVE.destination}/lineage.json": File(b"{}\n"),
}
_README: Content = {"README.md": File(b"about")}
_BROUGHT_OTHERWISE = (Capability.IN_HISTORY, Capability.REMOTE)


class Travelling(Subject):
    """What holds for versions that other clones recorded."""

    def test_r15_only_what_the_version_names_is_needed(self, subject: ResourceType[Any], content: Content) -> None:
        """R15: what keeps an object alive, and what travels, is a name in the version."""
        self.write(subject, content)
        version = self.take(subject)

        assert self.again(subject).needs(version) <= version.named_ids

    @needs(Capability.RESTORABLE)
    def test_r15_what_is_needed_suffices(self, subject: ResourceType[Any], content: Content) -> None:
        """R15: where the object store holds nothing else, the version comes back all the same."""
        self.write(subject, content)
        version = self.take(subject)
        self.write(subject, next(each for each in self.samples if each != content))
        self.take(self.again(subject))
        objects = self.context(subject.context.root).objects
        assert isinstance(objects, ObjectStore)

        objects.remove(objects.waste((bytes.fromhex(each) for each in subject.needs(version)), ()))
        self.again(subject).restore(version)

        assert self.read(subject) == content

    @needs(Capability.HOLDS_RESULTS, without=_BROUGHT_OTHERWISE)
    def test_r16_results_of_another_clone_are_brought(self, results: ResourceType[Any]) -> None:
        """R16: bring the directory of a recorded version's results, and nothing else."""
        version = self._take_results(results)
        self.write(results, {"mine": File(b"of this clone")})

        brought = self.again(results).add_results(version, _MOVE.destination)

        assert brought
        assert self.read(results) == {"mine": File(b"of this clone"), **_MOVED}

    @needs(Capability.HOLDS_RESULTS, without=_BROUGHT_OTHERWISE)
    def test_r16_what_lies_there_stays(self, results: ResourceType[Any]) -> None:
        """R16: where something lies there already, nothing is changed."""
        version = self._take_results(results)
        there: Content = {f"{_MOVE.destination}/notes": File(b"of this clone")}
        self.write(results, there)

        brought = self.again(results).add_results(version, _MOVE.destination)

        assert not brought
        assert self.read(results) == there

    @needs(Capability.HOLDS_RESULTS, without=_BROUGHT_OTHERWISE)
    def test_r16_a_directory_that_the_version_does_not_hold_is_not_brought(self, results: ResourceType[Any]) -> None:
        """R16: it tells that nothing was."""
        version = self._take_results(results)
        before = self.read(results)

        assert not self.again(results).add_results(version, "snapshots/host-other")
        assert self.read(results) == before

    @needs(Capability.HOLDS_RESULTS, without=_BROUGHT_OTHERWISE)
    @pytest.mark.parametrize("fault", Fault)
    def test_r16_ended_in_the_middle_it_is_called_again(self, results: ResourceType[Any], fault: Fault, scratch: Path) -> None:
        """R16: the directory is there whole or not at all, so that calling it again brings it."""
        version = self._take_results(results)

        for where in interruptions(
            fault,
            lambda: self.write(results, _README),
            lambda: self.again(results).add_results(version, _MOVE.destination),
            scratch,
        ):
            halfway = {path for path in self.read(results) if path.startswith(_MOVE.destination + "/")}
            assert halfway in (set(), set(_MOVED)), where
            self.again(results).add_results(version, _MOVE.destination)
            assert self.read(results) == {**_README, **_MOVED}, where

    def _take_results(self, results: ResourceType[Any]) -> Version:
        """Record results as another clone would, moved to the directory of their snapshot."""
        self.write(results, {**_RESULTS, **_README})
        version = self.take(results, _MOVE)
        self.again(results).move_results(version, _MOVE)
        return version
