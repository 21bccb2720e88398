"""Two people share a workspace through a bucket, with the real command: whatever fails, nobody sees half of it."""

import os
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.product.people import DWS, Person, begin, join, make_origin
from tests.servers.cutting import Cutting
from tests.servers.refusing import Refusing, Rule
from tests.servers.s3 import S3

MIB = 1024 * 1024
LARGE = "data/large.bin"


@pytest.fixture
def before(s3: S3, refusing: Callable[[int], Refusing]) -> Refusing:
    """A server that refuses before the real one."""
    return refusing(s3.port)


@pytest.fixture
def ada(bucket: str, tmp_path: Path) -> Person:
    """Somebody whose workspace is published, with a snapshot that nobody else has: a large file, and many small ones."""
    person = begin(tmp_path / "ada")
    person.dws("publish", str(make_origin(tmp_path / "origin.git")))
    (person.root / LARGE).write_bytes(os.urandom(17 * MIB))
    for number in range(100):
        person.write(f"data/many/{number}.csv", f"{number}\n" * number)
    person.dws("snapshot", "ONE")
    return person


def url(bucket: str, port: int = 0) -> str:
    return f"s3://{bucket}/team" + (f"?endpoint=http://127.0.0.1:{port}" if port else "")


def contents(person: Person) -> dict[str, bytes]:
    """What lies in the resource that goes through the store."""
    files = [path for path in (person.root / "data").rglob("*") if path.is_file()]
    return {str(path.relative_to(person.root)): path.read_bytes() for path in files}


def tip(ada: Person) -> str:
    """Where the origin's history stands."""
    return ada.git("ls-remote", "origin", "HEAD")


@pytest.mark.parametrize("versioned", [True, False], ids=["versions", "no versions"])
def test_what_one_pushes_another_clones_and_pulls(ada: Person, s3: S3, tmp_path: Path, versioned: bool) -> None:
    """Byte for byte, from a bucket with versions or without, by commands of their own processes."""
    ada = Person(ada.root)
    bucket = s3.make_bucket(versioned=versioned)
    ada.dws("store", "add", "shared", url(bucket))
    ada.dws("push")
    bob = join(tmp_path / "origin.git", tmp_path / "bob", "--accept")
    ada.write("data/d.csv", "changed\n")
    ada.dws("snapshot", "TWO")
    ada.dws("push")

    bob.dws("pull")
    bob.dws("restore", "TWO")

    assert contents(bob) == contents(ada)
    assert bob.asks("store", "list")["tables"][0]["rows"][0]["Snapshots"] == 2


