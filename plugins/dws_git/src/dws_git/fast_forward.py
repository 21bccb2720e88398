"""A branch fast-forwarded with its files, so that what is not committed stays and a killed one may be repeated."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path

from dws_core.errors import ToolFailedError
from dws_git.checkout import HEADS
from dws_git.errors import BranchMovedError, UnsavedInTheWayError
from dws_git.exchanging import Standing
from dws_git.index import entries, held
from dws_git.listing import DIRECTORY, SUBMODULE, Listing, ancestors
from dws_git.repository import Repository
from dws_git.restoring import apply, plan
from dws_git.smudging import check_out
from dws_git.stored_files import sizes_in_git
from dws_git.trees import read_tree


@dataclass(frozen=True)
class Found:
    """What lies in a working tree: as it is, what git ignores of it, and how git sees it beside a commit and its listing."""

    listing: Listing
    ignored: Collection[str]
    seen: Callable[[Listing, str, Listing], Listing]


def fast_forward(repository: Repository, found: Found, standing: Standing, scratch: Path, owner: str) -> None:
    """Bring the checked-out branch and its files to the origin's tip; UnsavedInTheWayError, with nothing changed.

    Files go first, then the index, then the branch. What is already as it is to be is no hindrance, so that one that was
    ended in the middle is simply done again.
    """
    assert standing.there is not None, "there is something to go to"
    start = standing.here or repository.git.line("mktree")
    old, new = read_tree(repository, start), read_tree(repository, standing.there)
    before = found.seen(found.listing, start, old)
    after = found.seen(found.listing, standing.there, new)
    with held(repository, scratch, owner) as index:
        staged = entries(repository, [], index.environment)
        _check_way(repository.top, found.listing, (before, after, staged), old, new)
        wanted = _wanted(found.listing, after, old, new)
        plan(repository.top, found.listing, wanted, found.ignored, lambda paths: sizes_in_git(repository, wanted, paths))

        def write(place: Path, paths: Collection[str]) -> None:
            check_out(repository, str(standing.there), place, paths, scratch)

        apply(repository.top, found.listing, wanted, write)
        changed = _changed(old, new)
        index.change({path: None for path in changed if path not in new})
        index.change({path: new[path] for path in changed if path in new})
        repository.git.ask("update-index", "-q", "--refresh", environment=index.environment)
        index.prepare()
        index.put()
    _move(repository, standing)


def _changed(old: Listing, new: Listing) -> list[str]:
    return sorted(path for path in old.keys() | new.keys() if old.get(path) != new.get(path))


def _check_way(top: Path, listing: Listing, looks: tuple[Listing, ...], old: Listing, new: Listing) -> None:
    """Find what differs from both the old and the new state, in the files or in the index, where the two differ."""
    blocking: set[str] = set()
    for path in _changed(old, new):
        was, will = old.get(path), new.get(path)
        if SUBMODULE in (was and was.mode, will and will.mode):
            continue
        before, after, staged = (_file_at(look, path) for look in looks)
        if (before != was and after != will) or staged not in (was, will):
            blocking.add(path)
    below = {each for path in new for each in ancestors(path)}
    for path in listing.keys() - old.keys() - new.keys():
        if listing[path].mode != DIRECTORY and (path in below or any(each in new for each in ancestors(path))):
            blocking.add(path)
    if blocking:
        raise UnsavedInTheWayError(top, sorted(blocking))


def _file_at(look: Listing, path: str) -> object:
    item = look.get(path)
    return None if item is None or item.mode == DIRECTORY else item


def _wanted(listing: Listing, after: Listing, old: Listing, new: Listing) -> Listing:
    """What is to lie there: all as it is, but for what the two commits differ in and what is not there already."""
    wanted = dict(listing)
    for path in _changed(old, new):
        if path not in new:
            wanted.pop(path, None)
        elif after.get(path) != new[path]:
            wanted[path] = new[path]
    # A directory that only held what goes is left empty where this was ended in the middle.
    filled = {each for path in (*new, *_changed(old, new)) for each in ancestors(path)}
    return {path: item for path, item in wanted.items() if item.mode != DIRECTORY or path not in filled}


def _move(repository: Repository, standing: Standing) -> None:
    ref = HEADS + standing.branch
    expected = standing.here or repository.zero
    try:
        repository.git.run("update-ref", "-m", "dws pull: fast-forward", ref, str(standing.there), expected)
    except ToolFailedError as error:
        if repository.commit_of(ref) != standing.here:
            raise BranchMovedError(ref) from error
        raise
