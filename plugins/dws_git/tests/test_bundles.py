"""What may not be pushed to any origin travels with the object store, packed once."""

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from dws_core.errors import DwsError
from dws_core.model.codec import Json
from dws_core.model.version import Version
from dws_core.objects import ObjectStore
from dws_core.testing import read_directory
from dws_core.testing.faults import Fault, interruptions
from dws_git.resource_type import GitResource

Git = Callable[..., str]
Open = Callable[..., GitResource]


def commit(git: Git, place: Path, text: str) -> str:
    (place / "data.csv").write_text(text)
    git(place, "commit", "-q", "-a", "-m", "Edit")
    return git(place, "rev-parse", "HEAD")


def bundles(version: Version) -> list[str]:
    found = version.data.get("bundle", [])
    assert isinstance(found, list)
    return [str(each) for each in found]


def size(resource: GitResource, tree: str) -> int:
    return sum(entry.size for entry in resource.context.objects.entries(tree))


def read_only(opened: GitResource) -> GitResource:
    return GitResource(opened.resource, replace(opened.settings, read_only=True), opened.context)


def test_what_the_origin_has_is_not_bundled(git: Git, source: Path, origin: Path, repository: Open) -> None:
    """The commit comes from there."""
    version = repository(read_only=True).snapshot()

    assert "bundle" not in version.data and repository().needs(version) == frozenset()


def test_what_will_be_pushed_is_not_bundled(git: Git, source: Path, origin: Path, repository: Open) -> None:
    """It goes by the origin."""
    commit(git, source, "edited\n")

    assert "bundle" not in repository().snapshot().data


@pytest.mark.parametrize("state", ["committed", "edited", "staged"])
def test_what_only_a_read_only_clone_has_comes_back_elsewhere(
    state: str, git: Git, source: Path, origin: Path, repository: Open, other: Open
) -> None:
    """A local commit, an edited file, and what is staged, byte for byte, with the object store and the origin alone."""
    (source / "data.csv").write_text("mine\n")
    if state == "committed":
        git(source, "commit", "-q", "-a", "-m", "Edit")
    elif state == "staged":
        git(source, "add", "data.csv")
        (source / "data.csv").write_text("mine again\n")
    before = read_directory(source, keep={".git"}), git(source, "status", "--porcelain")
    version = repository(read_only=True).snapshot()
    assert set(bundles(version)) <= repository().needs(version) <= version.named_ids
    other().obtain()
    place = other().local_path
    assert other().changes_since(version)

    other().restore(version)

    assert (read_directory(place, keep={".git"}), git(place, "status", "--porcelain")) == before
    assert git(place, "fsck", "--connectivity-only") == ""


def test_a_version_in_a_bundle_is_whole_wherever_the_bundle_is(
    git: Git, source: Path, origin: Path, repository: Open, other: Open
) -> None:
    """`dws verify` finds nothing lacking, though the commit was never in that clone; without the bundle it does."""
    commit(git, source, "mine\n")
    version = repository(read_only=True).snapshot()
    other().obtain()

    assert other().verify(replace(version, data={"commit": version.data["commit"]}))
    assert not other().verify(version)


def test_what_came_from_a_bundle_is_kept(git: Git, source: Path, origin: Path, repository: Open, other: Open) -> None:
    """git's housekeeping takes it away no more than what was made here."""
    commit(git, source, "mine\n")
    version = repository(read_only=True).snapshot()
    other().obtain()
    assert other().plan(version).changes.changed == ("data.csv",)

    git(other().local_path, "gc", "-q", "--prune=now")

    assert git(other().local_path, "cat-file", "-t", version.id) == "commit"


def test_a_repository_without_origin_is_bundled_whole(git: Git, source: Path, repository: Open, tmp_path: Path) -> None:
    """Where there is no origin, all of it is in the object store, each commit once."""
    first = repository().snapshot()
    commit(git, source, "edited\n")
    second = repository().snapshot()
    shutil.rmtree(source / ".git")
    git(source, "init", "-q")
    git(source, "commit", "-q", "--allow-empty", "-m", "Another repository")

    for version, text in ((second, "edited\n"), (first, "x,y\n1,2\n")):
        repository().restore(version)
        assert (source / "data.csv").read_text() == text

    assert bundles(second)[: len(bundles(first))] == bundles(first) and len(bundles(second)) == 2


def test_a_bundle_holds_only_what_is_new(git: Git, source: Path, origin: Path, repository: Open) -> None:
    """A large history at the origin, or in an earlier bundle, is not stored again."""
    (source / "large.bin").write_bytes(b"".join(str(number).encode() for number in range(100_000)))
    git(source, "add", ".")
    git(source, "commit", "-q", "-m", "Add a large file")
    git(source, "push", "-q", "origin", "main")
    versions = []
    for number in range(3):
        commit(git, source, f"state {number}\n")
        versions.append(read_only(repository()).snapshot())

    assert [len(bundles(version)) for version in versions] == [1, 2, 3]
    assert all(size(repository(), tree) < 2000 for tree in bundles(versions[-1]))


