"""What every test of git needs: a home folder of its own, a workspace, and git itself."""

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias

import pytest

from dws_core.model.resource import Resource
from dws_core.model.role import Role
from dws_core.plugin import Settings
from dws_core.testing import make_context
from dws_git.backend import GitBackend
from dws_git.resource_type import GitResource
from dws_git.settings import GitSettings, GitSubdirectorySettings
from dws_git.subdirectory import GitSubdirectory
from plugins.dws_git.tests.team import Team

Git: TypeAlias = Callable[..., str]

_CONFIGURATION = """[user]
name = Grace Hopper
email = grace@example.org
[init]
defaultBranch = main
[protocol "file"]
allow = always
"""


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A home folder with a configuration of its own, so that the user's does not count."""
    home = tmp_path_factory.mktemp("home")
    (home / ".gitconfig").write_text(_CONFIGURATION)
    ours = ("GIT_PYTHON_REFRESH", "GIT_TEST_FSYNC")
    for name in [name for name in os.environ if name.startswith("GIT_") and name not in ours]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home / ".config"))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(home / ".gitconfig"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    yield home


@dataclass(frozen=True)
class Served:
    """A directory whose bare repositories anybody may read and write at a URL."""

    directory: Path
    url: str


@pytest.fixture(scope="session")
def daemon(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """git's own server, for the origins of all tests."""
    directory = tmp_path_factory.mktemp("served")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    options = ["--listen=127.0.0.1", f"--port={port}", "--reuseaddr", "--export-all", "--enable=receive-pack"]
    command = ["git", "daemon", *options, f"--base-path={directory}", str(directory)]
    server = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        _wait_for(port)
        yield Served(directory, f"git://127.0.0.1:{port}")
    finally:
        server.terminate()
        server.wait()


def _wait_for(port: int) -> None:
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return
        except ConnectionRefusedError:
            time.sleep(0.05)
    pytest.fail("git daemon does not answer")


@pytest.fixture
def git() -> Git:
    """git, as a user types it: `git(directory, "status")`; with `fails=True` it must not succeed."""

    def run(directory: Path, *arguments: str, fails: bool = False) -> str:
        done = subprocess.run(["git", *arguments], cwd=directory, capture_output=True, check=False)
        assert (done.returncode != 0) == fails, done.stderr.decode()
        return os.fsdecode(done.stdout).removesuffix("\n")

    return run


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The top directory of a workspace."""
    root = tmp_path.resolve() / "workspace"
    root.mkdir()
    return root


@pytest.fixture
def backend(root: Path) -> GitBackend:
    """The git backend of that workspace."""
    backend = GitBackend(make_context(root, "backend"))
    backend.init()
    return backend


@pytest.fixture
def subdirectory(root: Path) -> Callable[..., GitSubdirectory]:
    """Open a directory of the workspace as a resource, as each command does anew."""

    workspace = root

    def open_it(path: str = "code", role: Role = Role.CODE, root: Path = workspace) -> GitSubdirectory:
        settings = GitSubdirectorySettings(path)
        opened = GitSubdirectory(_resource("git-subdirectory", settings, role), settings, make_context(root, path))
        opened.create()
        return opened

    return open_it


@pytest.fixture
def source(root: Path, git: Git) -> Path:
    """A repository of its own in the workspace, with one commit."""
    source = root / "source"
    source.mkdir()
    git(source, "init", "-q")
    (source / "data.csv").write_text("x,y\n1,2\n")
    (source / "README").write_text("data\n")
    git(source, "add", ".")
    git(source, "commit", "-q", "-m", "Begin")
    return source


@pytest.fixture
def repository(root: Path) -> Callable[..., GitResource]:
    """Open a repository in the workspace as a resource, as each command does anew."""

    def open_it(path: str = "source", *, branch: str | None = None, read_only: bool = False) -> GitResource:
        given = GitSettings(relative_local_path=path, branch=branch, read_only=read_only)
        return GitResource(_resource("git", given, Role.SOURCE_DATA), given, make_context(root, path))

    return open_it


@pytest.fixture
def origin(daemon: Served, source: Path, git: Git) -> Path:
    """The bare repository that is the origin of `source`, and holds its one commit."""
    origin = Path(tempfile.mkdtemp(dir=daemon.directory))
    git(origin, "init", "-q", "--bare")
    git(source, "remote", "add", "origin", f"{daemon.url}/{origin.name}")
    git(source, "push", "-q", "-u", "origin", "main")
    return origin


@pytest.fixture
def other(daemon: Served, origin: Path, tmp_path: Path) -> Callable[..., GitResource]:
    """Open the same resource in another clone of the workspace, with the object store of this one."""
    root = tmp_path.resolve() / "other"
    root.mkdir()

    def open_it(*, url: str = f"{daemon.url}/{origin.name}", branch: str | None = "main") -> GitResource:
        given = GitSettings(remote_origin_url=url, relative_local_path="source", branch=branch)
        objects = make_context(tmp_path.resolve() / "workspace").objects
        context = replace(make_context(root, "source"), clone="f" * 32, objects=objects)
        return GitResource(_resource("git", given, Role.SOURCE_DATA), given, context)

    return open_it


def _resource(type_name: str, settings: Settings, role: Role) -> Resource:
    shared = {key: value for key, value in settings.to_json().items() if value is not None}
    return Resource("tested", role, type_name, "dws-git", shared, "2026-01-01T00:00:00Z", "0" * 64)


class _Watch:
    """Counts the programs that this process starts; an audit hook cannot be taken out again, so there is one."""

    count = 0
    installed = False

    @classmethod
    def see(cls, event: str, arguments: object) -> None:
        if event == "subprocess.Popen":
            cls.count += 1


@pytest.fixture
def started() -> Callable[[], int]:
    """How many programs have been started so far."""
    if not _Watch.installed:
        sys.addaudithook(_Watch.see)
        _Watch.installed = True
    return lambda: _Watch.count


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where what every team begins with is made once, by the first that needs it."""
    return tmp_path_factory.mktemp("template").resolve() / "pair"


@pytest.fixture
def team(tmp_path: Path, template: Path) -> Team:
    """Whoever shares a workspace."""
    return Team(tmp_path.resolve(), template)
