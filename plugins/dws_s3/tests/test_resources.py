"""Buckets as resources, through command and library: recorded where they lie, seen as they were, written back, verified."""

import hashlib
import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from sklearn.linear_model import LogisticRegression

import dws_core
from dws_core.testing.faults import Fault, interruptions
from dws_sklearn import LineagePredictor, load_dataset_from_resource
from tests.product.people import Person, begin, join, make_origin
from tests.servers.refusing import Refusing, Rule
from tests.servers.s3 import S3


@pytest.fixture
def client(s3: S3) -> Any:
    """Whoever else writes to the bucket."""
    return s3.client()


@pytest.fixture
def ada(bucket: str, client: Any, tmp_path: Path) -> Person:
    """Somebody whose workspace has a directory of a bucket as a resource, and a snapshot V1 of it."""
    for name, content in (("a.csv", b"x,y\n1,2\n"), ("deep/b.csv", b"x,y\n3,4\n")):
        client.put_object(Bucket=bucket, Key=f"images/{name}", Body=content)
    client.put_object(Bucket=bucket, Key="elsewhere", Body=b"no part of it")
    person = begin(tmp_path / "ada")
    person.dws("add", "s3", "--role", "source-data", "--prefix", "images", bucket)
    person.dws("snapshot", "V1")
    return person


def change(client: Any, bucket: str) -> None:
    """Change, remove and add an object each; the one that is changed keeps its size."""
    client.put_object(Bucket=bucket, Key="images/a.csv", Body=b"x,y\n1,9\n")
    client.delete_object(Bucket=bucket, Key="images/deep/b.csv")
    client.put_object(Bucket=bucket, Key="images/new.csv", Body=b"new\n")


def current(client: Any, bucket: str) -> dict[str, bytes]:
    found = client.list_objects_v2(Bucket=bucket).get("Contents", ())
    return {each["Key"]: client.get_object(Bucket=bucket, Key=each["Key"])["Body"].read() for each in found}


def seen(person: Person, snapshot: str | None = None) -> dict[str, bytes]:
    files = dws_core.filesystem("images", snapshot=snapshot, workspace_dir=person.root)
    return {path: files.cat_file(path) for path in files.find("")}


WAS = {"a.csv": b"x,y\n1,2\n", "deep/b.csv": b"x,y\n3,4\n"}
IS = {"a.csv": b"x,y\n1,9\n", "new.csv": b"new\n"}


def test_a_bucket_is_recorded_where_it_lies_and_seen_as_it_was(ada: Person, bucket: str, client: Any) -> None:
    """Nothing in the bucket changes; every status says what is seen, and one command ends it."""
    change(client, bucket)
    there = current(client, bucket)
    row = next(row for row in ada.asks("status")["tables"][0]["rows"] if row["Resource"] == "images")
    assert (row["State"], row["Added"], row["Removed"], row["Changed"]) == ("changed", 1, 1, 1)
    assert ada.asks("status")["bytes"] == {"images": 12}
    ada.dws("snapshot", "V2")
    difference = {(row["Change"], row["File"]) for row in ada.asks("diff", "V1", "V2")["tables"][1]["rows"]}
    assert difference == {("added", "new.csv"), ("removed", "deep/b.csv"), ("changed", "a.csv")}
    assert ada.asks("diff", "V1", "V2")["bytes"] == {"images": 12} and "12 bytes" in ada.dws("diff", "V1", "V2")

    told = ada.dws("restore", "V1")

    assert "images: 1 new, 1 replaced, 1 removed" in told and "seen as it was" in told
    assert seen(ada) == WAS == seen(ada, "V1") and seen(ada, "V2") == IS
    assert "seen as in snapshot V1" in ada.dws("status") and "seen_as_in=snapshot V1" in ada.dws("report", "status")
    assert ada.dws("live", "images").startswith("images is seen as it is now")
    assert seen(ada) == IS
    ada.dws("undo")
    assert seen(ada) == WAS
    ada.dws("undo", "--to", "4")
    assert seen(ada) == IS
    assert "seen as" not in ada.dws("status")
    assert current(client, bucket) == there


