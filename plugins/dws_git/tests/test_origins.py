"""A repository of its own is pushed to and pulled from its own origin, and never against the user's wish."""

import json
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from dws_core.errors import DwsError, PathRefusedError, ToolFailedError
from dws_core.model.version import Version
from dws_core.testing import read_directory
from dws_git.errors import (
    DivergedError,
    LocalOriginError,
    MissingCommitError,
    NoOriginError,
    OriginRefusedError,
    UnfinishedGitError,
    UnsavedInTheWayError,
)
from dws_git.resource_type import GitResource

Git = Callable[..., str]
Open = Callable[..., GitResource]


def commit(git: Git, place: Path, name: str, text: str) -> str:
    (place / name).parent.mkdir(parents=True, exist_ok=True)
    (place / name).write_text(text)
    git(place, "add", "--", name)
    git(place, "commit", "-q", "-m", f"Edit {name}")
    return git(place, "rev-parse", "HEAD")


def refs(git: Git, place: Path) -> set[str]:
    return set(git(place, "for-each-ref", "--format=%(refname) %(objectname)").splitlines())


def test_an_origin_is_shown_without_password(git: Git, source: Path, repository: Open) -> None:
    """What only the user may see is in no message."""
    shown = {}
    for url in (
        "https://ada:secret@example.org/data.git",
        "https://token@example.org/data.git",
        "ssh://git:secret@example.org/data.git",
        "git@example.org:data.git",
        "/some/where",
    ):
        git(source, "config", "remote.origin.url", url)
        shown[url] = repository().origin

    assert [*shown.values()] == [
        "https://example.org/data.git",
        "https://example.org/data.git",
        "ssh://git@example.org/data.git",
        "git@example.org:data.git",
        "/some/where",
    ]


@pytest.mark.parametrize(
    "url",
    [
        "ext::sh -c touch% pwned",
        "--upload-pack=touch pwned",
        "-oProxyCommand=touch pwned",
        "ssh://-oProxyCommand=touch%20pwned/x",
        "git@-oProxyCommand=x:y",
        "fd::17",
        "ftp://example.org/x",
        "https://",
        "https://example.org/a b",
        "ssh://example.org/x\ny",
        "http://[::1",
        "transport::https://example.org/x",
    ],
)
def test_a_url_that_is_no_plain_place_in_the_network_is_refused(url: str, other: Open) -> None:
    """What a stranger's record names never becomes an option, a command or another helper of git."""
    with pytest.raises((OriginRefusedError, LocalOriginError)) as refusal:
        other(url=url).obtain()

    assert refusal.value.hint and not other().local_path.exists()


@pytest.mark.parametrize("url", ["/etc", "../data.git", "file:///etc", "data.git"])
def test_a_path_of_this_machine_is_not_followed_unasked(url: str, other: Open) -> None:
    """It says how to go on: clone it by hand."""
    with pytest.raises(LocalOriginError) as refusal:
        other(url=url).obtain()

    assert str(other().local_path) in str(refusal.value.hint)


@pytest.mark.parametrize("url", ["https://127.0.0.1:1/x.git", "http://127.0.0.1:1/x", "git://127.0.0.1:1/x/y"])
def test_an_origin_that_does_not_answer_leaves_nothing_behind(url: str, other: Open) -> None:
    """The error has git's own words."""
    with pytest.raises(ToolFailedError):
        other(url=url).obtain()

    assert not [*other().context.root.glob("*source*")] and not [*other().context.root.glob(".dws-*")]


def test_without_any_url_it_says_whom_to_ask(other: Open) -> None:
    """A repository that never had an origin is in the clone that made it."""
    with pytest.raises(NoOriginError):
        other(url="").obtain()


def test_it_is_obtained_on_the_branch_that_was_recorded(git: Git, source: Path, origin: Path, other: Open) -> None:
    """Where the origin has it; otherwise on the origin's own."""
    git(source, "switch", "-q", "-c", "side")
    tip = commit(git, source, "side", "of the branch\n")
    git(source, "push", "-q", "origin", "side")

    other(branch="side").obtain()

    place = other().local_path
    assert git(place, "rev-parse", "HEAD") == tip and git(place, "branch", "--show-current") == "side"
    assert git(place, "status", "-sb") == "## side...origin/side"


