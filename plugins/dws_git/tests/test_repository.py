"""A git repository of its own is recorded with what is not committed, and restored without touching its branches."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from dws_core.errors import DwsError, MissingObjectError, PathMissingError, PathRefusedError, UnsupportedFileError
from dws_core.model.role import Role
from dws_core.model.version import Version
from dws_core.testing import read_directory
from dws_core.testing.context import Silence
from dws_git.backend import GitBackend
from dws_git.errors import BrokenRepositoryError, CloneFirstError, DirtySubmoduleError, IgnoredInTheWayError, UnfinishedGitError
from dws_git.resource_type import GitResource
from dws_git.settings import GitSettings, GitSubdirectorySettings

Git = Callable[..., str]
Open = Callable[..., GitResource]


def commit(git: Git, source: Path, text: str) -> str:
    (source / "data.csv").write_text(text)
    git(source, "commit", "-q", "-a", "-m", "Edit")
    return git(source, "rev-parse", "HEAD")


def propose(root: Path, path: str, branch: str | None = None) -> GitSettings:
    proposal = GitResource.propose(GitSettings(relative_local_path=path, branch=branch), Role.SOURCE_DATA, root)
    assert isinstance(proposal.settings, GitSettings)
    return proposal.settings


def warnings(resource: GitResource) -> list[str]:
    assert isinstance(resource.context.progress, Silence)
    return resource.context.progress.warnings


def test_a_clean_repositorys_version_is_its_commit(git: Git, source: Path, repository: Open) -> None:
    """People know a version by the commit's id."""
    version = repository().snapshot()

    assert version.id == git(source, "rev-parse", "HEAD") == repository().current().id
    assert not repository().changes_since(version)


def test_what_is_not_committed_is_recorded_and_comes_back(git: Git, source: Path, repository: Open) -> None:
    """Edited, removed and untracked files are part of the version."""
    clean = repository().snapshot()
    (source / "data.csv").write_text("edited\n")
    (source / "README").unlink()
    (source / "new.csv").write_text("new\n")
    before = read_directory(source, keep={".git"})
    dirty = repository().snapshot()
    assert dirty.id != clean.id

    repository().restore(clean)
    assert git(source, "status", "--porcelain") == ""
    repository().restore(dirty)

    assert read_directory(source, keep={".git"}) == before
    assert repository().current() == dirty
    assert git(source, "status", "--porcelain").splitlines() == [" D README", " M data.csv", "?? new.csv"]


def test_what_is_staged_comes_back_staged(git: Git, source: Path, repository: Open) -> None:
    """Restoring loses nothing of the index either."""
    clean = repository().snapshot()
    (source / "data.csv").write_text("staged\n")
    git(source, "add", "data.csv")
    (source / "data.csv").write_text("edited\n")
    dirty = repository().snapshot()
    repository().restore(clean)
    git(source, "reflog", "expire", "--expire=all", "--all")
    git(source, "gc", "-q", "--prune=now")

    repository().restore(dirty)

    assert git(source, "status", "--porcelain") == "MM data.csv"
    assert git(source, "show", ":data.csv") == "staged"


def test_a_read_only_repository_gets_no_commit_on_any_branch(git: Git, source: Path, repository: Open) -> None:
    """Restoring a read-only repository makes no commits that nobody else has."""
    old = repository(read_only=True).snapshot()
    commit(git, source, "newer\n")
    (source / "data.csv").write_text("edited\n")
    new = repository(read_only=True).snapshot()
    refs = git(source, "for-each-ref", "refs/heads", "refs/tags", "refs/remotes")

    repository(read_only=True).restore(old)
    repository(read_only=True).restore(new)

    assert git(source, "for-each-ref", "refs/heads", "refs/tags", "refs/remotes") == refs


def test_the_exact_commit_comes_back_detached_where_no_branch_ends_there(git: Git, source: Path, repository: Open) -> None:
    """Detached, with a line that says so; on the branch where the commit is its tip."""
    old = repository().snapshot()
    commit(git, source, "newer\n")
    new = repository().snapshot()

    first = repository()
    first.restore(old)
    assert git(source, "branch", "--show-current") == "" and git(source, "rev-parse", "HEAD") == old.id
    assert "detached HEAD" in warnings(first)[0]
    second = repository()
    second.restore(new)

    assert git(source, "branch", "--show-current") == "main" and git(source, "rev-parse", "HEAD") == new.id
    assert warnings(second) == [] and git(source, "status", "--porcelain") == ""


