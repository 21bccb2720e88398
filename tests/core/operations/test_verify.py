"""`verify`: damage is found and told with whom it concerns, and repaired where that can be done."""

import json
import random
import shutil
from collections.abc import Callable
from pathlib import Path
from zlib import crc32

import pytest

from dws_core.errors import DwsError
from dws_core.model.codec import JsonObject
from dws_core.operations.gc import gc
from dws_core.operations.restore import restore
from dws_core.operations.snapshot import snapshot
from dws_core.operations.verify import Verified, verify
from dws_core.testing.faults import Fault, interruptions
from dws_core.workspace import Workspace

from .conftest import contents, reopened
from .sharing import Shared, again

Plant = Callable[[Path], None]


def packs(local: Path) -> list[Path]:
    return sorted((local / "objects" / "packs").glob("*.pack"))


def pack_with(local: Path, content: bytes) -> Path:
    return next(path for path in packs(local) if content in path.read_bytes())


def flip(path: Path, place: int) -> None:
    """Change one bit, and neither size nor time."""
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.write_bytes(content)


def big(local: Path) -> Path:
    (path,) = (local / "objects" / "loose").glob("??/*")
    return path


def flip_content(local: Path) -> None:
    pack = pack_with(local, b"precious one")
    flip(pack, pack.read_bytes().index(b"precious one"))


def flip_header(local: Path) -> None:
    """A record's length: what follows cannot be walked any more."""
    pack = pack_with(local, b"precious one")
    flip(pack, len(b"dws-pack 1\n") + 33)


def flip_beginning(local: Path) -> None:
    flip(pack_with(local, b"precious one"), 0)


def cut_short(local: Path) -> None:
    pack = pack_with(local, b"precious one")
    pack.write_bytes(pack.read_bytes()[: pack.read_bytes().index(b"precious one")])


def lose_pack(local: Path) -> None:
    pack_with(local, b"precious one").unlink()


def lose_pack_and_index(local: Path) -> None:
    pack = pack_with(local, b"precious one")
    pack.unlink()
    pack.with_suffix(".index").unlink()


def lose_index(local: Path) -> None:
    pack_with(local, b"precious one").with_suffix(".index").unlink()


def damage_index(local: Path) -> None:
    flip(pack_with(local, b"precious one").with_suffix(".index"), 40)


def swap_index(local: Path) -> None:
    pack = pack_with(local, b"precious one")
    other = next(path for path in packs(local) if path != pack)
    pack.with_suffix(".index").write_bytes(other.with_suffix(".index").read_bytes())


def flip_loose(local: Path) -> None:
    flip(big(local), 77)


def rename_loose(local: Path) -> None:
    path = big(local)
    path.rename(path.with_name("0" * 62))


def lose_loose(local: Path) -> None:
    big(local).unlink()


# What is planted, how it is told, and whether it loses content of V1: of a pack, its index tells where the objects are.
PLANTED: dict[str, tuple[Plant, str, bool]] = {
    "a flipped byte of content": (flip_content, "pack damaged", True),
    "a flipped byte of a record's header": (flip_header, "pack damaged", False),
    "a flipped byte at the beginning": (flip_beginning, "pack damaged", False),
    "a pack cut short": (cut_short, "pack damaged", True),
    "a pack lost": (lose_pack, "pack missing", True),
    "a pack and its index lost": (lose_pack_and_index, "missing: the tree", True),
    "an index lost": (lose_index, "index of a pack damaged: it is missing", False),
    "an index damaged": (damage_index, "index of a pack damaged: it is missing or damaged", False),
    "the index of another pack": (swap_index, "index of a pack damaged: it is not that of its pack", False),
    "a flipped byte of an object's file": (flip_loose, "object damaged", True),
    "an object under a wrong name": (rename_loose, "content missing (1 file)", True),
    "an object's file lost": (lose_loose, "content missing (1 file)", True),
}


@pytest.fixture
def filled(workspace: Workspace) -> Workspace:
    """Two snapshots; the content of V1 is what the resource holds, that of V2 lies in a pack of its own."""
    code = workspace.root / "code"
    (code / "a.txt").write_text("precious one")
    (code / "b.txt").write_text("second")
    (code / "big.bin").write_bytes(random.Random(1).randbytes(100_000))
    snapshot(reopened(workspace), "V1")
    (code / "a.txt").write_text("two")
    (code / "big.bin").unlink()
    snapshot(reopened(workspace), "V2")
    restore(reopened(workspace), "V1")
    for entry in workspace.undo_log.read():
        workspace.undo_log.remove(entry)
    return workspace


