"""What goes to a repository's origin, and what comes from it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from dws_core.errors import ToolFailedError
from dws_core.model.exchange import Exchange
from dws_core.model.version import Version
from dws_git.blobs import missing
from dws_git.checkout import HEADS
from dws_git.errors import DivergedError
from dws_git.keeping import chain, ref_of, roots_of
from dws_git.lfs import pull_lfs, push_lfs
from dws_git.repository import Repository

ORIGIN = "origin"
REMOTE = "refs/remotes/origin/"
FETCHED = "refs/dws-fetched/"
_KEPT = "refs/dws/"
_NO_ORIGIN = Exchange("it has no origin", False)
_TRIES = 3


@dataclass(frozen=True)
class Standing:
    """How the checked-out branch stands to its origin's: its name, both tips, and what each has that the other has not."""

    branch: str
    here: str | None
    there: str | None
    ahead: int
    behind: int

    def check(self, top: Path) -> None:
        """Raise a DivergedError where both went on."""
        if self.ahead and self.behind:
            raise DivergedError(top, self.branch, self.ahead, self.behind)


@dataclass(frozen=True)
class _Sending:
    """What is to be sent: refs with what they are to be, and in words."""

    refs: Mapping[str, str]
    text: str


def fetch(repository: Repository) -> int:
    """Get what the origin has, and tell how many clones kept something new there; branches and files stay as they are."""
    before = repository.refs(FETCHED)
    repository.git.run(
        *("fetch", "--quiet", "--no-tags", "--no-recurse-submodules", ORIGIN),
        *(f"+{HEADS}*:{REMOTE}*", f"+{_KEPT}*:{FETCHED}*"),
    )
    after = repository.refs(FETCHED)
    return sum(before.get(name) != tip for name, tip in after.items())


def standing(repository: Repository) -> Standing | None:
    """Compare the checked-out branch with the origin's of that name, as it was last seen; None with a detached HEAD."""
    name = repository.branch
    if name is None:
        return None
    branch = name.removeprefix(HEADS)
    return _compare(repository, branch, repository.head, repository.refs(REMOTE).get(REMOTE + branch))


def push(repository: Repository, clone: str, versions: Sequence[Version], *, dry_run: bool) -> Exchange:
    """Send the checked-out branch, and whatever these versions need that the origin does not have."""
    for attempt in range(_TRIES):
        sending = _prepare(repository, clone, versions)
        if dry_run or not sending.refs:
            break
        try:
            push_lfs(repository, ORIGIN, [*sending.refs.values()])
            _send(repository, sending.refs)
            break
        except ToolFailedError:  # whoever pushed at the same time is fetched, and seen, the next time
            if attempt == _TRIES - 1 or repository.refs(REMOTE) == _fetched(repository):
                raise
    return Exchange(sending.text or "nothing new", bool(sending.refs))


def pull(repository: Repository, forward: Callable[[Standing], None], *, dry_run: bool) -> Exchange:
    """Take what the origin has: `forward` brings the checked-out branch and its files there."""
    if repository.remote_origin_url is None:
        return _NO_ORIGIN
    kept = fetch(repository)
    found = standing(repository)
    said: list[str] = []
    if found is not None:
        found.check(repository.top)
        if found.there is not None and found.behind:
            said.append(f"{_many(found.behind, 'commit')} to {found.branch}")
            if not dry_run:
                pull_lfs(repository, ORIGIN, [found.there])
                forward(found)
    if kept:
        said.append(f"versions that {_many(kept, 'clone')} kept")
    nothing = "nothing new" if found is not None else "nothing taken, since no branch is checked out"
    return Exchange(", ".join(said) or nothing, bool(said))


def _fetched(repository: Repository) -> Mapping[str, str]:
    fetch(repository)
    return repository.refs(REMOTE)


def _prepare(repository: Repository, clone: str, versions: Sequence[Version]) -> _Sending:
    there = _refs_there(repository)
    fetch(repository)
    absent = missing(repository, there.values())
    known = [tip for tip in there.values() if tip not in absent]
    refs: dict[str, str] = {}
    said: list[str] = []
    branch = repository.branch
    if branch is not None and repository.head is not None:
        found = _compare(repository, branch.removeprefix(HEADS), repository.head, there.get(branch))
        found.check(repository.top)
        if found.ahead or found.there is None:
            refs[branch] = repository.head
            new = found.ahead if found.there else _count(repository, [repository.head], known)
            said.append(f"{_many(new, 'commit')} to {found.branch}")
            known.append(repository.head)
    fresh = beyond(repository, roots_of(repository, versions), known)
    if fresh:
        refs[ref_of(clone)] = chain(repository, there.get(ref_of(clone)), fresh)
        said.append(_many(len(fresh), "kept version"))
    return _Sending(refs, ", ".join(said))


def beyond(repository: Repository, commits: Sequence[str], known: Sequence[str]) -> list[str]:
    """Those of these commits that do not lie below any of the known ones."""
    wanted = list(dict.fromkeys(commits))
    if not wanted:
        return []
    given = "".join(f"{line}\n" for line in (*wanted, *(f"^{tip}" for tip in known))).encode()
    found = set(repository.git.run("rev-list", "--stdin", given=given).decode().split())
    return [commit for commit in wanted if commit in found]


def _send(repository: Repository, refs: Mapping[str, str]) -> None:
    """Send them, and know from then on that the origin has them."""
    repository.git.run(
        *("push", "--quiet", "--porcelain", "--no-verify", "--no-signed", "--no-follow-tags", "--recurse-submodules=no", ORIGIN),
        *(f"{tip}:{name}" for name, tip in refs.items()),
    )
    for name, tip in refs.items():
        if not name.startswith(HEADS):  # git itself sees to branches
            repository.git.run("update-ref", FETCHED + name.removeprefix(_KEPT), tip)


def _refs_there(repository: Repository) -> dict[str, str]:
    """What the origin has at this moment: branches, and what clones keep there."""
    said = repository.git.run("ls-remote", "--refs", ORIGIN, f"{HEADS}*", f"{_KEPT}*").decode("utf-8", "surrogateescape")
    found = dict(line.split("\t", 1)[::-1] for line in said.splitlines())
    return {name: tip for name, tip in found.items() if name.startswith((HEADS, _KEPT))}


def _compare(repository: Repository, branch: str, here: str | None, there: str | None) -> Standing:
    if here is None or there is None:
        only = here or there
        count = _count(repository, [only], []) if only else 0
        return Standing(branch, here, there, count if here else 0, count if there else 0)
    said = repository.git.line("rev-list", "--left-right", "--count", f"{here}...{there}")
    ahead, behind = (int(number) for number in said.split())
    return Standing(branch, here, there, ahead, behind)


def _count(repository: Repository, commits: Sequence[str], known: Sequence[str]) -> int:
    given = "".join(f"{line}\n" for line in (*commits, *(f"^{tip}" for tip in known))).encode()
    return int(repository.git.run("rev-list", "--count", "--stdin", given=given))


def _many(count: int, what: str) -> str:
    return f"{count} {what}" + ("" if count == 1 else "s")
