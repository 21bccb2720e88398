"""What goes to a remote and what comes from it: in the master's direction alone, and nothing is lost on the way."""

import os
import re
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from plugins.dws_rclone.tests.places import There
from plugins.dws_rclone.tests.remotes import Remotes
from plugins.dws_rclone.tests.test_at_work import FILES, add, at_work, content, push
from tests.product.people import DWS, Person, join
from tests.servers.cutting import Cutting
from tests.servers.sshd import Sshd


def both(tmp_path: Path, there: There, *options: str) -> tuple[Person, Person]:
    """Ada, who sends what is new with her, and Bob, who takes what is new there."""
    there.write(FILES)
    ada = at_work(tmp_path)
    add(ada, there, "--master", "local", *options)
    ada.dws("snapshot", "V1")
    ada.dws("store", "add", "shared", str(tmp_path / "store"))
    push(ada, tmp_path)
    bob = join(tmp_path / "origin.git", tmp_path / "bob", "--hostname", "bob")
    bob.dws("pull", "--accept")
    follow(bob, *options)
    return ada, bob


def follow(person: Person, *options: str) -> None:
    person.dws("config", "--resource", "data", "master", "remote")
    if options:
        person.dws("config", "--resource", "data", options[0].strip("-").replace("-", "_"), options[1])


def test_a_clone_contacts_the_remote_once_it_was_told_to(tmp_path: Path, disk: There) -> None:
    """The remote is shown in full; until it was accepted nothing of it is contacted."""
    disk.write(FILES)
    ada = at_work(tmp_path)
    add(ada, disk)
    ada.dws("snapshot", "-m", "first")
    ada.dws("store", "add", "shared", str(tmp_path / "store"))
    push(ada, tmp_path)

    bob = join(tmp_path / "origin.git", tmp_path / "bob")
    refused = bob.tries("pull")
    before = (bob.root / "data").exists()
    bob.dws("pull", "--accept")

    assert disk.remote in refused.out and "has not been told to contact" in refused.out
    assert not before and content(bob) == FILES
    assert bob.states()["data"] == "unchanged"


def test_a_remote_that_was_changed_for_all_is_asked_for_again(tmp_path: Path, disk: There) -> None:
    """Somebody else's word moves nobody to another place."""
    ada, bob = both(tmp_path, disk)
    disk.rclone("copy", disk.remote, "disk:other")
    ada.dws("config", "--resource", "data", "remote", "disk:other")
    ada.dws("push")

    bob.dws("pull", "--only-workspace")
    refused = bob.tries("pull")
    bob.dws("pull", "--accept")

    assert "disk:other" in refused.out and "has not been told to contact" in refused.out
    assert "agree (disk:other)" in bob.dws("status")


def test_what_one_sends_the_other_takes_and_can_take_back(tmp_path: Path, there: There) -> None:
    """Each in its direction; undo brings back what was replaced."""
    ada, bob = both(tmp_path, there)
    ada.write("data/a.csv", "ONE\n")
    ada.write("data/new.csv", "new\n")

    would = ada.dws("push", "--dry-run")
    untouched = there.read()
    sent = ada.dws("push")
    taken = bob.dws("pull")
    came = content(bob)
    bob.dws("undo")

    assert "data: 1 new, 1 replaced" in would and untouched == FILES
    assert "data: 1 new, 1 replaced" in sent and "data: 1 new, 1 replaced" in taken
    assert came == content(ada) == {**FILES, "a.csv": b"ONE\n", "new.csv": b"new\n"}
    assert content(bob) == FILES


def test_without_a_master_nothing_goes_by_itself(tmp_path: Path, disk: There) -> None:
    """Neither way, and it is said."""
    disk.write(FILES)
    ada = at_work(tmp_path)
    said = add(ada, disk)
    ada.write("data/new", "new\n")

    pushed = push(ada, tmp_path)

    assert "Nothing goes to the remote" in said
    assert "since the master is none" in pushed and disk.read() == FILES


