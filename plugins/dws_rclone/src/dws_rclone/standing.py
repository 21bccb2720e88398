"""How both sides stand to each other now, and which of them changed since a version was recorded."""

from dws_core.model.codec import Json
from dws_core.plugin import Standing
from dws_rclone.agreement import Agreement, Pair
from dws_rclone.link import Link
from dws_rclone.listing import Listing
from dws_rclone.sides import Changed, Sides
from dws_rclone.telling import named


def since(link: Link, tree: str | None, recorded: Listing | None) -> Standing:
    """Compare both sides; where they differ, tell which changed since then, or (nothing recorded) since they last agreed."""
    there = link.there()
    sides = link.agree(there)
    if sides.changed and tree is not None and recorded is not None:
        _know(link.agreement, link, tree, recorded)
        sides = link.sides(there)
    return Standing(_text(link, sides), {"remote": str(link.remote), "agree": not sides.changed, "files": _facts(sides)})


def _know(agreement: Agreement, link: Link, tree: str, recorded: Listing) -> None:
    """Add what the record tells of files of which nothing else is known: what both sides held then."""
    ids = {entry.path: entry.id for entry in link.context.objects.entries(tree)}
    for path, mark in recorded.files.items():
        if path not in agreement.pairs and path in ids:
            agreement.pairs[path] = Pair(mark, ids[path])


def _text(link: Link, sides: Sides) -> str:
    if not sides.changed:
        return f"local and remote agree ({link.remote})"
    parts = [f"changed {which} {named(paths)}" for which in Changed if (paths := sides.of(which))]
    count = len(sides.changed)
    return f"{count:,} {'file differs' if count == 1 else 'files differ'} from {link.remote}: {'; '.join(parts)}"


def _facts(sides: Sides) -> dict[str, Json]:
    return {path: which.value for path, which in sorted(sides.changed.items())}
