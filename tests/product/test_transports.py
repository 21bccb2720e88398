"""Every way to an origin tells the same story, and a network that fails in the middle costs another try, and nothing else."""

import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.product.people import Person, begin, join, make_origin
from tests.servers.cutting import Cutting
from tests.servers.sshd import Sshd, free_port

Address = Callable[[Path], str]
Proxy = Callable[[int], Cutting]


@pytest.fixture
def over_ssh(sshd: Sshd, monkeypatch: pytest.MonkeyPatch) -> Sshd:
    """The ssh server, which the user's git knows how to reach."""
    for name, value in sshd.environment.items():
        monkeypatch.setenv(name, value)
    return sshd


@pytest.fixture
def daemon(tmp_path: Path) -> Iterator[Address]:
    """`git daemon`, which serves what lies below a directory, and lets anybody push."""
    port = free_port()
    options = ["--reuseaddr", "--listen=127.0.0.1", f"--port={port}", f"--base-path={tmp_path}", "--export-all"]
    command = ["git", "daemon", *options, "--enable=receive-pack", str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True) as process:
        yield lambda origin: f"git://127.0.0.1:{port}/{origin.relative_to(tmp_path)}"
        process.terminate()


@pytest.fixture(params=["path", "file", "git", "ssh"])
def address(request: pytest.FixtureRequest) -> Address:
    """Give the address of a repository, for each transport."""
    if request.param == "git":
        served: Address = request.getfixturevalue("daemon")
        return served
    if request.param == "ssh":
        server: Sshd = request.getfixturevalue("over_ssh")
        return server.url
    return lambda origin: str(origin) if request.param == "path" else f"file://{origin}"


def _published(tmp_path: Path, url: str) -> Person:
    """Somebody who has published a workspace with one snapshot."""
    ada = begin(tmp_path / "ada", store=tmp_path / "store", hostname="ada")
    ada.dws("snapshot", "V1")
    until = time.monotonic() + 10
    while (ended := ada.tries("publish", url)).status and time.monotonic() < until:
        time.sleep(0.05)  # a server that was just started
    assert ended.status == 0, ended
    return ada


def _works(person: Person, tag: str) -> None:
    """Do a bit of everything, and take a snapshot."""
    name = person.root.name
    person.write(f"code/{name}.py", f"{tag}\n")
    person.write("data/d.csv", f"{tag}\n" * 500)
    person.write("results/r.txt", tag)
    person.dws("snapshot", tag)


def test_two_share_through_every_transport(tmp_path: Path, address: Address) -> None:
    """Publish, clone, snapshot twice, push, pull and restore."""
    url = address(make_origin(tmp_path / "origin of all.git"))
    ada = _published(tmp_path, url)
    bob = join(url, tmp_path / "bob", "--accept")
    _works(ada, "OF-ADA")
    _works(bob, "OF-BOB")

    ada.dws("push")
    bob.dws("push")
    bob.dws("pull")
    ada.dws("pull")
    ada.dws("restore", "OF-BOB")

    assert ada.history() == bob.history() and sorted(ada.tags()) == ["OF-ADA", "OF-BOB", "V1"]
    assert (ada.read("data/d.csv"), bob.read("code/ada.py")) == ("OF-BOB\n" * 500, "OF-ADA\n")
    assert len([*(ada.root / "results" / "snapshots").glob("*/r.txt")]) == 2


