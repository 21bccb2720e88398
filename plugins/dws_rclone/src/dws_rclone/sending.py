"""Sends what is new here to the remote, where nothing is lost: what is replaced or removed there is moved aside."""

from collections.abc import Mapping
from datetime import UTC, datetime

from dws_core.model.exchange import Exchange
from dws_core.plugin import Entry
from dws_rclone.agreement import Pair
from dws_rclone.errors import TransferFailedError
from dws_rclone.link import Link
from dws_rclone.names import to_rclone
from dws_rclone.rclone import TRANSFER, names_file
from dws_rclone.sides import Changed, Sides, carried
from dws_rclone.taking import check_conflicts
from dws_rclone.telling import Plan, left, told


def send(link: Link, *, dry_run: bool) -> Exchange:
    """Let the remote be as what is here, where only that changed."""
    here = link.here()
    sides = link.sides(here=here)
    plan = _plan(link, sides)
    if plan and not dry_run:
        _apply(link, plan, sides)
    elif not dry_run:
        link.agreement.settle(sides.equal)
        link.remember()
    stays = link.left_out(here)
    also = (f"{stays} stay here, since a remote holds neither links nor names that are no text",) if stays else ()
    return told(plan, (*also, *left(sides.of(Changed.THERE), plan, Changed.THERE)))


def _plan(link: Link, sides: Sides) -> Plan:
    due = sides.of(Changed.HERE, Changed.BOTH)
    able = carried(sides.here)
    if link.settings.conflicts == "master":
        due += tuple(path for path in sides.of(Changed.THERE) if path in able)
    written = [path for path in due if path in able]
    removed = [path for path in due if path not in sides.here] if link.settings.sync_mode == "sync" else []
    check_conflicts(link, [path for path in (*written, *removed) if sides.changed[path] is Changed.BOTH])
    return Plan(
        tuple(path for path in written if path not in sides.there),
        tuple(path for path in written if path in sides.there),
        tuple(removed),
    )


def _apply(link: Link, plan: Plan, sides: Sides) -> None:
    progress, here = link.context.progress, sides.here
    progress.expect(files=len(plan.written), size=sum(here[path].size for path in plan.written))
    aside = str(link.remote.kept(datetime.now(UTC).strftime("%Y-%m-%dT%H-%M-%S.%fZ")))
    action = f"send to {link.remote}"
    if plan.removed:
        with names_file(filter(None, map(to_rclone, plan.removed))) as names:
            moving = ("move", *TRANSFER, "--files-from-raw", names, "--", str(link.remote), aside)
            link.rclone.run(f"move aside at {link.remote}", *moving)
    if plan.written:
        options = ("--backup-dir", aside) if plan.replaced else ()
        link.carry(action, link.directory, link.remote, plan.written, *options)
    link.agreement.settle({**sides.equal, **_arrived(link, action, plan, here)}, gone=plan.removed)
    link.remember()


def _arrived(link: Link, action: str, plan: Plan, before: Mapping[str, Entry]) -> dict[str, Pair]:
    """Look at both sides again, and pair what was sent with what is there; TransferFailedError where it is something else."""
    if not plan.written:
        return {}
    there, now = link.there(), link.here()
    wrong = [
        path
        for path in plan.written
        if path not in there.files or there.files[path].size != before[path].size or now.get(path) != before[path]
    ]
    if wrong:
        raise TransferFailedError(action, wrong)
    return {path: Pair(there.files[path], before[path].id) for path in plan.written}
