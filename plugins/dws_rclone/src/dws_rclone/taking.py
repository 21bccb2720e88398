"""Takes what is new at the remote: fetched whole beside what is here, looked at, and only then put in its place."""

import os
import stat
from collections.abc import Collection, Mapping
from contextlib import suppress
from pathlib import Path

from dws_core.errors import FileAccessError, PathRefusedError
from dws_core.model.exchange import Exchange
from dws_core.plugin import Entry, EntryKind
from dws_core.plugin.grip import Grip
from dws_core.plugin.staging import set_executable, staging
from dws_rclone.agreement import Pair
from dws_rclone.errors import BothChangedError, NothingThereError, TransferFailedError
from dws_rclone.link import Link
from dws_rclone.sides import Changed, Sides
from dws_rclone.telling import Plan, left, told


def take(link: Link, *, dry_run: bool) -> Exchange:
    """Let what is here be as the remote, where only that changed."""
    there = link.there()
    if not there.is_there:  # rather a service that is not what it was than somebody who removed everything
        raise NothingThereError(str(link.remote))
    sides = link.sides(there)
    plan = _plan(link, sides)
    if plan and not dry_run:
        _apply(link, plan, sides)
    elif not dry_run:
        link.agreement.settle(sides.equal)
        link.remember()
    return told(plan, left(sides.of(Changed.HERE), plan, Changed.HERE))


def check_conflicts(link: Link, conflicts: Collection[str]) -> None:
    """Raise a BothChangedError where files changed on both sides, unless this clone was told whose count."""
    if conflicts and link.settings.conflicts == "stop":
        raise BothChangedError(link.name, str(link.remote), [*conflicts])


def _plan(link: Link, sides: Sides) -> Plan:
    due = sides.of(Changed.THERE, Changed.BOTH)
    if link.settings.conflicts == "master":
        due += tuple(path for path in sides.of(Changed.HERE) if path in sides.there)
    written = [path for path in due if path in sides.there]
    removed = [path for path in due if path not in sides.there] if link.settings.sync_mode == "sync" else []
    check_conflicts(link, [path for path in (*written, *removed) if sides.changed[path] is Changed.BOTH])
    check_conflicts(link, _in_the_way(sides.here.keys() - {*removed}, written))
    return Plan(
        tuple(path for path in written if path not in sides.here),
        tuple(path for path in written if path in sides.here),
        tuple(removed),
    )


def _in_the_way(kept: Collection[str], written: Collection[str]) -> set[str]:
    """Name what stays where a directory is to be, or in what is to be a file."""
    found = {above for path in written for above in _above(path) if above in kept}
    goal = {*written}
    return found | {path for path in kept if not goal.isdisjoint(_above(path))}


def _above(path: str) -> list[str]:
    parts = path.split("/")
    return ["/".join(parts[:count]) for count in range(1, len(parts))]


def _apply(link: Link, plan: Plan, sides: Sides) -> None:
    progress = link.context.progress
    progress.expect(files=len(plan.written), size=sum(sides.there[path].size for path in plan.written))
    try:
        link.directory.mkdir(parents=True, exist_ok=True)
        with staging(link.directory) as stage:
            if plan.written:
                link.carry(f"fetch {link.remote}", link.remote, stage, plan.written)
            came = {entry.path: entry for entry in link.context.objects.listing(stage)}
            coming = _checked(link, plan, sides, came)
            link.agreement.settle(sides.equal)
            link.agreement.coming = coming
            link.remember()
            _check_still(link, plan, sides.here)
            with Grip(link.directory) as grip:
                for path in plan.removed:
                    _remove(grip, path)
                for path in plan.written:
                    _put(grip, stage / path, path, sides.here.get(path))
    except OSError as error:
        raise FileAccessError(error.filename or link.directory, error) from error
    link.agreement.settle(coming, gone=plan.removed)
    link.remember()


def _checked(link: Link, plan: Plan, sides: Sides, came: Mapping[str, Entry]) -> dict[str, Pair]:
    """Pair what came with what the remote said it had; TransferFailedError where it is something else."""
    wrong = [path for path in plan.written if path not in came or came[path].size != sides.there[path].size]
    if wrong:
        raise TransferFailedError(f"fetch {link.remote}", wrong)
    return {path: Pair(sides.there[path], came[path].id) for path in plan.written}


def _check_still(link: Link, plan: Plan, before: Mapping[str, Entry]) -> None:
    """Raise a BothChangedError where somebody wrote here while files were fetched."""
    now = link.here()
    moved = [path for path in (*plan.written, *plan.removed) if now.get(path) != before.get(path)]
    if moved:
        raise BothChangedError(link.name, str(link.remote), moved)


def _put(grip: Grip, staged: Path, path: str, old: Entry | None) -> None:
    with staged.open("rb") as file:
        set_executable(file.fileno(), executable=old is not None and old.kind is EntryKind.EXECUTABLE)
    found = grip.look(path)
    parent, name = grip.parent(path, create=True)
    if found is not None and stat.S_ISDIR(found.st_mode):
        os.rmdir(name, dir_fd=parent)
        grip.forget()
        parent, name = grip.parent(path, create=True)
    os.rename(staged, name, dst_dir_fd=parent)


def _remove(grip: Grip, path: str) -> None:
    """Remove a file, and the directories that it leaves empty."""
    with suppress(FileNotFoundError):
        parent, name = grip.parent(path)
        os.unlink(name, dir_fd=parent)
    above = path.rpartition("/")[0]
    with suppress(OSError, PathRefusedError):  # it holds something else
        while above:
            grip.forget()
            parent, name = grip.parent(above)
            os.rmdir(name, dir_fd=parent)
            above = above.rpartition("/")[0]
