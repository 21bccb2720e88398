"""An origin: made, replaced, pushed to and looked at, and what stands in the way told in one line."""

import multiprocessing
from collections.abc import Callable
from pathlib import Path

import pytest

from dws_core.errors import NotPublishedError, PathRefusedError, ToolFailedError
from dws_core.plugin import Commit
from dws_core.testing import read_directory
from dws_git.addresses import check_url, shown
from dws_git.errors import DetachedHeadError, UnrelatedHistoryError, UrlRefusedError
from dws_git.subdirectory import GitSubdirectory
from plugins.dws_git.tests.team import Team, git, record_and_share

REFUSED = (
    "",
    "-u./touch",
    "--upload-pack=touch ran",
    "ext::sh -c 'touch ran'",
    "fd::17",
    "ssh://-oProxyCommand=touch/x",
    "ssh://user@-oProxyCommand=touch/x",
    "-oProxyCommand=touch:x",
    "user@-oProxyCommand=touch:x",
    "host$(touch):x",
    "ssh://host name/x",
    "ssh://host",
    "ftp://host/x",
    "javascript://host/x",
    "file://other.example/x",
    "two\nlines",
    "https://user:secret@127.0.0.1/x",
    "ssh://user:secret@127.0.0.1/x",
)


@pytest.mark.parametrize("url", REFUSED)
def test_what_is_no_address_is_refused_before_anything_runs(team: Team, url: str) -> None:
    """No option, no program, no password; and nothing changes."""
    ours = team.begin()
    before = read_directory(ours.root)

    for attempt in (lambda: ours.publish(url), lambda: team.clone(url)):
        with pytest.raises(UrlRefusedError) as refusal:
            attempt()
        assert refusal.value.hint and "secret" not in refusal.value.message

    assert read_directory(ours.root) == before and not [*team.place.rglob("ran")]


@pytest.mark.parametrize(
    "url",
    [
        "ssh://user@host.example:2222/path/to it.git",
        "user@host.example:path",
        "host:path",
        "[::1]:path",
        "ssh://[::1]:22/path",
        "https://host.example/path.git",
        "https://user@host.example/path",
        "https://a%40b@host.example/path",
        "git://127.0.0.1/path",
        "file:///path/to it",
    ],
)
def test_what_git_takes_as_an_address_is_taken_as_it_is(url: str) -> None:
    """Every form that people use."""
    assert check_url(url) == url


