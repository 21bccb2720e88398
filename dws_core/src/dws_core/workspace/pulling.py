"""Takes everything that others pushed: the history, resources from their origins, and content from stores."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from dws_core.errors import DwsError, OriginNotAcceptedError
from dws_core.model.exchange import Exchange
from dws_core.model.role import Role
from dws_core.model.snapshot import Snapshot
from dws_core.plugin.descriptors import Capability
from dws_core.plugin.resource_type import ResourceType
from dws_core.workspace.absorbing import News, absorb, entry_for, look_at, show_and_hide
from dws_core.workspace.accepting import May, accept_stores, check_accepted
from dws_core.workspace.arriving import Arrived, arrive, holds_nothing
from dws_core.workspace.change import Change
from dws_core.workspace.choosing import Choice
from dws_core.workspace.content import Needs, get, not_got
from dws_core.workspace.idset import IdSet
from dws_core.workspace.operation import Operation
from dws_core.workspace.workspace import Workspace


@dataclass
class Pulled:
    """What was (or with a dry run would be) taken: the news of the history, what came from origins of resources (by name),
    resources that were not here yet and content from stores, results folders that were added, and what did not come, and why.
    """

    origin: str
    news: News = field(default_factory=News)
    exchanges: dict[str, Exchange] = field(default_factory=dict)
    arrived: Arrived = field(default_factory=Arrived)
    results: list[str] = field(default_factory=list)
    done: bool = True


def pull_all(workspace: Workspace, operation: Operation, origin: str, choice: Choice, may: May) -> Pulled:
    """Pull what is chosen; MergeConflictError where the user's own files contradict others', everything else being merged."""
    pulled = Pulled(origin)
    incoming = workspace.backend.fetch()
    due = _due_origins(workspace, choice, pulled, may)
    if incoming is not None:
        pulled.news = absorb(workspace, operation, incoming, due)
    else:
        entry = entry_for(workspace, operation.verb, News(), due)
        if entry is not None:
            operation.alone(Change(entry=entry))
        show_and_hide(workspace)
    if (pulled.news.counts or {}).get("stores") or IdSet(workspace.layout.awaited).read():
        accept_stores(workspace, may)
    for type_ in due.values():
        _exchange(type_, pulled)
    pulled.arrived = _with_problems(arrive(workspace, operation, choice.of(workspace), may), pulled.arrived)
    if not choice.only_workspace:
        get_awaited(workspace, choice, pulled)
    return pulled


def plan_pull(workspace: Workspace, origin: str, choice: Choice) -> Pulled:
    """Tell what a pull would take; nothing that people see is changed."""
    pulled = Pulled(origin, done=False)
    incoming = workspace.backend.fetch()
    if incoming is not None:
        pulled.news = look_at(incoming)
    _due_origins(workspace, choice, pulled, lambda _: False)
    return pulled


def get_awaited(workspace: Workspace, choice: Choice, pulled: Pulled) -> None:
    """Get the content of the snapshots that came in, now or earlier, and add the folders of their results."""
    awaited = IdSet(workspace.layout.awaited)
    ids = awaited.read()
    snapshots = [each for each in workspace.snapshots() if each.id in ids] if ids else []
    needs = Needs(workspace)
    resources = None if choice.is_all else frozenset(each.id for each in choice.of(workspace))
    wanted = {each.id: needs.of_snapshot(each, resources) for each in snapshots}
    got = get(workspace, frozenset().union(*wanted.values()), snapshots)
    pulled.arrived.add(got)
    arrived: list[str] = []
    for each in snapshots:
        if wanted[each.id] & got.lacking:
            pulled.arrived.fail(f"snapshot {each.label}", not_got(workspace, each, pulled.arrived.remarks))
        elif _add_results(workspace, each, resources, pulled) and resources is None:
            arrived.append(each.id)
    awaited.change(remove=arrived)


def _add_results(workspace: Workspace, snapshot: Snapshot, resources: frozenset[str] | None, pulled: Pulled) -> bool:
    """Bring the folders of a snapshot's results that are not here; tell whether all of them are by now."""
    for identity, directory in snapshot.results.items():
        resource = workspace.all_resources.get(identity)
        if resource is None or resource.role is not Role.RESULTS or (resources is not None and identity not in resources):
            continue
        try:
            type_ = workspace.open_resource(resource)
            if type_.local_path is not None and type_.add_results(snapshot.versions[identity], directory):
                pulled.results.append(f"{resource.name}:/{directory}")
        except DwsError as error:
            pulled.arrived.fail(f"results of {snapshot.label}", error)
            return False
    return True


def _due_origins(workspace: Workspace, choice: Choice, pulled: Pulled, may: May) -> Mapping[str, ResourceType[Any]]:
    """Ask the origins of the chosen resources that are here what they have; those with something new are answered, by id."""
    due: dict[str, ResourceType[Any]] = {}
    for resource in choice.of(workspace):
        if Capability.ORIGIN not in workspace.capabilities(resource):
            continue
        try:
            type_ = workspace.open_resource(resource)
            if type_.local_path is None or holds_nothing(type_.local_path):
                continue
            exchange = _news(workspace, type_, may)
        except DwsError as error:
            pulled.arrived.fail(resource.name, error)
            continue
        pulled.exchanges[resource.name] = exchange
        if exchange.anything:
            due[resource.id] = type_
    return due


def _news(workspace: Workspace, type_: ResourceType[Any], may: May) -> Exchange:
    """Ask the origin of a resource what it has; one that this clone was not told to contact is shown to the user first."""
    try:
        return type_.pull(dry_run=True)
    except OriginNotAcceptedError:
        if type_.origin is None:
            raise
        check_accepted(workspace, type_, type_.origin, may)
        return type_.pull(dry_run=True)


def _exchange(type_: ResourceType[Any], pulled: Pulled) -> None:
    try:
        pulled.exchanges[type_.resource.name] = type_.pull()
    except DwsError as error:
        pulled.exchanges.pop(type_.resource.name, None)
        pulled.arrived.fail(type_.resource.name, error)


def _with_problems(arrived: Arrived, before: Arrived) -> Arrived:
    arrived.problems = {**before.problems, **arrived.problems}
    return arrived


def lacks_results(workspace: Workspace) -> list[str]:
    """Name the snapshots (by id) of which a folder of results, that the history does not bring, is not here."""
    found = []
    places = {}
    for resource in workspace.resources:
        if resource.role is Role.RESULTS and Capability.IN_HISTORY not in workspace.capabilities(resource):
            with suppress(DwsError):
                places[resource.id] = workspace.open_resource(resource).local_path
    for snapshot in workspace.snapshots():
        for identity, directory in snapshot.results.items():
            place = places.get(identity)
            if place is not None and not (place / directory).is_dir():
                found.append(snapshot.id)
    return found
