"""The graph of steps: who wrote what is read, what still counts, and what a stranger may not write into it."""

from typing import Any

import pytest

from dws_core.errors import InvalidNameError, PathRefusedError
from dws_core.model.lineage import MAX_STEPS, Lineage
from dws_core.model.step import Edge, ResourceRef, State, Step


def edges(refs: dict[str, str | None]) -> tuple[Edge, ...]:
    return tuple(Edge(ResourceRef.of(ref), version) for ref, version in refs.items())


def step(number: int, *, reads: dict[str, str | None] | None = None, writes: dict[str, str | None] | None = None) -> Step:
    return Step(
        id=f"s{number}",
        name=f"step{number}",
        start=f"2026-01-01T00:00:{number:02}.000000Z",
        state=State.COMPLETE,
        inputs=edges(reads or {}),
        outputs=edges(writes or {}),
    )


def ids(steps: Any) -> list[str]:
    return [each.id for each in steps]


@pytest.mark.parametrize(
    ("one", "other", "overlap"),
    [
        ("a", "a", True),
        ("a", "a:x", True),
        ("a:x", "a:x/y", True),
        ("a:x", "a:xy", False),
        ("a", "b", False),
        ("a:x", "a:y", False),
    ],
)
def test_refs_overlap_where_one_holds_the_other(one: str, other: str, overlap: bool) -> None:
    first, second = ResourceRef.of(one), ResourceRef.of(other)

    assert first.overlaps(second) is overlap
    assert second.overlaps(first) is overlap
    assert str(first) == one


@pytest.mark.parametrize("text", ["a:../b", "a:/../x", "a:x//y", "a:.git/config", "a:x/./y", "a:" + "x/" * 3000 + "x"])
def test_a_ref_never_leads_out_of_its_resource(text: str) -> None:
    with pytest.raises(PathRefusedError):
        ResourceRef.of(text)


def test_a_ref_made_by_hand_is_checked_like_any_other() -> None:
    with pytest.raises(PathRefusedError):
        ResourceRef("a", "../b")
    with pytest.raises(InvalidNameError):
        ResourceRef("../a")


def test_a_pipeline_is_followed_through_what_lies_between() -> None:
    """Results come from a step that read what another step wrote, which read what a third wrote."""
    first = step(1, reads={"source": "v1"}, writes={"between:a": "a1"})
    second = step(2, reads={"between:a": "a1"}, writes={"between:b": "b1"})
    third = step(3, reads={"between:b": "b1"}, writes={"results": "r1"})
    other = step(4, reads={"source": "v1"}, writes={"elsewhere": "e1"})

    graph = Lineage.of([third, other, first, second])

    assert ids(graph.origins(third)) == ["s1", "s2"]
    assert ids(graph.writing(["results"]).steps) == ["s1", "s2", "s3"]


def test_a_later_run_takes_the_place_of_an_earlier_one_that_nothing_depends_on() -> None:
    runs = [step(number, writes={"results": f"r{number}"}) for number in range(1, 4)]

    assert ids(Lineage.of(runs).current().steps) == ["s3"]


def test_what_a_result_came_from_stays_when_it_is_written_anew() -> None:
    old = step(1, writes={"between": "b1"})
    result = step(2, reads={"between": "b1"}, writes={"results": "r"})
    new = step(3, writes={"between": "b2"})

    graph = Lineage.of([old, result, new]).current()

    assert ids(graph.steps) == ["s1", "s2", "s3"]
    assert ids(graph.producers(result)) == ["s1"]


def test_a_part_written_anew_leaves_the_rest_to_the_step_that_wrote_it() -> None:
    whole = step(1, writes={"between": "b1"})
    part = step(2, reads={"between": "b1"}, writes={"between:part": "p"})
    reader = step(3, reads={"between": "b2"})

    graph = Lineage.of([whole, part, reader])

    assert ids(graph.current().steps) == ["s1", "s2"]
    assert sorted(ids(graph.producers(reader))) == ["s1", "s2"]


def test_an_input_that_was_read_late_is_known_by_its_version() -> None:
    """A notebook begins its step, another step writes, and then the notebook reads what that one wrote."""
    notebook = step(1, reads={"between": "b2"}, writes={"results": "r"})
    writer = step(2, writes={"between": "b2"})

    assert ids(Lineage.of([notebook, writer]).producers(notebook)) == ["s2"]


def test_a_run_that_gave_the_same_again_is_not_what_was_read_before() -> None:
    first = step(1, reads={"source": "v1"}, writes={"between": "same"})
    reader = step(2, reads={"between": "same"}, writes={"results": "r"})
    again = step(3, reads={"source": "v2"}, writes={"between": "same"})

    assert ids(Lineage.of([first, reader, again]).producers(reader)) == ["s1"]


def test_only_what_the_last_writer_left_can_have_changed_since() -> None:
    old = step(1, writes={"between": "b1"})
    new = step(2, reads={"between": "b1"}, writes={"between": "b2"})

    seen = Lineage.of([old, new]).observed(lambda step, edge: False)

    assert [each.outputs[0].version for each in seen.steps] == ["b1", None]


def test_a_step_keeps_what_others_read_when_the_rest_is_forgotten() -> None:
    writer = step(1, writes={"between": "b", "results": "r"})
    reader = step(2, reads={"between": "b"}, writes={"wanted": "w"})

    kept = Lineage.of([writer, reader]).about(["wanted"])

    assert [[str(edge.ref) for edge in each.outputs] for each in kept.steps] == [["between"], ["wanted"]]


def test_a_graph_comes_back_from_json_as_it_was() -> None:
    graph = Lineage.of([step(1, reads={"a": None}, writes={"b:x/y": "v"}), step(2, reads={"b": "w"})])

    assert Lineage.from_json(graph.to_json()) == graph


def hostile(**changes: Any) -> Any:
    good: Any = step(1, reads={"a": "v"}, writes={"b": "w"}).to_json()
    return {"steps": [{**good, **changes}]}


@pytest.mark.parametrize(
    "value",
    [
        {"steps": {}},
        {"steps": ["x"]},
        {"steps": [{}] * (MAX_STEPS + 1)},
        hostile(id="../../x"),
        hostile(state="perhaps"),
        hostile(duration="long"),
        hostile(duration=True),
        hostile(run_description=3),
        hostile(parameters=[]),
        hostile(command_line=[1]),
        hostile(inputs=[{"resource": "../x", "subpath": "", "version": "v", "known": "declared"}]),
        hostile(outputs=[{"resource": "x", "subpath": "../..", "version": "v", "known": "declared"}]),
        hostile(outputs=[{"resource": "x", "subpath": "", "version": 3, "known": "declared"}]),
        hostile(outputs=[{"resource": "x", "subpath": "", "version": "v", "known": "guessed"}]),
        hostile(code=[{"resource": "x", "subpath": ".dataworkspace/local", "version": "v", "known": "declared"}]),
    ],
)
def test_what_makes_no_sense_is_refused(value: Any) -> None:
    """A lineage file may come from a stranger."""
    with pytest.raises(ValueError, match=r"\S"):
        Lineage.from_json(value)


def test_steps_that_depend_on_one_another_in_a_circle_end() -> None:
    """A stranger's file may say anything."""
    one = step(1, reads={"b": "v"}, writes={"a": "v"})
    other = step(2, reads={"a": "v"}, writes={"b": "v"})
    graph = Lineage.of([one, other])

    assert sorted(ids(graph.origins(one))) == ["s1", "s2"]
    assert ids(graph.current().steps) == ["s1", "s2"]
