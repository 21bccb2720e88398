"""A clone of anybody's workspace: it works at once, runs nothing, and writes nothing that would reach outside."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from dws_core.testing import read_directory
from dws_git.backend import GitBackend
from dws_git.errors import HarmfulHistoryError, NoWorkspaceThereError, OriginFailedError
from plugins.dws_git.tests.team import DESCRIPTION, Team, git

EXECUTABLE, FILE, LINK, SUBMODULE = "100755", "100644", "120000", "160000"


def test_a_clone_is_whole_and_of_its_own(team: Team) -> None:
    """Nothing of it lies in the origin's files, and plain git finds itself at home in it."""
    ours, _ = team.two()
    path = team.record(ours, "one")
    team.own(ours, {"code/a b.py": "1\n"})
    git(ours.root, "tag", "v1")
    git(ours.root, "push", "-q", "--tags")
    team.share(ours)

    late = team.clone(team.place / "origin.git", "late")

    assert late.holds(path) and (late.root / "code" / "a b.py").read_text() == "1\n"
    assert git(late.root, "status", "-sb") == "## main...origin/main" and git(late.root, "tag") == "v1"
    assert not (late.root / ".git" / "objects" / "info" / "alternates").exists()
    assert all(file.stat().st_nlink == 1 for file in (late.root / ".git" / "objects").rglob("*") if file.is_file())


def test_a_clone_never_shows_its_own_state_to_git(team: Team) -> None:
    """Also where the shared history has lost the line that says so."""
    ours, _ = team.two()
    team.own(ours, {".dataworkspace/.gitignore": None})
    git(ours.root, "push", "-q")

    late = team.clone(team.place / "origin.git", "late")
    (late.root / ".dataworkspace" / "local" / "settings.json").parent.mkdir(parents=True, exist_ok=True)
    (late.root / ".dataworkspace" / "local" / "settings.json").write_text("{}\n")

    assert team.status(late) == []


@pytest.mark.parametrize("named", ["main", "trunk"])
def test_an_origin_that_names_a_branch_nobody_pushed_is_cloned_all_the_same(team: Team, named: str) -> None:
    """A new repository names whatever branch its server likes first; the one that was pushed is taken."""
    ours = team.begin()
    git(ours.root, "branch", "-q", "-m", named)
    ours.publish(str(team.origin("origin.git", "--initial-branch=something-else")))
    ours.push()

    late = team.clone(team.place / "origin.git", "late")

    assert git(late.root, "branch", "--show-current") == named and late.fetch() is None and not late.is_ahead()


def test_a_repository_with_longer_ids_is_cloned(team: Team) -> None:
    """Objects may be named by SHA-256."""
    root = team.place / "ours"
    git(team.place, "init", "-q", "--object-format=sha256", "ours")
    ours = team.open(root)
    ours.init()
    (root / DESCRIPTION).write_text("{}\n")
    path = team.record(ours, "one")
    team.own(ours, {DESCRIPTION: "{}\n"})
    ours.publish(str(team.origin("origin.git", "--object-format=sha256")))
    ours.push()

    late = team.clone(team.place / "origin.git", "late")
    team.record(late, "two")
    team.record(ours, "three")
    team.exchange(ours, late)

    assert late.holds(path) and team.status(late) == [] and len(ours.recorded(".dataworkspace/snapshots")) == 3


def test_what_is_no_workspace_is_not_cloned(team: Team) -> None:
    """The error says what the place is instead, and how a workspace gets there."""
    git(team.place, "init", "-q", "code")
    git(team.place / "code", "commit", "-q", "--allow-empty", "-m", "Begin")

    with pytest.raises(NoWorkspaceThereError, match=r"workspace\.json is missing") as refusal:
        team.clone(team.place / "code", "one")
    with pytest.raises(NoWorkspaceThereError, match="it is empty"):
        team.clone(team.origin(), "two")
    with pytest.raises(OriginFailedError, match="not appear to be a git repository"):
        team.clone(team.place / "nothing", "three")

    assert "dws publish" in (refusal.value.hint or "")
    assert [path.name for path in (team.place / "one").iterdir()] == [".git"]


