"""Opening is safe, also what is cloned and pulled: one hostile workspace for each line of section 8 of the design.

| line | what it is tried with |
|---|---|
| names, JSON | `test_a_record_that_nobody_can_use…`, `test_what_makes_no_sense…`; `core/model/test_codec.py` |
| programs and options | `test_what_is_no_place_in_the_network…`, `test_nothing_runs…`; `dws_git/tests/test_sharing.py` |
| paths, trees | `test_a_path_that_leads_out…`, `test_nothing_is_written_through…`; `core/objects/test_hostile_stores.py` |
| what is a clone's alone to say | `test_a_stranger_does_not_set…`; `test_strangers.py` |
| contact after acceptance alone | `test_nobody_is_contacted…`; at a terminal `core/cli/test_asking.py` |
| a `file://` store is read with its mark | `test_a_store_is_only_read…`, `test_a_place_without_the_mark…` |
| hosts of ssh | `test_transports.py`; `dws_git/tests/test_transports.py` |
| passwords | `test_strangers_secrets.py` |
| objects in a shared store | `core/objects/test_sending.py`, `core/objects/test_hostile_stores.py` |
| modes | `test_what_a_clone_holds_is_its_users_alone` |
| terminals, CSV, Markdown | `test_what_is_said_steers_no_terminal…`; `core/builtin/test_formats.py` |
| models | `test_nothing_runs…` |
"""

import json
import os
import pickle
import shutil
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.product.hostile import LATER, STEERING, Hostile, Listening, listening, make

