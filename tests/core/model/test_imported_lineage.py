"""Lineage from other workspaces, as a noun: what it keeps, and where it ends."""

from dws_core.model.lineage import MAX_WORKSPACES, ImportedLineage, Lineage
from dws_core.model.role import Role
from dws_core.model.step import Edge, ResourceRef, State, Step


def step(number: int, *, reads: str, writes: str) -> Step:
    return Step(
        id=f"s{number}",
        name=f"step{number}",
        start=f"2026-01-01T00:00:{number:02}.000000Z",
        state=State.COMPLETE,
        inputs=(Edge(ResourceRef.of(reads), "v"),),
        outputs=(Edge(ResourceRef.of(writes), "w"),),
    )


def imported(lineage: Lineage) -> ImportedLineage:
    return ImportedLineage("0a", "elsewhere", "data", {"data": Role.RESULTS}, lineage)


def through(workspaces: int) -> Lineage:
    """A lineage that came through so many workspaces, each of which reads what the one before wrote."""
    graph = Lineage((step(0, reads="raw", writes="data"),))
    for number in range(1, workspaces + 1):
        graph = Lineage((step(number, reads="data", writes="data:out"),), {"data": imported(graph)})
    return graph


def depth(lineage: Lineage) -> int:
    return 1 + max((depth(each.lineage) for each in lineage.imported.values()), default=-1)


def test_it_comes_back_from_json_as_it_was() -> None:
    graph = Lineage(through(3).steps, {"a": imported(through(2)), "b": ImportedLineage.unknown("nobody knows")})

    assert Lineage.from_json(graph.to_json()) == graph


def test_without_any_a_graph_is_written_as_ever() -> None:
    """Records of before keep their bytes, and so their ids."""
    assert through(0).to_json().keys() == {"steps"}


def test_only_what_was_read_goes_with_a_part_of_a_graph() -> None:
    steps = (step(1, reads="data", writes="wanted"), step(2, reads="more", writes="beside"))
    graph = Lineage(steps, {"data": imported(Lineage()), "more": imported(Lineage())})

    assert graph.writing(["wanted"]).about(["wanted"]).imported.keys() == {"data"}
    assert graph.current().observed(lambda step, edge: False).without_outputs(["beside"]).imported == graph.imported


def test_imported_steps_are_nobodys_producers() -> None:
    """A resource of the same name in another workspace is another resource."""
    reader = step(2, reads="data", writes="results")
    graph = Lineage((reader,), {"data": imported(Lineage((step(1, reads="raw", writes="data"),)))})

    assert graph.producers(reader) == ()
    assert graph.current().steps == (reader,)


def test_what_came_from_too_far_is_left_out_and_that_is_said() -> None:
    """A chain may go on for ever: what each workspace carries on stays readable."""
    graph = through(0)
    for number in range(1, 3 * MAX_WORKSPACES):
        graph = Lineage((step(number, reads="data", writes="data:out"),), {"data": imported(graph)}).carried_on()
        assert Lineage.from_json(graph.to_json()) == graph

    innermost = graph
    while innermost.imported:
        last, innermost = innermost.imported["data"], innermost.imported["data"].lineage
    assert depth(graph) == MAX_WORKSPACES + 1
    assert "more than 16 workspaces" in last.problem
