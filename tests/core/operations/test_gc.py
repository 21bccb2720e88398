"""`gc`: what nothing needs goes, and nothing else, whatever happens meanwhile."""

import json
import random
import shutil
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest

from dws_core.errors import NeedUnknownError, NothingToUndoError
from dws_core.model.codec import JsonObject
from dws_core.model.role import Role
from dws_core.operations.config import config
from dws_core.operations.delete_snapshot import delete_snapshot
from dws_core.operations.gc import gc
from dws_core.operations.restore import restore
from dws_core.operations.snapshot import snapshot
from dws_core.operations.undo import undo
from dws_core.testing.faults import Fault, interruptions
from dws_core.workspace import Workspace

from .conftest import contents, reopened


def stored(workspace: Workspace) -> dict[str, bytes]:
    """Every file of the object store."""
    objects = workspace.layout.objects
    return {str(path.relative_to(objects)): path.read_bytes() for path in sorted(objects.rglob("*")) if path.is_file()}


def entries_of(workspace: Workspace) -> list[int]:
    return [*workspace.undo_log.read()]


def keep_entry(workspace: Workspace, entry: JsonObject) -> None:
    """Let the undo log have one more entry."""
    workspace.undo_log.write(workspace.undo_log.next_number(), entry)


def fill(workspace: Workspace, seed: str, *, loose: bool = True) -> None:
    """Give the resource code content of its own: small files, one that lies in a file of its own, an empty directory."""
    top = workspace.root / "code"
    shutil.rmtree(top)
    (top / "deep" / "empty").mkdir(parents=True)
    (top / "same.txt").write_text("the same in all")
    for number in range(20):
        (top / "deep" / f"{number}.txt").write_text(f"{seed} {number}\n" * 50)
    if loose:
        (top / "middling.bin").write_bytes(random.Random(seed).randbytes(70_000))


def test_what_a_deleted_snapshot_held_goes(workspace: Workspace) -> None:
    fill(workspace, "one")
    snapshot(reopened(workspace), "V1")
    only_one = stored(workspace)
    fill(workspace, "two")
    snapshot(reopened(workspace), "V2")
    delete_snapshot(reopened(workspace), "V2")
    forget_entries(workspace)

    collected = gc(reopened(workspace))

    assert collected.objects >= 22 and collected.bytes > 70_000 and collected.done
    assert stored(workspace) == only_one
    restore(reopened(workspace), "V1")
    assert (workspace.root / "code" / "deep" / "3.txt").read_text() == "one 3\n" * 50


def test_a_dry_run_tells_what_would_go_and_changes_nothing(workspace: Workspace) -> None:
    for name in ("one", "two"):
        fill(workspace, name)
        snapshot(reopened(workspace), name)
    delete_snapshot(reopened(workspace), "two")
    restore(reopened(workspace), "one")
    restore(reopened(workspace), "one")
    config(reopened(workspace), name="undo_days", value="0")
    before = contents(workspace.root), stored(workspace), entries_of(workspace)

    told = gc(reopened(workspace), dry_run=True)

    assert (contents(workspace.root), stored(workspace), entries_of(workspace)) == before
    done = gc(reopened(workspace))
    assert (told.objects, told.bytes, told.merged, told.forgotten) == (done.objects, done.bytes, done.merged, done.forgotten)
    assert not told.done and done.done
    again = gc(reopened(workspace))
    assert (again.objects, again.bytes, again.forgotten) == (0, 0, ())


def test_what_can_be_undone_stays_for_its_days_and_the_newest_for_ever(workspace: Workspace) -> None:
    fill(workspace, "one")
    snapshot(reopened(workspace), "V1")
    for unsaved in ("first", "second"):
        fill(workspace, unsaved)
        restore(reopened(workspace), "V1")
    numbers = entries_of(workspace)
    assert gc(reopened(workspace)).forgotten == ()

    later = reopened(workspace)
    then = workspace.caller.now() + timedelta(days=31)
    object.__setattr__(later.caller, "now", lambda: then)
    collected = gc(later)

    assert collected.forgotten == tuple(numbers[:-1])
    assert entries_of(workspace) == numbers[-1:]
    undo(reopened(workspace))
    assert (workspace.root / "code" / "deep" / "7.txt").read_text() == "second 7\n" * 50