def test_a_branch_that_the_origin_does_not_have_is_no_hindrance(origin: Path, git: Git, other: Open) -> None:
    """A branch that is named like an option neither."""
    other(branch="--orphan").obtain()

    assert git(other().local_path, "branch", "--show-current") == "main"


def test_an_empty_origin_is_obtained_and_pulled_from(git: Git, source: Path, origin: Path, other: Open) -> None:
    """There is nothing yet, and later there is."""
    shutil.rmtree(origin)
    origin.mkdir()
    git(origin, "init", "-q", "--bare")
    other().obtain()
    git(source, "push", "-q", "origin", "main")

    other().pull()

    assert read_directory(other().local_path, keep={".git"}) == read_directory(source, keep={".git"})


def test_a_repository_with_long_ids_goes_the_same_way(
    git: Git, source: Path, origin: Path, repository: Open, other: Open
) -> None:
    """SHA-256 names objects in some repositories; those are never taken for objects of the store."""
    shutil.rmtree(source)
    shutil.rmtree(origin)
    origin.mkdir()
    git(origin, "init", "-q", "--bare", "--object-format=sha256")
    source.mkdir()
    git(source, "init", "-q", "--object-format=sha256")
    commit(git, source, "data.csv", "x\n")
    git(source, "remote", "add", "origin", other().settings.remote_origin_url or "")
    repository().push([])
    other().obtain()
    (source / "data.csv").write_text("edited\n")
    version = repository().snapshot()

    sent = repository().push([version])
    other().pull()
    other().restore(version)

    assert sent.text == "1 kept version" and repository().needs(version) == frozenset()
    assert (other().local_path / "data.csv").read_bytes() == b"edited\n"


def test_hooks_and_settings_of_a_clone_are_not_the_strangers(git: Git, source: Path, origin: Path, other: Open) -> None:
    """A clone runs nothing that it holds: hooks do not travel, and attributes name only filters that the user has."""
    (origin / "hooks").mkdir(exist_ok=True)
    commit(git, source, ".gitattributes", "* filter=evil\n")
    git(source, "config", "filter.evil.smudge", "touch pwned")
    git(source, "push", "-q", "origin", "main")

    other().obtain()

    assert not [*other().context.root.rglob("pwned")]
    assert git(other().local_path, "config", "--get-regexp", "filter", fails=True) == ""


def test_a_path_that_leads_elsewhere_is_not_obtained(git: Git, source: Path, origin: Path, other: Open) -> None:
    """Names that belong to git or the workspace are refused, in whatever spelling."""
    blob = git(source, "hash-object", "-w", "data.csv")
    listed = f"100644 blob {blob}\tevil".encode()
    inner = subprocess.run(["git", "mktree"], cwd=source, input=listed, capture_output=True, check=True).stdout.decode().strip()
    listed = f"040000 tree {inner}\t.DataWorkspace".encode()
    tree = subprocess.run(["git", "mktree"], cwd=source, input=listed, capture_output=True, check=True).stdout.decode().strip()
    made = git(source, "commit-tree", "-p", "HEAD", "-m", "evil", tree)
    git(source, "push", "-q", "origin", f"{made}:refs/heads/main")

    with pytest.raises(DwsError):
        other().obtain()

    assert not other().local_path.exists()


def test_a_read_only_repository_is_never_pushed(git: Git, source: Path, origin: Path, repository: Open) -> None:
    """Not a branch, and not a ref of ours."""
    commit(git, source, "data.csv", "edited\n")
    version = repository(read_only=True).snapshot()
    before = refs(git, origin)

    sent = repository(read_only=True).push([version])

    assert not sent.anything and "read-only" in sent.text
    assert refs(git, origin) == before


def test_what_was_recorded_before_it_became_read_only_is_said_to_be_here_alone(
    git: Git, source: Path, origin: Path, repository: Open
) -> None:
    """What no push will send is not passed over in silence; what a bundle holds is not counted."""
    commit(git, source, "data.csv", "edited\n")
    version = repository().snapshot()
    bundled = repository(read_only=True).snapshot()

    sent = repository(read_only=True).push([version, bundled])

    assert sent.text == "read-only, so nothing is pushed; 1 of its versions are only in this clone"


