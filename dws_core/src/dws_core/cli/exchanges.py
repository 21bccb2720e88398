"""How it is told what was sent and taken, and the options that push, pull, publish and clone share."""

import functools
from collections.abc import Callable
from typing import Any

import click

from dws_core.cli.options import Names
from dws_core.cli.progress import amount
from dws_core.model.codec import JsonObject
from dws_core.model.snapshot import Snapshot
from dws_core.workspace import Choice, Pulled, Pushed


def choosing(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that choose resources; the command is handed a `choice`."""

    @functools.wraps(function)
    def chosen(*, only: tuple[str, ...], skip: tuple[str, ...], only_workspace: bool, **others: Any) -> Any:
        return function(choice=Choice(only, skip, only_workspace), **others)

    for option in (
        click.option("--only-workspace", "--no-resources", is_flag=True, help="Take no resource, but the workspace itself."),
        click.option("--skip", type=Names(), default=(), help="Take all resources but these."),
        click.option("--only", type=Names(), default=(), help="Take these resources alone, with the workspace."),
    ):
        option(chosen)
    return chosen


def pushed_lines(pushed: Pushed) -> tuple[str, ...]:
    """Tell what was pushed."""
    if not (pushed.history or pushed.to_stores or any(each.anything for each in pushed.exchanges.values())):
        return (f"Nothing to push: {pushed.origin} has everything", *_told(pushed))
    what = _snapshots(pushed.snapshots) if pushed.snapshots else "no new snapshot"
    return (f"{'Pushed' if pushed.done else 'Would push'} to {pushed.origin}: {what}", *_told(pushed))


def _told(pushed: Pushed) -> list[str]:
    lines = [f"{name}: {exchange.text}" for name, exchange in pushed.exchanges.items()]
    for name, count in pushed.to_stores.items():
        sent = pushed.sent.get(name)
        size = f"; {many(sent.objects, 'object')} ({amount(sent.bytes)}) new there" if sent else ""
        lines.append(f"store {name}: content of {many(count, 'snapshot')}{size}")
    if pushed.merged:
        lines.append(f"Merged {many(pushed.merged, 'snapshot')} that others had pushed; `dws pull` gets the content")
    if pushed.elsewhere:
        lines.append(f"The content of {_snapshots(pushed.elsewhere)} is not in this clone, so it was not sent from here")
    if pushed.homeless:
        lines.append(f"The content of {_snapshots(pushed.homeless)} stays in this clone alone: others cannot restore it")
    return lines


def pushed_document(pushed: Pushed) -> JsonObject:
    """Give the same for a program."""
    return {
        "done": pushed.done,
        "origin": pushed.origin,
        "snapshots": [each.id for each in pushed.snapshots],
        "stores": {
            name: {
                "snapshots": count,
                "objects": pushed.sent[name].objects if name in pushed.sent else None,
                "bytes": pushed.sent[name].bytes if name in pushed.sent else None,
            }
            for name, count in pushed.to_stores.items()
        },
        "resources": {name: {"text": each.text, "anything": each.anything} for name, each in pushed.exchanges.items()},
        "merged": pushed.merged,
        "not_here": [each.id for each in pushed.elsewhere],
        "without_store": [each.id for each in pushed.homeless],
    }


def pulled_lines(pulled: Pulled) -> tuple[str, ...]:
    """Tell what was pulled."""
    news = pulled.news
    told = arrived_lines(pulled)
    if not (news.snapshots or news.counts or news.paths or told):
        return (f"Nothing new at {pulled.origin}",)
    verb = "Pulled" if pulled.done else "Would pull"
    what = _snapshots(news.snapshots) if news.snapshots else "no new snapshot"
    files = f", {many(len(news.paths), 'file')} changed" if news.paths else ""
    return (f"{verb} from {pulled.origin}: {what}{files}", *told)


def arrived_lines(pulled: Pulled) -> tuple[str, ...]:
    """Tell what came of resources, content and results, and what did not."""
    arrived = pulled.arrived
    lines = [f"{name}: {each.text}" for name, each in pulled.exchanges.items() if each.anything]
    lines += [f"{name}: {text}" for name, text in arrived.came.items()]
    if arrived.objects:
        lines.append(f"Content from stores: {many(arrived.objects, 'object')} ({amount(arrived.bytes)})")
    lines += [f"Added the results {place}" for place in pulled.results]
    lines += [f"Not got: {name}: {problem}" for name, problem in arrived.problems.items()]
    told = "".join(arrived.problems.values())
    lines += [each for each in arrived.remarks if arrived.problems and each not in told]
    return tuple(lines)


def pulled_document(pulled: Pulled) -> JsonObject:
    """Give the same for a program."""
    return {
        "done": pulled.done,
        "origin": pulled.origin,
        "snapshots": [each.id for each in pulled.news.snapshots],
        "records": dict(pulled.news.counts or {}),
        "files": [*pulled.news.paths],
        "resources": {name: {"text": each.text, "anything": each.anything} for name, each in pulled.exchanges.items()},
        "arrived": dict(pulled.arrived.came),
        "content": {"objects": pulled.arrived.objects, "bytes": pulled.arrived.bytes},
        "results": [*pulled.results],
        "problems": dict(pulled.arrived.problems),
        "remarks": [*pulled.arrived.remarks],
    }


def _snapshots(snapshots: "tuple[Snapshot, ...]") -> str:
    """Name some snapshots: `3 snapshots (V1, V2, 1234567)`."""
    shown = ", ".join(each.label for each in snapshots[-3:])
    more = "…, " if len(snapshots) > 3 else ""
    return f"{many(len(snapshots), 'snapshot')} ({more}{shown})"


def many(count: int, what: str) -> str:
    """Count things for people: `1 file`, `2 files`."""
    return f"{count:,} {what}" + ("" if count == 1 else "s")