def test_a_deleted_snapshot_that_an_undo_entry_names_stays(workspace: Workspace) -> None:
    """What deleting it did can be undone for as long as the entry is kept."""
    fill(workspace, "one")
    taken = snapshot(reopened(workspace), "V1").snapshot
    assert taken is not None
    delete_snapshot(reopened(workspace), "V1")
    forget_entries(workspace)
    keep_entry(workspace, {"verb": "delete-snapshot", "time": workspace.caller.timestamp(), "snapshot": taken.id})
    before = stored(workspace)

    gc(reopened(workspace))

    (tree,) = {version.id for key, version in taken.versions.items() if key == workspace.resource("code").id}
    assert reopened(workspace).objects.missing(tree) == ()
    assert any(path.startswith("loose") for path in before)


def test_any_id_in_a_version_keeps_its_object(workspace: Workspace) -> None:
    """A type need not say what it needs: whatever its version names lives, a tree with all below it."""
    fill(workspace, "one")
    opened = reopened(workspace)
    tree, text = opened.objects.store(workspace.root / "code"), opened.objects.put(b"a list of what is not in git")
    unneeded = opened.objects.put(b"unneeded")
    entry: JsonObject = {"versions": {"x": {"id": "2f", "data": {"extras": [{"deep": tree}], "exact": f"sha256:{text}"}}}}
    keep_entry(workspace, {"time": workspace.caller.timestamp(), **entry})

    gc(reopened(workspace))

    left = reopened(workspace).objects
    assert left.missing(tree) == () and left.get(text) == b"a list of what is not in git"
    assert unneeded not in str(stored(workspace))


def test_an_object_that_a_snapshot_needs_leaves_the_packs_of_undo_state(workspace: Workspace) -> None:
    """Packs of undo state never leave the clone."""
    fill(workspace, "one")
    opened = reopened(workspace)
    with opened.objects.aside():
        tree = opened.objects.store(workspace.root / "code")
    taken = snapshot(reopened(workspace), "V1").snapshot
    assert taken is not None
    for path in (workspace.layout.objects / "packs").iterdir():
        path.unlink()
    assert reopened(workspace).objects.missing(tree) == ()
    keep_only(workspace, "code")

    gc(reopened(workspace))

    assert not [*(workspace.layout.objects / "undo").glob("*")]
    assert reopened(workspace).objects.missing(tree) == ()


def test_many_small_packs_become_one(workspace: Workspace) -> None:
    for number in range(20):
        fill(workspace, str(number), loose=False)
        snapshot(reopened(workspace), f"V{number}")

    collected = gc(reopened(workspace))

    assert collected.merged > 16 and collected.objects == 0
    assert len([*(workspace.layout.objects / "packs").glob("*.pack")]) == 1
    for number in range(20):
        restore(reopened(workspace), f"V{number}")
        assert (workspace.root / "code" / "deep" / "0.txt").read_text() == f"{number} 0\n" * 50


@pytest.mark.parametrize("seed", range(6))
def test_whatever_happened_before_all_that_is_kept_can_be_restored(workspace: Workspace, seed: int) -> None:
    """Histories at random: every snapshot that is kept, and every undo entry, gives back what it held."""
    chance = random.Random(seed)
    held: dict[str, dict[str, bytes | str]] = {}
    for step in range(14):
        match chance.choice(["snapshot", "snapshot", "restore", "delete", "undo", "gc"]):
            case "snapshot":
                fill(workspace, str(chance.randrange(4)), loose=chance.random() < 0.5)
                snapshot(reopened(workspace), f"V{step}")
                held[f"V{step}"] = contents(workspace.root / "code")
            case "restore" if labels(workspace):
                fill(workspace, f"unsaved {step}")
                restore(reopened(workspace), chance.choice(labels(workspace)))
            case "delete" if labels(workspace):
                delete_snapshot(reopened(workspace), chance.choice(labels(workspace)))
            case "undo":
                with suppress(NothingToUndoError):
                    undo(reopened(workspace))
            case "gc":
                config(reopened(workspace), name="undo_days", value=chance.choice(["0", "30"]))
                gc(reopened(workspace))

    gc(reopened(workspace))

    code = workspace.resource("code").id
    for entry in reopened(workspace).undo_entries().values():
        if code in entry.before.versions:
            assert reopened(workspace).objects.missing(entry.before.versions[code].id) == ()
    for name in labels(workspace):
        restore(reopened(workspace), name)
        assert contents(workspace.root / "code") == held[name]