def test_a_read_only_repository_is_pulled(git: Git, source: Path, origin: Path, repository: Open, other: Open) -> None:
    """Only sending is forbidden."""
    other().obtain()
    commit(git, source, "data.csv", "edited\n")
    repository().push([])

    taken = GitResource(other().resource, replace(other().settings, read_only=True), other().context).pull()

    assert taken.text == "1 commit to main"
    assert (other().local_path / "data.csv").read_text() == "edited\n"


def test_what_is_sent_is_counted(git: Git, source: Path, origin: Path, repository: Open) -> None:
    """Commits to the branch, and versions that lie below no branch of the origin."""
    commit(git, source, "data.csv", "one\n")
    commit(git, source, "data.csv", "two\n")
    (source / "data.csv").write_text("three\n")
    version = repository().snapshot()

    sent = repository().push([version])

    assert sent.text == "2 commits to main, 1 kept version"
    assert {name.split()[0] for name in refs(git, origin)} == {"refs/heads/main", f"refs/dws/{repository().context.clone}"}


def test_what_undo_keeps_is_not_sent(git: Git, source: Path, origin: Path, repository: Open) -> None:
    """Only what the versions need leaves this clone, and not what it keeps for itself."""
    (source / "secret").write_text("never meant for others\n")
    repository().snapshot()
    secret = git(source, "hash-object", "secret")
    (source / "secret").unlink()
    (source / "data.csv").write_text("meant for others\n")
    version = repository().snapshot()

    repository().push([version])

    git(origin, "cat-file", "-e", secret, fails=True)
    git(origin, "cat-file", "-e", git(source, "hash-object", "data.csv"))


def test_amended_commits_of_a_snapshot_are_sent(git: Git, source: Path, origin: Path, repository: Open, other: Open) -> None:
    """A commit that no branch leads to any more is kept at the origin, and comes back elsewhere."""
    commit(git, source, "data.csv", "first\n")
    version = repository().snapshot()
    git(source, "commit", "-q", "--amend", "-m", "Amended")
    git(source, "reflog", "expire", "--expire=all", "--all")

    repository().push([version])
    other().obtain()
    other().restore(version)

    assert other().current() == version


def test_versions_of_many_pushes_stay_reachable(git: Git, source: Path, origin: Path, repository: Open, other: Open) -> None:
    """One ref of ours at the origin holds them all, and git's housekeeping there takes none away."""
    versions = []
    for number in range(3):
        (source / "data.csv").write_text(f"state {number}\n")
        versions.append(repository().snapshot())
        repository().push(versions[-1:])
    git(origin, "gc", "-q", "--prune=now")

    other().obtain()

    for number, version in enumerate(versions):
        other().restore(version)
        assert (other().local_path / "data.csv").read_text() == f"state {number}\n"


def test_a_branch_deleted_at_the_origin_no_longer_counts_as_there(
    git: Git, source: Path, origin: Path, repository: Open, other: Open
) -> None:
    """What was seen there once need not be there now: it is sent again."""
    git(source, "switch", "-q", "-c", "side")
    commit(git, source, "side", "of the branch\n")
    repository().push([])
    version = repository().snapshot()
    git(origin, "update-ref", "-d", "refs/heads/side")
    git(origin, "gc", "-q", "--prune=now")
    git(source, "switch", "-q", "main")

    repository().push([version])
    other().obtain()
    other().restore(version)

    assert (other().local_path / "side").exists()


def test_with_a_detached_head_versions_are_sent_and_no_branch(git: Git, source: Path, origin: Path, repository: Open) -> None:
    """There is no branch that could be meant."""
    git(source, "switch", "-q", "--detach")
    commit(git, source, "data.csv", "detached\n")
    version = repository().snapshot()
    main = git(origin, "rev-parse", "main")

    sent = repository().push([version])

    assert sent.text == "1 kept version" and git(origin, "rev-parse", "main") == main
    assert repository().pull().text == "nothing taken, since no branch is checked out"


