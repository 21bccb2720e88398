"""One change of a workspace: its records, the moment it happens, and what is finished afterwards."""

import contextlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from dws_core.errors import UnfinishedInitError
from dws_core.journal import Journal
from dws_core.model.codec import JsonObject, dump, record_id, text_of
from dws_core.model.lineage import Lineage
from dws_core.model.resource import Resource
from dws_core.model.undo import State, UndoEntry
from dws_core.model.version import Version
from dws_core.plugin.backend import Commit, Incoming
from dws_core.plugin.resource_type import ResourceType
from dws_core.workspace.change import Change, Pending
from dws_core.workspace.exporting import bring_exports
from dws_core.workspace.hiding import hide_or_show
from dws_core.workspace.workspace import Workspace


class Operation:
    """A change under way, made by `changing`, which holds the lock."""

    def __init__(self, workspace: Workspace, verb: str) -> None:
        self._workspace = workspace
        self._journal = Journal(workspace.layout.journal)
        self.verb = verb

    def record(
        self,
        message: str,
        new: Iterable[tuple[str, JsonObject]],
        change: Change,
        *,
        files: Sequence[Path] = (),
        versions: Sequence[tuple[Resource, Version]] = (),
    ) -> dict[str, Version]:
        """Do what `change` says, write records (kind, value), and commit them with `files` of ours.

        The commit is the moment it happens: a failure before leaves everything as it was, what follows is finished whatever
        comes. Answers the versions of the content that was brought back, as they were found afterwards.
        """
        workspace = self._workspace
        kept = [(kind, value, record_id(dump(value))) for kind, value in new]
        paths = [workspace.layout.metadata / kind / f"{identity}.json" for kind, _, identity in kept]
        names = tuple(map(workspace.layout.relative, (*files, *paths)))
        fresh = tuple(workspace.layout.relative(path) for path in paths if not path.exists())
        stale = tuple(str(path) for path in workspace.backend.stale_files() if not path.exists())
        records = tuple(map(workspace.layout.relative, paths))
        pending = Pending(self.verb, change, workspace.undo_log.next_number(), records, fresh, stale)
        self._journal.write(pending.to_json())
        try:
            found = _bring(workspace, change)
            for kind, value, _ in kept:
                workspace.records.put(kind, value)
            workspace.backend.commit(Commit(message, names, versions))
        except BaseException:
            with contextlib.suppress(Exception):
                settle(workspace)
            raise
        _finish(workspace, pending)
        return found

    def absorb(self, incoming: Incoming, change: Change) -> Sequence[str]:
        """Merge what others recorded, and answer the files whose changes contradict ours, which are left to the user.

        The backend knows the moment it has happened: a failure before leaves everything as it was.
        """
        workspace = self._workspace
        stale = tuple(str(path) for path in workspace.backend.stale_files() if not path.exists())
        pending = Pending(self.verb, change, workspace.undo_log.next_number(), records=tuple(incoming.records), stale=stale)
        self._journal.write(pending.to_json())
        try:
            conflicts = workspace.backend.merge(incoming)
        except BaseException:
            with contextlib.suppress(Exception):
                workspace.backend.repair()
                settle(workspace)
            raise
        _finish(workspace, pending)
        return conflicts

    @contextlib.contextmanager
    def exporting(self, before: Mapping[str, str | None], after: Mapping[str, str | None]) -> Iterator[None]:
        """Write lineage files to resources whose content is recorded in the block; where that fails, they are taken back."""
        workspace = self._workspace
        if not after:
            yield
            return
        entry = UndoEntry(self.verb, "", workspace.caller.timestamp(), State(exports=before))
        change = Change(State(exports=after), entry=entry)
        self._journal.write(Pending(self.verb, change, workspace.undo_log.next_number(), begun=True).to_json())
        try:
            _bring(workspace, change)
            yield
        except BaseException:
            with contextlib.suppress(Exception):
                if self._journal.read() is not None:
                    settle(workspace)
            raise
        self._journal.clear()

    def alone(self, change: Change) -> dict[str, Version]:
        """Do what `change` says in this clone alone, with nothing to commit; a failure takes it back."""
        workspace = self._workspace
        pending = Pending(self.verb, change, workspace.undo_log.next_number())
        self._journal.write(pending.to_json())
        try:
            found = _bring(workspace, change)
            _finish(workspace, pending)
        except BaseException:
            with contextlib.suppress(Exception):
                _take_back(workspace, pending)
            raise
        return found


