"""What the origin has and HEAD has not: looked at, checked against what lies here, and merged."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from weakref import WeakKeyDictionary

from dws_core.plugin import Context, Incoming
from dws_git.addresses import shown
from dws_git.ancestry import common
from dws_git.arriving import incoming
from dws_git.committing import write_commit
from dws_git.differing import differences
from dws_git.errors import BranchMovedError, StagedWorkError, UnsavedWorkError
from dws_git.forwarding import Forward
from dws_git.index import entries
from dws_git.joining import Joining
from dws_git.merging import Merged, merge_trees
from dws_git.metadata import taken_away
from dws_git.origin import Origin
from dws_git.repository import Repository

_TRIES = 5


@dataclass(frozen=True)
class _Plan:
    """What becomes of HEAD and the origin's tip, whose last common commits are `bases`."""

    head: str
    tip: str
    bases: Sequence[str]
    merged: Merged

    @property
    def goes_on(self) -> bool:
        """Tell whether the origin only went on from where HEAD is."""
        return self.head in self.bases


# A pull asks what comes of the same two commits before it keeps anything, and again when it is done.
_PLANS: WeakKeyDictionary[Repository, _Plan] = WeakKeyDictionary()


def fetch(repository: Repository) -> Incoming | None:
    """Get what is new; None where there is nothing."""
    repository.check_fit()
    origin = Origin(repository)
    tip, head, url = origin.fetch(), str(repository.head), origin.url or ""
    if tip is None:
        return None
    bases = common(repository, head, tip, url)
    return None if tip in bases else incoming(repository, head, tip, bases, shown(url))


def check_merge(repository: Repository, tip: str, private: Path) -> None:
    """Raise an error that names what merging would overwrite."""
    with repository.scratch(private) as scratch:
        plan = _plan(repository, tip, scratch)
        if plan is not None:
            _check(repository, plan, scratch)


def merge(repository: Repository, tip: str, context: Context) -> Sequence[str]:
    """Let HEAD hold both; names the files that contradict each other, whose merge is then under way."""
    joining = Joining(repository, context)
    for _ in range(_TRIES):
        with repository.scratch(context.private) as scratch:
            plan = _plan(repository, tip, scratch)
            if plan is None:
                return ()
            if plan.merged.contradicting:  # nothing is done in part; what is done at once is looked at there
                _check(repository, plan, scratch)
        with repository.scratch(context.private) as scratch:
            merged = plan.merged
            fresh = _next_commit(repository, plan, context.identity)
            if fresh is not None:
                moved = joining.move(plan.head, fresh, merged.changes, scratch)
                if moved:
                    _tell(repository, plan, context)
                if moved and not merged.contradicting:
                    return ()
                continue
            if merged.tree:
                joining.contradict(plan.head, merged.tree, tip, merged.conflicts, scratch)
            else:
                context.progress.warn(
                    f"this git cannot merge those files beside your work (2.38 can): type `git merge {tip[:12]}`"
                )
            return merged.contradicting
    raise BranchMovedError(repository.branch or "HEAD")


def _plan(repository: Repository, tip: str, scratch: Path) -> _Plan | None:
    head = str(repository.head)
    known = _PLANS.get(repository)
    if known is not None and (known.head, known.tip) == (head, tip):
        return known
    bases = common(repository, head, tip, Origin(repository).url or "")
    if tip in bases:
        return None
    plan = _PLANS[repository] = _Plan(head, tip, bases, merge_trees(repository, head, tip, bases, scratch))
    return plan


def _check(repository: Repository, plan: _Plan, scratch: Path) -> None:
    to = plan.merged.tree or plan.merged.records
    changes = differences(repository, plan.head, to) if plan.merged.contradicting else plan.merged.changes
    forward = Forward(repository, changes, to, scratch)
    if names := forward.hindrances(entries(repository, [])):
        raise UnsavedWorkError([*names])
    if plan.merged.contradicting:
        staged = repository.git.run("diff-index", "--cached", "--name-only", "-z", plan.head, "--").split(b"\0")
        if names := {os.fsdecode(path) for path in staged if path}:
            raise StagedWorkError([*names], plan.merged.contradicting)


def _next_commit(repository: Repository, plan: _Plan, author: tuple[str, str]) -> str | None:
    """Answer the commit that the branch goes to: with files in conflict one that takes over records alone, if there are any."""
    merged = plan.merged
    if merged.contradicting:
        if merged.records == repository.tree_of(plan.head):
            return None
        return write_commit(repository, merged.records, [plan.head], "Take over what others recorded", author)
    if not plan.goes_on:
        return write_commit(repository, merged.tree, [plan.head, plan.tip], "Merge what others shared", author)
    if merged.tree == repository.tree_of(plan.tip):
        return plan.tip
    return write_commit(repository, merged.tree, [plan.tip], "Keep the records that were taken away", author)


def _tell(repository: Repository, plan: _Plan, context: Context) -> None:
    kept = taken_away(repository, plan.bases[0], plan.tip)
    if kept:
        more = f" and {len(kept) - 1} more" if len(kept) > 1 else ""
        context.progress.warn(
            f"somebody removed or rewrote {kept[0]}{more} in the shared history: this clone keeps what was recorded"
        )
