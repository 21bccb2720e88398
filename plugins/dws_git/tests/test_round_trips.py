"""Random trees with awkward names, edited at random, come back with every byte, mode and link."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dws_core.plugin import Commit, ResourceType
from dws_core.testing import Content, EmptyDirectory, File, Item, Link, read_directory, write_directory
from dws_git.backend import GitBackend
from dws_git.resource_type import GitResource
from dws_git.subdirectory import GitSubdirectory

_NAMES = st.sampled_from(
    [
        "a",
        "b",
        "a b",
        "-n",
        "--",
        "q\"u'o",
        "new\nline",
        "tab\t",
        "caf\u00e9",
        "cafe\u0301",
        "\u4e16",
        "by\udcffte",
        "back\\s",
        "*",
        ":x",
        "x" * 200,
    ]
)
_PATHS = st.lists(_NAMES, min_size=1, max_size=3).map("/".join)
_BYTES = st.one_of(st.binary(max_size=40), st.sampled_from([b"", b"a\r\nb\n", b"\0" * 9000, b"$Id$\n", bytes(range(256))]))
_ITEMS: st.SearchStrategy[Item] = st.one_of(
    st.builds(File, _BYTES, st.booleans()),
    st.builds(Link, st.sampled_from(["a", "../..", "/nowhere", "a b/c", "by\udcffte"])),
    st.just(EmptyDirectory()),
)


def _without_clashes(found: dict[str, Item]) -> Content:
    """Leave out what would lie in a file, a link or an empty directory."""
    return {path: item for path, item in found.items() if not any(path.startswith(other + "/") for other in found)}


_CONTENTS = st.dictionaries(_PATHS, _ITEMS, max_size=8).map(_without_clashes)
_HOUSE = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def _check(
    open_it: Callable[[], ResourceType[Any]], place: Path, contents: list[Content], record: Callable[[Any, Any], None]
) -> None:
    versions = []
    for content in contents:
        write_directory(place, content, keep={".git"})
        opened = open_it()
        versions.append(opened.snapshot())
        record(opened, versions[-1])
        assert open_it().current() == versions[-1] and not open_it().changes_since(versions[-1])
    for version, content in zip(versions, contents, strict=True):
        open_it().restore(version)
        assert read_directory(place, keep={".git"}) == content
        assert open_it().current() == version
    for old, before in zip(versions, contents, strict=True):
        for new, after in zip(versions, contents, strict=True):
            changes = open_it().compare(old, new)
            assert bool(changes) == (before != after)
            assert set(changes.changed) == {path for path in before.keys() & after.keys() if before[path] != after[path]}


@_HOUSE
@given(contents=st.lists(_CONTENTS, min_size=2, max_size=3))
def test_a_directory_of_the_workspace_comes_back(
    contents: list[Content], root: Path, backend: GitBackend, subdirectory: Callable[..., GitSubdirectory]
) -> None:
    """git-subdirectory: whatever was recorded, in any order."""
    place = root / "code"

    def record(opened: Any, version: Any) -> None:
        backend.commit(Commit("Record one", (), [(opened.resource, version)]))

    _check(subdirectory, place, contents, record)


@_HOUSE
@given(contents=st.lists(_CONTENTS, min_size=2, max_size=3))
def test_a_repository_of_its_own_comes_back(
    contents: list[Content], source: Path, repository: Callable[..., GitResource]
) -> None:
    """git: whatever was recorded, committed or not."""
    _check(repository, source, contents, lambda opened, version: None)