def test_a_divergence_is_explained(git: Git, source: Path, origin: Path, repository: Open, other: Open) -> None:
    """How far each went, and how to go on: which works."""
    other().obtain()
    place = other().local_path
    commit(git, source, "theirs", "theirs\n")
    repository().push([])
    commit(git, place, "mine", "mine\n")
    commit(git, place, "mine", "mine again\n")

    with pytest.raises(DivergedError, match=r"main has 2 commits here .* and 1 there") as refusal:
        other().push([])
    assert f"git -C {place} pull --no-rebase origin main" in str(refusal.value.hint)
    git(place, "pull", "-q", "--no-rebase", "--no-edit", "origin", "main")
    other().push([])
    repository().pull()

    assert (source / "mine").read_text() == "mine again\n"


@pytest.mark.parametrize("state", ["edited", "staged", "removed", "untracked", "file in the way", "directory in the way"])
def test_unsaved_work_in_the_way_is_named_and_stays(
    state: str, git: Git, source: Path, origin: Path, repository: Open, other: Open
) -> None:
    """Nothing is overwritten, whatever kind of work it is; not even the index changes."""
    other().obtain()
    place = other().local_path
    for name in ("later/data", "single", "data.csv"):
        commit(git, source, name, "theirs\n")
    named = _work(state, git, place)
    before = read_directory(place, keep={".git"}), git(place, "status", "--porcelain"), git(place, "rev-parse", "HEAD")
    repository().push([])

    with pytest.raises(UnsavedInTheWayError, match=named):
        other().pull()

    assert (read_directory(place, keep={".git"}), git(place, "status", "--porcelain"), git(place, "rev-parse", "HEAD")) == before
    assert not (place / ".git/index.lock").exists()


def _work(state: str, git: Git, place: Path) -> str:
    """Leave work that is not committed, and name what of it is in the way."""
    if state == "removed":
        (place / "data.csv").unlink()
        return "data.csv"
    if state in ("edited", "staged"):
        (place / "data.csv").write_text("mine\n")
        if state == "staged":
            git(place, "add", "data.csv")
            (place / "data.csv").write_text("x,y\n1,2\n")
        return "data.csv"
    path = {"untracked": "single", "file in the way": "later", "directory in the way": "single/mine"}[state]
    (place / path).parent.mkdir(exist_ok=True)
    (place / path).write_text("mine\n")
    return path


def test_what_git_ignores_is_not_overwritten_either(git: Git, source: Path, origin: Path, repository: Open, other: Open) -> None:
    """An ignored file was never kept anywhere."""
    other().obtain()
    place = other().local_path
    (place / ".git/info/exclude").write_text("local\n")
    (place / "local").write_text("mine\n")
    commit(git, source, "local", "theirs\n")
    repository().push([])

    with pytest.raises(DwsError, match="local"):
        other().pull()

    assert (place / "local").read_text() == "mine\n"


def test_staged_work_elsewhere_stays_staged(git: Git, source: Path, origin: Path, repository: Open, other: Open) -> None:
    """Of the index, only what the origin changed is changed."""
    other().obtain()
    place = other().local_path
    (place / "mine").write_text("staged\n")
    git(place, "add", "mine")
    commit(git, source, "data.csv", "theirs\n")
    git(source, "rm", "-q", "README")
    git(source, "commit", "-q", "-m", "Remove it")
    repository().push([])

    taken = other().pull()

    assert taken.text == "2 commits to main"
    assert git(place, "status", "--porcelain") == "A  mine"
    assert git(place, "reflog", "-1", "--format=%gs") == "dws pull: fast-forward"


def test_files_that_git_converts_are_no_hindrance(git: Git, source: Path, origin: Path, repository: Open, other: Open) -> None:
    """Line ends that git writes otherwise than it stores are no unsaved work, and come as git writes them."""
    commit(git, source, ".gitattributes", "*.txt text eol=crlf\n")
    commit(git, source, "a.txt", "one\n")
    repository().push([])
    other().obtain()
    commit(git, source, "a.txt", "two\n")
    repository().push([])

    other().pull()

    assert (other().local_path / "a.txt").read_bytes() == b"two\r\n"
    assert git(other().local_path, "status", "--porcelain") == ""


def test_in_the_middle_of_a_merge_nothing_is_pulled(git: Git, source: Path, origin: Path, other: Open) -> None:
    """What the user has begun is finished first."""
    other().obtain()
    (other().local_path / ".git/MERGE_HEAD").write_text(git(source, "rev-parse", "HEAD") + "\n")

    with pytest.raises(UnfinishedGitError):
        other().pull()