def test_a_push_that_is_killed_in_the_middle_is_gone_on_with(
    ada: Person, bucket: str, s3: S3, cutting: Callable[[int], Cutting], tmp_path: Path
) -> None:
    """The history knows nothing of it, and the next push sends what is missing."""
    proxy = cutting(s3.port)
    ada.dws("store", "add", "shared", url(bucket, proxy.port))
    known, begun = tip(ada), proxy.passed
    proxy.delay = 0.005
    push = subprocess.Popen([DWS, "--batch", "push"], cwd=ada.root, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while proxy.passed < begun + 12 * MIB and push.poll() is None:
        time.sleep(0.01)
    push.send_signal(signal.SIGKILL)
    assert push.wait() == -signal.SIGKILL
    assert tip(ada) == known
    proxy.delay = 0.0

    ada.dws("push")

    bob = join(tmp_path / "origin.git", tmp_path / "bob", "--accept")
    assert contents(bob) == contents(ada)
    assert s3.client().list_multipart_uploads(Bucket=bucket).get("Uploads", []) == []


def test_a_network_that_cuts_every_connection_does_not_stop_a_push_or_a_clone(
    ada: Person, bucket: str, s3: S3, cutting: Callable[[int], Cutting], tmp_path: Path
) -> None:
    """As long as some of it comes through."""
    proxy = cutting(s3.port)
    proxy.limit = 9 * MIB
    ada.dws("store", "add", "shared", url(bucket, proxy.port))

    ada.dws("push")
    bob = join(tmp_path / "origin.git", tmp_path / "bob", "--accept")

    assert contents(bob) == contents(ada)


def test_two_may_push_the_same_at_once(ada: Person, bucket: str, tmp_path: Path) -> None:
    """Both succeed, and what they have in common is there once."""
    ada.dws("store", "add", "shared", url(bucket))
    ada.dws("push", "--allow-missing")
    bob = join(tmp_path / "origin.git", tmp_path / "bob", "--accept")
    content = os.urandom(17 * MIB)
    for person in (ada, bob):
        (person.root / LARGE).write_bytes(content)
        person.write("data/d.csv", person.root.name)
        person.dws("snapshot", person.root.name)

    pushes = [
        subprocess.Popen([DWS, "--batch", "push"], cwd=each.root, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        for each in (ada, bob)
    ]

    assert [each.wait() for each in pushes] == [0, 0]
    eve = join(tmp_path / "origin.git", tmp_path / "eve", "--accept")
    for name in ("ada", "bob"):
        eve.dws("restore", name)
        assert (eve.read("data/d.csv"), (eve.root / LARGE).read_bytes()) == (name, content)


REFUSALS = [
    (Rule(503, "SlowDown"), "tried several times (SlowDown)", "wait a little"),
    (Rule(400, "ExpiredToken"), "the credentials have expired", "get new ones"),
    (Rule(403, "AccessDenied"), "access is denied, and s3:", "let whoever owns the bucket"),
    (
        Rule(301, "PermanentRedirect", headers={"x-amz-bucket-region": "eu-north-1"}),
        "in the region eu-north-1",
        "name that region",
    ),
    (Rule(404, "NoSuchBucket"), "there is no bucket", "aws s3 mb"),
]


def test_what_the_server_refuses_is_one_clear_error_and_nothing_is_half_recorded(
    ada: Person, bucket: str, before: Refusing, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A store that could not be added is not known; a push that failed did not happen."""
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "2")
    add = ("store", "add", "shared", url(bucket, before.port))
    for rule, said, hint in REFUSALS:
        before.refuse(rule)
        _fails(ada, add, said, hint)
    assert ada.asks("store", "list")["tables"][0]["rows"] == []
    before.refuse()
    ada.dws(*add)
    known = tip(ada)
    for rule, said, hint in REFUSALS:
        # Reading goes on, so that the push comes as far as it can.
        before.refuse(*(replace(rule, method=method) for method in ("PUT", "POST")))
        _fails(ada, ("push",), said, hint)

    assert tip(ada) == known
    assert [*(ada.root / ".dataworkspace" / "receipts").glob("*")] == []
    before.refuse()
    Person(ada.root).dws("push")


def test_without_credentials_a_push_and_a_pull_end_with_the_next_step(
    ada: Person, bucket: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What needs no store goes on; no key ever lies in a workspace."""
    ada.dws("store", "add", "shared", url(bucket))
    ada.dws("push")
    keys = [os.environ[name] for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")]
    assert (
        subprocess.run(["grep", "-rlF", *(f"-e{key}" for key in keys), str(ada.root)], stdout=subprocess.PIPE, check=False).stdout
        == b""
    )
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    ada.write("data/d.csv", "changed\n")
    ada.dws("snapshot", "TWO")

    _fails(Person(ada.root), ("push",), "no credentials were found", "aws configure")

    assert ada.states()["data"] == "unchanged"


def _fails(person: Person, command: tuple[str, ...], said: str, hint: str) -> None:
    """Give a command that must end with one error, which says this and the next step."""
    ended = person.tries(*command)
    assert (ended.status, ended.out) == (1, ""), ended
    assert said in ended.err and hint in ended.err, ended