def test_a_path_is_kept_as_an_absolute_one(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is relative is meant from where the user stands, not from the workspace."""
    origin = team.origin("the origin.git")
    ours = team.begin()
    (team.place / "elsewhere").mkdir()
    monkeypatch.chdir(team.place / "elsewhere")

    ours.publish("../the origin.git")

    assert Path(str(ours.origin)).resolve() == origin and ours.push()


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("https://user:secret@host/x", "https://host/x"),
        ("https://token@host/x", "https://host/x"),
        ("ssh://user:secret@host/x", "ssh://user@host/x"),
        ("ssh://user@host/x", "ssh://user@host/x"),
        ("user@host:x", "user@host:x"),
        ("fatal: unable to access 'http://a:b@host/x/': no", "fatal: unable to access 'http://host/x/': no"),
    ],
)
def test_passwords_are_never_shown(text: str, seen: str) -> None:
    """Neither in an address nor in what git says."""
    assert shown(text) == seen


def test_a_token_in_the_users_own_configuration_is_used_and_not_shown(team: Team) -> None:
    """A workspace whose origin was set with plain git works, and its address is shown without the token."""
    ours = team.begin()
    git(ours.root, "remote", "add", "origin", "http://me:secret@127.0.0.1:1/x.git")

    with pytest.raises(ToolFailedError) as refusal:
        ours.fetch()

    assert ours.origin == "http://127.0.0.1:1/x.git"
    assert "secret" not in f"{refusal.value.message} {refusal.value.hint}" and "127.0.0.1:1" in refusal.value.message


def test_an_origin_in_the_configuration_that_would_start_a_program_is_not_contacted(team: Team) -> None:
    """Also where it was not given to us."""
    ours = team.begin()
    git(ours.root, "config", "remote.origin.url", f"ext::touch {team.place}/ran")

    with pytest.raises(ToolFailedError, match="not allowed") as refusal:
        ours.fetch()

    assert "dws publish" in (refusal.value.hint or "") and not (team.place / "ran").exists()


def test_a_workspace_that_was_pushed_with_plain_git_just_works(team: Team) -> None:
    """Nobody has to publish what has an origin."""
    ours = team.begin()
    origin = team.origin()
    git(ours.root, "remote", "add", "origin", str(origin))
    git(ours.root, "push", "-q", "-u", "origin", "main")
    theirs = team.clone(origin)

    path = team.record(theirs, "one")
    team.share(theirs)

    assert not ours.is_ahead() and team.pull(ours) == () and ours.holds(path)


def test_after_publishing_plain_git_knows_where_to_push_and_pull(team: Team) -> None:
    """`git status`, `git pull` and `git push` work without a word more."""
    ours, theirs = team.two()
    team.own(theirs, {"code.py": "1\n"})

    git(theirs.root, "push", "-q")
    git(ours.root, "pull", "-q")

    assert git(ours.root, "status", "-sb") == "## main...origin/main"


def test_another_origin_takes_the_place_of_the_first(team: Team) -> None:
    """Nothing of the first is left that a push could go to, or that could be taken for the second's."""
    ours, _ = team.two()
    git(ours.root, "config", "remote.origin.pushurl", str(team.place / "origin.git"))
    before = git(team.place / "origin.git", "rev-parse", "main")
    second = team.origin("second.git")
    team.record(ours, "one")

    ours.publish(str(second))

    assert ours.is_ahead() and ours.fetch() is None and ours.push()
    assert git(second, "rev-parse", "main") == git(ours.root, "rev-parse", "HEAD")
    assert git(team.place / "origin.git", "rev-parse", "main") == before


def test_an_origin_of_something_else_is_refused_and_nothing_of_it_kept(team: Team) -> None:
    """A repository that begins with a README of its own is no place for a workspace; the error says what is."""
    other = team.begin("other")
    other.publish(str(team.origin("other.git")))
    other.push()
    ours = team.begin()
    before = git(ours.root, "count-objects", "-v"), (ours.root / ".git" / "config").read_bytes()

    with pytest.raises(UnrelatedHistoryError, match=r"other\.git") as refusal:
        ours.publish(str(team.place / "other.git"))

    assert "empty repository" in (refusal.value.hint or "")
    assert (git(ours.root, "count-objects", "-v"), (ours.root / ".git" / "config").read_bytes()) == before
    assert git(ours.root, "for-each-ref", "--format=%(refname)") == "refs/heads/main"


def test_a_copy_of_the_origin_that_went_on_is_no_stranger(team: Team) -> None:
    """What is needed to know that is asked of it, and what is new there comes with the next pull."""
    ours, theirs = team.two()
    path = team.record(theirs, "one")
    team.share(theirs)
    git(team.place, "clone", "-q", "--bare", "origin.git", "copy.git")

    ours.publish(str(team.place / "copy.git"))

    assert team.pull(ours) == () and ours.holds(path)


def test_an_origin_that_became_something_else_is_not_merged(team: Team) -> None:
    """Also where it did so after publishing."""
    ours, _ = team.two()
    other = team.begin("other")
    git(other.root, "push", "-q", "--force", str(team.place / "origin.git"), "main")

    with pytest.raises(UnrelatedHistoryError):
        ours.fetch()

    assert not ours.push()


def test_without_an_origin_it_says_how_to_get_one(team: Team) -> None:
    """The next step is to publish."""
    ours = team.begin()

    for attempt in (ours.fetch, ours.push):
        with pytest.raises(NotPublishedError) as refusal:
            attempt()

    assert "dws publish" in (refusal.value.hint or "") and ours.origin is None and not ours.is_ahead()


def test_a_detached_head_is_named(team: Team) -> None:
    """What is shared is a branch, and the error says how to get to one."""
    ours, _ = team.two()
    git(ours.root, "checkout", "-q", "--detach")

    for attempt in (ours.fetch, ours.push):
        with pytest.raises(DetachedHeadError) as refusal:
            attempt()

    assert "git switch" in (refusal.value.hint or "") and not ours.is_ahead() and ours.origin is not None


def test_a_branch_that_the_origin_does_not_have_is_new_there(team: Team) -> None:
    """Each branch is shared by its own name."""
    ours, _ = team.two()
    git(ours.root, "switch", "-q", "-c", "feature/deep")
    team.record(ours, "one")

    fetched, pushed = ours.fetch(), ours.push()

    assert (fetched, pushed) == (None, True)
    assert git(team.place / "origin.git", "rev-parse", "feature/deep") == git(ours.root, "rev-parse", "HEAD")


def test_a_linked_working_tree_is_shared_like_any_other(team: Team) -> None:
    """`git worktree add` makes a workspace of its own branch, which pulls and pushes by itself."""
    ours, theirs = team.two()
    path = team.record(theirs, "one")
    team.share(theirs)
    git(ours.root, "worktree", "add", "-q", "-b", "beside", str(team.place / "beside"))
    beside = team.open(team.place / "beside")
    team.record(beside, "two")

    assert beside.fetch() is None and beside.push()
    git(beside.root, "branch", "-q", "-m", "main", "old")
    git(beside.root, "branch", "-q", "-m", "beside", "main")
    assert team.pull(beside) == () and beside.holds(path) and team.status(beside) == []


def test_a_shallow_clone_is_refused_with_the_way_out(team: Team) -> None:
    """What is missing there cannot be merged."""
    ours, _ = team.two()
    team.record(ours, "one")
    team.share(ours)
    git(team.place, "clone", "-q", "--depth=1", f"file://{team.place / 'origin.git'}", "shallow")

    with pytest.raises(PathRefusedError, match="shallow") as refusal:
        team.open(team.place / "shallow").fetch()

    assert "--unshallow" in (refusal.value.hint or "")


def refusing_hook(repository: Path, name: str, script: str) -> None:
    hook = repository / "hooks" / name
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f"#!/bin/sh\n{script}\n")
    hook.chmod(0o755)


