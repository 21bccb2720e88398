"""What is at hand of a snapshot before its record is read."""

from hypothesis import given
from hypothesis import strategies as st

from dws_core.builtin.formats.text import TextFormat
from dws_core.model.codec import JsonObject
from dws_core.model.report import Report, Shown, Table
from dws_core.model.snapshot import Snapshot, abridge_snapshot
from dws_core.model.version import Version

scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=40)
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=20), inner, max_size=5), max_leaves=20
)


def record(metrics: JsonObject) -> JsonObject:
    version = Version("tree:1", {"files": 3})
    made = Snapshot(7, ("V1",), "why", "2026-01-01T00:00:00.0Z", "lab", "ada", {"r": version}, ("p",), ("c",), {"r": "s/V1"})
    return {**made.to_json(), "metrics": metrics, "lineage": "d" * 64}


@given(metrics=st.dictionaries(st.text(max_size=10), values, max_size=4))
def test_an_abridged_snapshot_is_equal_and_looks_the_same(metrics: JsonObject) -> None:
    """What a table shows of its metrics is what it would show of the whole."""
    whole = Snapshot.from_json(record(metrics), "1d")

    abridged = Snapshot.from_abridged(abridge_snapshot(record(metrics), "1d"), lambda: record(metrics), "1d")

    assert abridged == whole
    assert shown(abridged) == shown(whole)


def shown(snapshot: Snapshot) -> str:
    table = Table(tuple(snapshot.shown_metrics), [tuple(snapshot.shown_metrics.values())], objects=Shown.SHORT)
    return TextFormat().render(Report("metrics", (), (table,)))


def test_the_whole_record_is_read_when_it_is_looked_into_and_not_before() -> None:
    read: list[str] = []

    def whole() -> JsonObject:
        read.append("whole")
        return record({"report": {str(n): n for n in range(100)}})

    snapshot = Snapshot.from_abridged(abridge_snapshot(whole(), "1d"), whole, "1d")
    read.clear()

    assert (snapshot.label, snapshot.number, snapshot.lineage, *snapshot.shown_metrics) == ("V1", 7, "d" * 64, "report")
    assert read == []
    assert snapshot.versions["r"] == Version("tree:1")
    assert snapshot.metrics["report"] == {str(n): n for n in range(100)}
    assert read == ["whole", "whole"]