def test_a_branch_that_another_working_tree_has_is_left_to_it(git: Git, source: Path, repository: Open, tmp_path: Path) -> None:
    """git itself allows a branch in one working tree only."""
    old = repository().snapshot()
    git(source, "checkout", "-q", "-b", "other")
    commit(git, source, "newer\n")
    git(source, "worktree", "add", "-q", str(tmp_path / "beside"), "main")

    repository().restore(old)

    assert git(source, "branch", "--show-current") == "" and git(source, "rev-parse", "HEAD") == old.id


def test_a_linked_working_tree_can_be_a_resource(git: Git, root: Path, source: Path, repository: Open) -> None:
    """`git worktree add` makes a directory like any other repository."""
    git(source, "worktree", "add", "-q", "-b", "beside", str(root / "beside"))
    old = repository("beside").snapshot()
    (root / "beside" / "data.csv").write_text("edited\n")
    dirty = repository("beside").snapshot()

    repository("beside").restore(old)
    repository("beside").restore(dirty)

    assert (root / "beside" / "data.csv").read_text() == "edited\n"
    assert git(source, "status", "--porcelain") == "" and git(source, "branch", "--show-current") == "main"


def test_ignored_files_stay_as_they_are(git: Git, source: Path, repository: Open) -> None:
    """What git ignores is neither recorded nor touched."""
    (source / ".gitignore").write_text("cache/\n*.tmp\n")
    git(source, "add", ".")
    git(source, "commit", "-q", "-m", "Ignore")
    clean = repository().snapshot()
    (source / "cache").mkdir()
    (source / "cache" / "x").write_text("x\n")
    (source / "a.tmp").write_text("a\n")
    assert repository().current() == clean
    (source / "data.csv").write_text("edited\n")

    repository().restore(clean)

    assert (source / "cache" / "x").read_text() == "x\n" and (source / "a.tmp").read_text() == "a\n"


def test_an_ignored_file_is_never_overwritten(git: Git, source: Path, repository: Open) -> None:
    """What no version holds could not be brought back."""
    old = repository().snapshot()
    git(source, "rm", "-q", "README")
    (source / ".gitignore").write_text("README\n")
    git(source, "add", ".")
    git(source, "commit", "-q", "-m", "Ignore")
    (source / "README").write_text("precious\n")

    with pytest.raises(IgnoredInTheWayError, match="README"):
        repository().restore(old)

    assert (source / "README").read_text() == "precious\n"


def test_what_snapshots_name_survives_resetting_and_housekeeping(git: Git, source: Path, repository: Open) -> None:
    """git's housekeeping cannot take away what a snapshot names."""
    first = git(source, "rev-parse", "HEAD")
    commit(git, source, "kept\n")
    clean = repository().snapshot()
    (source / "data.csv").write_text("unsaved\n")
    dirty = repository().snapshot()
    git(source, "reset", "-q", "--hard", first)
    git(source, "reflog", "expire", "--expire=all", "--all")
    git(source, "gc", "-q", "--prune=now")

    for version, text in ((clean, "kept\n"), (dirty, "unsaved\n")):
        repository().restore(version)
        assert (source / "data.csv").read_text() == text


@pytest.mark.parametrize("configuration", ["core.autocrlf=true", "core.eol=crlf"])
def test_a_repository_that_converts_line_ends_is_clean_where_git_says_so(
    git: Git, source: Path, repository: Open, configuration: str
) -> None:
    """A clean version is its commit, and comes back as git checks it out."""
    git(source, "config", *configuration.split("="))
    (source / ".gitattributes").write_text("*.csv text\n")
    git(source, "add", ".")
    git(source, "commit", "-q", "-m", "Attributes")
    (source / "data.csv").unlink()
    git(source, "checkout", "-q", "--", ".")
    assert (source / "data.csv").read_bytes() == b"x,y\r\n1,2\r\n"
    version = repository().snapshot()
    assert version.id == git(source, "rev-parse", "HEAD")
    (source / "data.csv").write_bytes(b"x,y\n1,3\n")
    dirty = repository().snapshot()

    repository().restore(version)
    assert (source / "data.csv").read_bytes() == b"x,y\r\n1,2\r\n" and git(source, "status", "--porcelain") == ""
    repository().restore(dirty)

    assert (source / "data.csv").read_bytes() == b"x,y\n1,3\n"
    assert repository().compare(version, dirty).changed == ("data.csv",)


def test_bytes_that_git_takes_for_equal_are_recorded_all_the_same(git: Git, source: Path, repository: Open) -> None:
    """Where a checkout would not bring the same bytes back, the repository counts as changed."""
    git(source, "config", "core.autocrlf", "true")
    (source / "data.csv").write_bytes(b"x,y\r\n1,2\n")  # git stores the same as before, and would write other line ends
    version = repository().snapshot()
    assert version.id != git(source, "rev-parse", "HEAD")
    (source / "data.csv").write_bytes(b"other\n")

    repository().restore(version)

    assert (source / "data.csv").read_bytes() == b"x,y\r\n1,2\n"


