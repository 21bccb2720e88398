"""One change of a workspace: its records, the moment it happens, and what is finished afterwards."""

import contextlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from dws_core.errors import UnfinishedInitError
from dws_core.journal import Journal
from dws_core.model.codec import JsonObject, dump, object_of, objects_of, record_id, text_of, texts_of
from dws_core.model.resource import Resource
from dws_core.model.version import Version
from dws_core.plugin.backend import Commit
from dws_core.plugin.resource_type import ResultsMove
from dws_core.workspace.workspace import Workspace


@dataclass(frozen=True)
class Move:
    """Results of one resource that go to their directory once the snapshot has happened."""

    resource: str
    version: Version
    move: ResultsMove

    def to_json(self) -> JsonObject:
        return {
            "resource": self.resource,
            "version": self.version.to_json(),
            "destination": self.move.destination,
            "stay": [*sorted(self.move.stay)],
            "files": {name: content.decode() for name, content in self.move.files.items()},
        }

    @classmethod
    def from_json(cls, value: JsonObject) -> "Move":
        files = object_of(value, "files")
        move = ResultsMove(
            destination=text_of(value, "destination"),
            stay=frozenset(texts_of(value, "stay")),
            files={name: text_of(files, name).encode() for name in files},
        )
        return cls(text_of(value, "resource"), Version.from_json(object_of(value, "version")), move)


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
        *,
        files: Sequence[Path] = (),
        versions: Sequence[tuple[Resource, Version]] = (),
        moves: Sequence[Move] = (),
    ) -> list[str]:
        """Write records (kind, value), commit them with `files` of ours, finish the moves, and answer the records' ids.

        The commit is the moment it happens: a failure before leaves everything as it was.
        """
        workspace = self._workspace
        kept = [(kind, value, record_id(dump(value))) for kind, value in new]
        paths = [workspace.layout.metadata / kind / f"{identity}.json" for kind, _, identity in kept]
        names = [workspace.layout.relative(path) for path in (*files, *paths)]
        fresh = [workspace.layout.relative(path) for path in paths if not path.exists()]
        self._journal.write(
            {
                "verb": self.verb,
                "records": [*fresh],
                "moves": [move.to_json() for move in moves],
                "stale": [str(path) for path in workspace.backend.stale_files() if not path.exists()],
            }
        )
        try:
            for kind, value, _ in kept:
                workspace.records.put(kind, value)
            workspace.backend.commit(Commit(message, tuple(names), versions))
        except BaseException:
            with contextlib.suppress(Exception):
                settle(workspace)
            raise
        finish_moves(workspace, moves)
        self._journal.clear()
        return [identity for _, _, identity in kept]

    def restore(self, versions: Mapping[str, Version], saved: Mapping[str, Version]) -> dict[str, Version]:
        """Bring resources (by id) to these versions, and answer those that are there then.

        A failure brings them back to those saved before.
        """
        self._journal.write(
            {
                "verb": self.verb,
                "restores": {identity: version.to_json() for identity, version in versions.items()},
                "stale": [],
            }
        )
        found: dict[str, Version] = {}
        try:
            for identity, version in versions.items():
                found[identity] = version
                found[identity] = _restore(self._workspace, identity, version)
        except Exception:
            for identity in found:
                _restore(self._workspace, identity, saved[identity])
            self._journal.clear()
            raise
        self._journal.clear()
        return found


def repair(workspace: Workspace) -> None:
    """Bring a change that a dead command left to before or after, and say which; the lock is held."""
    pending = Journal(workspace.layout.journal).read()
    if pending is None:
        return
    verb = text_of(pending, "verb")
    if verb == "init":
        raise UnfinishedInitError(workspace.root)
    for path in texts_of(pending, "stale"):
        Path(path).unlink(missing_ok=True)
    workspace.backend.repair()
    workspace.records.sweep()
    if settle(workspace):
        workspace.progress.warn(f"repaired: the `dws {verb}` that was ended in the middle is now complete")
    else:
        workspace.progress.warn(f"repaired: the `dws {verb}` that was ended in the middle is taken back, and all is as before it")


def settle(workspace: Workspace) -> bool:
    """Bring the change that the journal tells of to after, if it happened, and to before, if it did not; tell which."""
    journal = Journal(workspace.layout.journal)
    pending = journal.read() or {}
    records = texts_of(pending, "records")
    restores = object_of(pending, "restores")
    happened = bool(restores) or (bool(records) and all(workspace.backend.holds(path) for path in records))
    if happened:
        for identity in restores:
            _restore(workspace, identity, Version.from_json(object_of(restores, identity)))
        finish_moves(workspace, [Move.from_json(move) for move in objects_of(pending, "moves")])
    else:
        for path in records:
            (workspace.root / path).unlink(missing_ok=True)
    workspace.records.refresh()
    journal.clear()
    return happened


def finish_moves(workspace: Workspace, moves: Iterable[Move]) -> None:
    """Move results to their directories; may be done again after it was ended in the middle."""
    by_id = {resource.id: resource for resource in workspace.resources}
    for move in moves:
        resource = by_id[move.resource]
        workspace.open_resource(resource).move_results(move.version, move.move)
        workspace.steps.forget_outputs([resource.name])


def _restore(workspace: Workspace, identity: str, version: Version) -> Version:
    for resource in workspace.resources:
        if resource.id == identity:
            return workspace.open_resource(resource).restore(version)
    return version