Harm = Callable[[Hostile], object]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What all these tests begin with; it is copied to where it was made."""
    top = tmp_path_factory.mktemp("hostile")
    make(top / "played")
    return (top / "played").rename(top / "made")


@pytest.fixture
def hostile(made: Path) -> Iterator[Hostile]:
    played = made.with_name("played")
    shutil.copytree(made, played, symlinks=True)
    there = Hostile(played)
    there.tries("old", "config scratch_directory x")  # a copy becomes a clone of its own at its first change
    yield there
    shutil.rmtree(played)


@pytest.fixture
def port() -> Iterator[Listening]:
    with listening() as there:
        yield there


def _stray(hostile: Hostile, name: str, content: str) -> None:
    place = hostile.evil / ".dataworkspace" / name
    place.parent.mkdir(exist_ok=True)
    place.write_text(content)


REFUSED: dict[str, Harm] = {
    "a name that leads up": lambda it: it.resource("../x", "local-files", local_path="x"),
    "a name like an option": lambda it: it.resource("-rf", "local-files", local_path="x"),
    "a distribution like an option": lambda it: it.store("other", distribution="--index-url=http://x"),
    "a tag that steers a terminal": lambda it: it.snapshot(STEERING),
    "a host that leads up": lambda it: it.snapshot(host="../x"),
    "results that lead up": lambda it: it.snapshot(results={it.id_of("results"): "../../outside"}),
    "results of nothing": lambda it: it.snapshot(versions={}),
    "lineage that leads up": lambda it: it.snapshot(lineage="../../../../outside/precious"),
    "a number without an end": lambda it: it.snapshot(number=10**4299),
    "a version like an option": lambda it: it.snapshot(versions={it.id_of("code"): {"id": "--output=x"}}, results={}),
    "the mark of a store that leads up": lambda it: it.store("other", mark="../../x"),
    "a template that leads up": lambda it: it.setting("results_dir_template", "../../outside/{TAG}"),
    "a template that looks into things": lambda it: it.setting("results_dir_template", "{USERNAME.__class__}"),
    "a setting of another kind": lambda it: it.setting("results_exclude", 7),
    "JSON without an end": lambda it: it.record("receipts", json.loads('{"a": ' + "[" * 70 + "]" * 70 + "}")),
    "a file that is no record": lambda it: _stray(it, "snapshots/zz.json", "{}"),
    "bytes that are not those of the name": lambda it: _stray(it, f"removed/{'a' * 64}.json", "{}"),
}


@pytest.mark.parametrize("harm", REFUSED)
def test_a_record_that_nobody_can_use_is_named_and_nothing_is_taken(hostile: Hostile, harm: str) -> None:
    """Neither by who has the workspace already, nor by who clones it: of a clone nothing is left."""
    REFUSED[harm](hostile)
    hostile.push()

    for ended in (hostile.tries("old", "pull"), hostile.clone()):
        assert ended.status == 1
        assert "error: the origin holds a record that nobody can use, so nothing was taken from it: .dataworkspace/" in ended.err

    assert "2 snapshots total" in hostile.tries("old", "report history").out
    assert sorted(path.name for path in hostile.top.iterdir() if path.name.startswith((".", "new"))) == []
    assert hostile.left_alone()


def test_a_path_that_leads_out_brings_nothing_and_the_rest_comes(hostile: Hostile) -> None:
    """Upwards, absolute, into the repository, the workspace itself, through a symlink, of a wrong kind: each is named."""
    paths: list[Any] = ["../outside", str(hostile.outside), "", ".", "a/../../outside", ".git", ".GIT/hooks", ".g\u200cit"]
    paths += [".dataworkspace/local", "link", "link/in", "nul\0", "x" * 5000, "x/" * 2500, 5, []]
    (hostile.evil / "link").symlink_to(hostile.outside)
    kinds = {"local-files": "local_path", "git": "relative_local_path", "git-subdirectory": "relative_path"}
    names: list[str] = []
    for kind, setting in kinds.items():
        for path in paths:
            names.append(f"evil{len(names)}")
            hostile.resource(names[-1], kind, **{setting: path})
    data = hostile.records("snapshots")[0]["versions"][hostile.id_of("data")]
    hostile.snapshot(versions={**{hostile.id_of(name): data for name in names}, hostile.id_of("data"): data}, results={})
    hostile.push()

    said = [hostile.tries("old", "pull").out, hostile.clone("new", "--accept").out]

    for each in said:
        assert [name for name in names if f"Not got: {name}: " not in each] == []
    for where in ("old", "new"):
        hostile.look(where)
        assert hostile.tries(where, "restore EVIL").status == 1
        assert hostile.tries(where, "restore --only data,code V1").status == 0
        assert (hostile.top / where / "data" / "d.csv").read_text() == "1\n"
    assert hostile.left_alone()


def test_what_is_no_place_in_the_network_is_not_even_asked_about(hostile: Hostile, port: Listening) -> None:
    """Helpers of git, options, paths of this machine: with or without acceptance nothing of it is followed."""
    ran = f"touch% {hostile.canary}"
    urls: list[Any] = [f"ext::sh -c {ran}", f"--upload-pack={ran}", f"-oProxyCommand={ran}", f"ssh://-oProxyCommand={ran}/x"]
    urls += [f"ssh://x@-oProxyCommand={ran}/x", "-x@host:path", f"file://{hostile.outside}", str(hostile.outside), "../outside"]
    urls += [f"fd::{port.port}", f"ftp://127.0.0.1:{port.port}/x", f"http://me:secret@127.0.0.1:{port.port}/x"]
    urls += [f"{STEERING}http://127.0.0.1:{port.port}/x", f"http://127.0.0.1:{port.port}/\nx", 5]
    names = [f"evil{number}" for number in range(len(urls))]
    for name, url in zip(names, urls, strict=True):
        hostile.resource(name, "git", relative_local_path=name, remote_origin_url=url, branch="--orphan")
    hostile.push()

    said = [hostile.tries("old", "pull --accept").out, hostile.clone().out, hostile.clone("newer", "--accept").out]

    for each in said:
        assert [name for name in names if f"Not got: {name}: " not in each] == []
        assert "told to contact" not in each and "secret" not in each
    assert port.contacts == 0
    assert hostile.left_alone()


def test_nobody_is_contacted_before_this_clone_accepted_it(hostile: Hostile, port: Listening) -> None:
    """An origin and a store, whatever is done; then only what was accepted."""
    origin = f"git://127.0.0.1:{port.port}/lib.git"
    hostile.resource("lib", "git", relative_local_path="lib", remote_origin_url=origin)
    hostile.store("far", url=f"sftp://127.0.0.1:{port.port}/x", scheme="sftp", mark="far", distribution="dws-ssh")
    hostile.push()

    pulled, cloned = hostile.tries("old", "pull"), hostile.clone()
    for where in ("old", "new"):
        hostile.look(where)
        for line in ("restore V1", "verify", "snapshot --leave lib MINE", "push", "pull", "pull --dry-run", "undo", "gc"):
            hostile.tries(where, line)
    before = port.contacts
    hostile.tries("old", "pull --accept")

    for ended in (pulled, cloned):
        assert f"Not got: lib: resource 'lib' comes from {origin}, which this clone has not been told to contact" in ended.out
    assert (before, port.contacts > 0) == (0, True)


def test_a_store_is_only_read_before_this_clone_accepted_it(hostile: Hostile) -> None:
    """Its content comes, and not a byte is written there: not even a time changes."""
    store = hostile.top / "store"
    before = {path: path.stat().st_mtime_ns for path in (store, *store.rglob("*"))}

    cloned = hostile.clone()
    (hostile.top / "new" / "data" / "d.csv").write_text("mine")
    hostile.tries("new", "snapshot MINE")
    pushed = hostile.tries("new", "push")

    assert cloned.status == 0 and "data: as in snapshot V2" in cloned.out
    assert pushed.status == 1 and "which this clone has not been told to use" in pushed.err
    assert {path: path.stat().st_mtime_ns for path in (store, *store.rglob("*"))} == before


def test_a_place_without_the_mark_of_the_store_is_not_read(hostile: Hostile) -> None:
    """Another directory, a device, a pipe, another user's store: the content is said not to have come, with the reason."""
    shutil.copytree(hostile.top / "store", hostile.outside / "theirs")
    marked = hostile.top / "piped"
    marked.mkdir()
    os.mkfifo(marked / "dws-store.json")
    places = [hostile.outside, marked, Path("/dev"), hostile.top / "nowhere", hostile.outside / "theirs"]
    for old in (hostile.evil / ".dataworkspace" / "stores").iterdir():
        stores = hostile.records("stores")
        old.unlink()
    for number, place in enumerate(places):
        hostile.record("stores", {**stores[0], "name": f"s{number}", "url": f"file://{place}", "mark": f"mark{number}"})
    hostile.push()

    ended = hostile.clone()

    assert ended.status == 0
    assert "Not got: data: " in ended.out
    assert [f"s{number}" for number in range(len(places)) if f"store s{number}: " not in ended.out] == []
    hostile.look("new")
    shutil.rmtree(hostile.outside / "theirs")
    assert hostile.left_alone()


