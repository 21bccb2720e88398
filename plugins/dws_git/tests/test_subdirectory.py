"""A directory of the workspace's repository comes back byte for byte, whatever git would do to its files."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from dws_core.errors import MissingObjectError, PathMissingError, PathRefusedError, UnsupportedFileError
from dws_core.model.role import Role
from dws_core.model.version import Version
from dws_core.plugin import Commit, ResultsMove
from dws_core.testing import make_context, read_directory
from dws_git.backend import GitBackend
from dws_git.errors import IgnoredInTheWayError
from dws_git.settings import GitSubdirectorySettings
from dws_git.subdirectory import GitSubdirectory

Git = Callable[..., str]
Open = Callable[..., GitSubdirectory]
MOVE = ResultsMove("snapshots/host-one", frozenset({"README.md"}), {"lineage.json": b"{}\n"})


def record(backend: GitBackend, resource: GitSubdirectory, move: ResultsMove | None = None) -> Version:
    version = resource.snapshot(move)
    backend.commit(Commit("Record one", (), [(resource.resource, version)]))
    return version


def test_a_plain_directorys_version_is_the_id_of_its_git_tree(
    root: Path, git: Git, backend: GitBackend, subdirectory: Open
) -> None:
    """People can find what a snapshot names with git alone."""
    code = subdirectory()
    (root / "code" / "deep").mkdir()
    (root / "code" / "deep" / "a.py").write_text("print()\n")
    (root / "code" / "run").write_text("#!/bin/sh\n")
    (root / "code" / "run").chmod(0o755)

    version = record(backend, code)

    assert version.id == git(root, "rev-parse", "HEAD:code") and version == code.current()


def test_an_empty_directory_counts_in_the_version(root: Path, backend: GitBackend, subdirectory: Open) -> None:
    """What git cannot hold is counted all the same."""
    (root / "code").mkdir()
    (root / "code" / "a.py").write_text("print()\n")
    before = subdirectory().current()

    (root / "code" / "plots").mkdir()

    assert subdirectory().current() != before
    assert subdirectory().changes_since(subdirectory().snapshot()).added == ()


@pytest.mark.parametrize(
    ("attributes", "configuration"),
    [
        ("", {"core.autocrlf": "true"}),
        ("", {"core.autocrlf": "input"}),
        ("* text=auto\n", {}),
        ("* text eol=crlf\n", {}),
        ("*.txt ident\n", {}),
        ("*.txt text working-tree-encoding=UTF-16LE\n", {}),
        ("*.txt filter=shout\n", {"filter.shout.clean": "tr a-z A-Z", "filter.shout.smudge": "cat"}),
        ("*.txt filter=lfs diff=lfs merge=lfs -text\n", {}),
    ],
)
def test_bytes_come_back_whatever_git_would_make_of_them(
    root: Path, git: Git, backend: GitBackend, subdirectory: Open, attributes: str, configuration: dict[str, str]
) -> None:
    """Filters, line ends, encodings and keywords change nothing that we bring back; the commit is as `git add` makes it."""
    for name, value in configuration.items():
        git(root, "config", name, value)
    code = subdirectory()
    (root / ".gitattributes").write_text(attributes)
    contents = {
        "lf.txt": b"one\ntwo\n",
        "crlf.txt": b"one\r\ntwo\r\n",
        "mixed.txt": b"one\ntwo\r\n$Id$ $Id: abc $\n",
        "binary.bin": bytes(range(256)),
    }
    if "encoding" in attributes:
        contents = {name: content.decode("latin-1").encode("utf-16-le") for name, content in contents.items()}
    for name, content in contents.items():
        (root / "code" / name).write_bytes(content)
    version = record(backend, code)
    for name in contents:
        (root / "code" / name).write_bytes(b"edited\n")

    subdirectory().restore(version)

    assert {name: (root / "code" / name).read_bytes() for name in contents} == contents
    assert subdirectory().current() == version
    git(root, "add", "code")
    assert git(root, "diff", "--cached", "--name-only", "HEAD", "--", "code") == ""


def test_equal_content_is_one_version_whatever_the_attributes_are(
    root: Path, git: Git, backend: GitBackend, subdirectory: Open
) -> None:
    """How git stores a file is no part of what it holds."""
    code = subdirectory()
    (root / "code" / "a.txt").write_bytes(b"one\r\n")
    before = record(backend, code)

    git(root, "config", "core.autocrlf", "true")
    after = record(backend, subdirectory())

    assert before == after
    assert not subdirectory().compare(before, after) and not subdirectory().changes_since(before)


def test_a_pointer_of_git_lfs_stays_a_pointer(root: Path, git: Git, backend: GitBackend, subdirectory: Open) -> None:
    """Without git-lfs a pointer is a text, which is recorded and comes back as it is."""
    pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"0" * 64 + b"\nsize 12345\n"
    code = subdirectory()
    (root / "code" / ".gitattributes").write_text("*.bin filter=lfs diff=lfs merge=lfs -text\n")
    (root / "code" / "model.bin").write_bytes(pointer)

    version = record(backend, code)

    assert git(root, "cat-file", "-p", "HEAD:code/model.bin").encode() == pointer.rstrip(b"\n")
    with subdirectory().open(version, "model.bin") as stream:
        assert stream.read() == pointer


def test_an_ignored_file_of_results_is_recorded_and_moved(root: Path, git: Git, backend: GitBackend, subdirectory: Open) -> None:
    """A git-ignored file in results is a result like any other."""
    (root / ".gitignore").write_text("*.log\nresults/cache/\n")
    results = subdirectory("results", Role.RESULTS)
    (root / "results" / "run.log").write_text("log\n")
    (root / "results" / "cache").mkdir()
    (root / "results" / "cache" / "x").write_text("x\n")

    version = record(backend, results, MOVE)
    subdirectory("results", Role.RESULTS).move_results(version, MOVE)

    at = "results/snapshots/host-one"
    assert git(root, "ls-tree", "-r", "--name-only", "HEAD", "results").splitlines() == [
        f"{at}/cache/x",
        f"{at}/lineage.json",
        f"{at}/run.log",
    ]
    assert (root / at / "run.log").read_text() == "log\n" and not (root / "results" / "run.log").exists()
    assert subdirectory("results", Role.RESULTS).current() == version
    assert git(root, "status", "--porcelain", "results") == ""


def test_ignored_files_elsewhere_are_neither_recorded_nor_touched(root: Path, backend: GitBackend, subdirectory: Open) -> None:
    """Ignored files are never removed by a restore and never counted as a change."""
    code = subdirectory()
    (root / "code" / ".gitignore").write_text("*.pyc\nbuild/\n")
    (root / "code" / "a.py").write_text("one\n")
    version = record(backend, code)
    (root / "code" / "deep").mkdir()
    (root / "code" / "deep" / "a.py").write_text("two\n")
    (root / "code" / "deep" / "a.pyc").write_bytes(b"compiled")
    (root / "code" / "build").mkdir()
    (root / "code" / "build" / "out").write_text("built\n")

    assert subdirectory().changes_since(version).added == ("deep/a.py",)
    subdirectory().restore(version)

    assert sorted(read_directory(root / "code")) == [".gitignore", "a.py", "build/out", "deep/a.pyc"]
    assert subdirectory().current() == version


def test_an_ignored_file_is_never_overwritten(root: Path, backend: GitBackend, subdirectory: Open) -> None:
    """What no version holds could not be brought back, so it is named before anything is changed."""
    code = subdirectory()
    (root / "code" / "settings.local").write_text("recorded\n")
    version = record(backend, code)
    (root / "code" / "settings.local").unlink()
    record(backend, subdirectory())
    (root / "code" / ".gitignore").write_text("*.local\n")
    (root / "code" / "settings.local").write_text("secret\n")

    with pytest.raises(IgnoredInTheWayError, match=r"settings\.local"):
        subdirectory().plan(version)
    with pytest.raises(IgnoredInTheWayError):
        subdirectory().restore(version)

    assert (root / "code" / "settings.local").read_text() == "secret\n" and (root / "code" / ".gitignore").exists()


def test_a_tracked_file_that_is_ignored_by_now_comes_back_and_counts(
    root: Path, git: Git, backend: GitBackend, subdirectory: Open
) -> None:
    """A file added with `git add -f` is content; restored, it is so again."""
    code = subdirectory()
    (root / "code" / ".gitignore").write_text("*.bin\n")
    (root / "code" / "kept.bin").write_text("kept\n")
    git(root, "add", "-f", "code/kept.bin")
    version = record(backend, code)
    git(root, "rm", "-q", "-f", "code/kept.bin")
    record(backend, subdirectory())

    subdirectory().restore(version)

    assert (root / "code" / "kept.bin").read_text() == "kept\n"
    assert subdirectory().current() == version


def test_a_repository_inside_is_refused_by_name(root: Path, git: Git, backend: GitBackend, subdirectory: Open) -> None:
    """A nested repository is a resource of its own."""
    code = subdirectory()
    inner = root / "code" / "inner"
    inner.mkdir()
    git(inner, "init", "-q")

    with pytest.raises(UnsupportedFileError, match="inner is a git repository of its own"):
        code.snapshot()


def test_what_snapshots_name_survives_amending_resetting_and_housekeeping(
    root: Path, git: Git, backend: GitBackend, subdirectory: Open
) -> None:
    """git's housekeeping cannot take a snapshot away."""
    code = subdirectory()
    (root / "code" / "a.py").write_text("one\n")
    version = record(backend, code)
    (root / "code" / "a.py").write_text("unsaved\n")
    unsaved = subdirectory().snapshot()
    (root / "code" / "a.py").write_text("two\n")
    git(root, "add", "code/a.py")
    git(root, "commit", "-q", "--amend", "-m", "Amended")
    git(root, "reflog", "expire", "--expire=all", "--all")
    git(root, "gc", "-q", "--prune=now")

    for wanted, text in ((version, "one\n"), (unsaved, "unsaved\n")):
        subdirectory().restore(wanted)
        assert (root / "code" / "a.py").read_text() == text