def everything(workspace: Workspace) -> dict[str, bytes]:
    """Every file of the workspace but what can be made anew."""
    passing = ("cache", "index", "lock")
    files = (path for path in sorted(workspace.root.rglob("*")) if path.is_file())
    return {str(path): path.read_bytes() for path in files if not set(path.parts).intersection(passing)}


def rows(verified: Verified) -> list[JsonObject]:
    tables = [table for table in verified.report.tables if table.title != "Repaired"]
    return [dict(zip(table.columns, row, strict=True)) for table in tables for row in table.rows]


def test_where_all_is_well_there_is_nothing_to_tell(filled: Workspace) -> None:
    before = everything(filled)

    for repair in (False, True):
        verified = verify(reopened(filled), repair=repair)

        assert verified.sound and not verified.report.tables and not verified.report.closing
    assert everything(filled) == before


@pytest.mark.parametrize("name", PLANTED)
def test_damage_of_the_store_is_found_told_and_repaired(filled: Workspace, name: str) -> None:
    """Nothing changes before a repair is asked for; then everything that the resource still holds comes back."""
    plant, what, affects = PLANTED[name]
    plant(filled.layout.local)
    before = everything(filled)

    found = verify(reopened(filled))

    assert everything(filled) == before
    assert not found.sound
    (row,) = [row for row in rows(found) if str(row["What"]).startswith(what)]
    assert ("V1" in str(row["Affects"]).split(", ")) == affects
    assert all(row["Where"] and row["What to do"] for row in rows(found))

    seen = contents(filled.root / "code")
    repaired = verify(reopened(filled), repair=True)
    assert repaired.sound, rows(repaired)
    assert [table.title for table in repaired.report.tables] == ["Repaired"]
    assert contents(filled.root / "code") == seen
    assert verify(reopened(filled)).sound
    for label in ("V2", "V1"):
        restore(reopened(filled), label)
    assert contents(filled.root / "code") == seen
    gc(reopened(filled))


def test_damage_that_only_one_snapshot_meets_is_told_of_that_one(filled: Workspace) -> None:
    """What the resources no longer hold stays lost; what is whole beside it is kept, and the damaged pack is not deleted."""
    pack = pack_with(filled.layout.local, b"two")
    flip(pack, pack.read_bytes().index(b"two"))

    found, repaired = verify(reopened(filled)), verify(reopened(filled), repair=True)

    assert [row["Affects"] for row in rows(found)] == ["V2"]
    (row,) = rows(repaired)
    assert (row["What"], row["Where"], row["Affects"]) == ("content missing (1 file)", "code: a.txt", "V2")
    assert "another clone" in str(row["What to do"])
    assert not repaired.sound
    assert [path.name for path in (filled.layout.objects / "damaged").glob("*.pack")] == [f"packs-{pack.name}"]
    restore(reopened(filled), "V1")
    with pytest.raises(DwsError, match=r"a\.txt"):
        restore(reopened(filled), "V2")


def test_content_that_only_undo_needs_is_told_of_its_entry(filled: Workspace) -> None:
    (filled.root / "code" / "a.txt").write_text("unsaved")
    restore(reopened(filled), "V1")
    objects = filled.layout.objects
    pack = next(path for path in objects.rglob("*.pack") if b"unsaved" in path.read_bytes())
    flip(pack, pack.read_bytes().index(b"unsaved"))

    (row,) = rows(verify(reopened(filled)))

    assert row["Affects"] == f"undo entry {max(filled.undo_log.read())}"


@pytest.mark.parametrize("kind", ["snapshots", "lineage", "resources", "removed"])
def test_a_damaged_record_without_a_history_is_named_with_what_to_do(filled: Workspace, kind: str) -> None:
    directory = filled.layout.metadata / kind
    if kind == "removed":
        filled.records.put("removed", {"target": "0" * 64, "time": "2026"})
    record = min(directory.iterdir())
    flip(record, 5)
    before = everything(filled)

    found, repaired = verify(reopened(filled)), verify(reopened(filled), repair=True)

    for told in (found, repaired):
        (row,) = [row for row in rows(told) if row["Where"] == filled.layout.relative(record)]
        assert str(row["What"]).startswith("record damaged")
        assert "another clone" in str(row["What to do"])
        assert not told.sound
    assert record.read_bytes() == before[str(record)]


def test_a_snapshot_whose_lineage_is_gone_is_told(filled: Workspace) -> None:
    for record in (filled.layout.metadata / "lineage").iterdir():
        record.unlink()

    (row,) = rows(verify(reopened(filled)))

    assert row["Affects"] == "V1, V2"