def test_older_versions_are_made_current_again_where_that_is_wanted(ada: Person, bucket: str, client: Any) -> None:
    """On the server, with delete markers: no version is ever destroyed, so that undo brings the newer ones back."""
    change(client, bucket)
    ada.dws("config", "--resource", "images", "restore-by", "write-back")

    told = ada.dws("restore", "V1")

    assert "older versions become current again" in told
    assert current(client, bucket) == {"elsewhere": b"no part of it", **{f"images/{path}": item for path, item in WAS.items()}}
    assert ada.states()["images"] == "unchanged"
    ada.dws("undo")
    assert current(client, bucket) == {"elsewhere": b"no part of it", **{f"images/{path}": item for path, item in IS.items()}}
    ids = {each["VersionId"] for each in client.list_object_versions(Bucket=bucket, Prefix="images/a.csv")["Versions"]}
    assert len(ids) == 4  # as it was, as it was changed, and a copy of each


def test_what_was_added_as_read_only_is_never_written_to(bucket: str, client: Any, tmp_path: Path) -> None:
    client.put_object(Bucket=bucket, Key="a", Body=b"1")
    ada = begin(tmp_path / "ada")
    ada.dws("add", "s3", "--role", "source-data", "--name", "images", "--read-only", "--restore-by", "write-back", bucket)
    ada.dws("snapshot", "V1")
    client.put_object(Bucket=bucket, Key="a", Body=b"2")

    refused = ada.tries("restore", "V1", "--only", "images")

    assert refused.status == 1 and "read-only" in refused.err
    with pytest.raises(dws_core.DwsError, match="read-only"):
        dws_core.filesystem("images", workspace_dir=ada.root).pipe_file("b", b"3")
    assert current(client, bucket) == {"a": b"2"}
    assert ada.tries("add", "s3", "--role", "results", "--read-only", "--name", "r", "--prefix", "r", bucket).status == 1


def test_nothing_is_downloaded_for_a_snapshot_or_a_verification(
    s3: S3, bucket: str, client: Any, tmp_path: Path, refusing: Callable[[int], Refusing]
) -> None:
    """Listing alone tells which versions exist; lost ones are named with the snapshots that lack them."""
    server = refusing(s3.port)
    for number in range(1_100):
        client.put_object(Bucket=bucket, Key=f"{number % 7}/{number}", Body=b"x")
    ada = begin(tmp_path / "ada")
    endpoint = f"http://127.0.0.1:{server.port}"
    ada.dws("add", "s3", "--role", "source-data", "--name", "images", "--endpoint-url", endpoint, bucket)
    ada.dws("snapshot", "V1")
    whole = ada.dws("verify", "images")
    version = client.head_object(Bucket=bucket, Key="1/1")["VersionId"]
    client.delete_object(Bucket=bucket, Key="1/1", VersionId=version)
    client.put_object(Bucket=bucket, Key="1/1", Body=b"another")

    lost = ada.tries("verify", "images")

    assert "all is there" in whole
    assert lost.status == 1 and "1/1" in lost.out and "V1" in lost.out
    read = [each for each in server.requests if each.method == "GET" and f"/{bucket}/" in each.path.split("?")[0]]
    assert read == []
    assert len(server.requests) < 200
    refused = ada.tries("restore", "V1")
    assert refused.status == 1 and "1/1" in refused.err and "dws verify images" in refused.err


def test_a_version_that_lives_on_as_a_copy_is_not_lost(ada: Person, bucket: str, client: Any) -> None:
    """Another version of the key with the same content serves as well."""
    first = client.head_object(Bucket=bucket, Key="images/a.csv")["VersionId"]
    client.put_object(Bucket=bucket, Key="images/a.csv", Body=WAS["a.csv"])
    client.put_object(Bucket=bucket, Key="images/a.csv", Body=b"newer")
    client.delete_object(Bucket=bucket, Key="images/a.csv", VersionId=first)

    assert "all is there" in ada.dws("verify", "images")
    ada.dws("restore", "V1")
    assert seen(ada) == WAS