def test_what_changed_on_both_sides_is_named_and_nothing_is_overwritten(tmp_path: Path, disk: There) -> None:
    """Both ways stop, until this clone says that the master's counts; what is replaced is kept, here and there."""
    ada, bob = both(tmp_path, disk)
    disk.write({"a.csv": b"somebody's\n"})
    ada.write("data/a.csv", "ada's\n")
    bob.write("data/a.csv", "bob's\n")

    pushed, pulled = ada.tries("push"), bob.tries("pull")
    left = disk.read()["a.csv"], content(ada)["a.csv"], content(bob)["a.csv"]
    bob.dws("config", "--resource", "data", "conflicts", "master")
    bob.dws("pull")
    taken = content(bob)["a.csv"]
    bob.dws("undo")
    ada.dws("config", "--resource", "data", "conflicts", "master")
    ada.dws("push")

    assert pushed.status == 1 and "both changed" in pushed.err and "a.csv" in pushed.err
    assert "both changed" in pulled.out and "a.csv" in pulled.out
    assert left == (b"somebody's\n", b"ada's\n", b"bob's\n")
    assert taken == b"somebody's\n" and content(bob)["a.csv"] == b"bob's\n"
    assert disk.read()["a.csv"] == b"ada's\n" and disk.kept() == {"a.csv": b"somebody's\n"}


def test_sync_removes_what_the_master_has_no_more_and_it_is_not_lost(tmp_path: Path, disk: There) -> None:
    """A dry run names it; what is removed at the remote lies beside it, what is removed here comes back with undo."""
    ada, bob = both(tmp_path, disk, "--sync-mode", "sync")
    (ada.root / "data/deep/b c.csv").unlink()
    bob.write("data/mine", "not there\n")

    would = ada.dws("push", "--dry-run")
    untouched = disk.read()
    ada.dws("push")
    would_take = bob.dws("pull", "--dry-run")
    bob.dws("pull")
    taken = content(bob)
    bob.dws("undo")

    assert "1 removed (deep/b c.csv)" in would and "1 removed (deep/b c.csv)" in would_take
    assert untouched == FILES and "deep/b c.csv" not in disk.read()
    assert disk.kept() == {"deep/b c.csv": b"two\n"}
    assert taken == {"a.csv": b"one\n", "empty": b"", "mine": b"not there\n"}
    assert content(bob) == {**FILES, "mine": b"not there\n"}


def test_a_remote_that_is_gone_empties_nothing(tmp_path: Path, disk: There) -> None:
    """That a whole directory is not there is no wish to remove everything."""
    _, bob = both(tmp_path, disk, "--sync-mode", "sync")
    assert disk.directory is not None
    disk.directory.rename(tmp_path / "elsewhere")

    ended = bob.tries("pull")

    assert f"there is no directory {disk.remote}" in ended.out
    assert content(bob) == FILES


def test_what_changed_on_the_other_side_alone_is_named_and_left_unless_told(tmp_path: Path, disk: There) -> None:
    """A push does not put the master's file back by itself; what is then replaced lies aside."""
    ada, _ = both(tmp_path, disk)
    disk.write({"a.csv": b"somebody's\n", "theirs": b"theirs\n"})
    disk.remove("empty")

    said = ada.dws("push")
    left = disk.read()
    ada.dws("config", "--resource", "data", "conflicts", "master")
    ada.dws("push")

    assert "3 changed there alone, and left (a.csv, empty, theirs)" in said
    assert left == {"a.csv": b"somebody's\n", "deep/b c.csv": b"two\n", "theirs": b"theirs\n"}
    assert disk.read() == {**FILES, "theirs": b"theirs\n"} and disk.kept() == {"a.csv": b"somebody's\n"}


def test_copy_leaves_what_the_master_has_no_more(tmp_path: Path, disk: There) -> None:
    """Removing is asked for with sync alone."""
    ada, bob = both(tmp_path, disk)
    (ada.root / "data/a.csv").unlink()
    disk.remove("deep/b c.csv")

    ada.dws("push")
    bob.dws("pull")

    assert "a.csv" in disk.read() and content(bob) == FILES


def test_what_is_imported_is_never_sent(tmp_path: Path, disk: There) -> None:
    """Its owner is elsewhere."""
    disk.write(FILES)
    ada = at_work(tmp_path)
    add(ada, disk, "--imported", "--master", "local")
    ada.write("data/a.csv", "ONE\n")

    said = push(ada, tmp_path)

    assert "read-only, so nothing is sent" in said and disk.read() == FILES