def test_a_false_copy_of_the_records_is_made_anew(filled: Workspace) -> None:
    """The copy that makes reading fast is believed by every other command."""
    index = filled.layout.index / "snapshots"
    index.unlink()
    reopened(filled).snapshots()
    _, _, body = index.read_bytes().replace(b'"V1"', b'"V9"').partition(b"\n")
    index.write_bytes(b"\x1e%08x\n" % crc32(body, 1) + body)
    assert {each.label for each in reopened(filled).snapshots()} == {"V9", "V2"}

    found, repaired = verify(reopened(filled)), verify(reopened(filled), repair=True)

    assert [row["Where"] for row in rows(found)] == [".dataworkspace/local/index/snapshots"]
    assert repaired.sound
    assert {each.label for each in reopened(filled).snapshots()} == {"V1", "V2"}


def test_a_damaged_undo_entry_is_moved_aside(filled: Workspace) -> None:
    """It no longer stops `dws gc`."""
    filled.undo_log.write(1, {"time": filled.caller.timestamp()})
    (entry,) = filled.layout.undo.iterdir()
    entry.write_text("{")

    found, repaired = verify(reopened(filled)), verify(reopened(filled), repair=True)

    assert [row["Affects"] for row in rows(found)] == ["undo entry 1"]
    assert repaired.sound and not entry.exists()
    assert (filled.layout.objects / "damaged" / f"undo-{entry.name}").read_text() == "{"
    gc(reopened(filled))


def test_files_of_others_are_named_and_left_alone(filled: Workspace) -> None:
    objects = filled.layout.objects
    strange = [objects / "packs" / "notes.txt", objects / "loose" / "README", filled.layout.metadata / "snapshots" / "x.json"]
    for path in strange:
        path.write_text("mine")
    stale = objects / "packs" / "tmp-0123"
    stale.write_bytes(b"half")

    for repair in (False, True):
        verified = verify(reopened(filled), repair=repair)

        assert verified.sound
        assert len(verified.report.closing) == 3 and all(path.name in str(verified.report.closing) for path in strange)
    assert all(path.read_text() == "mine" for path in strange)


def test_a_damaged_journal_is_told(filled: Workspace) -> None:
    """Nothing can be changed before somebody has looked at it."""
    filled.layout.journal.write_text("{")

    (row,) = rows(verify(reopened(filled)))

    assert (row["What"], row["Where"]) == ("journal damaged", ".dataworkspace/local/journal.json")


def test_a_type_that_is_not_there_is_told(filled: Workspace) -> None:
    """What it keeps elsewhere cannot be looked at; all else is."""
    (record,) = (path for path in (filled.layout.metadata / "resources").iterdir() if b'"code"' in path.read_bytes())
    value = json.loads(record.read_bytes())
    filled.records.put("resources", {**value, "name": "other", "type": "unknown-type", "distribution": "nobody"})

    verified = verify(reopened(filled))

    assert verified.sound
    assert "other" in " ".join(verified.report.closing)


@pytest.mark.parametrize("name", ["a flipped byte of content", "a flipped byte of an object's file"])
@pytest.mark.parametrize("fault", Fault)
def test_a_repair_ended_anywhere_can_be_done_again(filled: Workspace, tmp_path: Path, name: str, fault: Fault) -> None:
    """What is whole is never lost on the way."""
    PLANTED[name][0](filled.layout.local)
    shutil.copytree(filled.layout.objects, tmp_path / "saved")

    def prepare() -> None:
        shutil.rmtree(filled.layout.objects)
        shutil.copytree(tmp_path / "saved", filled.layout.objects)

    for where in interruptions(fault, prepare, lambda: verify(reopened(filled), repair=True), tmp_path / "scratch"):
        repaired = verify(reopened(filled), repair=True)
        assert repaired.sound, (where, rows(repaired))
        assert verify(reopened(filled)).sound, where


def test_lost_content_is_brought_back_from_a_store(tmp_path: Path) -> None:
    """What was pushed is not lost with a disk: repairing looks in the stores as well."""
    shared = Shared.here(tmp_path)
    ada = shared.published()
    (ada.root / "data" / "d.csv").write_text("other\n")
    for path in (ada.root / ".dataworkspace/local/objects/packs").glob("*.pack"):
        path.write_bytes(path.read_bytes()[:-20])

    before = verify(again(ada))
    repaired = verify(again(ada), repair=True)
    restore(again(ada), "V1")

    assert not before.sound and repaired.sound
    assert (ada.root / "data" / "d.csv").read_text() == "1\n"
