"""Sends what snapshots need to stores, and writes the receipts that say so."""

from collections.abc import Sequence
from dataclasses import dataclass

from dws_core.errors import NoStoreError, StoreNotAcceptedError
from dws_core.model.codec import JsonObject
from dws_core.model.receipt import Receipt
from dws_core.model.snapshot import Snapshot
from dws_core.model.store import SharedStore
from dws_core.objects import Sent, lacking, send
from dws_core.workspace.change import Change
from dws_core.workspace.content import Needs, holders_of
from dws_core.workspace.operation import Operation
from dws_core.workspace.stores import accepted_url, open_store, stores_of
from dws_core.workspace.workspace import Workspace


@dataclass(frozen=True)
class Parcel:
    """What one store is to be sent: the snapshots it does not hold yet whose content is all here, and the objects they need."""

    store: SharedStore
    snapshots: tuple[Snapshot, ...]
    ids: frozenset[str]


@dataclass(frozen=True)
class Load:
    """What a push has to send: a parcel for each store; and the snapshots whose content is not all here, or has no store."""

    parcels: tuple[Parcel, ...]
    elsewhere: tuple[Snapshot, ...]
    homeless: tuple[Snapshot, ...]


def find_load(workspace: Workspace, fresh: Sequence[Snapshot], resources: frozenset[str] | None) -> Load:
    """Find out what is to be sent; `fresh` are the snapshots that nobody has pushed, `resources` (ids) those that are chosen."""
    usable = [each for each in stores_of(workspace) if accepted_url(workspace, each) is not None]
    holders = holders_of(workspace)
    needs = Needs(workspace)
    candidates = {each.id: each for each in fresh}
    for each in workspace.snapshots() if usable else ():
        if any(store.id not in holders.get(each.id, ()) for store in usable):
            candidates.setdefault(each.id, each)
    wanted = {identity: needs.of_snapshot(snapshot, resources) for identity, snapshot in candidates.items()}
    # All at once, since what snapshots share is looked at once then.
    absent = lacking(workspace.objects, frozenset().union(*wanted.values()))
    elsewhere = [candidates[identity] for identity, ids in wanted.items() if ids & absent]
    for each in elsewhere:
        del wanted[each.id]
    parcels = []
    for store in usable:
        chosen = tuple(candidates[key] for key in wanted if store.id not in holders.get(key, ()))
        if chosen:
            parcels.append(Parcel(store, chosen, frozenset().union(*(wanted[each.id] for each in chosen))))
    homeless = [each for each in fresh if wanted.get(each.id) and not usable and not holders.get(each.id)]
    return Load(tuple(parcels), tuple(elsewhere), tuple(homeless))


def check_load(workspace: Workspace, load: Load) -> None:
    """Raise a NoStoreError where content has nowhere to go, or a StoreNotAcceptedError where nobody said that it may go there."""
    if not load.homeless:
        return
    for store in stores_of(workspace):
        raise StoreNotAcceptedError(store.name, store.url)
    raise NoStoreError([f"snapshot {each.label}" for each in load.homeless])


def send_load(workspace: Workspace, operation: Operation, load: Load, *, complete: bool) -> dict[str, Sent]:
    """Send every parcel, and answer what was sent by the store's name; where a snapshot went as a whole, a receipt says so.

    Content goes first: a receipt is written once everything that it tells of has been found there, and is true.
    """
    sent: dict[str, Sent] = {}
    for parcel in load.parcels:
        store = open_store(workspace, parcel.store, writing=True)
        private = workspace.layout.store(parcel.store.mark)
        sent[parcel.store.name] = send(workspace.objects, parcel.ids, store, private, workspace.progress)
        if complete:
            receipt = Receipt(
                parcel.store.id,
                tuple(sorted(each.id for each in parcel.snapshots)),
                workspace.caller.timestamp(),
                workspace.hostname,
                workspace.caller.user,
            )
            records: list[tuple[str, JsonObject]] = [("receipts", receipt.to_json())]
            operation.record(f"Store {parcel.store.name} holds {len(parcel.snapshots)} more snapshots", records, Change())
    return sent