def test_asking_for_the_version_stores_nothing_in_the_repository(git: Git, source: Path, repository: Open) -> None:
    """Reports change nothing, filters or not."""
    git(source, "config", "core.autocrlf", "input")
    (source / "data.csv").write_bytes(b"x,y\r\n9,9\r\n")
    before = git(source, "count-objects")

    repository().current()
    repository().changes_since(Version(git(source, "rev-parse", "HEAD"), {"commit": git(source, "rev-parse", "HEAD")}))

    assert git(source, "count-objects") == before


def test_a_pointer_of_git_lfs_stays_a_pointer(git: Git, source: Path, repository: Open) -> None:
    """Without git-lfs the pointer is the file, clean and restored as it is."""
    pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"0" * 64 + b"\nsize 12345\n"
    (source / ".gitattributes").write_text("*.bin filter=lfs diff=lfs merge=lfs -text\n")
    (source / "model.bin").write_bytes(pointer)
    git(source, "add", ".")
    git(source, "commit", "-q", "-m", "Model")
    version = repository().snapshot()
    (source / "model.bin").write_bytes(b"edited")

    repository().restore(version)

    assert version.id == git(source, "rev-parse", "HEAD") and (source / "model.bin").read_bytes() == pointer


@pytest.fixture
def submodule(git: Git, source: Path, tmp_path: Path) -> Path:
    """A submodule of the source repository."""
    origin = tmp_path / "origin"
    origin.mkdir()
    git(origin, "init", "-q")
    (origin / "file").write_text("one\n")
    git(origin, "add", ".")
    git(origin, "commit", "-q", "-m", "Begin")
    git(source, "submodule", "--quiet", "add", str(origin), "sub")
    git(source, "commit", "-q", "-m", "Submodule")
    return source / "sub"


def test_a_submodule_is_recorded_by_its_commit_and_left_intact(git: Git, source: Path, submodule: Path, repository: Open) -> None:
    """A submodule is what git takes it for: a commit."""
    clean = repository().snapshot()
    assert clean.id == git(source, "rev-parse", "HEAD")
    (submodule / "file").write_text("two\n")
    git(submodule, "commit", "-q", "-a", "-m", "Two")
    (source / "data.csv").write_text("edited\n")
    moved = repository().snapshot()
    assert moved.id != clean.id

    resource = repository()
    resource.restore(clean)

    assert (submodule / "file").read_text() == "two\n"
    assert any("sub was at" in line and "submodule update" in line for line in warnings(resource))
    repository().restore(moved)
    assert git(source, "status", "--porcelain").splitlines() == [" M data.csv", " M sub"]


def test_a_submodule_with_changes_of_its_own_is_refused_by_name(submodule: Path, repository: Open) -> None:
    """What could not be brought back is not said to be held."""
    (submodule / "untracked").write_text("x\n")

    with pytest.raises(DirtySubmoduleError, match="sub"):
        repository().snapshot()


def test_a_submodule_that_is_not_fetched_is_no_change(git: Git, source: Path, submodule: Path, repository: Open) -> None:
    """A clone without its submodules is clean."""
    git(source, "submodule", "--quiet", "deinit", "-f", "sub")

    assert repository().snapshot().id == git(source, "rev-parse", "HEAD")


def test_a_repository_inside_that_is_no_submodule_is_refused_by_name(git: Git, source: Path, repository: Open) -> None:
    """A nested repository is a resource of its own."""
    (source / "inner").mkdir()
    git(source / "inner", "init", "-q")

    with pytest.raises(UnsupportedFileError, match="inner"):
        repository().snapshot()


def test_a_url_gets_the_advice_to_clone_first(root: Path, backend: GitBackend) -> None:
    """A resource is a local clone; the command line makes a path of what it is given."""
    for given in ("https://example.org/data.git", "deep/https:/example.org/data.git", "git@example.org:data.git"):
        with pytest.raises(CloneFirstError) as refusal:
            propose(root, given)
        assert "git clone" in (refusal.value.hint or "")
        assert "https:/example" not in refusal.value.message.replace("https://example", "")


def test_a_password_in_a_url_is_in_no_message(root: Path, backend: GitBackend) -> None:
    """The user part of http(s) URLs goes nowhere; an ssh user is part of the address."""
    with pytest.raises(CloneFirstError) as refusal:
        propose(root, "https:/ada:secret@example.org/data.git")

    assert "https://example.org/data.git" in refusal.value.message
    assert "secret" not in refusal.value.message + (refusal.value.hint or "")


def test_a_path_that_is_not_there_is_named(root: Path, backend: GitBackend) -> None:
    """No path, no resource."""
    with pytest.raises(PathMissingError, match="nowhere"):
        propose(root, "nowhere")