class Stranger:
    """Makes histories that git's own commands would not make."""

    def __init__(self, team: Team) -> None:
        self.ours, self.theirs = team.two()
        self.origin = team.place / "origin.git"
        self.outside = team.place / "outside"
        self.outside.mkdir()
        self.canary = self.outside / "ran"

    def blob(self, content: str) -> str:
        return git(self.origin, "hash-object", "-w", "--stdin", given=content.encode())

    def tree(self, entries: Mapping[str, tuple[str, str]]) -> str:
        """Make a tree with any names at all."""
        content = b"".join(
            f"{mode} ".encode() + os.fsencode(name) + b"\0" + bytes.fromhex(identity)
            for name, (mode, identity) in sorted(entries.items(), key=lambda entry: os.fsencode(entry[0]))
        )
        return git(self.origin, "hash-object", "-w", "-t", "tree", "--literally", "--stdin", given=content)

    def top(self, revision: str = "main") -> dict[str, tuple[str, str]]:
        """The entries of a tree that is there."""
        lines = git(self.origin, "ls-tree", revision).splitlines()
        return {name: (mode.lstrip("0"), identity) for line in lines for mode, _, identity, name in [line.split(None, 3)]}

    def metadata(self, entries: Mapping[str, tuple[str, str]]) -> str:
        """Make a tree whose metadata hold these too."""
        return self.tree({**self.top(), ".dataworkspace": ("40000", self.tree({**self.top("main:.dataworkspace"), **entries}))})

    def push(self, tree: str) -> None:
        made = git(self.origin, "commit-tree", "-p", "main", "-m", "harmless", tree)
        git(self.origin, "update-ref", "refs/heads/main", made)


def inside(stranger: Stranger, name: str, content: tuple[str, str]) -> str:
    return stranger.tree({**stranger.top(), name: content})


def in_directory(stranger: Stranger, *names: str) -> str:
    entry = (FILE, stranger.blob("harm\n"))
    for name in reversed(names[1:]):
        entry = ("40000", stranger.tree({name: entry}))
    return stranger.tree({**stranger.top(), names[0]: entry})


def local_state(stranger: Stranger, name: str = "local") -> str:
    settings = stranger.tree({"settings.json": (FILE, stranger.blob("{}\n"))})
    return stranger.metadata({name: ("40000", settings)})


HARM: dict[str, Callable[[Stranger], str]] = {
    "metadata that are a symlink": lambda it: inside(it, ".dataworkspace", (LINK, it.blob(str(it.outside)))),
    "records that are a symlink": lambda it: it.metadata({"snapshots": (LINK, it.blob(str(it.outside)))}),
    "a record that is a symlink": lambda it: it.metadata({"x.json": (LINK, it.blob(str(it.outside / "precious")))}),
    "a record that is a submodule": lambda it: it.metadata({"resources": (SUBMODULE, "1" * 40)}),
    "state of this clone alone": local_state,
    "the same, spelled otherwise": lambda it: local_state(it, "LOCAL"),
    "a local state that is a file": lambda it: it.metadata({"local": (FILE, it.blob("x"))}),
    "a hook": lambda it: in_directory(it, ".git", "hooks", "post-checkout"),
    "a hook in another spelling": lambda it: in_directory(it, ".GIT", "hooks", "post-checkout"),
    "a hook in the spelling of another system": lambda it: in_directory(it, "git~1", "config"),
    "a hook in a spelling that is folded": lambda it: in_directory(it, ".g\u200cit", "config"),
    "metadata in another spelling": lambda it: in_directory(it, ".DataWorkspace", "local", "settings.json"),
    "a path that leads up": lambda it: in_directory(it, "..", "outside", "harm"),
    "a name that leads up": lambda it: in_directory(it, "../outside/harm"),
    "a name that begins at the root": lambda it: in_directory(it, "/tmp/harm"),
    "nested metadata": lambda it: in_directory(it, "code", ".dataworkspace", "workspace.json"),
}


@pytest.mark.parametrize("harm", HARM)
def test_a_history_that_would_do_harm_is_neither_cloned_nor_merged(team: Team, harm: str) -> None:
    """It is looked at before a file of it is written; the error says whom to ask."""
    stranger = Stranger(team)
    (stranger.outside / "precious").write_text("precious\n")
    stranger.push(HARM[harm](stranger))
    before = read_directory(stranger.theirs.root, keep={".git"})

    for attempt in (stranger.theirs.fetch, lambda: team.clone(stranger.origin, "late")):
        with pytest.raises(HarmfulHistoryError) as refusal:
            attempt()
        assert refusal.value.hint

    assert read_directory(stranger.theirs.root, keep={".git"}) == before
    assert [path.name for path in (team.place / "late").iterdir()] == [".git"]
    assert [path.name for path in stranger.outside.iterdir()] == ["precious"]
    assert not stranger.theirs.is_ahead()


