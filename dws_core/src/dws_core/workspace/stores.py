"""The stores of a workspace: which there are, which of them this clone uses, and one at work."""

from typing import Any

from dws_core.errors import (
    AmbiguousNameError,
    DwsError,
    MissingTypeError,
    StoreNotAcceptedError,
    StoreRefusedError,
    UnknownNameError,
)
from dws_core.model.codec import JsonObject, dump, parse, text_of
from dws_core.model.names import check_name, fold
from dws_core.model.store import SharedStore
from dws_core.plugin.descriptors import StoreDescriptor
from dws_core.plugin.store import Store, StoreContext
from dws_core.registry import Provided
from dws_core.workspace.history import removed_ids
from dws_core.workspace.workspace import Workspace

ACCEPTED = "stores"
"""Where this clone's settings keep the URL of each store that it was told to use, by the store's id."""

_MARK = "dws-store.json"
_FORMAT = 1
_LONGEST_MARK = 4096


def stores_of(workspace: Workspace) -> tuple[SharedStore, ...]:
    """List the stores there are, in the order they were added."""
    removed = removed_ids(workspace.records)
    return tuple(each for each in workspace.records.nouns("stores", SharedStore.from_json) if each.id not in removed)


def find_store(workspace: Workspace, name: str) -> SharedStore:
    """Find a store by its name, or by the first digits of its id where two clones added one of the same name."""
    everything = stores_of(workspace)
    named = [each for each in everything if fold(each.name) == fold(name)] or [
        each for each in everything if len(name) >= 4 and each.id.startswith(name)
    ]
    if len(named) > 1:
        raise AmbiguousNameError("store", name, [f"{each.name} {each.id[:7]} ({each.url})" for each in named])
    if not named:
        raise UnknownNameError("store", name, [each.name for each in everything])
    return named[0]


def accepted_url(workspace: Workspace, store: SharedStore) -> str | None:
    """Give the URL that this clone was told to use for a store; None where it was told of none."""
    found = workspace.clone_settings.of(ACCEPTED).get(store.id)
    return found if isinstance(found, str) else None


def kind_of(workspace: Workspace, scheme: str) -> Provided[StoreDescriptor]:
    """Find what knows URLs of a scheme; UnknownNameError."""
    return workspace.registry.find("kind of store", workspace.registry.stores, scheme)


def make_store(workspace: Workspace, provided: Provided[StoreDescriptor], url: str, mark: str) -> Store:
    """Put a store to work; nothing is contacted yet."""
    implementation: type[Any] = workspace.registry.load(provided, provided.descriptor.implementation)
    made: Store = implementation(url, StoreContext(workspace.layout.store(mark), workspace.progress))
    return made


def open_store(workspace: Workspace, store: SharedStore, *, writing: bool = False) -> Store:
    """Put a store to work that this clone may use, after a look that it is the very one.

    StoreNotAcceptedError where nobody told this clone to use it: then it is at most read, and only on this machine.
    """
    url = accepted_url(workspace, store)
    if store.scheme not in workspace.registry.stores:
        raise MissingTypeError(store.name, store.scheme, store.distribution)
    provided = kind_of(workspace, store.scheme)
    if url is None and (writing or not provided.descriptor.local):
        raise StoreNotAcceptedError(store.name, store.url)
    made = make_store(workspace, provided, url or store.url, store.mark)
    found = read_mark(made, store.name)
    if found != store.mark:
        reason = "it holds no store" if found is None else "it is another store"
        raise StoreRefusedError(store.name, made.url, reason)
    return made


def read_mark(store: Store, name: str) -> str | None:
    """Read the random id that a place holds; None where it is no store yet."""
    try:
        content = store.read(_MARK, 0, _LONGEST_MARK)
    except FileNotFoundError:
        return None
    try:
        value = parse(content, _MARK)
        if value.get("format") != _FORMAT:
            raise StoreRefusedError(
                name, store.url, f"it is in a format that this program does not know: {value.get('format')!r}"
            )
        return check_name("mark of a store", text_of(value, "id"))
    except StoreRefusedError:
        raise
    except (ValueError, DwsError) as error:
        raise StoreRefusedError(name, store.url, f"its mark {_MARK} makes no sense") from error


def mark_of(mark: str) -> tuple[str, bytes]:
    """Give the name and the bytes of the file that marks a place as a store."""
    value: JsonObject = {"format": _FORMAT, "id": mark}
    return _MARK, dump(value)
