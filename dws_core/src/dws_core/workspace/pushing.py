"""Sends all that others lack: first resources to their origins and content to stores, last the history that tells of it."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dws_core.errors import NotPublishedError, OriginMovedError
from dws_core.model.exchange import Exchange
from dws_core.model.resource import Resource
from dws_core.model.snapshot import Snapshot
from dws_core.objects import Sent
from dws_core.plugin.descriptors import Capability
from dws_core.plugin.resource_type import ResourceType
from dws_core.workspace.absorbing import absorb
from dws_core.workspace.accepting import May, accept_stores
from dws_core.workspace.arriving import holds_nothing
from dws_core.workspace.choosing import Choice
from dws_core.workspace.idset import IdSet
from dws_core.workspace.operation import Operation
from dws_core.workspace.sending import Load, check_load, find_load, send_load
from dws_core.workspace.workspace import Workspace

_PATIENCE = 600.0
_LONGEST_PAUSE = 0.5


@dataclass(frozen=True)
class Pushed:
    """What was (or with a dry run would be) sent, and where to.

    `snapshots` are those that nobody had pushed, `elsewhere` those of them whose content is not here. `to_stores` tells how many
    snapshots go to each store (by name), `sent` what that took, `exchanges` what went to the origins of resources (by name).
    `history` tells whether the origin got anything, `merged` how many snapshots of others came in on the way.
    """

    origin: str
    snapshots: tuple[Snapshot, ...]
    elsewhere: tuple[Snapshot, ...]
    homeless: tuple[Snapshot, ...]
    to_stores: Mapping[str, int]
    sent: Mapping[str, Sent]
    exchanges: Mapping[str, Exchange]
    history: bool
    merged: int = 0
    done: bool = True


@dataclass(frozen=True)
class _Plan:
    fresh: tuple[Snapshot, ...]
    origins: Mapping[str, ResourceType[Any]]
    load: Load
    whole: bool

    def versions_of(self, identity: str) -> list[Any]:
        """The versions of a resource that nobody has pushed."""
        return [each.versions[identity] for each in self.fresh if identity in each.versions]


def push_all(
    workspace: Workspace, operation: Operation, choice: Choice, may: May, *, allow_missing: bool = False, to: str | None = None
) -> Pushed:
    """Push what is chosen, `to` a new origin perhaps. Everything is checked before anything is changed or sent.

    Ended anywhere, others see nothing that they cannot restore, and it may be done again.
    """
    workspace.backend.check()
    if to is not None:
        workspace.backend.check_origin(to)
    plan = _plan(workspace, choice)
    if plan.load.homeless and accept_stores(workspace, may):
        plan = _plan(workspace, choice)
    if plan.whole and not allow_missing:
        check_load(workspace, plan.load)
    workspace.registry.call("dws_before_push", workspace=workspace, snapshots=plan.fresh)
    if to is not None:
        workspace.backend.publish(to)
    exchanges = {type_.resource.name: type_.push(plan.versions_of(key)) for key, type_ in plan.origins.items()}
    sent = send_load(workspace, operation, plan.load, complete=plan.whole)
    ahead = to is not None or workspace.backend.is_ahead()
    merged = _push_history(workspace, operation)
    if plan.whole:
        left = {each.id for each in (*plan.load.homeless, *plan.load.elsewhere)}
        IdSet(workspace.layout.sent).change(add={each.id for each in plan.fresh} - left)
    return _pushed(plan, _origin(workspace), exchanges, sent=sent, history=ahead, merged=merged)


def plan_push(workspace: Workspace, choice: Choice, origin: str | None = None) -> Pushed:
    """Tell what a push would do, to another origin perhaps; no store is contacted, and nothing changed, here or elsewhere."""
    if origin is not None:
        origin = workspace.backend.check_origin(origin)
    plan = _plan(workspace, choice)
    exchanges = {type_.resource.name: type_.push(plan.versions_of(key), dry_run=True) for key, type_ in plan.origins.items()}
    ahead = origin is not None or workspace.backend.is_ahead() or bool(plan.load.parcels)
    return _pushed(plan, origin or _origin(workspace), exchanges, history=ahead, done=False)


def _plan(workspace: Workspace, choice: Choice) -> _Plan:
    sent = IdSet(workspace.layout.sent).read()
    fresh = tuple(each for each in workspace.snapshots() if each.id not in sent)
    chosen = choice.of(workspace)
    origins = _origins(workspace, chosen)
    if choice.only_workspace:
        return _Plan(fresh, {}, Load((), (), ()), whole=False)
    resources = None if choice.is_all else frozenset(each.id for each in chosen)
    return _Plan(fresh, origins, find_load(workspace, fresh, resources), choice.is_all)


def _origins(workspace: Workspace, chosen: Sequence[Resource]) -> Mapping[str, ResourceType[Any]]:
    """Open, by id, the chosen resources that have an origin of their own; of one that is not here there is nothing to push."""
    opened = {each.id: workspace.open_resource(each) for each in chosen if Capability.ORIGIN in workspace.capabilities(each)}
    return {key: each for key, each in opened.items() if each.local_path is None or not holds_nothing(each.local_path)}


def _push_history(workspace: Workspace, operation: Operation) -> int:
    """Send the history, taking in what others pushed meanwhile; answer how many snapshots that were."""
    merged = tries = 0
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        tries += 1
        if workspace.backend.push():
            return merged
        incoming = workspace.backend.fetch()
        if incoming is not None:
            news = absorb(workspace, operation, incoming)
            merged += len(news.snapshots)
        time.sleep(min(0.01 * tries, _LONGEST_PAUSE) * int(workspace.caller.token()[:4], 16) / 0x10000)
    raise OriginMovedError(_origin(workspace), tries)


def _pushed(
    plan: _Plan,
    origin: str,
    exchanges: Mapping[str, Exchange],
    *,
    history: bool,
    sent: Mapping[str, Sent] | None = None,
    merged: int = 0,
    done: bool = True,
) -> Pushed:
    load = plan.load
    to_stores = {each.store.name: len(each.snapshots) for each in load.parcels}
    return Pushed(origin, plan.fresh, load.elsewhere, load.homeless, to_stores, sent or {}, exchanges, history, merged, done)


def _origin(workspace: Workspace) -> str:
    origin = workspace.backend.origin
    if origin is None:
        raise NotPublishedError
    return origin
