"""Every way to an origin does the same, and one that fails in the middle leaves nothing half done."""

import shutil
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from dws_git.backend import GitBackend
from dws_git.errors import OriginFailedError
from plugins.dws_git.tests.team import Team, git
from tests.servers.cutting import Cutting
from tests.servers.sshd import Sshd, free_port

Proxy = Callable[[int], Cutting]


@pytest.fixture(params=["path", "file", "ssh"])
def address(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], str]:
    """Give the address of a repository, for each transport."""
    if request.param != "ssh":
        return lambda place: str(place) if request.param == "path" else f"file://{place}"
    server: Sshd = request.getfixturevalue("sshd")
    for name, value in server.environment.items():
        monkeypatch.setenv(name, value)
    return server.url


@pytest.fixture
def over_ssh(sshd: Sshd, monkeypatch: pytest.MonkeyPatch) -> Sshd:
    """The ssh server, which the user's git knows how to reach."""
    for name, value in sshd.environment.items():
        monkeypatch.setenv(name, value)
    return sshd


def test_two_share_through_every_transport(team: Team, address: Callable[[Path], str]) -> None:
    """Publish, clone, push and pull, with a name that is awkward in an address."""
    url = address(team.origin("our origin.git"))
    ours = team.begin()
    ours.publish(url)
    ours.push()
    theirs = team.clone(url)
    mine, other = team.record(ours, "ours"), team.record(theirs, "theirs")

    team.exchange(ours, theirs)

    for backend in (ours, theirs):
        assert backend.origin == url and backend.holds(mine) and backend.holds(other)
        assert team.status(backend) == [] and not backend.is_ahead()


