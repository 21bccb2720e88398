"""A merge as it happens: noted down, the branch moved, the files brought; what a killed one left undone is finished."""

import json
import os
from collections.abc import Sequence
from pathlib import Path

from dws_core.errors import FileAccessError
from dws_core.model.codec import Json, JsonObject
from dws_core.plugin import Context
from dws_git.ancestry import is_ancestor
from dws_git.committing import move_branch
from dws_git.differing import Differences, differences
from dws_git.errors import UnsavedWorkError
from dws_git.forwarding import Forward
from dws_git.index import HeldIndex, entries, held
from dws_git.listing import Item, Stage
from dws_git.repository import Repository
from dws_git.writing import write_whole


class Joining:
    """Brings a clone from its HEAD to what a merge made."""

    def __init__(self, repository: Repository, context: Context) -> None:
        self._repository = repository
        self._context = context

    def move(self, old: str, new: str, changes: Differences, scratch: Path) -> bool:
        """Let the branch go on to a commit, and the files with it; False, with nothing changed, if it is elsewhere by now."""
        with held(self._repository, scratch, self._context.clone) as index:
            forward = self._prepared(changes, new, scratch, index)
            self._note({"old": old, "new": new})
            if not move_branch(self._repository, old, new):
                self._pending.unlink()
                return False
            self._bring(forward, index)
        self._pending.unlink()
        return True

    def contradict(self, head: str, tree: str, theirs: str, stages: Sequence[Stage], scratch: Path) -> None:
        """Leave a merge to the user's git: files with both sides in them, as `git merge` leaves them."""
        with held(self._repository, scratch, self._context.clone) as index:
            forward = self._prepared(differences(self._repository, head, tree), tree, scratch, index, stages)
            sides: list[Json] = [[each.path, *each.item, each.number] for each in stages]
            self._note({"old": head, "tree": tree, "theirs": theirs, "sides": sides})
            self._bring(forward, index)
            self._begin(theirs, stages)
        self._pending.unlink()

    def finish(self) -> None:
        """Finish what has happened and was ended before all of it could be seen; forget what has not."""
        try:
            noted = json.loads(self._pending.read_bytes())
            old, theirs = noted["old"], noted.get("theirs")
            to = noted["tree"] if theirs else noted["new"]
            sides = [Stage(path, Item(mode, identity), number) for path, mode, identity, number in noted.get("sides", ())]
        except (OSError, ValueError, KeyError):
            return
        if theirs:
            happened = self._repository.head == old and self._repository.unfinished() is None
        else:
            happened = is_ancestor(self._repository, to, "HEAD")
        if happened:
            # What the user has committed since holds for the same paths: nothing goes back to what was merged.
            changes = differences(self._repository, old, to)
            now = differences(self._repository, old, to if theirs else "HEAD")
            self._finish({path: now[path] for path in changes if path in now}, to if theirs else "HEAD", theirs, sides)
        self._pending.unlink(missing_ok=True)

    def _finish(self, changes: Differences, to: str, theirs: str | None, sides: Sequence[Stage]) -> None:
        repository = self._repository
        with repository.scratch(self._context.private) as scratch, held(repository, scratch, self._context.clone) as index:
            forward = Forward(repository, changes, to, scratch)
            forward.prepare(index, entries(repository, [], index.environment))
            if sides:
                index.contradict(sides)
            index.prepare()
            self._bring(forward, index)
            if theirs:
                self._begin(theirs, sides)

    @property
    def _pending(self) -> Path:
        """Names what is to be seen once a merge has happened, until it is."""
        return self._context.private / "merge-to-be.json"

    def _prepared(self, changes: Differences, to: str, scratch: Path, index: HeldIndex, stages: Sequence[Stage] = ()) -> Forward:
        forward = Forward(self._repository, changes, to, scratch)
        staged = entries(self._repository, [], index.environment)
        if names := forward.hindrances(staged):
            raise UnsavedWorkError([*names])
        forward.prepare(index, staged)
        if stages:
            index.contradict(stages)
        index.prepare()
        return forward

    def _note(self, facts: JsonObject) -> None:
        write_whole(self._pending, json.dumps(facts).encode())

    def _bring(self, forward: Forward, index: HeldIndex) -> None:
        # The index goes first: a commit of the user's in between must not take back what was merged.
        index.put()
        for path in forward.place():
            self._context.progress.warn(
                f"{path} was changed meanwhile, and stays as it is; `git diff {path}` shows how it differs from what was merged"
            )
        index.refresh()
        index.prepare()
        index.put()

    def _begin(self, theirs: str, stages: Sequence[Stage]) -> None:
        """Let git know of the merge: from now on it is under way, and `git merge --continue` or `--abort` ends it."""
        named = dict.fromkeys(os.fsencode(each.path) for each in stages)
        said = b"Merge what others shared\n\n# Conflicts:\n" + b"".join(b"#\t" + path + b"\n" for path in named)
        try:
            (self._repository.git_dir / "MERGE_MSG").write_bytes(said)
            write_whole(self._repository.git_dir / "MERGE_HEAD", f"{theirs}\n".encode())
        except OSError as error:
            raise FileAccessError(self._repository.git_dir, error) from error
