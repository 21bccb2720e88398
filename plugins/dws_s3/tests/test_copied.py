"""Buckets of which copies are kept: what is fetched, what changes meanwhile, what can be no file, and what is written back."""

import os
import random
import signal
import tracemalloc
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from dws_core.errors import UnstableFileError
from dws_core.model.role import Role
from dws_core.plugin import Context
from dws_core.testing.context import make_context
from dws_s3.connection import Connection
from dws_s3.copied.content import Content
from dws_s3.copied.memory import Memory
from dws_s3.copied.names import KeysRefusedError, why_no_file
from dws_s3.copied.writing_back import WritingBack
from dws_s3.errors import CutError
from dws_s3.extent import Extent
from dws_s3.place import Place
from dws_s3.proposing import CopiedResultsError, propose
from dws_s3.settings import S3Settings
from plugins.dws_s3.tests.buckets import Bucket, make
from tests.product.people import begin
from tests.servers.cutting import Cutting
from tests.servers.s3 import S3

pytestmark = pytest.mark.usefixtures("bucket")  # the keys to the server are in the environment


@dataclass
class Watched:
    """A bucket without versions, its content as this clone knows it, and what it was asked for."""

    bucket: Bucket
    root: Path
    port: int | None = None
    asked: list[str] = field(default_factory=list)
    meanwhile: Callable[[str], object] = lambda _: None

    @property
    def context(self) -> Context:
        return make_context(self.root)

    def content(self) -> Content:
        """Open it anew, as the next command does."""
        connection = Connection(Place(self.bucket.name, f"http://127.0.0.1:{self.port}" if self.port else None))
        for _ in range(2):  # after the first answer the client is another one
            with connection.doing("list") as client:
                client.list_objects_v2(Bucket=self.bucket.name, MaxKeys=1)
        with connection.doing("list") as client:
            for operation in ("GetObject", "PutObject", "DeleteObject"):
                client.meta.events.register(f"before-call.s3.{operation}", self._told)
        context = self.context
        extent = Extent(connection, "", context.private, context.objects, context.progress)
        return Content(extent, Memory(context.private, self.bucket.name))

    def gets(self) -> int:
        """Tell how many objects were asked for since this was asked last."""
        count, self.asked = self.asked.count("GetObject"), []
        return count

    def _told(self, model: Any, params: Any, **_: Any) -> None:
        self.asked.append(model.name)
        self.meanwhile(model.name)

    def read(self, tree: str) -> dict[str, bytes]:
        objects = self.context.objects
        return {each.path: objects.open(tree, each.path).read() for each in objects.entries(tree) if each.kind == "file"}


@pytest.fixture
def watched(s3: S3, tmp_path: Path) -> Watched:
    return Watched(make(s3, versioned=False), tmp_path / "workspace")


def test_only_what_is_new_is_fetched(watched: Watched) -> None:
    """1,100 keys are fetched once; then nothing is, then the one that was edited, though it kept its size."""
    watched.bucket.put_many(f"{number % 3}/{number}" for number in range(1_100))

    first = watched.content().store()
    fetched = watched.gets()
    again, asked_again = watched.content().store(), watched.gets()
    watched.bucket.put("0/3", b"y")
    edited, asked_for_one = watched.content().store(), watched.gets()

    assert (fetched, asked_again, asked_for_one) == (1_100, 0, 1)
    assert first == again != edited
    assert len(watched.read(first)) == 1_100 and watched.read(edited)["0/3"] == b"y"


def test_what_differs_is_told_from_sizes_where_they_tell_it(watched: Watched) -> None:
    """Asking stores nothing, and what was read to be hashed is not read again to be asked once more."""
    for key in ("same", "longer", "removed"):
        watched.bucket.put(key, b"12345")
    first = watched.content().identify()
    assert (watched.gets(), first) == (3, watched.content().identify())

    stored = watched.content().store()

    assert stored == first and watched.gets() == 3  # hashed before, but not kept
    assert watched.content().identify() == first and watched.gets() == 0


def test_an_object_that_changes_before_it_is_read_is_looked_at_anew(watched: Watched) -> None:
    """Never the content of one state under the name of another."""
    watched.bucket.put("a", b"old")
    watched.bucket.put("b", b"old")
    changes = iter([b"new"])

    def change(_: str) -> None:
        for content in changes:
            watched.bucket.put("a", content)
            watched.bucket.put("b", content)

    watched.meanwhile = change

    assert watched.read(watched.content().store()) == {"a": b"new", "b": b"new"}


