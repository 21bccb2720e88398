"""What git-lfs keeps of the workspace's directories goes with the workspace, and comes back byte for byte without any store."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from dws_core.errors import DamagedObjectError, DwsError
from dws_core.model.codec import Json
from dws_core.model.role import Role
from dws_core.model.version import Version
from dws_core.plugin import Commit, ResultsMove
from dws_core.testing import make_context
from dws_git.backend import GitBackend
from dws_git.content import Move, store
from dws_git.conversion import converted
from dws_git.errors import MissingLargeFileError
from dws_git.hashing import hash_file
from dws_git.listing import Item
from dws_git.settings import GitBackendSettings
from dws_git.subdirectory import GitSubdirectory
from plugins.dws_git.tests.team import Team

Git = Callable[..., str]
Open = Callable[..., GitSubdirectory]

pytestmark = pytest.mark.skipif(shutil.which("git-lfs") is None, reason="needs lfs: sudo apt-get install git-lfs")

LARGE = bytes(range(256)) * 40


@pytest.fixture
def large(root: Path, backend: GitBackend, subdirectory: Open) -> GitSubdirectory:
    """A directory with a file that git-lfs keeps, a small one, and an empty directory."""
    backend.set_up(GitBackendSettings(("*.bin",)))
    code = subdirectory()
    (root / "code" / "a.bin").write_bytes(LARGE)
    (root / "code" / "a.py").write_text("print()\n")
    (root / "code" / "empty").mkdir()
    (root / ".dataworkspace" / "workspace.json").write_text("{}\n")
    return code


@pytest.fixture
def origin(tmp_path: Path, git: Git) -> Path:
    """Where the workspace is shared, with what git-lfs keeps of it."""
    origin = tmp_path / "origin.git"
    git(tmp_path, "init", "-q", "--bare", str(origin))
    return origin


def record(backend: GitBackend, resource: GitSubdirectory) -> Version:
    version = resource.snapshot()
    paths = (".gitattributes", ".dataworkspace/workspace.json")
    backend.commit(Commit("Record one", paths, [(resource.resource, version)]))
    return version


def share(backend: GitBackend, origin: Path) -> None:
    if backend.origin is None:
        backend.publish(str(origin))
    assert backend.push()


def elsewhere(team: Team, origin: Path, subdirectory: Open) -> GitSubdirectory:
    """The same directory in another clone, whose object store holds nothing."""
    there = team.clone(origin).root
    opened = subdirectory(root=there)
    opened.context = replace(make_context(there, "code"), clone="f" * 32)
    return opened


def files(directory: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in directory.iterdir() if path.is_file()}


def test_nothing_of_it_has_to_go_to_a_store(backend: GitBackend, large: GitSubdirectory) -> None:
    """Empty directories are told of in the version itself."""
    version = record(backend, large)

    assert large.needs(version) == frozenset() and not large.verify(version)
    assert version == large.current()


def test_another_clone_fetches_what_it_restores(
    root: Path, backend: GitBackend, large: GitSubdirectory, subdirectory: Open, team: Team, origin: Path
) -> None:
    """An older state comes from git-lfs when it is asked for, with empty files and directories, and executable as it was."""
    (root / "code" / "a.bin").chmod(0o755)
    (root / "code" / "none.bin").touch()
    older = record(backend, large)
    (root / "code" / "a.bin").write_bytes(LARGE[::-1])
    newer = record(backend, large)
    share(backend, origin)
    other = elsewhere(team, origin, subdirectory)
    (root / "code" / "a.bin").write_bytes(LARGE)
    (other.local_path / "empty").mkdir()
    seen = other.current()

    plan = other.plan(older)
    restored = other.restore(older)

    assert seen == newer and restored == older and plan.bytes == len(LARGE)
    assert files(other.local_path) == files(root / "code") and (other.local_path / "a.bin").stat().st_mode & 0o100
    with other.open(newer, "a.bin") as content:
        assert content.read() == LARGE[::-1]
    assert other.changes_since(newer).changed == ("a.bin",) and not other.verify(older)


def test_content_that_does_not_come_changes_nothing_and_is_named(
    backend: GitBackend, large: GitSubdirectory, subdirectory: Open, team: Team, origin: Path
) -> None:
    """A plan is an error already."""
    older = record(backend, large)
    (large.local_path / "a.bin").write_bytes(b"another" * 100)
    record(backend, large)
    share(backend, origin)
    other = elsewhere(team, origin, subdirectory)
    before = files(other.local_path)
    shutil.rmtree(origin / "lfs")

    for attempt in (other.plan, other.restore):
        with pytest.raises(MissingLargeFileError, match=r"a\.bin") as caught:
            attempt(older)
        assert "git lfs fetch" in (caught.value.hint or "")

    assert files(other.local_path) == before


def test_pruning_takes_nothing_away_where_it_was_recorded(root: Path, backend: GitBackend, large: GitSubdirectory) -> None:
    """The object store of this clone holds it as well, as undo needs: `git lfs prune` knows of no snapshot."""
    version = record(backend, large)
    shutil.rmtree(root / ".git" / "lfs")
    (root / "code" / "a.bin").unlink()

    large.restore(version)

    assert (root / "code" / "a.bin").read_bytes() == LARGE and not large.verify(version)


def test_damage_is_found_and_never_written(
    root: Path, backend: GitBackend, large: GitSubdirectory, subdirectory: Open, team: Team, origin: Path
) -> None:
    """Bytes of the same number are not taken for the content."""
    version = record(backend, large)
    share(backend, origin)
    other = elsewhere(team, origin, subdirectory)
    (kept,) = [path for path in (other.context.root / ".git/lfs/objects").rglob("*") if path.is_file()]
    kept.chmod(0o644)
    kept.write_bytes(LARGE[::-1])
    (other.local_path / "a.bin").write_bytes(b"edited")

    assert other.verify(version) == ["the content of a.bin"]
    with pytest.raises(DamagedObjectError):
        other.restore(version)
    assert (other.local_path / "a.bin").read_bytes() == b"edited"


def test_where_nothing_is_to_fetch_it_from_it_is_lacking(
    git: Git, backend: GitBackend, large: GitSubdirectory, subdirectory: Open, team: Team, origin: Path
) -> None:
    """Verifying asks nobody, and takes an origin at its word."""
    version = record(backend, large)
    share(backend, origin)
    other = elsewhere(team, origin, subdirectory)
    shutil.rmtree(other.context.root / ".git/lfs")
    with_origin = other.verify(version)

    git(other.context.root, "remote", "remove", "origin")

    assert with_origin == [] and subdirectory_again(other).verify(version) == ["the content of a.bin"]


def subdirectory_again(resource: GitSubdirectory) -> GitSubdirectory:
    return GitSubdirectory(resource.resource, resource.settings, resource.context)


@pytest.mark.parametrize("name", ["line\nend.bin", "not \udcff text.bin"])
def test_names_that_are_no_plain_text_go_to_the_object_store(backend: GitBackend, large: GitSubdirectory, name: str) -> None:
    """A record holds text alone; what comes back is the same."""
    (large.local_path / name).write_bytes(LARGE)

    version = record(backend, large)

    (large.local_path / name).unlink()
    assert large.needs(version) and large.restore(version) == version
    assert (large.local_path / name).read_bytes() == LARGE


def test_what_other_filters_change_as_well_goes_to_the_object_store(
    root: Path, git: Git, backend: GitBackend, large: GitSubdirectory
) -> None:
    """git-lfs gives back only what it keeps."""
    git(root, "config", "core.autocrlf", "true")
    (root / "code" / "a.txt").write_bytes(b"one\r\ntwo\n")

    version = record(backend, large)

    assert len(large.needs(version)) == 2


def test_a_text_that_stands_for_a_file_is_a_text(root: Path, backend: GitBackend, large: GitSubdirectory) -> None:
    """A pointer in the working tree is recorded as it is, and so it comes back."""
    pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"0" * 64 + b"\nsize 12345\n"
    (root / "code" / "b.bin").write_bytes(pointer)
    version = record(backend, large)
    (root / "code" / "b.bin").unlink()

    large.restore(version)

    assert (root / "code" / "b.bin").read_bytes() == pointer


def test_results_move_with_what_lfs_keeps_of_them(
    root: Path, backend: GitBackend, subdirectory: Open, team: Team, origin: Path, large: GitSubdirectory
) -> None:
    """In another clone they are where the snapshot put them."""
    results = subdirectory("results", Role.RESULTS)
    (root / "results" / "model.bin").write_bytes(LARGE)
    move = ResultsMove("snapshots/desk-one", frozenset(), {"lineage.json": b"{}\n"})
    version = results.snapshot(move)
    paths = (".gitattributes", ".dataworkspace/workspace.json")
    backend.commit(Commit("Record one", paths, [(results.resource, version)]))
    results.move_results(version, move)

    share(backend, origin)
    there = team.clone(origin).root

    assert results.needs(version) == frozenset() and results.current() == version
    assert (there / "results/snapshots/desk-one/model.bin").read_bytes() == LARGE
    assert subdirectory("results", Role.RESULTS, there).current() == version


def test_versions_from_before_come_back(root: Path, backend: GitBackend, large: GitSubdirectory, tmp_path: Path) -> None:
    """What was recorded with all of it in the object store is still found there, and travels."""
    (root / "code" / "empty").rmdir()
    listing = {name: Item("100644", hash_file(root / "code" / name, "sha1")) for name in ("a.bin", "a.py")}
    with backend.repository.scratch(tmp_path / "scratch") as scratch:
        changed = converted(backend.repository, "code", listing, scratch)
        place = root / "code"
        _, stored = store(backend.repository, large.context.objects, place, listing, changed, scratch, Move())
    version = Version(large.current().id, stored.to_json())
    shutil.rmtree(root / ".git" / "lfs")
    (root / "code" / "a.bin").unlink()

    restored = large.restore(version)

    assert restored == version and (root / "code" / "a.bin").read_bytes() == LARGE
    assert large.needs(version) == {stored.extras, stored.exact}


@pytest.mark.parametrize(
    "beside",
    [
        {"../../stolen.bin": f"100644 {'0' * 40}"},
        {"a.py": f"100644 {'0' * 40}"},
        {"a.bin": f"100644 {'0' * 40}"},
        {"a.bin/b": f"100644 {'0' * 40}"},
    ],
)
def test_a_strangers_list_reaches_nothing(
    root: Path, backend: GitBackend, large: GitSubdirectory, beside: dict[str, Json]
) -> None:
    """A version that names files that git-lfs does not keep, or with other content, is an error, and nothing is written."""
    version = record(backend, large)
    hostile = Version("0" * 40, {"tree": version.data["tree"], "beside": beside})
    before = files(root / "code")

    with pytest.raises(DwsError):
        large.restore(hostile)

    assert files(root / "code") == before


def test_many_go_to_the_object_store(root: Path, backend: GitBackend, large: GitSubdirectory) -> None:
    """A record does not grow with the number of files."""
    for number in range(200):
        (root / "code" / f"{number}.bin").write_bytes(b"%d" % number)

    version = record(backend, large)

    assert len(large.needs(version)) == 2


def test_empty_files_come_with_large_ones(
    root: Path, backend: GitBackend, large: GitSubdirectory, team: Team, origin: Path
) -> None:
    """Each file that a pull brings is looked at; one without a byte stands for nothing."""
    record(backend, large)
    share(backend, origin)
    there = team.clone(origin)
    (root / "code" / "empty.py").touch()
    (root / "code" / "b.bin").write_bytes(LARGE[::-1])
    record(backend, large)
    share(backend, origin)

    assert team.pull(there) == ()

    assert files(there.root / "code") == files(root / "code")


def test_what_does_not_come_with_a_pull_is_told_once_and_comes_later(
    root: Path, git: Git, backend: GitBackend, large: GitSubdirectory, team: Team, origin: Path, tmp_path: Path
) -> None:
    """All else is there, what stands for the large files lies in their place, and `git lfs pull` brings them."""
    record(backend, large)
    share(backend, origin)
    there = team.clone(origin)
    for name in ("a.bin", "b.bin", "c.py"):
        (root / "code" / name).write_bytes(name.encode() * 100)
    record(backend, large)
    share(backend, origin)
    (origin / "lfs").rename(tmp_path / "away")

    assert team.pull(there) == ()

    (warning,) = team.warnings(there)
    assert "git lfs pull" in warning
    assert (there.root / "code" / "c.py").read_bytes() == b"c.py" * 100
    assert (there.root / "code" / "b.bin").read_bytes().startswith(b"version https://git-lfs")
    assert team.status(there) == []
    shutil.copytree(tmp_path / "away", origin / "lfs", dirs_exist_ok=True)
    git(there.root, "lfs", "pull")
    assert files(there.root / "code") == files(root / "code")


@pytest.fixture
def without_lfs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], AbstractContextManager[object]]:
    """A moment in which there is git on this machine, and nothing else."""
    tools = tmp_path / "tools"
    tools.mkdir()
    (tools / "git").symlink_to(str(shutil.which("git")))

    @contextmanager
    def moment() -> Iterator[None]:
        with monkeypatch.context() as here:
            here.setenv("PATH", str(tools))
            yield

    return moment


@pytest.mark.parametrize("setting", ["--skip-repo", None])
def test_without_git_lfs_a_clone_and_a_pull_bring_all_else(
    git: Git,
    backend: GitBackend,
    large: GitSubdirectory,
    team: Team,
    origin: Path,
    without_lfs: Callable[[], AbstractContextManager[object]],
    setting: str | None,
) -> None:
    """Also where the user's own settings name the program, which is not there any more."""
    record(backend, large)
    share(backend, origin)
    if setting:
        git(origin, "lfs", "install", setting)
    with without_lfs():
        there = team.clone(origin)
    os.utime(there.root / "code" / "a.bin", (0, 0))
    git(there.root, "update-index", "--refresh")  # what is as old as git's own notes of it, git would look at again
    (large.local_path / "b.bin").write_bytes(LARGE[::-1])
    (large.local_path / "c.py").write_text("print()\n")
    record(backend, large)
    share(backend, origin)

    with without_lfs():
        conflicts = team.pull(there)

    assert conflicts == () and files(there.root / "code").keys() == {"a.bin", "a.py", "b.bin", "c.py"}
    assert (there.root / "code" / "b.bin").read_bytes().startswith(b"version https://git-lfs")
    git(there.root, "lfs", "install", "--local")
    git(there.root, "lfs", "pull")
    assert files(there.root / "code") == files(large.local_path) and team.status(there) == []
