"""What git-lfs keeps beside git: sent to the origin, and fetched from it, at the place that the user's own settings say."""

import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from dws_core.errors import FileAccessError, ToolMissingError
from dws_git.repository import Repository
from dws_git.writing import write_whole

_HOW = "install git-lfs (Debian and Ubuntu: `sudo apt install git-lfs`; macOS: `brew install git-lfs`), then try again"
ATTRIBUTES = ".gitattributes"
_LINE = "filter=lfs diff=lfs merge=lfs -text"
_FILTER = {
    "filter.lfs.clean": "git-lfs clean -- %f",
    "filter.lfs.smudge": "git-lfs smudge -- %f",
    "filter.lfs.process": "git-lfs filter-process",
    "filter.lfs.required": "true",
}


def push_lfs(repository: Repository, remote: str, commits: Sequence[str]) -> None:
    """Send what git-lfs keeps of these commits and is not at the remote; to be done before the commits are pushed."""
    if not uses_lfs(repository, commits):
        return
    _check_installed()
    repository.git.run("lfs", "push", remote, *commits, environment=pinned(repository, remote))


def pull_lfs(repository: Repository, remote: str, commits: Sequence[str]) -> None:
    """Fetch what git-lfs keeps of these commits, so that checking them out finds it here."""
    if uses_lfs(repository, commits):
        fetch_lfs(repository, remote, commits)


def fetch_lfs(repository: Repository, remote: str, commits: Sequence[str]) -> None:
    """Fetch what stands for something in these commits, whatever their attributes are."""
    _check_installed()
    _configure(repository)
    repository.git.run("lfs", "fetch", "--include=", "--exclude=", remote, *commits, environment=pinned(repository, remote))


def use_lfs(repository: Repository, patterns: Sequence[str]) -> None:
    """Let git-lfs keep the files of these patterns from now on; may be called again."""
    _check_installed()
    _write_attributes(repository, patterns)
    hooks = repository.git.run("config", "--get-all", "core.hooksPath").splitlines()
    if len(hooks) == 1:  # the one that we set for ourselves; the user's own hooks are nothing to write to
        own = f"core.hooksPath={repository.common_dir / 'hooks'}"
        repository.git.ask("-c", own, "lfs", "install", "--local")
    _configure(repository)


def storage(repository: Repository) -> Path:
    """The directory where git-lfs keeps content by its hash."""
    return repository.common_dir / (repository.setting("lfs.storage") or "lfs") / "objects"


def pinned(repository: Repository, remote: str = "origin") -> Mapping[str, str]:
    """Make git-lfs talk to what the user's own settings, or else the remote itself, say: never to what `.lfsconfig` says."""
    names = ("lfs.url", "lfs.pushurl", f"remote.{remote}.lfsurl", f"remote.{remote}.lfspushurl")
    own = {name: repository.setting(name) for name in names}
    nowhere = "file://" + os.devnull
    there = repository.git.answer("remote", "get-url", remote)
    pushed = repository.git.answer("remote", "get-url", "--push", remote)
    pull = own[names[0]] or own[names[2]] or (_endpoint(there) if there else nowhere)
    push = own[names[1]] or own[names[3]] or own[names[0]] or own[names[2]] or (_endpoint(pushed) if pushed else nowhere)
    settings = {
        "lfs.url": pull,
        "lfs.pushurl": push,
        "lfs.skipdownloaderrors": "false",
        "lfs.allowincompletepush": "false",
    }
    # Not as arguments, which everybody on the machine can read: a URL may hold a password.
    return {"GIT_CONFIG_PARAMETERS": " ".join(_shell_quoted(f"{name}={value}") for name, value in settings.items())}


def _write_attributes(repository: Repository, patterns: Sequence[str]) -> None:
    """Add what is not there yet to the attributes."""
    place = repository.top / ATTRIBUTES
    for left in place.parent.glob(f".{ATTRIBUTES}.*.tmp"):
        left.unlink()  # by a command that died
    try:
        there = os.fsdecode(place.read_bytes()) if place.exists() else ""
    except OSError as error:
        raise FileAccessError(place, error) from error
    lines = [f"{_quoted(pattern)} {_LINE}" for pattern in patterns]
    fresh = [line for line in lines if line not in there.splitlines()]
    if fresh:
        text = there + ("" if not there or there.endswith("\n") else "\n") + "".join(f"{line}\n" for line in fresh)
        write_whole(place, os.fsencode(text))


def _endpoint(url: str) -> str:
    """Where git-lfs itself would look for what belongs to a remote at this URL."""
    scheme, mark, rest = url.partition("://")
    if not mark or scheme.lower() not in ("http", "https", "git"):
        return url
    path = rest.rstrip("/")
    path = path if path.endswith(".git") else f"{path}.git"
    return f"{'https' if scheme.lower() == 'git' else scheme}://{path}/info/lfs"


def uses_lfs(repository: Repository, commits: Sequence[str]) -> bool:
    """Tell whether git-lfs keeps anything: it has been at work here, or attributes in one of these commits ask for it."""
    if storage(repository).is_dir():
        return True
    # Attributes may lie in any directory.
    patterns = {"GIT_LITERAL_PATHSPECS": "0"}
    asked = ("grep", "--quiet", "--fixed-strings", "filter=lfs")
    return any(
        repository.git.ask(*asked, commit, "--", ":(glob)**/.gitattributes", environment=patterns) is not None
        for commit in commits
    )


def _check_installed() -> None:
    if shutil.which("git-lfs") is None:
        raise ToolMissingError("git-lfs", _HOW)


def _configure(repository: Repository) -> None:
    """Let git know the filter here, unless the user's own configuration has it."""
    if repository.setting("filter.lfs.process") is None:
        for name, value in _FILTER.items():
            repository.git.run("config", name, value)


def _quoted(pattern: str) -> str:
    """Write a pattern as `.gitattributes` reads it: one that begins with `!` names files that do, and no line ends within one."""
    pattern = f"\\{pattern}" if pattern.startswith("!") else pattern
    if not any(character in ' "\\' or ord(character) < 32 for character in pattern) and not pattern.startswith(("#", "[")):
        return pattern
    escaped = pattern.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(each if ord(each) >= 32 else f"\\{ord(each):03o}" for each in escaped) + '"'


def _shell_quoted(text: str) -> str:
    """Quote as git does where it hands settings on to the programs that it starts."""
    return "'" + text.replace("'", "'\\''").replace("!", "'\\!'") + "'"