def labels(workspace: Workspace) -> list[str]:
    return [each.label for each in reopened(workspace).snapshots()]


@pytest.mark.parametrize("fault", Fault)
def test_ended_anywhere_nothing_that_is_needed_is_lost(workspace: Workspace, tmp_path: Path, fault: Fault) -> None:
    for name in ("one", "two", "three"):
        fill(workspace, name)
        snapshot(reopened(workspace), name)
        fill(workspace, f"unsaved {name}")
        restore(reopened(workspace), name)
    for number in range(18):
        (workspace.root / "code" / "more").write_text(str(number))
        snapshot(reopened(workspace), f"V{number}")
    delete_snapshot(reopened(workspace), "two")
    config(reopened(workspace), name="undo_days", value="0")
    objects, saved = workspace.layout.objects, tmp_path / "saved"
    shutil.copytree(workspace.layout.local, saved)

    def prepare() -> None:
        for part in ("objects", "undo"):
            shutil.rmtree(workspace.layout.local / part)
            shutil.copytree(saved / part, workspace.layout.local / part)

    for where in interruptions(fault, prepare, lambda: gc(reopened(workspace)), tmp_path / "scratch"):
        for each in reopened(workspace).snapshots():
            assert missing(workspace, each.label) == (), where
        assert entries_of(workspace), where
        gc(reopened(workspace))
        assert not [*objects.rglob("tmp-*")], where
        for each in reopened(workspace).snapshots():
            assert missing(workspace, each.label) == (), where
    restore(reopened(workspace), "three")
    undo(reopened(workspace))


def missing(workspace: Workspace, name: str) -> tuple[str, ...]:
    opened = reopened(workspace)
    return opened.objects.missing(opened.find_snapshot(name).versions[workspace.resource("code").id].id)


@pytest.mark.parametrize("damage", ["a record", "an undo entry", "a tree", "a pack cut short", "a pack lost", "a list"])
def test_nothing_is_removed_where_it_cannot_be_told_what_is_needed(workspace: Workspace, damage: str) -> None:
    """What cannot be proved to be unneeded stays, and the error names `dws verify`."""
    fill(workspace, "one")
    snapshot(reopened(workspace), "V1")
    fill(workspace, "two")
    restore(reopened(workspace), "V1")
    unneeded = reopened(workspace).objects.put(b"unneeded" * 10_000)
    pack = max((workspace.layout.objects / "packs").glob("*.pack"), key=lambda path: path.stat().st_size)
    match damage:
        case "a record":
            (record,) = (workspace.layout.metadata / "snapshots").iterdir()
            record.write_bytes(record.read_bytes().replace(b"ada", b"eve"))
        case "an undo entry":
            max(workspace.layout.undo.iterdir()).write_text("{")
        case "a tree":
            pack.write_bytes(pack.read_bytes().replace(b"same.txt", b"sane.txt"))
        case "a pack cut short":
            pack.write_bytes(pack.read_bytes()[:-1])
        case "a pack lost":
            pack.unlink()
        case "a list":
            named = workspace.objects.put(b"dws-blocks 1\n" + bytes(7))
            keep_entry(workspace, {"time": workspace.caller.timestamp(), "id": named})
    before = stored(workspace), entries_of(workspace) if damage != "an undo entry" else ()

    for dry_run in (True, False):
        with pytest.raises(NeedUnknownError) as refusal:
            gc(reopened(workspace), dry_run=dry_run)
        assert "dws verify" in str(refusal.value.hint)

    assert (stored(workspace), entries_of(workspace) if damage != "an undo entry" else ()) == before
    assert reopened(workspace).objects.get(unneeded)


def forget_entries(workspace: Workspace) -> None:
    for number in entries_of(workspace):
        workspace.undo_log.remove(number)


def keep_only(workspace: Workspace, name: str) -> None:
    """Take out of the one snapshot all resources but one."""
    (record,) = (workspace.layout.metadata / "snapshots").iterdir()
    value = json.loads(record.read_bytes())
    resource = workspace.resource(name)
    assert resource.role is Role.CODE
    value["versions"] = {resource.id: value["versions"][resource.id]}
    record.unlink()
    workspace.records.put("snapshots", value)
