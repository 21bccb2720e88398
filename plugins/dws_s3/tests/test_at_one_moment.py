"""What is written while a bucket is listed: the listing shows the state of one moment, and says what changed since."""

import itertools
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dws_s3.listed import Listing
from dws_s3.listing import list_current
from dws_s3.pages import UnusableListingError
from plugins.dws_s3.tests.answering import Answer, answering
from plugins.dws_s3.tests.dated import DatedBucket

KEYS = ["a", "dir/", "dir/a", "dir/b", "dir-1/a", "dir.csv", "z/z/z"]
Step: TypeAlias = tuple[float, str, str]

PAUSES = st.sampled_from([0.01, 0.05, 0.3, 0.7, 1.1])
WHOLE = st.tuples(PAUSES, st.sampled_from(["put", "delete", "wait"]), st.sampled_from(KEYS))
PARTS = st.tuples(PAUSES, st.sampled_from(["begin", "begin", "complete", "complete", "give up"]), st.sampled_from(KEYS))
STEPS = WHOLE | PARTS
IDLE = st.sampled_from([0.0, 0.4, 5.0])
SKEWS = st.sampled_from([-0.9, -0.3, 0.0, 0.3, 0.9])
STATUS = st.sampled_from(["Enabled", "Suspended"])


@dataclass
class Served:
    """Whatever bucket a test puts there, behind a server."""

    client: Any = None
    bucket: DatedBucket = field(default_factory=DatedBucket)

    def listed(self, directory: Path, skew: int = 0) -> Listing:
        """List it with one request at a time, so that what is written between them happens again in the same way."""
        return list_current(self.client, "bucket", b"", directory, threads=1, skew=skew, sleep=self.bucket.sleep)


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    served = Served()

    def answer(asked: Mapping[str, str]) -> Answer:
        return served.bucket.answer(asked)

    with answering(answer) as served.client:
        yield served


def do(bucket: DatedBucket, pause: float, what: str, key: str) -> None:
    """Let time pass, then do something."""
    bucket.sleep(pause)
    match what:
        case "put" | "delete":
            bucket.put(key, marker=what == "delete")
        case "begin":
            bucket.begin(key)
        case "complete":
            bucket.complete()
        case "give up":
            bucket.give_up()


def after(requests: int, what: Callable[[], object]) -> Callable[[], object]:
    """Do something at each request but the first few."""
    count = itertools.count()
    return lambda: what() if next(count) >= requests else None


@settings(max_examples=60, deadline=None)
@given(before=st.lists(STEPS, max_size=15), idle=IDLE, meanwhile=st.lists(STEPS, max_size=40), status=STATUS)
def test_the_listing_is_the_state_of_one_moment_after_the_call(
    served: Served, before: list[Step], idle: float, meanwhile: list[Step], status: str
) -> None:
    """Whatever others do between any two requests: there is a moment at which all of it was as it is listed."""
    bucket = served.bucket = DatedBucket(status)
    for each in before:
        do(bucket, *each)
    bucket.sleep(idle)
    called, coming = bucket.clock, iter(meanwhile)
    bucket.on_request = lambda: do(bucket, *next(coming, (0.05, "wait", "")))

    with tempfile.TemporaryDirectory() as directory, served.listed(Path(directory)) as listing:
        found = {row.key: row.etag for row in listing}

    left_out = set(listing.overwritten.names)
    moments = [called, *(each.since for each in bucket.history if each.since >= called)]
    states = [bucket.at(moment) for moment in moments]
    assert found in [{key: version for key, version in state.items() if key not in left_out} for state in states]
    assert status == "Suspended" or not left_out


@settings(max_examples=30, deadline=None)
@given(before=st.lists(WHOLE, max_size=25), meanwhile=st.lists(WHOLE, max_size=50), skews=st.lists(SKEWS, min_size=1))
def test_clocks_that_differ_hide_nothing(served: Served, before: list[Step], meanwhile: list[Step], skews: list[float]) -> None:
    """Where each write is dated by another clock, all from before the call is listed: the state of one moment, whatever the
    clocks say, or all that is dated before one.
    """
    bucket = served.bucket = DatedBucket()
    steps = itertools.cycle(skews)

    def happen(step: Step) -> None:
        bucket.skew = next(steps)
        do(bucket, *step)

    for each in before:
        happen(each)
    called, coming = bucket.clock, iter(meanwhile)
    bucket.on_request = lambda: happen(next(coming, (0.05, "wait", "")))

    with tempfile.TemporaryDirectory() as directory, served.listed(Path(directory), skew=1) as listing:
        found = {row.key: row.etag for row in listing}

    moments = [called, *(each.since for each in bucket.history if each.since >= called)]
    if found not in [bucket.at(moment) for moment in moments]:
        assert found == bucket.dated_before(listing.moment.timestamp())
        written_before = {each.number for each in bucket.history if each.since <= called}
        assert {each.number for each in bucket.history if int(each.dated) < listing.moment.timestamp()} >= written_before


def test_what_changed_meanwhile_is_counted_and_a_few_are_named(served: Served, tmp_path: Path) -> None:
    """Keys written after the moment are told of; the state is the one before."""
    bucket = served.bucket = DatedBucket()
    for number in range(30):
        bucket.put(f"{number:02}")
    bucket.sleep(5)
    before = bucket.at(bucket.clock)

    def write_all() -> None:
        bucket.on_request = lambda: None
        bucket.sleep(2)
        for number in range(30):
            bucket.put(f"{number:02}")

    bucket.on_request = after(4, write_all)

    with served.listed(tmp_path) as listing:
        found = {row.key: row.etag for row in listing}

    assert found == before
    assert listing.changed_meanwhile.count > 20 and len(listing.changed_meanwhile.names) == 10
    assert set(listing.changed_meanwhile.names) <= set(before)


def test_an_upload_completed_meanwhile_is_not_in_the_state(served: Served, tmp_path: Path) -> None:
    """It is dated by its beginning, long before the listing; the version that counted before is listed, and the key is named."""
    bucket = served.bucket = DatedBucket()
    bucket.put("key")
    bucket.sleep(100)
    bucket.begin("key")
    bucket.sleep(100)
    before = bucket.at(bucket.clock)
    bucket.on_request = after(3, bucket.complete)

    with served.listed(tmp_path) as listing:
        found = {row.key: row.etag for row in listing}

    assert bucket.uploads == {} and bucket.at(bucket.clock) != before
    assert found == before
    assert listing.changed_meanwhile.names == (b"key",)


def test_where_only_listing_is_allowed_that_suffices(served: Served, tmp_path: Path) -> None:
    """Without the permission to ask for versioning and for uploads, there is a listing, which does not tell of versioning."""
    bucket = served.bucket = DatedBucket(may_ask=False)
    bucket.put("key")
    bucket.sleep(5)

    with served.listed(tmp_path) as listing:
        assert {row.key: row.etag for row in listing} == bucket.at(bucket.clock)
        assert listing.versioning is None


def test_a_clock_that_stands_still_is_given_up(served: Served, tmp_path: Path) -> None:
    """A server whose time does not pass, and to which others write all the time, cannot tell before from after."""
    bucket = served.bucket = DatedBucket()
    bucket.on_request = lambda: bucket.put("key")

    with pytest.raises(UnusableListingError, match="stands still"):
        list_current(served.client, "bucket", b"", tmp_path, sleep=lambda seconds: None)
