"""`dws report history`: the snapshots, and the metrics that most of them have."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from dws_core.model.codec import Json
from dws_core.model.later import LaterMapping, LaterSequence
from dws_core.model.report import Report, Shown, Table
from dws_core.model.snapshot import SHORT, Snapshot
from dws_core.plugin import ReportType, Settings, WorkspaceView, setting

_METRICS = 2


@dataclass(frozen=True)
class HistorySettings(Settings):
    """What part of the history is shown."""

    limit: int | None = setting("show only so many of the newest snapshots", default=None)


class HistoryReport(ReportType[HistorySettings]):
    """One row a snapshot, oldest first; for programs each snapshot's whole hash, metrics and results besides."""

    def build(self, workspace: WorkspaceView) -> Report:
        snapshots = [*workspace.snapshots()]
        limit = self.settings.limit
        shown = snapshots[-limit:] if limit is not None and limit > 0 else snapshots
        objects = {name for each in shown for name, value in each.shown_metrics.items() if isinstance(value, dict)}
        metrics = _commonest_metrics(shown, objects)
        digits = _digits([snapshot.id for snapshot in snapshots])

        def row(snapshot: Snapshot, values: Mapping[str, Json]) -> tuple[Json, ...]:
            cells = [values.get(name, "" if name in objects else None) for name in metrics]
            return snapshot.id[:digits], ", ".join(snapshot.tags), snapshot.time[:19], *cells, snapshot.message

        brief = [row(each, each.shown_metrics) for each in shown]
        exact = LaterSequence(shown, lambda each: row(each, each.metrics)) if objects & {*metrics} else brief
        table = Table(("Hash", "Tags", "Created", *metrics, "Message"), exact, objects=Shown.SHORT, decimals=3, brief=brief)
        total = f"{len(snapshots)} snapshots total"
        closing = total if len(shown) == len(snapshots) else f"{total}, the newest {len(shown)} shown"
        facts = LaterMapping[Json](lambda: {"snapshots": [*map(_fact, shown)]})
        return Report("history", ("History of snapshots",), (table,), (closing,), facts)


def _commonest_metrics(snapshots: Sequence[Snapshot], objects: Collection[str]) -> list[str]:
    """Choose the two that most snapshots have; of equals, plain numbers come first, then the alphabet."""
    counts = Counter(name for snapshot in snapshots for name in snapshot.shown_metrics)
    chosen = sorted(counts, key=lambda name: (-counts[name], name in objects, name))[:_METRICS]
    return sorted(chosen, key=lambda name: (name in objects, name))


def _digits(ids: Sequence[str]) -> int:
    """Tell how many digits of a hash are needed to tell all apart, seven at the least."""
    length = SHORT
    while len({each[:length] for each in ids}) < len(set(ids)):
        length += 1
    return length


def _fact(snapshot: Snapshot) -> Json:
    return {
        "id": snapshot.id,
        "tags": [*snapshot.tags],
        "time": snapshot.time,
        "host": snapshot.host,
        "user": snapshot.user,
        "message": snapshot.message,
        "metrics": dict(snapshot.metrics),
    }