def test_a_file_in_the_place_of_the_records_is_refused(team: Team) -> None:
    """Records that are here cannot lie below a file."""
    stranger = Stranger(team)
    team.record(stranger.theirs, "one")
    stranger.push(stranger.metadata({"snapshots": (FILE, stranger.blob("x"))}))

    with pytest.raises(HarmfulHistoryError, match="snapshots"):
        stranger.theirs.fetch()


def test_another_description_of_the_workspace_is_refused(team: Team) -> None:
    """Who a workspace is was said once."""
    stranger = Stranger(team)
    stranger.push(stranger.metadata({"workspace.json": (FILE, stranger.blob('{"name": "other"}\n'))}))

    with pytest.raises(HarmfulHistoryError, match=r"workspace\.json"):
        stranger.theirs.fetch()


def test_a_record_without_bounds_is_refused(team: Team) -> None:
    """What would fill the memory is not read."""
    stranger = Stranger(team)
    large = stranger.outside / "large"
    with large.open("wb") as file:
        file.truncate(65 * 1024 * 1024)
    identity = git(stranger.origin, "hash-object", "-w", str(large))
    stranger.push(stranger.metadata({"large.json": (FILE, identity)}))

    with pytest.raises(HarmfulHistoryError, match=r"large\.json"):
        stranger.theirs.fetch()


def test_nothing_of_what_is_cloned_or_merged_runs(team: Team) -> None:
    """Hooks, filters, drivers and settings that lie in the files stay files."""
    stranger = Stranger(team)
    run = f"touch '{stranger.canary}'"
    hooks = stranger.tree({name: (EXECUTABLE, stranger.blob(f"#!/bin/sh\n{run}\n")) for name in ("post-checkout", "post-merge")})
    config = (
        f'[core]\n\thooksPath = hooks\n\tfsmonitor = "{run}"\n[filter "x"]\n\tsmudge = "{run}"\n[alias]\n\tstatus = "!{run}"\n'
    )
    entries = {
        "hooks": ("40000", hooks),
        ".gitattributes": (FILE, stranger.blob("* filter=x merge=x diff=x\n")),
        ".gitconfig": (FILE, stranger.blob(config)),
        ".gitmodules": (FILE, stranger.blob(f'[submodule "x"]\n\tpath = x\n\turl = ext::{run}\n')),
        ".lfsconfig": (FILE, stranger.blob(f"[lfs]\n\turl = file://{stranger.outside}\n")),
        "x": (SUBMODULE, "1" * 40),
        "out": (LINK, stranger.blob(str(stranger.outside))),
    }
    stranger.push(stranger.tree({**stranger.top(), **entries}))
    team.record(stranger.theirs, "one")

    team.pull(stranger.theirs)
    late = team.clone(stranger.origin, "late")

    assert not stranger.canary.exists() and [*stranger.outside.iterdir()] == []
    for backend in (stranger.theirs, late):
        assert (backend.root / "hooks" / "post-checkout").exists() and (backend.root / "out").is_symlink()
        assert [*(backend.root / "x").iterdir()] == []
        assert (backend.root / ".gitmodules").exists() and team.status(backend) == []


def test_a_symlink_that_became_a_directory_is_replaced_not_followed(team: Team) -> None:
    """What comes later is never written through what came before."""
    stranger = Stranger(team)
    stranger.push(stranger.tree({**stranger.top(), "out": (LINK, stranger.blob(str(stranger.outside)))}))
    team.pull(stranger.theirs)
    deep = stranger.tree({"harm": (FILE, stranger.blob("x"))})
    stranger.push(stranger.tree({**stranger.top(), "out": ("40000", deep)}))

    team.pull(stranger.theirs)

    assert [*stranger.outside.iterdir()] == []
    assert (stranger.theirs.root / "out" / "harm").read_text() == "x" and not (stranger.theirs.root / "out").is_symlink()


def test_a_backend_opened_on_a_clone_needs_nothing_else(team: Team) -> None:
    """The clone can be committed to, shared and repaired at once."""
    ours, theirs = team.two()

    theirs.check()
    theirs.repair()
    path = team.record(theirs, "one")

    assert isinstance(theirs, GitBackend) and theirs.push() and team.pull(ours) == () and ours.holds(path)
    assert Path(str(theirs.origin)) == team.place / "origin.git"