def test_a_directory_of_the_workspaces_repository_is_a_git_subdirectory(root: Path, backend: GitBackend) -> None:
    """It is chosen automatically by `dws add git PATH`."""
    (root / "code").mkdir()

    proposal = GitResource.propose(GitSettings(relative_local_path="code"), Role.CODE, root)

    assert proposal.type == "git-subdirectory" and proposal.settings == GitSubdirectorySettings("code")


def test_what_is_shared_of_an_origin_holds_no_user_and_no_password(
    root: Path, git: Git, source: Path, backend: GitBackend
) -> None:
    """Secrets never go into metadata, nor paths of this machine; an ssh user stays."""
    shared = {}
    git(source, "remote", "add", "origin", "x")
    for url in ("https://ada:secret@example.org/x.git", "ssh://git@example.org/x.git", "git@example.org:x.git", str(root.parent)):
        git(source, "remote", "set-url", "origin", url)
        shared[url] = propose(root, "source").remote_origin_url

    assert [*shared.values()] == ["https://example.org/x.git", "ssh://git@example.org/x.git", "git@example.org:x.git", ".."]
    assert propose(root, "source").branch == "main"


def test_a_branch_that_is_not_checked_out_is_refused(root: Path, source: Path, backend: GitBackend) -> None:
    """Adding a resource changes nothing, so the branch must be there."""
    with pytest.raises(PathRefusedError) as refusal:
        propose(root, "source", branch="other")

    assert "switch other" in (refusal.value.hint or "")


def test_what_could_not_be_kept_is_refused_with_a_reason(
    root: Path, git: Git, source: Path, backend: GitBackend, tmp_path: Path
) -> None:
    """A shallow, a bare, an empty or a partial repository, one in a merge, and a directory that is none."""
    commit(git, source, "two\n")
    git(root, "clone", "-q", "--depth", "1", f"file://{source}", "shallow")
    git(root, "clone", "-q", "--bare", str(source), "bare")
    git(source, "config", "uploadpack.allowFilter", "true")
    git(root, "clone", "-q", "--filter=blob:none", f"file://{source}", "partial")
    git(root, "clone", "-q", str(source), "sparse")
    git(root / "sparse", "sparse-checkout", "set", "--no-cone", "README")
    (root / "empty").mkdir()
    git(root / "empty", "init", "-q")
    outside = tmp_path / "outside"
    outside.mkdir()
    reasons = {
        "shallow": "shallow",
        "bare": "bare",
        "partial": "partial",
        "sparse": "only a part",
        "empty": "no commit",
        str(outside): "no git repository",
    }

    for path, reason in reasons.items():
        with pytest.raises(PathRefusedError, match=reason) as refusal:
            propose(root, path)
        assert refusal.value.hint


def test_a_broken_repository_is_refused(root: Path, git: Git, source: Path, backend: GitBackend, repository: Open) -> None:
    """A repository that lost its objects is named as such."""
    shutil.rmtree(source / ".git" / "objects")

    with pytest.raises(BrokenRepositoryError):
        propose(root, "source")
    with pytest.raises(DwsError):
        repository().check()


def test_in_the_middle_of_a_merge_it_is_refused(git: Git, source: Path, repository: Open) -> None:
    """Nothing is recorded that could not be brought back."""
    git(source, "checkout", "-q", "-b", "side")
    commit(git, source, "side\n")
    git(source, "checkout", "-q", "main")
    commit(git, source, "main\n")
    git(source, "merge", "side", fails=True)

    with pytest.raises(UnfinishedGitError):
        repository().check()


def test_a_commit_that_is_gone_is_refused_before_anything_changes(git: Git, source: Path, repository: Open) -> None:
    """A restore checks first that everything is there."""
    version = Version("1" * 40, {"commit": "1" * 40})

    with pytest.raises(MissingObjectError, match="1111"):
        repository().plan(version)


def test_a_strangers_version_is_no_option(git: Git, source: Path, repository: Open) -> None:
    """What a record says never begins an option of git's."""
    with pytest.raises(MissingObjectError):
        repository().plan(Version("1" * 40, {"commit": "--output=/etc/passwd"}))


@pytest.mark.parametrize("files", [10, 300])
def test_no_process_is_started_for_each_file(source: Path, repository: Open, files: int, started: Callable[[], int]) -> None:
    """Never one process a file, in a snapshot, a comparison or a restore."""
    clean = repository().snapshot()
    for number in range(files):
        (source / f"{number}").write_text(f"{number}\n")
    before = started()

    dirty = repository().snapshot()
    repository().restore(clean)
    repository().restore(dirty)
    repository().compare(clean, dirty)

    assert started() - before < 160