def test_a_bucket_that_never_rests_is_refused_by_name(watched: Watched) -> None:
    """After some looks."""
    watched.bucket.put("log", b"0")
    watched.meanwhile = lambda _: watched.bucket.put("log", random.randbytes(9))

    with pytest.raises(UnstableFileError, match=r"/log keeps changing"):
        watched.content().store()


def test_what_was_cut_goes_on_where_it_ended_and_memory_stays_small(s3: S3, watched: Watched, cutting: Any) -> None:
    """Every connection lets less pass than the object has; nothing of it stays in memory or beside the objects."""
    content = random.Random(1).randbytes(40_000_000)
    watched.bucket.put("large", content)
    proxy: Cutting = cutting(s3.port)
    proxy.limit = 15_000_000
    watched.port = proxy.port
    opened = watched.content()
    tracemalloc.start()

    tree = opened.store()

    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20_000_000
    assert watched.read(tree) == {"large": content}
    assert [each.name for each in watched.context.private.glob("*-*") if each.is_dir()] == []


def test_what_is_always_cut_is_refused_and_nothing_counts(s3: S3, watched: Watched, cutting: Any) -> None:
    """The next command begins where this one could not."""
    watched.bucket.put("large", random.Random(1).randbytes(3_000_000))
    proxy: Cutting = cutting(s3.port)
    watched.port = proxy.port
    opened = watched.content()
    proxy.limit = 5_000
    proxy.cut_all()

    with pytest.raises(CutError):
        opened.store()

    proxy.limit = None
    assert len(watched.read(watched.content().store())["large"]) == 3_000_000


