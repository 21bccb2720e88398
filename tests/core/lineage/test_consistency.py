"""The two rules, on graphs."""

import pytest

from dws_core.errors import InconsistentStepError, OverlappingOutputsError, TwoVersionsError
from dws_core.lineage.consistency import check_lineage, check_step
from dws_core.model.lineage import Lineage
from dws_core.model.step import Edge, ResourceRef, State, Step


def step(name: str, second: int, reads: dict[str, str | None], writes: dict[str, str | None], problem: str = "") -> Step:
    def edges(refs: dict[str, str | None]) -> tuple[Edge, ...]:
        return tuple(Edge(ResourceRef.of(ref), version) for ref, version in refs.items())

    start = f"2026-01-01T00:00:{second:02}.000000Z"
    return Step(f"id{second}", name, start, State.COMPLETE, inputs=edges(reads), outputs=edges(writes), problem=problem)


def test_a_part_of_what_an_independent_step_wrote_is_not_written() -> None:
    """The error names both steps and both refs."""
    first = step("clean", 1, {}, {"between": "b"})
    second = step("train", 2, {}, {"between:models": None})

    with pytest.raises(OverlappingOutputsError, match=r"'train' writes between:models, which overlaps between, .*'clean'"):
        check_step(Lineage.of([first, second]), second)


@pytest.mark.parametrize(
    "second",
    [
        step("train", 2, {"between": "b"}, {"between:models": None}),
        step("train", 2, {}, {"between": None}),
        step("train", 2, {}, {"elsewhere": None}),
        step("clean", 2, {}, {"between:models": None}),
    ],
    ids=["it depends on the other", "it writes all of it anew", "it writes elsewhere", "it is a run of the same step"],
)
def test_what_is_no_contradiction_is_allowed(second: Step) -> None:
    check_lineage(Lineage.of([step("clean", 1, {}, {"between": "b"}), second]))


def test_two_versions_of_one_input_are_refused_with_the_ways_they_came() -> None:
    first = step("clean", 1, {"source": "1111111111"}, {"between": "b"})
    second = step("train", 2, {"between": "b", "source": "2222222222"}, {"results": None})

    with pytest.raises(TwoVersionsError, match="'train' depends on 2 versions of source: 22222222, 11111111") as caught:
        check_step(Lineage.of([first, second]), second)

    assert "clean: 11111111" in caught.value.message


def test_two_versions_by_two_branches_are_refused() -> None:
    left = step("left", 1, {"source": "1"}, {"between:left": "l"})
    right = step("right", 2, {"source": "2"}, {"between:right": "r"})
    join = step("join", 3, {"between:left": "l", "between:right": "r"}, {"results": None})

    with pytest.raises(TwoVersionsError, match=r"left: 1; right: 2|right: 2; left: 1"):
        check_step(Lineage.of([left, right, join]), join)


def test_a_version_that_is_unknown_contradicts_nothing() -> None:
    first = step("clean", 1, {"source": None}, {"between": None})
    second = step("train", 2, {"between": None, "source": "2"}, {"results": None})

    check_step(Lineage.of([first, second]), second)


def test_going_on_from_what_one_wrote_before_is_no_contradiction() -> None:
    """A step that reads and renews its own model, run again and again."""
    runs = [step("learn", each, {"model": f"m{each}"}, {"model": f"m{each + 1}"}) for each in range(1, 5)]
    use = step("use", 9, {"model": "m5"}, {"results": None})

    check_lineage(Lineage.of([*runs, use]))


def test_a_step_that_was_marked_is_refused_by_name() -> None:
    with pytest.raises(InconsistentStepError, match="'train' is inconsistent: it read elsewhere"):
        check_lineage(Lineage.of([step("train", 1, {}, {"results": "r"}, problem="it read elsewhere")]))