def cuts(total: int) -> list[int]:
    """Byte counts at which a connection that carries so many is cut."""
    return [total * part // 100 for part in (50, 97)]


def fill(team: Team, backend: GitBackend, name: str) -> str:
    """Record something that takes a few packets."""
    team.own(backend, {f"data/{name}.csv": "".join(f"{name},{number * 7919}\n" for number in range(3000))})
    return team.record(backend, name)


def test_a_push_that_is_cut_sends_nothing_half(team: Team, over_ssh: Sshd, cutting: Proxy) -> None:
    """The origin is whole and as it was, or has all; the same command again does it."""
    ours = team.begin()
    origin = team.origin()
    ours.publish(str(origin))
    ours.push()
    proxy = cutting(over_ssh.port)
    ours.publish(over_ssh.url(origin, proxy.port))
    fill(team, ours, "begin")
    before = proxy.passed
    ours.push()
    total = proxy.passed - before
    for number, limit in enumerate(cuts(total)):
        fill(team, ours, f"part {number}")
        tip, head = git(origin, "rev-parse", "main"), git(ours.root, "rev-parse", "HEAD")

        proxy.limit = limit
        try:
            ours.push()
        except OriginFailedError as failure:
            assert failure.hint
        proxy.limit = None

        git(origin, "fsck", "--strict")
        assert git(origin, "rev-parse", "main") in (tip, head)
        assert ours.push() and git(origin, "rev-parse", "main") == head and not ours.is_ahead()


def test_a_pull_that_is_cut_changes_nothing(team: Team, over_ssh: Sshd, cutting: Proxy) -> None:
    """Nothing that people see changes, and the same command again brings it."""
    ours, theirs = team.two()
    proxy = cutting(over_ssh.port)
    theirs.publish(over_ssh.url(team.place / "origin.git", proxy.port))
    fill(team, ours, "begin")
    team.share(ours)
    before = proxy.passed
    team.pull(theirs)
    total = proxy.passed - before
    for number, limit in enumerate(cuts(total)):
        path = fill(team, ours, f"part {number}")
        team.share(ours)
        head = git(theirs.root, "rev-parse", "HEAD")

        proxy.limit = limit
        try:
            theirs.fetch()
        except OriginFailedError as failure:
            assert failure.hint
        proxy.limit = None

        git(theirs.root, "fsck", "--strict")
        assert git(theirs.root, "rev-parse", "HEAD") == head and team.status(theirs) == []
        assert team.pull(theirs) == () and theirs.holds(path)


def test_a_clone_that_is_cut_says_so(team: Team, over_ssh: Sshd, cutting: Proxy) -> None:
    """It is an error with a next step, and another try makes the clone."""
    ours, _ = team.two()
    path = fill(team, ours, "one")
    team.share(ours)
    proxy = cutting(over_ssh.port)
    url = over_ssh.url(team.place / "origin.git", proxy.port)
    team.clone(url, "whole")
    # Two connections carry it: what is asked first, and what then comes.
    for limit in cuts(proxy.passed * 2 // 3):
        proxy.limit = limit
        try:
            team.clone(url, "late")
        except OriginFailedError as failure:
            assert failure.hint
        proxy.limit = None
        shutil.rmtree(team.place / "late")

        assert team.clone(url, "late").holds(path)
        shutil.rmtree(team.place / "late")


def test_a_server_that_refuses_is_named_with_the_next_step(team: Team, over_ssh: Sshd, cutting: Proxy) -> None:
    """Whether nobody listens, or the connection ends at once."""
    ours, _ = team.two()
    proxy = cutting(over_ssh.port)
    proxy.refuses = True
    for port in (proxy.port, free_port()):
        with pytest.raises(OriginFailedError, match=str(port)) as refusal:
            ours.publish(over_ssh.url(team.place / "origin.git", port))

        assert refusal.value.hint and "\n" not in refusal.value.message

    assert ours.origin == str(team.place / "origin.git")


def test_a_host_that_nobody_knows_is_refused_and_the_file_named(
    team: Team, sshd: Sshd, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With nobody there to ask, an unknown host is no host to trust; so it is with one whose key changed."""
    ours, _ = team.two()
    known = home / "known hosts"
    monkeypatch.setenv("GIT_SSH_COMMAND", f"ssh -F /dev/null -o BatchMode=yes -o UserKnownHostsFile='\"{known}\"' -i {sshd.key}")
    _, kind, _ = sshd.known_hosts.read_text().splitlines()[0].split()
    key = (sshd.directory / "user_key.pub").read_text().split()[1]
    for line, means in (("", "does not have the host's key"), (f"[127.0.0.1]:{sshd.port} {kind} {key}\n", "not the one")):
        known.write_text(line)

        with pytest.raises(OriginFailedError, match=means) as refusal:
            ours.publish(sshd.url(team.place / "origin.git"))

        assert "known_hosts" in f"{refusal.value.message} {refusal.value.hint}"


def test_a_key_that_opens_nothing_is_told(team: Team, sshd: Sshd, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is asked for a password."""
    ours, _ = team.two()
    wrong = team.place / "ssh_config"
    wrong.write_text(sshd.configuration.read_text().replace(str(sshd.key), str(sshd.directory / "host_key")))
    monkeypatch.setenv("GIT_SSH_COMMAND", f"ssh -F {wrong} -o IdentityAgent=none")

    with pytest.raises(OriginFailedError, match="Permission denied") as refusal:
        ours.publish(sshd.url(team.place / "origin.git"))

    assert "key" in (refusal.value.hint or "")


def test_without_a_word_of_the_users_ssh_never_asks(team: Team, sshd: Sshd, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nobody sits at a terminal, ssh is told not to wait for an answer; how the user has set it up counts otherwise."""
    ours, _ = team.two()
    places = team.place / "bin"
    places.mkdir()
    (places / "ssh").write_text(f"#!/bin/sh\necho \"$@\" >>'{team.place}/asked'\nexit 255\n")
    (places / "ssh").chmod(0o755)
    monkeypatch.setenv("PATH", str(places), prepend=":")

    for setting in ("", "ssh -o ConnectTimeout=1"):
        if setting:
            git(ours.root, "config", "core.sshCommand", setting)
        with pytest.raises(OriginFailedError):
            ours.publish(sshd.url(team.place / "origin.git"))

    first, second = (team.place / "asked").read_text().splitlines()
    assert "BatchMode=yes" in first and "BatchMode" not in second and "ConnectTimeout=1" in second


class _Locked(BaseHTTPRequestHandler):
    """A server that lets nobody in without a password."""

    def do_GET(self) -> None:
        self.send_response(401)
        self.send_header("WWW-Authenticate", 'Basic realm="tests"')
        self.end_headers()

    def log_message(self, format: str, *arguments: object) -> None:
        pass


def test_where_a_password_is_wanted_nobody_waits_for_it(team: Team) -> None:
    """Over http git would ask: it fails instead, and the hint says what must be there."""
    ours = team.begin()
    with ThreadingHTTPServer(("127.0.0.1", 0), _Locked) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        with pytest.raises(OriginFailedError, match="could not read") as refusal:
            ours.publish(f"http://someone@127.0.0.1:{server.server_port}/x.git")
        server.shutdown()
        thread.join()

    assert "credentials" in (refusal.value.hint or "") and "someone" not in refusal.value.message


def test_an_origin_that_is_not_there_is_named(team: Team, over_ssh: Sshd) -> None:
    """Over the network as on this machine."""
    ours = team.begin()
    for url in (
        over_ssh.url(team.place / "nothing.git"),
        f"file://{team.place / 'nothing.git'}",
        str(team.place / "nothing.git"),
    ):
        with pytest.raises(OriginFailedError, match=r"not appear to be a git repository|there is nothing at that path"):
            ours.publish(url)