def test_what_came_before_a_command_was_killed_is_not_fetched_again(watched: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    """Some objects at a time are kept for good; what lay on the way is removed by the next command."""
    monkeypatch.setattr("dws_s3.copied.picture._MANY", 10)
    watched.bucket.put_many(f"{number:02}" for number in range(30))

    def kill(_: str) -> None:
        if len(watched.asked) == 25:
            os.kill(os.getpid(), signal.SIGKILL)

    with _another_process() as is_other:
        if is_other:
            watched.meanwhile = kill
            watched.content().store()
    left = [*watched.context.private.glob("incoming-*")]
    tree = watched.content().store()

    assert left and watched.gets() == 10
    assert len(watched.read(tree)) == 30
    assert [*watched.context.private.glob("incoming-*"), *(watched.context.private / "spool").iterdir()] == []


def test_keys_that_can_be_no_files_are_named_together(watched: Watched) -> None:
    """When it is added, and by every later snapshot; of a directory its own object may stand beside what lies in it."""
    for key, content in (("a", b"x"), ("a/b", b"x"), (".git/config", b"x"), ("dir/", b""), ("dir/x", b"x")):
        watched.bucket.put(key, content)

    for look in (lambda: propose(S3Settings(bucket=watched.bucket.name, copy=True), Role.CODE), watched.content().store):
        with pytest.raises(KeysRefusedError) as refused:
            look()
        assert "'.git/config' has a part that belongs to git" in refused.value.message
        assert "'a' other keys lie below it" in refused.value.message
        assert "'dir" not in refused.value.message and refused.value.hint


@pytest.mark.parametrize(
    "path",
    [
        b"..",
        b".",
        b"a/../b",
        b"./a",
        b"/a",
        b"a//b",
        b"a//",
        b"/",
        b"\xff",
        b"a\0",
        b"n" * 256,
        b"d/" * 2_100 + b"x",
        b"a/.GIT/b",
    ],
)
def test_what_no_server_of_ours_takes_as_a_key_is_refused_too(path: bytes) -> None:
    """Others do."""
    assert why_no_file(path)
    assert why_no_file(b"directory/", 1) and not why_no_file(b"directory/", 0)


@pytest.mark.parametrize("path", ["a", "a/b/", "..a/...", " ", "new\nline", "n" * 255, "é/\u2028", "-rf", "a\\b", "C:"])
def test_awkward_names_are_names_of_files(path: str) -> None:
    """Whatever a directory of a file system can hold."""
    assert not why_no_file(path.encode())


def test_results_are_refused_when_they_are_added(watched: Watched) -> None:
    """They move in the bucket, which must keep versions for that."""
    with pytest.raises(CopiedResultsError) as refused:
        propose(S3Settings(bucket=watched.bucket.name, copy=True), Role.RESULTS)

    assert "put-bucket-versioning" in (refused.value.hint or "")


def test_what_somebody_changes_while_it_is_written_back_stays(watched: Watched) -> None:
    """Each object is replaced or deleted only if it still is what was looked at."""
    for key in ("edited", "deleted", "own"):
        watched.bucket.put(key, b"1")
    tree = watched.content().store()
    watched.bucket.put("edited", b"22")
    watched.bucket.delete("own")
    watched.bucket.put("added", b"22")
    content = watched.content()
    others = {"edited": b"333", "own": b"333", "added": b"333"}

    def change(_: str) -> None:
        while others:
            watched.bucket.put(*others.popitem())

    watched.meanwhile = change
    _write_back(watched, content, tree)

    assert watched.read(watched.content().store()) == {
        **dict.fromkeys(("edited", "own", "added"), b"333"),
        "deleted": b"1",
    }


def test_files_come_back_where_directories_are_and_the_other_way_round(s3: S3, tmp_path: Path) -> None:
    """What is in the way goes first, whatever the server makes of directories; large ones go in parts."""
    watched = Watched(make(s3), tmp_path / "workspace")
    large = random.Random(2).randbytes(17 * 1024**2)
    for key, body in (("a", b"1"), ("b/c", b"1"), ("empty/", b""), ("large", large)):
        watched.bucket.put(key, body)
    tree = watched.content().store()
    for key in ("a", "b/c", "empty/", "large"):
        watched.bucket.delete(key)
    for key in ("a/x", "b", "empty/not", "large/"):
        watched.bucket.put(key, b"" if key.endswith("/") else b"2")
    content = watched.content()

    _write_back(watched, content, tree)
    fetched = watched.gets()

    assert watched.content().identify() == tree
    assert (fetched, watched.gets()) == (0, 0)  # what was written is known by the ETag that the server answered


def test_a_bucket_without_versions_is_added_restored_and_taken_back_by_command(watched: Watched, tmp_path: Path) -> None:
    """Seen as it was, then written back; `dws undo` brings what was there before."""
    bucket, client = watched.bucket.name, watched.bucket.client
    watched.bucket.put("a.csv", b"1")
    watched.bucket.put("deep/b.csv", b"1")
    ada = begin(tmp_path / "ada")
    assert "--copy" in ada.tries("add", "s3", "--role", "source-data", bucket).err

    added = ada.dws("add", "s3", "--copy", "--role", "source-data", "--name", "images", bucket)
    ada.dws("snapshot", "V1")
    watched.bucket.put("a.csv", b"2")
    watched.bucket.delete("deep/b.csv")

    assert "s3-copied" in added and "downloads what is new" in added
    assert ada.asks("status")["bytes"] == {"images": 1}
    assert "seen as it was" in ada.dws("restore", "V1")
    assert client.get_object(Bucket=bucket, Key="a.csv")["Body"].read() == b"2"
    assert "seen as in snapshot V1" in ada.dws("status")
    ada.dws("config", "--resource", "images", "restore-by", "write-back")
    refused = ada.tries("restore", "V1")  # nobody has kept what lies there
    assert refused.status == 1 and "`dws live images`" in refused.err
    assert client.get_object(Bucket=bucket, Key="a.csv")["Body"].read() == b"2"
    ada.dws("live", "images")
    ada.dws("restore", "V1")
    assert ada.states()["images"] == "unchanged"
    assert client.get_object(Bucket=bucket, Key="deep/b.csv")["Body"].read() == b"1"
    ada.dws("undo")
    assert [each["Key"] for each in client.list_objects_v2(Bucket=bucket)["Contents"] if each["ETag"] != '""'] == ["a.csv"]
    assert client.get_object(Bucket=bucket, Key="a.csv")["Body"].read() == b"2"


def _write_back(watched: Watched, content: Content, tree: str) -> None:
    objects = watched.context.objects

    def read(picture: Any) -> bool:
        picture.record(objects.entries(tree))
        return content.hash(picture)

    meanwhile, watched.meanwhile = watched.meanwhile, lambda _: None
    with content.settled(read) as picture:
        watched.asked, watched.meanwhile = [], meanwhile
        WritingBack(content.extent, content.memory, lambda path: objects.open(tree, path)).bring(picture)


@contextmanager
def _another_process() -> Iterator[bool]:
    """Run what is inside in a process that is to be killed; the block is entered there alone with True, and here with False."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # forking beside threads: the child only does this
        child = os.fork()
    if child:
        _, status = os.waitpid(child, 0)
        assert os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
        yield False
        return
    try:
        yield True
    finally:
        os._exit(1)