def test_what_a_bucket_cannot_do_is_said_when_it_is_added(s3: S3, bucket: str, client: Any, tmp_path: Path) -> None:
    plain = s3.make_bucket(versioned=False)
    rule = {
        "ID": "tidy",
        "Status": "Enabled",
        "Filter": {"Prefix": "images/"},
        "NoncurrentVersionExpiration": {"NoncurrentDays": 30},
    }
    client.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration={"Rules": [rule]})
    ada = begin(tmp_path / "ada")

    unversioned = ada.tries("add", "s3", "--role", "source-data", plain)
    expiring = ada.tries("add", "s3", "--role", "source-data", "--prefix", "images/2026", bucket)
    beside = ada.tries("add", "s3", "--role", "source-data", "--prefix", "other", bucket)

    assert unversioned.status == 1 and "keeps no versions" in unversioned.err and "--copy" in unversioned.err
    assert expiring.status == 0 and "tidy" in expiring.out + expiring.err
    assert beside.status == 0 and "tidy" not in beside.out + beside.err
    client.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Suspended"})
    stopped = ada.tries("snapshot", "V1")
    assert stopped.status == 1 and "no longer keeps versions" in stopped.err


def test_versions_that_may_not_be_listed_are_said_when_it_is_added(
    s3: S3, bucket: str, tmp_path: Path, refusing: Callable[[int], Refusing]
) -> None:
    server = refusing(s3.port)
    server.refuse(Rule(403, "AccessDenied", "GET", "versions"))
    ada = begin(tmp_path / "ada")

    refused = ada.tries("add", "s3", "--role", "source-data", "--endpoint-url", f"http://127.0.0.1:{server.port}", bucket)

    assert refused.status == 1 and "s3:ListBucketVersions" in refused.err and "--copy" in refused.err


def test_checksums_are_recorded_where_they_are_wanted(
    s3: S3, bucket: str, client: Any, tmp_path: Path, refusing: Callable[[int], Refusing]
) -> None:
    """A request for each new object, and none for those that were recorded; a copy elsewhere is then known to be equal."""
    server = refusing(s3.port)
    for number in range(5):
        client.put_object(Bucket=bucket, Key=f"{number}", Body=b"%d" % number, ChecksumAlgorithm="SHA256")
    ada = begin(tmp_path / "ada")
    endpoint = f"http://127.0.0.1:{server.port}"
    ada.dws("add", "s3", "--role", "source-data", "--name", "images", "--checksums", "--endpoint-url", endpoint, bucket)
    ada.dws("snapshot", "V1")
    asked = [each for each in server.requests if each.method == "HEAD"]

    states = ada.states()
    client.put_object(Bucket=bucket, Key="5", Body=b"5", ChecksumAlgorithm="SHA256")
    ada.dws("snapshot", "V2")

    assert states["images"] == "unchanged"
    assert len(asked) == 5
    assert len([each for each in server.requests if each.method == "HEAD"]) == 6
    kept = b"".join(
        path.read_bytes() for path in (ada.root / ".dataworkspace" / "local" / "objects").rglob("*") if path.is_file()
    )
    assert b"sha256:" + hashlib.sha256(b"5").hexdigest().encode() in kept


def test_bad_input_is_refused_with_nothing_recorded(ada: Person, bucket: str) -> None:
    """A name that is none, a bucket that is not there, what overlaps another resource."""
    before = ada.asks("report", "status")

    for words, told in (
        (["No_Bucket"], "no value for the name of a bucket"),
        (["not-there-at-all"], "there is no bucket"),
        (["--prefix", "images/deep", bucket], "overlaps"),
        ([bucket], "overlaps"),
        (["--prefix", "a/../b", bucket], "no value for prefix"),
        (["--profile", "nobody", "--prefix", "x", bucket], "no profile 'nobody'"),
    ):
        refused = ada.tries("add", "s3", "--role", "source-data", *words)
        assert (refused.status, told in refused.err, "hint: " in refused.err) == (1, True, True), (words, refused)

    assert ada.asks("report", "status") == before