def test_a_command_that_a_message_names_can_be_typed_as_it_stands(hostile: Hostile) -> None:
    """What a stranger chose is one word of it, whatever it holds."""
    hostile.store("far", url=f"sftp://x/; touch {hostile.canary}; $(x)", scheme="file", mark="far")
    for old in (hostile.evil / ".dataworkspace" / "stores").glob("*.json"):
        if '"shared"' in old.read_text():
            old.unlink()
    hostile.push()
    hostile.clone("new", "--no-resources")
    (hostile.top / "new" / "data").mkdir()
    (hostile.top / "new" / "data" / "d.csv").write_text("mine")
    hostile.tries("new", "snapshot MINE")

    refused = hostile.tries("new", "push")

    assert f"dws store add far 'sftp://x/; touch {hostile.canary}; $(x)'" in refused.err


def test_a_stranger_does_not_set_what_is_this_clones_alone(hostile: Hostile) -> None:
    """The name of its machine, where it keeps temporary files, and how long it can undo are not a record's to say."""
    hostile.setting("hostname", "../x")
    hostile.setting("scratch_directory", str(hostile.outside))
    hostile.setting("undo_days", -5)
    hostile.setting("local_path", str(hostile.outside), hostile.id_of("data"))
    hostile.setting(STEERING, STEERING)
    hostile.push()

    hostile.tries("old", "pull")
    hostile.clone("new", "--hostname", "mine")

    for where, name in (("old", "old"), ("new", "mine")):
        shown = hostile.tries(where, "config").out
        assert f"| {name} " in shown and str(hostile.outside) not in shown and "-5" not in shown
        assert hostile.tries(where, "snapshot --leave data MINE").status == 0
        assert hostile.tries(where, "restore V1").status == 1
    assert hostile.left_alone()


