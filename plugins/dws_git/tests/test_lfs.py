"""What git-lfs keeps goes with a repository, to the place that the user's own settings say."""

import shutil
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from dws_core.errors import ToolFailedError, ToolMissingError
from dws_git.lfs import pull_lfs, push_lfs, use_lfs
from dws_git.repository import Repository
from dws_git.resource_type import GitResource
from tests.servers.lfs import serve_lfs

Git = Callable[..., str]
Open = Callable[..., GitResource]

pytestmark = pytest.mark.skipif(shutil.which("git-lfs") is None, reason="needs lfs: sudo apt-get install git-lfs")

LARGE = bytes(range(256)) * 40


@pytest.fixture
def kept(tmp_path: Path, home: Path) -> Iterator[Path]:
    """What a server for git-lfs keeps, which the user's own configuration names."""
    kept = tmp_path / "kept"
    kept.mkdir()
    with serve_lfs(kept) as url, (home / ".gitconfig").open("a") as configuration:
        configuration.write(f"[lfs]\nurl = {url}\nlocksverify = false\n")
        configuration.flush()
        yield kept


@pytest.fixture
def large(git: Git, source: Path, origin: Path) -> Path:
    """A repository with an origin, in which git-lfs keeps a file; nothing of that is pushed yet."""
    use_lfs(Repository(source), ["*.bin"])
    (source / "a.bin").write_bytes(LARGE)
    git(source, "add", ".")
    git(source, "commit", "-q", "-m", "Add a large file")
    return source


def test_patterns_are_added_to_the_attributes_that_are_there(git: Git, source: Path) -> None:
    """What stands in `.gitattributes` stays, and nothing is written twice."""
    (source / ".gitattributes").write_text("*.txt text")

    for _ in range(2):
        use_lfs(Repository(source), ["*.bin", "large files/*"])

    lines = (source / ".gitattributes").read_text().splitlines()
    attributes = "filter=lfs diff=lfs merge=lfs -text"
    assert lines == ["*.txt text", f"*.bin {attributes}", f'"large files/*" {attributes}']
    assert git(source, "check-attr", "filter", "large files/x").endswith(": lfs")
    assert git(source, "config", "filter.lfs.required") == "true"
    assert (source / ".git/hooks/pre-push").exists()


def test_a_hook_of_the_users_own_stays(git: Git, source: Path) -> None:
    """git-lfs wants hooks of its own; where one is there already, it is not touched, and pushing with `dws` sends all."""
    hook = source / ".git/hooks/pre-push"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\nexit 0\n")

    use_lfs(Repository(source), ["*.bin"])

    assert hook.read_text() == "#!/bin/sh\nexit 0\n"
    assert git(source, "config", "filter.lfs.process") == "git-lfs filter-process"


def test_pushing_sends_what_lfs_keeps_and_obtaining_fetches_it(kept: Path, large: Path, repository: Open, other: Open) -> None:
    """The other clone holds the content, not what stands for it in git."""
    version = repository().snapshot()
    repository().push([version])

    other().obtain()

    assert [path.read_bytes() for path in kept.iterdir()] == [LARGE]
    assert (other().local_path / "a.bin").read_bytes() == LARGE
    assert other().current() == version


def test_pulling_fetches_what_lfs_keeps(git: Git, kept: Path, large: Path, repository: Open, other: Open) -> None:
    """A later state of a large file comes with the branch."""
    repository().push([])
    other().obtain()
    (large / "a.bin").write_bytes(LARGE[::-1])
    git(large, "commit", "-q", "-a", "-m", "Turn it round")
    repository().push([repository().snapshot()])

    other().pull()

    assert (other().local_path / "a.bin").read_bytes() == LARGE[::-1]
    assert git(other().local_path, "status", "--porcelain") == ""