def test_results_lie_in_the_bucket(bucket: str, client: Any, tmp_path: Path) -> None:
    """Written through the filesystem, moved to the directory of their snapshot by the server, and back by undo."""
    ada = begin(tmp_path / "ada")
    ada.dws("add", "s3", "--role", "results", "--prefix", "out", "--name", "out", bucket)
    files = dws_core.filesystem("out", workspace_dir=ada.root)
    files.pipe_file("README.md", b"stays")
    files.pipe_file("plots/a.png", b"a plot")
    files.pipe_file("results.json", json.dumps({"step": "s", "metrics": {"accuracy": 0.5}}).encode())

    ada.dws("snapshot", "ONE")

    moved = current(client, bucket)
    assert {*moved} == {f"out/{path}" for path in ("README.md", *(f"snapshots/desk-ONE/{name}" for name in _MOVED))}
    assert moved["out/snapshots/desk-ONE/plots/a.png"] == b"a plot"
    assert ada.states()["out"] == "unchanged"
    assert ada.asks("report", "history")["tables"][0]["rows"][0]["accuracy"] == 0.5
    ada.dws("undo")
    assert {*current(client, bucket)} == {"out/README.md", "out/plots/a.png", "out/results.json"}


_MOVED = ("plots/a.png", "results.json", "lineage.json")


@pytest.mark.parametrize("fault", Fault)
def test_a_snapshot_that_is_ended_anywhere_loses_no_result(bucket: str, client: Any, tmp_path: Path, fault: Fault) -> None:
    """The next command finishes it or takes it back: each result lies where it was, or in its snapshot, never both."""
    ada = begin(tmp_path / "ada")
    ada.dws("add", "s3", "--role", "results", "--prefix", "out", "--name", "out", bucket)
    files = dws_core.filesystem("out", workspace_dir=ada.root)
    number = 0

    def prepare() -> None:
        nonlocal number
        number += 1
        for name in ("a.txt", "deep/b.txt"):
            files.pipe_file(name, f"{number}".encode())

    for where in interruptions(fault, prepare, lambda: ada.tries("snapshot", f"T{number}"), tmp_path / "scratch", most=5):
        ada.dws("config", "undo-days", "30")  # whatever changes something repairs first
        tags = ada.tags()
        held = current(client, bucket)
        done = f"T{number}" in tags
        prefix = f"out/snapshots/desk-T{number}/" if done else "out/"
        assert held.get(f"{prefix}a.txt") == held.get(f"{prefix}deep/b.txt") == f"{number}".encode(), where
        assert ("out/a.txt" in held) is not done, where
        if not done:
            ada.dws("snapshot", f"T{number}")
    assert not ada.asks("status")["paths"].get("out")


def test_what_a_step_reads_and_writes_in_a_bucket_is_its_lineage(ada: Person, bucket: str, client: Any) -> None:
    """Observed as it happens, at the versions of that moment."""
    ada.dws("add", "s3", "--role", "intermediate-data", "--prefix", "made", "--name", "made", bucket)
    builder = dws_core.LineageBuilder().with_workspace_directory(ada.root).with_step_name("copy")

    with builder.eval():
        content = dws_core.filesystem("images", workspace_dir=ada.root).cat_file("a.csv")
        dws_core.filesystem("made", workspace_dir=ada.root).pipe_file("c.csv", content)

    ada.dws("snapshot", "V2")
    rows = {row["Resource"]: row for row in ada.asks("report", "lineage", "--snapshot", "V2")["tables"][0]["rows"]}
    assert rows["made:c.csv"]["Type"] == "Step"
    assert "images:a.csv" in str(rows["made:c.csv"]["Inputs"])