def test_keeping_the_same_again_adds_nothing(root: Path, git: Git, backend: GitBackend, subdirectory: Open) -> None:
    """With nothing changed no commit is made, not even on a ref of ours."""
    code = subdirectory()
    (root / "code" / "a.py").write_text("one\n")
    code.snapshot()
    before = git(root, "for-each-ref")

    subdirectory().snapshot()

    assert git(root, "for-each-ref") == before and "refs/dws/" in before


def test_restoring_moves_no_branch_and_leaves_the_index(root: Path, git: Git, backend: GitBackend, subdirectory: Open) -> None:
    """The workspace's own branch is never moved by a restore: only files change."""
    code = subdirectory()
    (root / "code" / "a.py").write_text("one\n")
    version = record(backend, code)
    (root / "code" / "a.py").write_text("two\n")
    record(backend, subdirectory())
    head, index = git(root, "rev-parse", "HEAD"), git(root, "ls-files", "--stage")

    subdirectory().restore(version)

    assert (git(root, "rev-parse", "HEAD"), git(root, "ls-files", "--stage")) == (head, index)
    assert git(root, "status", "--porcelain") == " M code/a.py"


def test_an_edit_within_the_same_instant_and_with_forged_times_is_seen(
    root: Path, backend: GitBackend, subdirectory: Open
) -> None:
    """Neither size nor time tells that a file is unchanged where they could be equal by chance."""
    code = subdirectory()
    file = root / "code" / "a.txt"
    for number in range(20):
        file.write_text(f"{number:02}\n")
        os.utime(file, ns=(10**18, 10**18))
        version = code.current()
        with file.open("r+") as stream:
            stream.write(f"{number + 50:02}\n")
        os.utime(file, ns=(10**18, 10**18))
        assert code.current() != version