def test_what_the_origin_refuses_is_told_in_its_own_words(team: Team) -> None:
    """A hook's refusal is no sign of something new there."""
    ours, _ = team.two()
    refusing_hook(team.place / "origin.git", "pre-receive", "echo 'only on Mondays' >&2; exit 1")
    team.record(ours, "one")

    with pytest.raises(ToolFailedError, match="hook declined") as refusal:
        ours.push()

    assert refusal.value.hint and ours.is_ahead()


def test_an_origin_with_a_working_tree_is_named_as_such(team: Team) -> None:
    """A branch that is checked out there takes no push; the error says what to publish to."""
    ours = team.begin()
    git(team.place, "clone", "-q", str(ours.root), "checked out")
    ours.publish(str(team.place / "checked out"))
    team.record(ours, "one")

    with pytest.raises(ToolFailedError, match="checked out") as refusal:
        ours.push()

    assert "--bare" in (refusal.value.hint or "")


def test_an_origin_that_somebody_else_changes_for_good_is_named(team: Team) -> None:
    """A lock that stays there is told, not waited for for ever, and not taken for something new."""
    ours, _ = team.two()
    team.record(ours, "one")
    (team.place / "origin.git" / "refs" / "heads" / "main.lock").touch()

    with pytest.raises(ToolFailedError, match=r"main\.lock|failed to update ref"):
        ours.push()


def test_several_push_at_the_same_moment_and_all_arrive(team: Team) -> None:
    """Processes that push at once, retrying when somebody was quicker, end with everything."""
    ours, _ = team.two()
    clones = [team.clone(team.place / "origin.git", f"clone {number}") for number in range(3)]
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=record_and_share, args=(clone.root, 3)) for clone in clones]

    for process in processes:
        process.start()
    for process in processes:
        process.join()
    team.pull(ours)

    assert [process.exitcode for process in processes] == [0, 0, 0]
    assert len(ours.recorded(".dataworkspace/snapshots")) == 9