def test_what_makes_no_sense_stops_nothing_else(hostile: Hostile) -> None:
    """Versions of nothing, times without meaning, an unknown type, marks of what is not there: the rest goes on as ever."""
    good = hostile.records("snapshots")[0]["versions"]
    code, data = hostile.id_of("code"), hostile.id_of("data")
    lib = hostile.resource("lib", "git", relative_local_path="lib")
    odd: list[Any] = [
        {"commit": "HEAD"},
        {"commit": "--output=x"},
        {"tree": "HEAD", "extras": "x", "exact": "../.."},
        {"tree": 5},
    ]
    odd += [{"commit": "abcd" * 10, "branch": "--orphan", "bundle": ["../x", "a" * 64]}, {"commit": "abcd" * 10, "staged": "-x"}]
    for number, facts in enumerate(odd):
        for resource in (code, data, lib):
            version = {"id": "abcd" * 10, "data": facts}
            hostile.snapshot(f"E{number}{resource[:4]}", versions={**good, resource: version}, results={})
    hostile.snapshot("LAST", time="9999-12-31T23:59:59.999999Z", parents=["../x"], versions={**good, "../x": good[data]})
    hostile.setting("results_exclude", ["..", "/"])
    hostile.record("removed", {"target": "../../../x", "time": "9999-12-31T23:59:59.999999Z"})
    hostile.record("removed", {"target": hostile.id_of("lib"), "time": "9999-12-31T23:59:59.999999Z", "back": True})
    hostile.record("receipts", {**hostile.records("receipts")[0], "store": "../x", "snapshots": ["../../y"]})
    hostile.record("resources", {**_strange("op"), "settings": {"path": str(hostile.outside)}})
    hostile.push()

    hostile.tries("old", "pull")
    hostile.clone("new", "--accept")

    for where in ("old", "new"):
        hostile.look(where)
        assert hostile.tries(where, f"restore --only code E0{code[:4]}").status == 1
        assert hostile.tries(where, "restore --only code,data V1").status == 0
        assert hostile.tries(where, "config results_exclude README").status == 0
        assert hostile.tries(where, "snapshot --leave lib,op,data MINE").status in (0, 1)
        hostile.tries(where, "delete-snapshot LAST")
        pushed = hostile.tries(where, "push --skip op")
        assert pushed.status == 0, pushed
    assert hostile.left_alone()


def _strange(name: str) -> dict[str, Any]:
    return {"name": name, "role": "code", "type": "nosuch", "distribution": "dws-nosuch", "time": LATER}


def test_what_is_said_steers_no_terminal_and_becomes_no_formula(hostile: Hostile) -> None:
    """Messages, users, metrics, URLs and lineage of a stranger, in every format."""
    evil = f"{STEERING}</script><script>alert(1)</script>|[x](javascript:x)"
    hostile.snapshot("SAID", message=f"=cmd()|{evil}", user=f"{evil}\nroot", metrics={evil: f"@SUM(1){evil}", "b": {"c": evil}})
    hostile.snapshot("WHEN", time=evil)
    hostile.store("other", url=f"file:///{evil}", mark="other", time=LATER)
    hostile.push()

    hostile.tries("old", "pull")
    hostile.clone()

    for where in ("old", "new"):
        hostile.look(where)
        csv = hostile.tries(where, "report history --format csv").out
        markdown = hostile.tries(where, "report history --format markdown").out
        hostile.tries(where, "--json report history")
        hostile.tries(where, "restore SAID")
        assert "'=cmd()" in csv and "'@SUM(1)" in csv and ",=cmd()" not in csv
        assert "<script>" not in markdown and "[x](" not in markdown


class _Loaded:
    def __init__(self, canary: Path) -> None:
        self._canary = canary

    def __reduce__(self) -> tuple[Any, ...]:
        return (Path.touch, (self._canary,))


