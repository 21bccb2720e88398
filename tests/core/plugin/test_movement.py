"""The move of results: whole, repeatable, overwriting nothing."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from dws_core.builtin.local_files.resource_type import LocalFiles
from dws_core.builtin.local_files.settings import LocalFilesSettings
from dws_core.errors import EntryTakenError, PathRefusedError
from dws_core.model.resource import Resource
from dws_core.model.role import Role
from dws_core.plugin import ResultsMove
from dws_core.testing.content import Content, EmptyDirectory, File, Link, read_directory, write_directory
from dws_core.testing.context import make_context

_RESULTS: Content = {
    "results.json": File(b"{}"),
    "tool": File(b"#!", executable=True),
    "latest": Link("results.json"),
    "logs": EmptyDirectory(),
    "plots/a.png": File(b"a"),
    "plots/more/b.png": File(b"b"),
    "plots/none": EmptyDirectory(),
    "README.md": File(b"stays"),
    "snapshots/old/results.json": File(b"old"),
}
_MOVE = ResultsMove("snapshots/host-tag", frozenset({"README.md"}), {"lineage.json": b"{}\n"})
_MOVING = {path: item for path, item in _RESULTS.items() if path != "README.md" and not path.startswith("snapshots/")}
_STAYING = {path: item for path, item in _RESULTS.items() if path not in _MOVING}
_AT_DESTINATION: Content = {
    **{f"snapshots/host-tag/{path}": item for path, item in _MOVING.items()},
    "snapshots/host-tag/lineage.json": File(b"{}\n"),
}
_MOVED: Content = {**_STAYING, **_AT_DESTINATION}


@pytest.fixture
def results(tmp_path: Path) -> LocalFiles:
    """A results resource that holds results."""
    write_directory(tmp_path / "results", _RESULTS)
    resource = Resource("results", Role.RESULTS, "local-files", "dws-core", {"local_path": "results"}, "2026-01-01T00:00:00Z")
    return LocalFiles(resource, LocalFilesSettings("results"), make_context(tmp_path))


def test_results_move_as_they_are(results: LocalFiles) -> None:
    """Every kind of thing arrives as it was, what stays stays, and the version is that of the result."""
    version = results.snapshot(_MOVE)
    assert read_directory(results.local_path) == _RESULTS

    results.move_results(version, _MOVE)

    assert read_directory(results.local_path) == _MOVED
    assert results.current() == version


def test_a_directory_moves_in_one_step(results: LocalFiles) -> None:
    """An unchanged directory is renamed, so whoever has a file in it open goes on with it."""
    inode = (results.local_path / "plots").stat().st_ino
    version = results.snapshot(_MOVE)

    results.move_results(version, _MOVE)

    assert (results.local_path / "snapshots" / "host-tag" / "plots").stat().st_ino == inode


def test_moving_again_changes_nothing(results: LocalFiles) -> None:
    """A move that is complete may be asked for again."""
    version = results.snapshot(_MOVE)
    results.move_results(version, _MOVE)
    results.move_results(version, _MOVE)

    assert read_directory(results.local_path) == _MOVED


def _change(top: Path) -> None:
    (top / "results.json").write_bytes(b"[]")


def _change_below(top: Path) -> None:
    (top / "plots" / "more" / "b.png").write_bytes(b"B")


def _add(top: Path) -> None:
    (top / "plots" / "new.png").write_bytes(b"new")


def _remove(top: Path) -> None:
    (top / "plots" / "a.png").unlink()


def _fill(top: Path) -> None:
    (top / "logs" / "log").write_bytes(b"log")


def _make_executable(top: Path) -> None:
    (top / "results.json").chmod(0o755)


def _turn_link(top: Path) -> None:
    (top / "latest").unlink()
    (top / "latest").symlink_to("tool")


def _replace_by_link(top: Path) -> None:
    (top / "plots").rename(top.parent / "elsewhere")
    (top / "plots").symlink_to(top.parent / "elsewhere")


_EDITS: dict[Callable[[Path], None], Content] = {
    _change: {"results.json": File(b"[]")},
    _change_below: {"plots/more/b.png": File(b"B")},
    _add: {"plots/new.png": File(b"new")},
    _remove: {},
    _fill: {"logs/log": File(b"log")},
    _make_executable: {"results.json": File(b"{}", executable=True)},
    _turn_link: {"latest": Link("tool")},
}


@pytest.mark.parametrize("edit", _EDITS)
def test_what_changed_since_stays_and_the_recorded_bytes_arrive(results: LocalFiles, edit: Callable[[Path], None]) -> None:
    """Nothing newer is taken away, and the destination is exactly what was recorded."""
    version = results.snapshot(_MOVE)
    edit(results.local_path)

    results.move_results(version, _MOVE)

    assert read_directory(results.local_path) == {**_MOVED, **_EDITS[edit]}


def test_a_symlink_that_took_a_directory_s_place_is_not_followed(results: LocalFiles) -> None:
    """What lies behind a symlink is not ours to move."""
    version = results.snapshot(_MOVE)
    _replace_by_link(results.local_path)

    results.move_results(version, _MOVE)

    elsewhere = results.local_path.parent / "elsewhere"
    assert read_directory(results.local_path) == {**_MOVED, "plots": Link(str(elsewhere))}
    assert (elsewhere / "a.png").read_bytes() == b"a"


@pytest.mark.parametrize("count", range(8))
def test_a_move_ended_anywhere_is_completed(results: LocalFiles, count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """After any number of renames the move may end, and be called again with the same result."""
    version = results.snapshot(_MOVE)
    (results.local_path / "plots" / "new.png").write_bytes(b"new")
    _end_after(count, monkeypatch)

    with pytest.raises(KeyboardInterrupt):
        results.move_results(version, _MOVE)
    monkeypatch.undo()
    results.move_results(version, _MOVE)

    assert read_directory(results.local_path) == {**_MOVED, "plots/new.png": File(b"new")}


def _end_after(count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    real, left = os.rename, [count]

    def rename(source: str, target: str, *, src_dir_fd: int | None = None, dst_dir_fd: int | None = None) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise KeyboardInterrupt
        real(source, target, src_dir_fd=src_dir_fd, dst_dir_fd=dst_dir_fd)

    monkeypatch.setattr(os, "rename", rename)


def test_what_lies_at_the_destination_is_never_overwritten(results: LocalFiles) -> None:
    """Something else at the destination stays, and so does the result that could not go there."""
    version = results.snapshot(_MOVE)
    taken = results.local_path / "snapshots" / "host-tag" / "results.json"
    taken.parent.mkdir(parents=True)
    taken.write_bytes(b"theirs")

    results.move_results(version, _MOVE)

    assert taken.read_bytes() == b"theirs"
    assert (results.local_path / "results.json").read_bytes() == b"{}"


def test_a_destination_behind_a_symlink_is_refused_before_the_snapshot(results: LocalFiles, tmp_path: Path) -> None:
    """A snapshot whose results could not move is not taken."""
    move = ResultsMove("elsewhere/host-tag")
    (results.local_path / "elsewhere").symlink_to(tmp_path)

    with pytest.raises(EntryTakenError):
        results.snapshot(move)


def test_a_symlink_on_the_way_to_the_destination_is_refused(results: LocalFiles, tmp_path: Path) -> None:
    """Nothing is moved out of the resource, also where the symlink came after the snapshot."""
    version = results.snapshot(_MOVE)
    (tmp_path / "outside").mkdir()
    (results.local_path / "snapshots").rename(tmp_path / "snapshots")
    (results.local_path / "snapshots").symlink_to(tmp_path / "outside")

    with pytest.raises(PathRefusedError, match="snapshots"):
        results.move_results(version, _MOVE)
    assert not list((tmp_path / "outside").iterdir())


def test_a_file_named_as_a_written_one_stays(results: LocalFiles) -> None:
    """A user's own `lineage.json` neither stops the snapshot nor is lost."""
    (results.local_path / "lineage.json").write_bytes(b"mine")
    version = results.snapshot(_MOVE)

    results.move_results(version, _MOVE)

    assert read_directory(results.local_path) == {**_MOVED, "lineage.json": File(b"mine")}
    assert results.current() == version


def test_files_under_similar_names_do_not_overwrite_each_other(results: LocalFiles) -> None:
    """`a/g.txt` and `a/b/g.txt` both arrive."""
    write_directory(results.local_path, {"a/g.txt": File(b"1"), "a/b/g.txt": File(b"2"), "g.txt": File(b"3")})
    version = results.snapshot(_MOVE)

    results.move_results(version, _MOVE)

    found = read_directory(results.local_path)
    assert {path.removeprefix("snapshots/host-tag/"): item for path, item in found.items()} == {
        "a/g.txt": File(b"1"),
        "a/b/g.txt": File(b"2"),
        "g.txt": File(b"3"),
        "lineage.json": File(b"{}\n"),
    }