def test_a_version_that_was_never_checked_out_is_fetched_when_it_is_restored(
    git: Git, kept: Path, large: Path, repository: Open, other: Open
) -> None:
    """Content is fetched where it is asked for."""
    version = repository().snapshot()
    git(large, "rm", "-q", "a.bin")
    git(large, "commit", "-q", "-m", "Remove it")
    repository().push([version])
    other().obtain()

    other().restore(version)

    assert (other().local_path / "a.bin").read_bytes() == LARGE


def test_content_that_nobody_sent_is_an_error_and_nothing_is_there(
    git: Git, kept: Path, large: Path, other: Open, origin: Path
) -> None:
    """What stands for a file is never taken for the file."""
    git(large, "push", "-q", "--no-verify", "origin", "main")

    with pytest.raises(ToolFailedError):
        other().obtain()

    assert not other().local_path.exists()


def test_where_content_goes_is_not_for_the_repository_to_say(
    git: Git, kept: Path, large: Path, repository: Open, other: Open, origin: Path
) -> None:
    """A stranger's `.lfsconfig` leads nowhere: neither what is sent nor what is fetched, nor a password, goes there."""
    with socket.create_server(("127.0.0.1", 0)) as trap:
        address = f"http://127.0.0.1:{trap.getsockname()[1]}"
        names = ("lfs.url", "lfs.pushurl", "remote.origin.lfsurl", "remote.origin.lfspushurl")
        for name in names:
            git(large, "config", "-f", ".lfsconfig", name, address)
        git(large, "config", "-f", ".lfsconfig", "lfs.skipdownloaderrors", "true")
        git(large, "add", ".")
        git(large, "commit", "-q", "-m", "Set a trap")

        repository().push([repository().snapshot()])
        other().obtain()

        trap.setblocking(False)
        with pytest.raises(BlockingIOError):
            trap.accept()
    assert (other().local_path / "a.bin").read_bytes() == LARGE


def test_without_a_setting_content_goes_where_the_origin_is(git: Git, large: Path, origin: Path, repository: Open) -> None:
    """A bare repository beside keeps the content as well, whatever `.lfsconfig` says."""
    git(large, "remote", "set-url", "origin", str(origin))
    git(large, "config", "-f", ".lfsconfig", "lfs.url", "http://127.0.0.1:1")
    git(large, "add", ".")
    git(large, "commit", "-q", "-m", "Set a trap")

    repository().push([])

    assert [path.read_bytes() for path in (origin / "lfs/objects").rglob("*") if path.is_file()] == [LARGE]


def test_the_workspaces_own_repository_goes_the_same_way(git: Git, tmp_path: Path, kept: Path, large: Path, origin: Path) -> None:
    """What the backend calls before it pushes and after it fetched."""
    push_lfs(Repository(large), "origin", ["HEAD"])
    git(large, "push", "-q", "--no-verify", "origin", "main")
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "-q", "--no-checkout", str(origin), str(clone))

    pull_lfs(Repository(clone), "origin", ["refs/remotes/origin/main"])
    git(clone, "checkout", "-q", "main")

    assert (clone / "a.bin").read_bytes() == LARGE


def test_without_git_lfs_it_is_said_how_to_get_it(
    large: Path, repository: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is pushed by halves."""
    tools = tmp_path / "tools"
    tools.mkdir()
    (tools / "git").symlink_to(str(shutil.which("git")))
    monkeypatch.setenv("PATH", str(tools))

    with pytest.raises(ToolMissingError, match="git-lfs") as missing:
        repository().push([])

    assert "apt install git-lfs" in str(missing.value.hint)


def test_a_repository_that_lfs_keeps_nothing_of_needs_no_git_lfs(
    git: Git, source: Path, origin: Path, repository: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody has to install what is not needed."""
    tools = tmp_path / "tools"
    tools.mkdir()
    (tools / "git").symlink_to(str(shutil.which("git")))
    (source / "data.csv").write_text("edited\n")
    git(source, "commit", "-q", "-a", "-m", "Edit")
    monkeypatch.setenv("PATH", str(tools))

    assert repository().push([]).anything