def test_nothing_runs_that_came_with_a_workspace(hostile: Hostile, port: Listening, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hooks, filters, drivers, submodules, settings of git and of git-lfs, plugins, models: files, and no more than that.

    The user has git-lfs, as most have.
    """
    run = f"touch '{hostile.canary}'"
    config = f'[core]\n\tfsmonitor = "{run}"\n\thooksPath = hooks\n\tpager = "{run}"\n[filter "x"]\n\tsmudge = "{run}"\n'
    files = {
        ".gitattributes": "*.py filter=x diff=x merge=x\n*.bin filter=lfs diff=lfs merge=lfs -text\n",
        ".lfsconfig": f"[lfs]\n\turl = http://127.0.0.1:{port.port}/lfs\n",
        ".gitmodules": f'[submodule "x"]\n\tpath = x\n\turl = ext::{run}\n\tupdate = !{run}\n',
        ".gitconfig": config,
        "code/.gitconfig": config,
        "code/sitecustomize.py": f"import os\nos.system({run!r})\n",
        "code/dws_evil-1.0.dist-info/entry_points.txt": "[dws]\nevil = sitecustomize\n",
        "code/big.bin": f"version https://git-lfs.github.com/spec/v1\noid sha256:{'a' * 64}\nsize 5\n",
        "conftest.py": f"import os\nos.system({run!r})\n",
    }
    for name in ("post-checkout", "post-merge", "pre-push", "reference-transaction"):
        files[f"hooks/{name}"] = files[f"code/hooks/{name}"] = f"#!/bin/sh\n{run}\n"
    for name, content in files.items():
        place = hostile.evil / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(content)
        place.chmod(0o755)
    for name in ("model.pkl", "model.joblib", "results.npy"):
        (hostile.evil / "results" / name).write_bytes(pickle.dumps(_Loaded(hostile.canary)))
    hostile.push()
    settings = hostile.top / "gitconfig"
    settings.write_text(
        '[filter "lfs"]\n\tclean = git-lfs clean -- %f\n\tsmudge = git-lfs smudge -- %f\n\tprocess = git-lfs filter-process\n'
        "\trequired = true\n"
    )
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(settings))

    hostile.tries("old", "pull")
    hostile.clone("new", "--accept")

    for where in ("old", "new"):
        hostile.look(where)
        (hostile.top / where / "code" / "a.py").write_text("mine")
        for line in ("diff V1 V2", "snapshot MINE", "restore V1", "restore V2", "verify", "push", "pull", "undo", "gc"):
            hostile.tries(where, line)
        assert (hostile.top / where / "hooks" / "post-checkout").is_file()
    assert port.contacts == 0
    assert hostile.left_alone()


def test_nothing_is_written_through_a_symlink_that_came(hostile: Hostile) -> None:
    """A directory of one snapshot is a symlink in another; a symlink stands where results of others are to be put."""
    owner = hostile.owner
    owner.tries("config", "scratch_directory", "x")
    (owner.root / "out").mkdir()
    owner.dws("add", "local-files", "--role", "results", "out")
    for place in ("data", "code"):
        (owner.root / place / "deep").symlink_to(hostile.outside)
    owner.dws("snapshot", "LINKED")
    for place in ("data", "code"):
        (owner.root / place / "deep").unlink()
        owner.write(f"{place}/deep/precious", "harm")
    owner.write("out/r.txt", "harm")
    owner.dws("snapshot", "DEEP")
    owner.dws("push")
    new = hostile.clone("new", "--accept")
    shutil.rmtree(hostile.top / "new" / "out" / "snapshots")
    (hostile.top / "new" / "out" / "snapshots").symlink_to(hostile.outside)
    owner.write("out/r.txt", "more harm")
    owner.dws("snapshot", "MORE")
    owner.dws("push")

    assert new.status == 0
    hostile.tries("new", "pull")
    hostile.tries("old", "pull")
    for where in ("old", "new"):
        for tag in ("DEEP", "LINKED", "DEEP", "LINKED"):
            assert hostile.tries(where, f"restore --only data,code {tag}").status == 0
        assert (hostile.top / where / "data" / "deep").is_symlink() and (hostile.top / where / "code" / "deep").is_symlink()
    assert hostile.left_alone()


@pytest.mark.parametrize("mask", [0o077, 0o002])
def test_what_a_clone_holds_is_its_users_alone(hostile: Hostile, mask: int) -> None:
    """`local/` is closed to others, objects too; of what is restored nothing is more open than umask allows."""
    (hostile.top / "owner" / "data" / "run.sh").write_text("#!/bin/sh\n")
    (hostile.top / "owner" / "data" / "run.sh").chmod(0o7777)
    hostile.owner.tries("config", "scratch_directory", "x")
    hostile.owner.dws("snapshot", "MODES")
    hostile.owner.dws("push")

    before = os.umask(mask)
    try:
        hostile.clone("new", "--accept")
        hostile.tries("new", "restore V1")
        hostile.tries("new", "restore MODES")
    finally:
        os.umask(before)

    local = hostile.top / "new" / ".dataworkspace" / "local"
    modes = {path: stat.S_IMODE(path.lstat().st_mode) for path in (hostile.top / "new").rglob("*") if not path.is_symlink()}
    assert modes[local] == 0o700
    assert [path for path, mode in modes.items() if (local / "objects") in path.parents and path.is_file() and mode & 0o177] == []
    outside_local = {path: mode for path, mode in modes.items() if local not in path.parents}
    assert [path for path, mode in outside_local.items() if mode & mask or mode & 0o7000] == []
    assert modes[hostile.top / "new" / "data" / "run.sh"] == 0o777 & ~mask