def test_somebody_who_pushes_at_the_same_time_is_not_overwritten(
    git: Git, source: Path, origin: Path, repository: Open, other: Open
) -> None:
    """Two processes push until both are through: what both kept is there."""
    other().obtain()
    for place, opened in ((source, repository), (other().local_path, other)):
        (place / "untracked").write_text(f"of {place}\n")
        opened().snapshot()
    script = "import sys; from dws_git.exchanging import push; from dws_git.repository import Repository\n"
    script += "from dws_core.model.version import Version; import json; from pathlib import Path\n"
    script += "versions = [Version.from_json(each) for each in json.loads(sys.argv[3])]\n"
    script += "print(push(Repository(Path(sys.argv[1])), sys.argv[2], versions, dry_run=False).text)"
    running = [
        subprocess.Popen(
            [sys.executable, "-c", script, str(place), clone, json.dumps([opened().snapshot().to_json()])],
            stdout=subprocess.PIPE,
            text=True,
        )
        for place, opened, clone in ((source, repository, "a" * 32), (other().local_path, other, "b" * 32))
    ]

    said = [each.communicate(timeout=60)[0].strip() for each in running]

    assert said == ["1 kept version"] * 2
    assert {name.split()[0] for name in refs(git, origin)} >= {f"refs/dws/{'a' * 32}", f"refs/dws/{'b' * 32}"}


def test_a_commit_nobody_pushed_says_how_to_get_it(git: Git, source: Path, origin: Path, repository: Open, other: Open) -> None:
    """Restoring, comparing and reading all name `dws pull`."""
    other().obtain()
    first = other().snapshot()
    commit(git, source, "data.csv", "not pushed\n")
    version = repository().snapshot()

    for act in (other().plan, other().restore, other().changes_since, lambda each: other().compare(first, each)):
        with pytest.raises(MissingCommitError) as refusal:
            act(version)
        assert "dws pull" in str(refusal.value.hint)
    with pytest.raises(MissingCommitError):
        other().open(version, "data.csv")


def test_versions_recorded_before_there_were_origins_are_pushed(git: Git, source: Path, origin: Path, repository: Open) -> None:
    """A version with nothing but a commit, or with facts that make no sense, is no hindrance."""
    tip = commit(git, source, "data.csv", "edited\n")
    versions = [Version(tip, {"commit": tip}), Version("odd", {"commit": 3, "tree": "../.."}), Version("none")]

    assert repository().push(versions).text == "1 commit to main"


def test_what_lies_where_it_is_to_be_obtained_is_named(other: Open) -> None:
    """Nothing of the user's is touched."""
    other().local_path.mkdir()
    (other().local_path / "mine").write_text("mine\n")

    with pytest.raises(PathRefusedError, match="source"):
        other().obtain()

    assert (other().local_path / "mine").read_text() == "mine\n"


def test_an_obtaining_that_is_killed_while_git_fetches_is_done_again(git: Git, source: Path, origin: Path, other: Open) -> None:
    """Killed when it has begun, when objects come, and when files are written; git may go on writing for a while."""
    (source / "large.bin").write_bytes(bytes(range(256)) * 4096)
    commit(git, source, "data.csv", "edited\n")
    git(source, "add", ".")
    git(source, "commit", "-q", "-m", "Add a large file")
    git(source, "push", "-q", "origin", "main")
    script = "import sys; from pathlib import Path; from dws_git.obtaining import obtain\n"
    script += "obtain(Path(sys.argv[1]), sys.argv[2], 'main')"
    url = other().settings.remote_origin_url or ""

    for sign in ("", "/.git/objects/??/*", "/large.bin"):
        shutil.rmtree(other().local_path, ignore_errors=True)
        command = [sys.executable, "-c", script, str(other().local_path), url]
        running = subprocess.Popen(command, start_new_session=True)
        while running.poll() is None and not [*other().local_path.parent.glob(f".dws-staging-*{sign}")]:
            time.sleep(0.001)
        try:
            running.send_signal(signal.SIGKILL)
        finally:
            running.wait()
        other().obtain()

        assert read_directory(other().local_path, keep={".git"}) == read_directory(source, keep={".git"})