@pytest.mark.parametrize(
    "trap", ["core.trustctime=false", "core.checkStat=minimal", "core.ignoreStat=true", "core.fileMode=false"]
)
def test_no_configuration_hides_a_change(root: Path, git: Git, backend: GitBackend, subdirectory: Open, trap: str) -> None:
    """Settings that make git look less closely do not make us do so; assumed-unchanged files are looked at too."""
    git(root, "config", *trap.split("="))
    code = subdirectory()
    file = root / "code" / "a.txt"
    file.write_text("one\n")
    version = record(backend, code)
    git(root, "update-index", "--assume-unchanged", "code/a.txt")

    file.write_text("two\n")
    file.chmod(0o755)
    edited = record(backend, subdirectory())

    assert edited != version
    assert git(root, "ls-tree", "HEAD", "code/a.txt").startswith("100755")
    subdirectory().restore(version)
    assert file.read_text() == "one\n" and not file.stat().st_mode & 0o100


def test_objects_named_by_sha_256_are_fine(root: Path, git: Git, subdirectory: Open) -> None:
    """A repository may use either of git's formats."""
    git(root, "init", "-q", "--object-format=sha256")
    backend = GitBackend(make_context(root, "backend"))
    backend.init()
    code = subdirectory()
    (root / "code" / "a.py").write_text("one\n")
    version = record(backend, code)
    (root / "code" / "a.py").write_text("two\n")

    subdirectory().restore(version)

    assert version.id == git(root, "rev-parse", "HEAD:code") and len(version.id) == 64
    assert (root / "code" / "a.py").read_text() == "one\n"


