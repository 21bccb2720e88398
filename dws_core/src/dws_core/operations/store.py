"""Stores, where content goes when it is pushed: add one, list them, remove one."""

import io
from dataclasses import dataclass

from dws_core.errors import NameTakenError, StoreRefusedError
from dws_core.model.codec import Json, dump, record_id
from dws_core.model.names import check_name, fold
from dws_core.model.receipt import Receipt
from dws_core.model.report import Report, Table
from dws_core.model.store import SharedStore
from dws_core.model.undo import State, UndoEntry
from dws_core.plugin.store import Store
from dws_core.workspace import (
    ACCEPTED,
    Change,
    Operation,
    Workspace,
    accepted_url,
    bring,
    changing,
    find_store,
    kind_of,
    make_store,
    mark_of,
    read_mark,
    stores_of,
)


@dataclass(frozen=True)
class StoreAdded:
    """The store, the URL that this clone uses for it, and whether the workspace knew it already."""

    store: SharedStore
    url: str
    known: bool


def add_store(workspace: Workspace, name: str, url: str) -> StoreAdded:
    """Let content go to a place, which is made or used as it is; where the workspace knows it, let this clone use it."""
    check_name("store", name)
    with changing(workspace, "store add") as operation:
        provided = kind_of(workspace, _scheme_of(workspace, url))
        implementation: type[Store] = workspace.registry.load(provided, provided.descriptor.implementation)
        checked = implementation.check_url(url, workspace.caller.cwd)
        same = next((each for each in stores_of(workspace) if fold(each.name) == fold(name)), None)
        store = make_store(workspace, provided, checked, same.mark if same else workspace.caller.token())
        if same is not None:
            return _accept(workspace, operation, same, store)
        workspace.backend.check()
        mark = _make_place(workspace, store, name)
        for each in stores_of(workspace):
            if each.mark == mark:
                raise NameTakenError("store", each.name, holder=f"the same place, {each.url}")
        added = SharedStore(
            name, checked, provided.descriptor.name, provided.plugin.distribution, mark, workspace.caller.timestamp()
        )
        return StoreAdded(_record(workspace, operation, added), checked, known=False)


def list_stores(workspace: Workspace) -> Report:
    """Tell of each store where it is, whether this clone uses it, and how many snapshots it holds."""
    counts: dict[str, set[str]] = {}
    for receipt in workspace.records.nouns("receipts", Receipt.from_json):
        counts.setdefault(receipt.store, set()).update(receipt.snapshots)
    there = {each.id for each in workspace.snapshots()}
    rows: list[tuple[Json, ...]] = []
    for store in stores_of(workspace):
        used = accepted_url(workspace, store)
        rows.append((store.name, used or store.url, "yes" if used else "no", len(counts.get(store.id, set()) & there)))
    title = f"Stores of workspace {workspace.name}, which has {len(there)} snapshot{'' if len(there) == 1 else 's'}"
    return Report("stores", (title,), (Table(("Store", "URL", "Used here", "Snapshots"), rows),))


def remove_store(workspace: Workspace, name: str) -> SharedStore:
    """Let content go to a store no more, and answer it; what lies there stays there."""
    with changing(workspace, "store remove") as operation:
        store = find_store(workspace, name)
        bring(workspace, operation, State(there={("stores", store.id): False}), f"store {store.name} ({store.url})")
    return store


def _scheme_of(workspace: Workspace, url: str) -> str:
    """Tell what kind of store a URL is for; a path that is no URL is for this machine's directories."""
    kinds = workspace.registry.stores
    scheme, colon, rest = url.partition(":")
    if colon and (scheme in kinds or rest.startswith("//")):
        return scheme
    return next((name for name, each in kinds.items() if each.descriptor.local), scheme)


def _make_place(workspace: Workspace, store: Store, name: str) -> str:
    """Make the place where there is none, and answer its mark; of several that mark it at once, one wins."""
    found = read_mark(store, name)
    if found is None:
        store.prepare()
        marked, content = mark_of(workspace.caller.token())
        store.put(marked, io.BytesIO(content), len(content))
        found = read_mark(store, name)
    if found is None:
        raise StoreRefusedError(name, store.url, "what is written there does not stay")
    return found


def _accept(workspace: Workspace, operation: Operation, known: SharedStore, store: Store) -> StoreAdded:
    found = read_mark(store, known.name)
    if found != known.mark:
        if found is None:
            raise StoreRefusedError(known.name, store.url, "the workspace knows a store of that name, and this place is none yet")
        raise NameTakenError("store", known.name, holder=f"another place, {known.url}")
    key = (ACCEPTED, known.id)
    bring(workspace, operation, State(own={key: store.url}), f"store {known.name}, used here at {store.url}")
    return StoreAdded(known, store.url, known=True)


def _record(workspace: Workspace, operation: Operation, added: SharedStore) -> SharedStore:
    identity = record_id(dump(added.to_json()))
    there, own = ("stores", identity), (ACCEPTED, identity)
    before = State(there={there: False}, own={own: None})
    entry = UndoEntry(operation.verb, f"{added.name} ({added.url})", workspace.caller.timestamp(), before)
    becomes = State(there={there: True}, own={own: added.url})
    operation.record(f"Add the store {added.name}", [("stores", added.to_json())], Change(becomes, entry=entry))
    return SharedStore.from_json(added.to_json(), identity)
