"""What a step is seen to read and write: which edges stand for it."""

from collections.abc import Iterable

from dws_core.lineage.observed import MANY, MOST, Observed
from dws_core.model.step import Edge, Known, ResourceRef


def seen(paths: Iterable[str], origin: str = "") -> Observed:
    """Observe files, each of which has its path as its version."""
    observed = Observed()
    for path in paths:
        observed.add(ResourceRef("data", path), origin, lambda found: f"version of {found}")
    return observed


def subpaths(observed: Observed) -> list[str]:
    return sorted(edge.ref.subpath for edge in observed.edges())


def test_each_file_is_an_edge_with_its_version() -> None:
    observed = seen(["a/1.csv", "b/2.csv", "a/1.csv"])

    assert sorted(observed.edges(), key=lambda edge: edge.ref) == [
        Edge(ResourceRef("data", "a/1.csv"), "version of a/1.csv", Known.OBSERVED),
        Edge(ResourceRef("data", "b/2.csv"), "version of b/2.csv", Known.OBSERVED),
    ]


def test_many_files_of_one_directory_are_that_directory() -> None:
    """As many as are allowed are files; one more, and the directory stands for them, and for those that follow."""
    at_the_limit = seen(f"a/{number}" for number in range(MANY))
    beyond = seen(f"a/{number}" for number in range(MANY + 100))

    assert len(subpaths(at_the_limit)) == MANY
    assert beyond.edges() == (Edge(ResourceRef("data", "a"), "version of a", Known.OBSERVED),)


def test_the_innermost_directory_stands_for_what_lies_in_it() -> None:
    observed = seen([*(f"a/b/{number}" for number in range(MANY + 1)), "a/c", "d/e"])

    assert subpaths(observed) == ["a/b", "a/c", "d/e"]


def test_many_directories_with_one_file_each_are_the_directory_that_holds_them() -> None:
    assert subpaths(seen(f"parts/day={number}/part.0" for number in range(MANY + 1))) == ["parts"]


def test_files_beside_one_another_at_the_top_may_be_more_before_they_are_the_whole_resource() -> None:
    some = seen(f"{top}/{number}" for top in range(5) for number in range(MANY))
    many = seen(f"{number}.csv" for number in range(MOST + 1))

    assert len(subpaths(some)) == 5 * MANY
    assert subpaths(many) == [""]


def test_what_has_no_version_of_its_own_is_the_whole_resource() -> None:
    """The type tells one only of the resource as a whole."""
    observed = Observed()

    for path in ("a", "b"):
        observed.add(ResourceRef("data", path), "", lambda found: None if found else "version of all")

    assert observed.edges() == (Edge(ResourceRef("data"), "version of all", Known.OBSERVED),)


def test_a_file_read_now_and_as_it_was_has_an_edge_for_each_version() -> None:
    observed = seen(["a"])

    observed.add(ResourceRef("data", "a"), "snapshot", lambda found: "older")
    observed.add(ResourceRef("data", "b"), "snapshot", lambda found: "version of b")
    observed.add(ResourceRef("data", "b"), "", lambda found: "version of b")

    assert sorted((edge.ref.subpath, str(edge.version)) for edge in observed.edges()) == [
        ("a", "older"),
        ("a", "version of a"),
        ("b", "version of b"),
    ]


def test_versions_are_asked_for_only_where_they_are_news() -> None:
    asked: list[str] = []
    observed = Observed()

    def identify(path: str) -> str:
        asked.append(path)
        return "version"

    for number in range(100 * MANY):
        observed.add(ResourceRef("data", f"a/{number}"), "", identify)

    assert len(asked) == MANY + 1


def test_what_is_forgotten_counts_no_more() -> None:
    observed = Observed()
    for number in range(10 * MANY):
        observed.add(ResourceRef("data", f"scratch/{number}"))
        observed.discard(ResourceRef("data", f"scratch/{number}"))

    assert observed.edges() == ()