def test_a_version_whose_objects_are_gone_is_refused_before_anything_changes(
    root: Path, git: Git, backend: GitBackend, subdirectory: Open
) -> None:
    """A restore checks first that everything is there."""
    code = subdirectory()
    (root / "code" / "a.py").write_text("one\n")
    (root / "code" / "b.py").write_text("same\n")
    version = record(backend, code)
    blob = git(root, "rev-parse", "HEAD:code/a.py")
    (root / "code" / "a.py").write_text("two\n")
    (root / ".git" / "objects" / blob[:2] / blob[2:]).unlink()

    with pytest.raises(MissingObjectError, match=r"a\.py"):
        subdirectory().plan(version)

    assert (root / "code" / "a.py").read_text() == "two\n"


def test_the_version_of_one_file_is_the_hash_of_its_bytes(root: Path, backend: GitBackend, subdirectory: Open) -> None:
    """Lineage names a result by the hash of its own file."""
    code = subdirectory()
    (root / "code" / "a.txt").write_text("one\n")

    assert code.current("a.txt").id == "2c8b08da5ce60398e1f19af0e5dccc744df274b826abe585eaba68c525434806"
    with pytest.raises(PathRefusedError):
        code.current("../.git/config")


def test_what_lies_behind_a_symlink_is_no_part_of_the_resource(
    root: Path, backend: GitBackend, subdirectory: Open, tmp_path: Path
) -> None:
    """Nothing is read through a symlink."""
    code = subdirectory()
    (tmp_path / "secret").write_text("secret\n")
    (root / "code" / "link").symlink_to(tmp_path)

    with pytest.raises(FileNotFoundError):
        code.current("link/secret")


@pytest.mark.parametrize("files", [10, 300])
def test_no_process_is_started_for_each_file(
    root: Path, backend: GitBackend, subdirectory: Open, files: int, started: Callable[[], int]
) -> None:
    """Never one process a file, in a snapshot, a move, a comparison or a restore."""
    results = subdirectory("results", Role.RESULTS)
    for number in range(files):
        (root / "results" / f"{number}").write_text(f"{number}\n")
    (root / "results" / "link").symlink_to("0")
    before = started()

    version = record(backend, results, MOVE)
    results.move_results(version, MOVE)
    results.changes_since(None)
    shutil.rmtree(root / "results" / "snapshots")
    results.restore(version)

    assert started() - before < 60


def test_a_missing_directory_is_refused(root: Path, backend: GitBackend) -> None:
    """A path that does not exist is named."""
    with pytest.raises(PathMissingError, match="nowhere"):
        GitSubdirectory.propose(GitSubdirectorySettings("nowhere"), Role.CODE, root)


def test_an_ignored_directory_is_refused_unless_it_is_for_results(root: Path, backend: GitBackend) -> None:
    """Where a resource could not hold what is put into it, it says so when it is added."""
    (root / ".gitignore").write_text("out/\n")
    (root / "out").mkdir()

    with pytest.raises(PathRefusedError, match="git ignores"):
        GitSubdirectory.propose(GitSubdirectorySettings("out"), Role.CODE, root)

    assert GitSubdirectory.propose(GitSubdirectorySettings("out"), Role.RESULTS, root).name == "out"


def test_a_symlink_in_place_of_the_directory_is_refused(root: Path, backend: GitBackend, tmp_path: Path) -> None:
    """Nothing is read or written through a symlink."""
    (tmp_path / "elsewhere").mkdir()
    (root / "code").symlink_to(tmp_path / "elsewhere")

    with pytest.raises(PathRefusedError, match="symlink"):
        GitSubdirectory.propose(GitSubdirectorySettings("code"), Role.CODE, root)