def test_no_hook_of_the_user_runs(team: Team, home: Path) -> None:
    """Neither those of the repository nor those of the user's template."""
    ours, theirs = team.two()
    template = team.place / "template" / "hooks"
    for place in (theirs.root / ".git" / "hooks", template):
        place.mkdir(parents=True, exist_ok=True)
        for name in ("pre-push", "post-merge", "post-checkout", "reference-transaction", "pre-merge-commit", "commit-msg"):
            refusing_hook(place.parent, name, f"echo {name} >>'{team.place}/ran'; exit 1")
    git(team.place, "config", "--global", "init.templateDir", str(template.parent))
    team.own(ours, {"code.py": "1\n"})
    team.share(ours)
    team.record(theirs, "one")

    assert team.pull(theirs) == () and theirs.push()
    team.clone(team.place / "origin.git", "late")

    assert not (team.place / "ran").exists()


def test_the_users_own_settings_for_git_do_not_bend_it(team: Team) -> None:
    """Settings that change what `git push`, `fetch` and `merge` do by themselves change nothing for us."""
    ours, theirs = team.two()
    settings = {
        "push.default": "nothing",
        "push.followTags": "true",
        "push.gpgSign": "true",
        "push.recurseSubmodules": "on-demand",
        "fetch.prune": "true",
        "fetch.recurseSubmodules": "true",
        "merge.ff": "only",
        "pull.rebase": "true",
        "commit.gpgSign": "true",
        "diff.noprefix": "true",
        "diff.renames": "copies",
        "core.quotePath": "true",
        "color.ui": "always",
    }
    for name, value in settings.items():
        git(theirs.root, "config", name, value)
    git(theirs.root, "tag", "-a", "-m", "mine", "mine")
    team.own(ours, {"caf\u00e9.py": "1\n"})
    team.share(ours)
    team.record(theirs, "one")

    assert theirs.push() is False and team.pull(theirs) == () and theirs.push()

    assert (theirs.root / "caf\u00e9.py").read_text() == "1\n"
    assert git(team.place / "origin.git", "for-each-ref", "--format=%(refname)") == "refs/heads/main"


def test_nothing_new_costs_one_contact_and_a_few_small_questions(team: Team, started: Callable[[], int]) -> None:
    """However much the workspace holds, a pull with nothing new looks at none of it."""
    _, theirs = team.two()
    before = started()

    assert theirs.fetch() is None

    assert started() - before <= 14


def test_the_callers_environment_leads_nowhere_else(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    """Called from a git hook, where GIT_DIR and its like are set, it is still this workspace that is shared."""
    ours, theirs = team.two()
    other = team.place / "other"
    git(team.place, "init", "-q", "other")
    for name, value in {"GIT_DIR": ".git", "GIT_WORK_TREE": ".", "GIT_INDEX_FILE": ".git/index"}.items():
        monkeypatch.setenv(name, str(other / value))
    monkeypatch.setenv("GIT_CONFIG_PARAMETERS", "'core.bare=true'")
    path = team.record(theirs, "one")

    assert theirs.push() and team.pull(ours) == () and ours.holds(path)
    late = team.clone(team.place / "origin.git", "late")

    assert late.holds(path) and (late.root / path).exists()
    assert [*(other / ".git" / "objects" / "pack").iterdir()] == []


def test_the_version_of_a_subdirectory_travels_with_the_history(team: Team, subdirectory: Callable[..., GitSubdirectory]) -> None:
    """What a snapshot names of a directory beside the records is in every clone, as far as git holds it."""
    ours, _ = team.two()
    code = subdirectory("code", root=ours.root)
    (code.local_path / "empty").mkdir()
    (code.local_path / "a.py").write_text("one\n")
    (code.local_path / ".gitattributes").write_text("*.txt text eol=lf\n")
    (code.local_path / "notes.txt").write_bytes(b"one\r\n")
    version = code.snapshot()
    ours.commit(Commit("Record it", (), [(code.resource, version)]))
    team.share(ours)

    late = team.clone(team.place / "origin.git", "late")

    assert git(late.root, "rev-parse", "HEAD:code") == version.data["tree"]
    assert {path.name for path in (late.root / "code").iterdir()} == {".gitattributes", "a.py", "notes.txt"}