@pytest.fixture
def cut(remotes: Remotes, sshd: Sshd, cutting: Callable[[int], Cutting], monkeypatch: pytest.MonkeyPatch) -> Cutting:
    """A remote `far` behind a network that can fail."""
    monkeypatch.setenv("RCLONE_CONFIG", str(remotes.config))
    proxy = cutting(sshd.port)
    host_key = sshd.known_hosts.read_text().splitlines()[0].split(" ", 1)[1]
    known = remotes.directory / "known_hosts"
    known.write_text(f"[127.0.0.1]:{proxy.port} {host_key}\n")
    remotes.add("far", type="sftp", host="127.0.0.1", port=str(proxy.port), user=sshd.user, key_file=str(sshd.key))
    remotes.config.write_text(f"{remotes.config.read_text()}known_hosts_file = {known}\n")
    return proxy


def test_a_remote_that_goes_in_the_middle_costs_another_try(tmp_path: Path, remotes: Remotes, cut: Cutting) -> None:
    """One clear error, nothing where the directory is to be; what came is not fetched again."""
    (tmp_path / "served").mkdir()
    sizes = {"large": 6_000_000, **{f"small{number}": 40_000 for number in range(20)}}
    for name, size in sizes.items():
        (tmp_path / "served" / name).write_bytes(os.urandom(size))
    far = There(f"far:{tmp_path}/served", remotes.config, tmp_path / "served")
    ada = at_work(tmp_path)

    cut.limit = 300_000
    failed = ada.tries("add", "rclone", "--role", "source-data", "--name", "data", far.remote, "data")
    nothing = (ada.root / "data").exists()
    cut.limit, cut.passed = None, 0
    add(ada, far)

    assert failed.status == 1 and "hint:" in failed.err
    assert re.search(r"rclone could not copy .*: (large|small\d+): ", failed.err), failed.err
    assert not nothing and content(ada) == far.read()
    assert cut.passed < sum(sizes.values())
    assert not [path for path in ada.root.iterdir() if path.name.startswith(".dws-staging")]


def test_rclone_ends_with_the_command_that_started_it(tmp_path: Path, disk: There) -> None:
    """Killed in the middle, nothing goes on behind the user's back, and the next command begins anew."""
    disk.write({f"{number}.bin": os.urandom(400_000) for number in range(20)})
    ada = at_work(tmp_path)
    environment = {**os.environ, "RCLONE_BWLIMIT": "1M"}
    command = [DWS, "--batch", "add", "rclone", "--role", "source-data", "--name", "data", disk.remote, "data"]

    with subprocess.Popen(command, cwd=ada.root, env=environment, stderr=subprocess.DEVNULL) as process:
        until = time.monotonic() + 30
        while not list(ada.root.glob(".dws-staging-*/*")) and time.monotonic() < until:
            time.sleep(0.02)
        process.send_signal(signal.SIGKILL)
    time.sleep(0.3)
    left = [line for line in _processes() if str(disk.config.parent) in line or str(ada.root) in line]
    add(ada, disk)

    assert left == []
    assert content(ada) == disk.read()


def _processes() -> list[str]:
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            found.append(path.read_bytes().replace(b"\0", b" ").decode("utf-8", "replace"))
        except OSError:
            continue
    return [line for line in found if "rclone" in line and " copy " in line]


def test_two_commands_at_once_wait_for_each_other(tmp_path: Path, disk: There) -> None:
    """Neither overwrites what the other does."""
    _, bob = both(tmp_path, disk)
    disk.write({f"new/{number}": b"%d" % number for number in range(50)})

    pulls = [subprocess.Popen([DWS, "--batch", "pull"], cwd=bob.root, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    said = [process.communicate()[0] for process in pulls]

    assert [process.returncode for process in pulls] == [0, 0]
    assert sum("50 new" in each for each in said) == 1
    assert content(bob) == disk.read()


def test_an_executable_file_that_is_replaced_stays_one(tmp_path: Path, disk: There) -> None:
    """Remotes know nothing of that; what is here does."""
    _, bob = both(tmp_path, disk)
    (bob.root / "data/a.csv").chmod(0o755)
    disk.write({"a.csv": b"#!/bin/sh\n"})

    bob.dws("pull")

    assert (bob.root / "data/a.csv").stat().st_mode & 0o111 == 0o111 and content(bob)["a.csv"] == b"#!/bin/sh\n"


def test_where_a_directory_is_to_be_a_file_it_is_named(tmp_path: Path, disk: There) -> None:
    """What is in the way here is a change too."""
    _, bob = both(tmp_path, disk)
    bob.write("data/mine", "a file\n")
    disk.write({"mine/below": b"x"})

    ended = bob.tries("pull")

    assert "both changed" in ended.out and "mine" in ended.out
    assert content(bob)["mine"] == b"a file\n"
