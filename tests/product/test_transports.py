"""The story of two people over every way to an origin, with connections that are cut, and with a host's own merge."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.product.people import IDENTITY, Person, begin, join, make_origin
from tests.servers.cutting import Cutting
from tests.servers.sshd import Sshd

Proxy = Callable[[int], Cutting]


@pytest.fixture
def over_ssh(sshd: Sshd, monkeypatch: pytest.MonkeyPatch) -> Sshd:
    """The ssh server, which everybody's git knows how to reach."""
    for name, value in sshd.environment.items():
        monkeypatch.setenv(name, value)
    return sshd


@pytest.fixture(params=["path", "file", "ssh"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty repository."""
    origin = make_origin(tmp_path / "our origin.git")
    if request.param == "ssh":
        server: Sshd = request.getfixturevalue("over_ssh")
        return server.url(origin)
    return str(origin) if request.param == "path" else f"file://{origin}"


def test_two_people_share_over_every_way(address: str, tmp_path: Path) -> None:
    """Published, cloned, changed by both, pushed, pulled and restored."""
    ada = begin(tmp_path / "ada", store=tmp_path / "store")
    ada.dws("snapshot", "V1")
    ada.dws("publish", address)
    bob = join(address, tmp_path / "bob", "--accept")
    for person, name in ((ada, "ada"), (bob, "bob")):
        person.write(f"code/{name}.py", name)
        person.write("data/d.csv", f"of {name}\n")
        person.dws("snapshot", name.upper())
        person.dws("push")
    ada.dws("pull")
    bob.dws("pull")
    ada.dws("restore", "BOB")

    assert ada.history() == bob.history()
    assert ada.read("data/d.csv") == "of bob\n"
    assert bob.read("code/ada.py") == "ada"


@pytest.mark.parametrize("verb", ["push", "pull", "clone"])
def test_a_connection_that_is_cut_leaves_nothing_half(verb: str, over_ssh: Sshd, cutting: Proxy, tmp_path: Path) -> None:
    """One clear error that says to try again; then the same command does it, and everybody has the same."""
    origin = make_origin(tmp_path / "origin.git")
    proxy = cutting(over_ssh.port)
    ada = begin(tmp_path / "ada", store=tmp_path / "store")
    ada.dws("snapshot", "V1")
    ada.dws("publish", over_ssh.url(origin, proxy.port))
    bob = join(str(origin), tmp_path / "bob", "--accept")
    pusher, puller = (ada, bob) if verb == "push" else (bob, ada)
    for number in range(300):
        pusher.write(f"code/many/{number}.py", f"{number * 7919}\n" * 20)
    pusher.dws("snapshot", "MANY")
    if verb != "push":
        pusher.dws("push")
    before = origin_tip(origin)

    for limit in (3000, 9000):
        proxy.limit = limit
        if verb == "clone":
            refused = Person(tmp_path).tries("clone", over_ssh.url(origin, proxy.port), "third")
        else:
            refused = ada.tries(verb)
        assert refused.status == 1
        assert "error: git could not" in refused.err and "hint: " in refused.err
        assert origin_tip(origin) == before
        assert not (tmp_path / "third").exists()

    proxy.limit = None
    if verb == "clone":
        puller = join(over_ssh.url(origin, proxy.port), tmp_path / "third", "--accept")
    else:
        ada.dws(verb)
    puller.dws("pull")
    assert sorted(puller.tags()) == ["MANY", "V1"]
    assert puller.read("code/many/7.py") == pusher.read("code/many/7.py")
    assert puller.git("status", "--porcelain") == ""


def origin_tip(origin: Path) -> str:
    done = subprocess.run(["git", "for-each-ref"], cwd=origin, capture_output=True, text=True, check=True)
    return done.stdout


def test_a_merge_that_a_git_host_makes_is_as_good_as_ours(tmp_path: Path) -> None:
    """Two branches of two people, merged by git alone in a place that knows nothing of workspaces."""
    origin = make_origin(tmp_path / "origin.git")
    ada = begin(tmp_path / "ada", store=tmp_path / "store")
    ada.dws("snapshot", "V1")
    ada.dws("publish", str(origin))
    bob = join(origin, tmp_path / "bob", "--accept")
    branch = ada.git("branch", "--show-current").strip()
    for person, name in ((ada, "ada"), (bob, "bob")):
        person.write(f"code/{name}.py", name)
        person.write(f"of-{name}/d.txt", name)
        person.dws("add", "local-files", "--role", "source-data", f"of-{name}")
        person.dws("snapshot", name.upper())
        person.git("push", "--quiet", "origin", f"HEAD:refs/heads/topic-{name}")
    host = Person(tmp_path / "host")
    subprocess.run(["git", *IDENTITY, "clone", "--quiet", "--branch", branch, str(origin), str(host.root)], check=True)
    for name in ("ada", "bob"):
        host.git("merge", "--quiet", "--no-ff", "-m", f"Merge the branch of {name}", f"origin/topic-{name}")
    host.git("push", "--quiet", "origin", f"HEAD:refs/heads/{branch}")

    pulled = [person.tries("pull") for person in (ada, bob)]
    for person in (ada, bob):
        person.dws("push", "--accept")
    for person in (ada, bob):
        person.tries("pull")

    assert [each.out.startswith("Pulled from ") for each in pulled] == [True, True]
    assert ada.history() == bob.history()
    assert sorted(ada.tags()) == ["ADA", "BOB", "V1"]
    assert (ada.read("code/bob.py"), bob.read("code/ada.py")) == ("bob", "ada")