def test_the_scikit_learn_kit_reads_from_a_bucket_and_writes_to_one(
    bucket: str, client: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A data set, the results and the model: none of them needs a directory of this machine."""
    rows = [(x, y) for x in range(10) for y in range(10)]
    client.put_object(Bucket=bucket, Key="in/data.csv", Body="".join(f"{x},{y}\n" for x, y in rows).encode())
    client.put_object(Bucket=bucket, Key="in/target.csv", Body="".join(f"{int(x > y)}\n" for x, y in rows).encode())
    ada = begin(tmp_path / "ada")
    ada.dws("add", "s3", "--role", "source-data", "--prefix", "in", "--name", "set", bucket)
    ada.dws("add", "s3", "--role", "results", "--prefix", "out", "--name", "out", bucket)
    monkeypatch.chdir(ada.root)

    found = load_dataset_from_resource("set")
    places = {"input_resource": found.resource, "results_resource": "out", "model_save_file": "model.joblib"}
    predictor = LineagePredictor(LogisticRegression(), **places)
    predictor.fit(found.data, found.target)
    predictor.score(found.data, found.target)
    ada.dws("snapshot", "V1")

    assert found.data.shape == (100, 2) and found.target.shape == (100,)
    kept = current(client, bucket)
    results = json.loads(kept["out/snapshots/desk-V1/results.json"])
    assert results["metrics"]["score"] > 0.9
    assert any(name.endswith(".joblib") for name in kept)
    rows_told = ada.asks("report", "lineage", "--snapshot", "V1")["tables"][0]["rows"]
    assert any(row["Type"] == "Step" and "set" in str(row["Inputs"]) for row in rows_told)


def test_no_credential_is_ever_written_down(ada: Person, s3: S3) -> None:
    """Neither in what is shared nor in what is this clone's alone, in no message and no report."""
    told = ada.dws("report", "status") + ada.dws("config", "--resource", "images") + ada.dws("--json", "status")
    kept = b"".join(path.read_bytes() for path in ada.root.rglob("*") if path.is_file())

    for secret in (s3.access_key, s3.secret_key):
        assert secret not in told and secret.encode() not in kept


def test_a_shared_endpoint_is_contacted_once_it_was_accepted(s3: S3, bucket: str, tmp_path: Path) -> None:
    """A signed request gives credentials away: whoever clones is shown the place in full before anything goes there."""
    with counting(s3.port) as (port, connections):
        ada = begin(tmp_path / "ada", store=tmp_path / "store")
        shared = f"http://127.0.0.1:{port}"
        ada.dws("add", "s3", "--role", "source-data", "--name", "images", "--shared-endpoint-url", shared, bucket)
        ada.dws("publish", str(make_origin(tmp_path / "origin.git")))
        ada.dws("snapshot", "V1")
        ada.dws("push")
        before = len(connections)

        bob = join(tmp_path / "origin.git", tmp_path / "bob", "--hostname", "bobs")
        refused = bob.tries("snapshot", "V2")
        states = bob.states()

        assert len(connections) == before
        assert refused.status == 1 and f"{shared}/{bucket}/" in refused.err and "pull --accept" in refused.err
        assert states["images"] == "opaque" and states["code"] == "unchanged"
        bob.dws("pull", "--accept")
        assert bob.states()["images"] == "unchanged"
        assert len(connections) > before


@contextmanager
def counting(target: int) -> Iterator[tuple[int, list[Any]]]:
    """Pass connections on to a port, and keep count of them."""
    connections: list[Any] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            with suppress(OSError):
                while True:
                    taken, _ = listening.accept()
                    other = socket.create_connection(("127.0.0.1", target))
                    connections.append((taken, other))
                    for pair in ((taken, other), (other, taken)):
                        threading.Thread(target=pass_on, args=pair, daemon=True).start()

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield listening.getsockname()[1], connections
        listening.shutdown(socket.SHUT_RDWR)
        thread.join()
    for pair in connections:
        for each in pair:
            each.close()


def pass_on(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while chunk := source.recv(65536):
            target.sendall(chunk)
        target.shutdown(socket.SHUT_WR)
