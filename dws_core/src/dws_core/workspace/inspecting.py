"""The records and undo entries of a workspace as they are on disk, read file by file: which are whole, and which are not."""

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from dws_core.errors import DamagedRecordError, DwsError
from dws_core.model.codec import JsonObject, parse, record_id
from dws_core.model.undo import UndoEntry
from dws_core.workspace.kinds import NOUNS
from dws_core.workspace.layout import METADATA
from dws_core.workspace.workspace import Workspace

_NAME = re.compile(r"[0-9a-f]{64}\.json")


@dataclass(frozen=True)
class RecordDamage:
    """A file that is not as it was written, and the bytes that the history holds of it, if it does."""

    path: Path
    reason: str
    recovered: bytes | None = None


@dataclass
class Inspected:
    """All that is whole, by kind and id, and what is not. `false` names the kinds whose copy for fast reading is."""

    records: dict[str, dict[str, JsonObject]] = field(default_factory=dict)
    entries: dict[int, JsonObject] = field(default_factory=dict)
    damages: list[RecordDamage] = field(default_factory=list)
    bad_entries: list[RecordDamage] = field(default_factory=list)
    foreign: list[Path] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    false: list[str] = field(default_factory=list)

    def blame(self, damage: RecordDamage) -> None:
        """Note damage; what the history holds counts as the record, so that it is told whom other damage concerns."""
        self.damages.append(damage)
        if damage.recovered is not None:
            value = parse(damage.recovered, str(damage.path))
            self.records.setdefault(damage.path.parent.name, {})[damage.path.stem] = value


def inspect(workspace: Workspace) -> Inspected:
    """Look at every record and undo entry, and at what the history holds; nothing is changed."""
    found = Inspected()
    metadata = workspace.layout.metadata
    for directory in sorted(path for path in metadata.iterdir() if path.is_dir() and path != workspace.layout.local):
        for path in sorted(directory.iterdir()):
            if _NAME.fullmatch(path.name):
                _look_at(workspace, path, found)
            elif not (path.name.startswith(".") and path.name.endswith(".tmp")):
                found.foreign.append(path)
    for path in _recorded(workspace, found):
        if not path.exists():
            found.blame(RecordDamage(path, "it is gone, though the history holds it", _recover(workspace, path)))
    for identity, value in found.records.get("snapshots", {}).items():
        lineage = metadata / "lineage" / f"{value.get('lineage')}.json"
        if value.get("lineage") and not lineage.exists() and all(each.path != lineage for each in found.damages):
            found.damages.append(RecordDamage(lineage, f"it is gone, though snapshot {identity[:7]} names it"))
    for path in sorted(workspace.layout.undo.glob("[0-9]*.json")):
        try:
            value = parse(path.read_bytes(), str(path))
            UndoEntry.from_json(value)
            found.entries[int(path.stem)] = value
        except FileNotFoundError:
            continue
        except (DamagedRecordError, OSError, ValueError) as error:
            found.bad_entries.append(RecordDamage(path, _why(error, path)))
    found.false = [kind for kind, records in found.records.items() if not workspace.records.index_is_true(kind, records)]
    return found


def _look_at(workspace: Workspace, path: Path, found: Inspected) -> None:
    try:
        content = path.read_bytes()
        if record_id(content) != path.stem:
            raise DamagedRecordError(str(path), "its content does not have the hash that its name says")
        value = parse(content, str(path))
        if path.parent.name in NOUNS:
            NOUNS[path.parent.name](value, path.stem)
        found.records.setdefault(path.parent.name, {})[path.stem] = value
    except FileNotFoundError:
        return
    except (DwsError, OSError, ValueError) as error:
        found.blame(RecordDamage(path, _why(error, path), _recover(workspace, path)))


def _recorded(workspace: Workspace, found: Inspected) -> Iterator[Path]:
    try:
        paths = workspace.backend.recorded(METADATA)
    except DwsError as error:
        found.remarks.append(f"The history was not looked at: {error.message}")
        return
    yield from (workspace.root / path for path in paths if _NAME.fullmatch(Path(path).name) and path.count("/") == 2)


def _recover(workspace: Workspace, path: Path) -> bytes | None:
    """Ask the history for a record; what has not the hash of the name is no help."""
    with suppress(DwsError):
        content = workspace.backend.recover(workspace.layout.relative(path))
        if content is not None and record_id(content) == path.stem:
            return content
    return None


def _why(error: Exception, path: Path) -> str:
    text = error.message if isinstance(error, DwsError) else str(error)
    return text.removeprefix(f"{path}, ")