def repair(workspace: Workspace) -> None:
    """Bring a change that a dead command left to before or after, and say which; the lock is held."""
    left = Journal(workspace.layout.journal).read()
    if left is None:
        return
    verb = text_of(left, "verb")
    if verb == "init":
        raise UnfinishedInitError(workspace.root)
    for path in Pending.from_json(left).stale:
        Path(path).unlink(missing_ok=True)
    workspace.backend.repair()
    workspace.records.sweep()
    if settle(workspace):
        workspace.progress.warn(f"repaired: the `dws {verb}` that was ended in the middle is now complete")
    else:
        workspace.progress.warn(f"repaired: the `dws {verb}` that was ended in the middle is taken back, and all is as before it")


def settle(workspace: Workspace) -> bool:
    """Bring the change that the journal tells of to after, if it happened, and to before, if it did not; tell which.

    Where it commits nothing, it has happened as soon as it was begun: all that it needs is stored.
    """
    pending = Pending.from_json(Journal(workspace.layout.journal).read() or {"verb": ""})
    happened = not pending.begun and all(workspace.backend.holds(path) for path in pending.records)
    if happened:
        _bring_again(workspace, pending, pending.change.becomes)
        _finish(workspace, pending)
    else:
        _take_back(workspace, pending)
    return happened


def _finish(workspace: Workspace, pending: Pending) -> None:
    """Do what follows the moment; may be done again after it was ended in the middle."""
    for move in pending.change.moves:
        resource = workspace.all_resources[move.resource]
        workspace.open_resource(resource).move_results(move.version, move.move)
        workspace.steps.forget_outputs([resource.name])
    _adopt(workspace, pending.change.becomes)
    workspace.records.refresh()
    hide_or_show(workspace, pending.change.becomes)
    if pending.change.entry is not None:
        workspace.undo_log.write(pending.number, pending.change.entry.to_json())
    Journal(workspace.layout.journal).clear()


def _take_back(workspace: Workspace, pending: Pending) -> None:
    for path in pending.fresh:
        (workspace.root / path).unlink(missing_ok=True)
    workspace.records.refresh()
    if pending.change.entry is not None:
        _bring_again(workspace, pending, pending.change.entry.before)
        if not pending.records:
            _adopt(workspace, pending.change.entry.before)
        workspace.undo_log.remove(pending.number)
    Journal(workspace.layout.journal).clear()


def _adopt(workspace: Workspace, state: State) -> None:
    """Let this clone's settings, and the lineage of the content, be what a state says."""
    if state.own:
        workspace.clone_settings.change(state.own)
    if state.lineage is not None:
        names = [workspace.all_resources[identity].name for identity in state.versions]
        workspace.steps.adopt(Lineage.from_json(state.lineage), names)


def _bring_again(workspace: Workspace, pending: Pending, state: State) -> None:
    """Bring content to a state after an operation was ended in the middle; what somebody wrote since is kept."""
    change = pending.change
    if change.entry is None:
        return
    if change.differing:
        _restore_again(workspace, pending, change.entry, state)
    bring_exports(workspace, state, (change.entry.before, change.becomes), change.differing)


def _restore_again(workspace: Workspace, pending: Pending, entry: UndoEntry, state: State) -> None:
    change = pending.change
    types = {identity: workspace.open_resource(workspace.all_resources[identity]) for identity in change.differing}
    there = {key: type_ for key, type_ in types.items() if type_.local_path is None or type_.local_path.exists()}
    with workspace.objects.aside():
        found = {key: type_.snapshot() for key, type_ in there.items()}
    ends = (entry.before, change.becomes)
    if any(_is_news(types[key], version, [end.versions[key] for end in ends]) for key, version in found.items()):
        kept = UndoEntry("repair", f"of `dws {pending.verb}`", workspace.caller.timestamp(), State(versions=found))
        workspace.undo_log.write(max(workspace.undo_log.next_number(), pending.number + 1), kept.to_json())
    for identity, type_ in types.items():
        type_.restore(state.versions[identity])


def _is_news(type_: ResourceType[Any], found: Version, ends: Sequence[Version]) -> bool:
    """Tell whether a version holds something that neither end of an operation does."""
    differing = [type_.compare(end, found) for end in ends]
    fresh = [{*changes.added, *changes.changed} for changes in differing]
    return bool(set.intersection(*fresh))


def _bring(workspace: Workspace, change: Change) -> dict[str, Version]:
    """Bring the content and the lineage files that a change tells of; answer the versions of the content as they were found."""
    becomes = change.becomes
    types = {identity: workspace.open_resource(workspace.all_resources[identity]) for identity in change.differing}
    found = {identity: type_.restore(becomes.versions[identity]) for identity, type_ in types.items()}
    if change.entry is not None:
        bring_exports(workspace, becomes, (change.entry.before, becomes), change.differing)
    return found
