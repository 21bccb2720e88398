"""Make a URL the origin, once it was contacted and holds nothing else."""

import os
import shlex
from pathlib import Path

from dws_git.addresses import check_url, shown
from dws_git.checkout import HEADS
from dws_git.errors import OriginFailedError, UnrelatedHistoryError, UrlRefusedError
from dws_git.git import Git, make_repository
from dws_git.origin import BRANCHES, REMOTE, Origin
from dws_git.repository import Repository, quoted
from dws_git.transport import converse, failure


def publish(repository: Repository, url: str, scratch: Path) -> None:
    """Make a URL the origin; an error, with nothing changed, where it cannot be reached or is something else's."""
    address = check_url(url)
    _check_place(repository, address)
    heads = heads_at(repository.git, address)
    if heads and not _knows(repository, heads):
        _check_related(repository, address, scratch)
    _configure(repository, address)


def _check_place(repository: Repository, address: str) -> None:
    """Refuse a path of this machine that is the repository itself, or where there is nothing."""
    if not address.startswith(("/", "file://")):
        return
    place = Path(address.removeprefix("file://").removeprefix("localhost")).resolve()
    if place in (repository.top.resolve(), repository.git_dir.resolve(), repository.common_dir.resolve()):
        raise UrlRefusedError(
            address, "it is this workspace itself", next_step="make an empty repository elsewhere with `git init --bare PATH`"
        )
    if not place.exists() and not place.with_name(f"{place.name}.git").exists():
        way = f"make an empty repository there with `git init --bare {shlex.quote(str(place))}`, or correct the path"
        raise OriginFailedError("reach", address, "there is nothing at that path", way)


def heads_at(git: Git, url: str) -> dict[str, str]:
    """Ask an origin for its branches: the commit of each, and as `HEAD` the branch that it names first."""
    ended = converse(git, "ls-remote", "--symref", "--quiet", "--", url, "HEAD", f"{HEADS}*")
    if ended.status:
        raise failure("reach", url, ended)
    found: dict[str, str] = {}
    for line in ended.output.decode("utf-8", "surrogateescape").splitlines():
        value, _, name = line.partition("\t")
        if value.startswith("ref: "):
            found[name] = value.removeprefix("ref: ")
        elif name.startswith(HEADS):
            found[name] = value
    return found


def _knows(repository: Repository, heads: dict[str, str]) -> bool:
    """Tell whether one of those commits is here, and belongs to this history."""
    return any(
        repository.commit_of(commit) and repository.git.ask("merge-base", "HEAD", commit) is not None
        for name, commit in heads.items()
        if name.startswith(HEADS)
    )


def _check_related(repository: Repository, url: str, scratch: Path) -> None:
    """Get those branches to a place beside, since here nothing is to change, and look for a commit that both have."""
    beside = scratch / "beside"
    beside.mkdir()
    options = ["--object-format=sha256"] if repository.algorithm == "sha256" else []
    make_repository(beside, "--template=", *options)
    (beside / ".git" / "objects" / "info").mkdir(exist_ok=True)
    alternates = beside / ".git" / "objects" / "info" / "alternates"
    alternates.write_bytes(os.fsencode(f"{quoted(repository.common_dir / 'objects')}\n"))
    tried = Repository(beside)
    ended = converse(tried.git, "fetch", "--quiet", "--no-tags", "--no-recurse-submodules", "--", url, BRANCHES)
    if ended.status:
        raise failure("reach", url, ended)
    listed = tried.git.run("for-each-ref", "--format=%(objectname)", f"refs/remotes/{REMOTE}").decode().split()
    if not any(tried.git.ask("merge-base", str(repository.head), commit) is not None for commit in listed):
        raise UnrelatedHistoryError(shown(url))


def _configure(repository: Repository, url: str) -> None:
    origin, git = Origin(repository), repository.git
    if git.answer("config", "--get-all", f"remote.{REMOTE}.fetch") is None:
        git.run("config", f"remote.{REMOTE}.fetch", BRANCHES)
    if origin.url != url:
        forget_seen(repository)
        git.ask("config", "--unset-all", f"remote.{REMOTE}.pushurl")
        git.run("config", "--replace-all", f"remote.{REMOTE}.url", url)
    if repository.branch is not None:
        follow(repository, repository.branch)


def follow(repository: Repository, branch: str) -> None:
    """Let plain git know where a branch is shared, unless it does."""
    section = f"branch.{branch.removeprefix(HEADS)}"
    if repository.setting(f"{section}.remote") is None:
        repository.git.run("config", f"{section}.merge", branch)
        repository.git.run("config", f"{section}.remote", REMOTE)


def forget_seen(repository: Repository) -> None:
    """Remove what another origin's branches were."""
    refs = repository.git.run("for-each-ref", "--format=delete %(refname)", f"refs/remotes/{REMOTE}/")
    if refs:
        repository.git.run("update-ref", "--no-deref", "--stdin", given=refs)