def _cuts(total: int) -> list[int]:
    """Byte counts at which a connection that carries so many is cut."""
    return [total * part // 100 for part in (1, 50, 80, 97)]


def _refused_well(person: Person, *arguments: str) -> bool:
    """Give a command whose connection may be cut: done, or one clear error with the next step."""
    ended = person.tries(*arguments)
    if ended.status:
        lines = ended.err.splitlines()
        assert ended.status == 1 and ended.out == "", ended
        assert [line.split(":")[0] for line in lines if not line.startswith("warning: ")] == ["error", "hint"], ended
    return ended.status == 1


def test_what_is_cut_is_done_again_and_nothing_is_half(tmp_path: Path, over_ssh: Sshd, cutting: Proxy) -> None:
    """Push, pull and clone, each cut early and late: the same command again brings the same as if nothing had been."""
    proxy = cutting(over_ssh.port)
    origin = make_origin(tmp_path / "origin.git")
    url = over_ssh.url(origin, proxy.port)
    ada = _published(tmp_path, url)
    bob = join(url, tmp_path / "bob", "--accept")
    _works(ada, "WARM")
    before = proxy.passed
    ada.dws("push")
    total = proxy.passed - before
    bob.dws("pull")
    refused = 0

    for number, limit in enumerate(_cuts(total)):
        _works(ada, f"CUT-{number}")
        proxy.limit = limit
        refused += _refused_well(ada, "push")
        proxy.limit = None
        Person(origin).git("fsck", "--strict")
        bob.dws("pull")  # whatever he sees, he can restore
        bob.dws("restore", bob.tags()[-1])
        ada.dws("push")
        proxy.limit = limit
        refused += _refused_well(bob, "pull")
        proxy.limit = None
        assert bob.git("status", "--porcelain") == ""
        bob.dws("pull")
        assert bob.history() == ada.history()
        proxy.limit = limit
        failed = _refused_well(Person(tmp_path), "clone", "--accept", url, "late")
        refused += failed
        proxy.limit = None
        assert (tmp_path / "late").exists() != failed
        assert [path.name for path in tmp_path.glob(".*")] == []
        shutil.rmtree(tmp_path / "late", ignore_errors=True)

    assert refused >= 3
    late = join(url, tmp_path / "late", "--accept")
    assert late.history() == bob.history() and set(late.states().values()) == {"unchanged"}


def test_a_connection_that_is_refused_or_unknown_is_told_with_the_next_step(
    tmp_path: Path, sshd: Sshd, over_ssh: Sshd, cutting: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A host that answers nothing, a host that nobody knows, an address where nothing lies: nothing changes."""
    ada = begin(tmp_path / "ada", store=tmp_path / "store")
    ada.dws("snapshot", "V1")
    origin = make_origin(tmp_path / "origin.git")
    proxy = cutting(over_ssh.port)
    proxy.refuses = True
    urls = [over_ssh.url(origin, proxy.port), over_ssh.url(origin, free_port()), over_ssh.url(tmp_path / "nothing.git")]
    urls += [str(tmp_path / "nothing.git"), f"file://{tmp_path}/nothing.git", str(tmp_path / "store")]
    for url in urls:
        for line in (["publish", url], ["clone", url, str(tmp_path / "new")]):
            assert _refused_well(ada, *line)
    monkeypatch.setenv(
        "GIT_SSH_COMMAND", f"ssh -F /dev/null -o BatchMode=yes -o UserKnownHostsFile={tmp_path}/known -i {sshd.key}"
    )
    unknown = ada.tries("publish", sshd.url(origin))

    assert unknown.status == 1 and "~/.ssh/known_hosts" in unknown.err
    assert ada.git("remote") == "" and not (tmp_path / "new").exists()


def test_what_a_git_host_merges_is_merged_as_well(tmp_path: Path) -> None:
    """Two push branches with plain git, somebody merges both elsewhere, without `dws`: pulled, it is the same history."""
    origin = make_origin(tmp_path / "origin.git")
    ada = _published(tmp_path, str(origin))
    bob = join(origin, tmp_path / "bob", "--accept")
    main = ada.git("branch", "--show-current").strip()
    for person in (ada, bob):
        _works(person, f"OF-{person.root.name.upper()}")
        person.dws("push")  # content, and the history; what follows is as if main were protected
    for person in (ada, bob):
        person.write(f"code/more-{person.root.name}.py", "more\n")
        person.dws("snapshot", f"MORE-{person.root.name.upper()}")
        person.git("push", "--quiet", "origin", f"HEAD:refs/heads/of-{person.root.name}")
    subprocess.run(["git", "clone", "--quiet", "--branch", main, str(origin), str(tmp_path / "host")], check=True)
    host = Person(tmp_path / "host")
    for name in ("ada", "bob"):
        host.git("merge", "--quiet", "--no-ff", "-m", f"Merge {name}'s", f"origin/of-{name}")
    host.git("push", "--quiet", "origin", f"HEAD:{main}")

    for person in (ada, bob, ada):
        person.dws("pull")
        person.dws("push")
    ada.dws("pull")
    bob.dws("pull")

    assert sorted(ada.tags()) == ["MORE-ADA", "MORE-BOB", "OF-ADA", "OF-BOB", "V1"]
    assert ada.history() == bob.history()
    for person in (ada, bob):
        assert set(person.states().values()) <= {"unchanged", "changed"}
        person.dws("restore", "MORE-ADA")
        person.dws("verify")