def test_a_large_bundle_lies_in_several_files(git: Git, source: Path, repository: Open, tmp_path: Path) -> None:
    """What is larger than the object store keeps in one piece is taken apart, and put together again."""
    for name in ("a.bin", "b.bin"):
        (source / name).write_bytes(os.urandom(26 << 20))
    git(source, "-c", "core.compression=0", "add", ".")
    git(source, "-c", "core.compression=0", "commit", "-q", "-m", "Add large files")
    before = (source / "a.bin").read_bytes(), (source / "b.bin").read_bytes()
    git(source, "config", "pack.compression", "0")
    version = repository().snapshot()
    shutil.rmtree(source / ".git")
    git(source, "init", "-q")
    git(source, "commit", "-q", "--allow-empty", "-m", "Another repository")
    (source / "a.bin").unlink()
    (source / "b.bin").unlink()

    repository().restore(version)

    assert ((source / "a.bin").read_bytes(), (source / "b.bin").read_bytes()) == before
    assert len([*repository().context.objects.entries(bundles(version)[0])]) == 2


def test_the_same_content_is_bundled_once(git: Git, source: Path, repository: Open) -> None:
    """Another snapshot of it names the same bundle."""
    first, second = repository().snapshot(), repository().snapshot()

    assert bundles(first) == bundles(second) and len(bundles(first)) == 1


def test_a_bundle_that_was_removed_is_made_anew(git: Git, source: Path, repository: Open) -> None:
    """What is remembered is only believed while it is there."""
    repository().snapshot()
    objects = repository().context.objects
    assert isinstance(objects, ObjectStore)
    objects.remove(objects.waste((), ()))

    version = repository().snapshot()

    assert all(repository().context.objects.missing(tree) == () for tree in bundles(version))


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"trees": 3}', json.dumps({"trees": ["../x"], "commits": []}).encode()])
def test_a_memory_that_makes_no_sense_costs_room_only(source: Path, repository: Open, content: bytes) -> None:
    """The bundle is made anew."""
    repository().snapshot()
    (repository().context.private / "bundles.json").write_bytes(content)

    assert len(bundles(repository().snapshot())) == 1


def test_bundles_do_not_grow_in_number_for_ever(git: Git, source: Path, repository: Open) -> None:
    """After some, one that holds all is made."""
    counts = []
    for number in range(22):
        commit(git, source, f"state {number}\n")
        counts.append(len(bundles(repository().snapshot())))

    assert max(counts) == 20 and counts[-1] == 2


def test_what_was_bundled_for_undo_is_stored_again_for_a_snapshot(git: Git, source: Path, repository: Open) -> None:
    """Undo state never leaves the clone, so that what a snapshot needs must not lie there alone."""
    opened = repository()
    objects = opened.context.objects
    assert isinstance(objects, ObjectStore)
    with objects.aside():
        opened.snapshot()

    version = repository().snapshot()
    undo = opened.context.root / ".dataworkspace/local/objects/undo"
    assert undo.is_dir()
    shutil.rmtree(undo)

    assert all(repository().context.objects.missing(tree) == () for tree in bundles(version))


def test_a_bundle_that_is_no_bundle_is_refused(git: Git, source: Path, origin: Path, repository: Open, other: Open) -> None:
    """A stranger's object is checked by git before anything of it counts."""
    tip = commit(git, source, "mine\n")
    objects = repository().context.objects
    objects.put(b"no pack at all")
    tree = objects.store_paths(source, ["README"])
    other().obtain()

    wrong: list[Json] = [[tree], ["0" * 64], ["../.."], [3], "x"]
    for named in wrong:
        with pytest.raises(DwsError):
            other().restore(Version(tip, {"commit": tip, "bundle": named}))

    assert (other().local_path / "data.csv").read_text() == "x,y\n1,2\n"


def test_a_restore_from_a_bundle_that_is_killed_is_done_again(
    git: Git, source: Path, origin: Path, repository: Open, other: Open, tmp_path: Path
) -> None:
    """The bundle is read again, as far as it is needed."""
    (source / "data.csv").write_text("mine\n")
    version = repository(read_only=True).snapshot()

    def prepare() -> None:
        shutil.rmtree(other().local_path, ignore_errors=True)
        other().obtain()

    def restore() -> None:
        other().restore(version)

    for where in interruptions(Fault.KILLED, prepare, restore, tmp_path / "faults", most=5):
        restore()
        assert (other().local_path / "data.csv").read_text() == "mine\n", where
