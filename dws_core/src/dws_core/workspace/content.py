"""The content that snapshots need: what of it is here, which stores hold it, and getting it from them."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from dws_core.errors import DwsError, NotPushedError, NotReachedError
from dws_core.model.receipt import Receipt
from dws_core.model.snapshot import Snapshot
from dws_core.model.store import SharedStore
from dws_core.model.version import Version, is_object_id
from dws_core.objects import fetch, lacking
from dws_core.plugin.resource_type import ResourceType
from dws_core.workspace.stores import open_store, stores_of
from dws_core.workspace.workspace import Workspace


@dataclass
class Needs:
    """Which objects versions need, as their types tell; else all that look like one."""

    workspace: Workspace
    _types: dict[str, ResourceType[Any] | None] = field(default_factory=dict)

    def of_version(self, resource: str, version: Version) -> frozenset[str]:
        """Name the objects that one version of a resource (by id) needs."""
        if resource not in self._types:
            self._types[resource] = self._open(resource)
        type_ = self._types[resource]
        if type_ is not None:
            with suppress(DwsError):  # a stranger's version may make no sense to its type
                return frozenset(each for each in type_.needs(version) if is_object_id(each))
        return version.named_ids

    def of_snapshot(self, snapshot: Snapshot, resources: Collection[str] | None = None) -> frozenset[str]:
        """Name the objects that a snapshot needs, of these resources alone or of all."""
        needed: set[str] = set()
        for key, version in snapshot.versions.items():
            if resources is None or key in resources:
                # What was no object when the snapshot was taken only looks like one.
                ids = self.of_version(key, version)
                needed |= ids.intersection(snapshot.objects[key]) if key in snapshot.objects else ids
        return frozenset(needed)

    def _open(self, resource: str) -> ResourceType[Any] | None:
        try:
            return self.workspace.open_resource(self.workspace.all_resources[resource])
        except (DwsError, KeyError):
            return None


@dataclass(frozen=True)
class Got:
    """What came from stores, in objects and bytes, which ids did not, and what is to be said of stores that were of no use."""

    objects: int
    bytes: int
    lacking: frozenset[str]
    remarks: tuple[str, ...]


def holders_of(workspace: Workspace) -> Mapping[str, frozenset[str]]:
    """Name the stores (by id) that hold each snapshot, as the receipts say."""
    there = {each.id for each in stores_of(workspace)}
    found: dict[str, set[str]] = {}
    for receipt in workspace.records.nouns("receipts", Receipt.from_json):
        if receipt.store in there:
            for snapshot in receipt.snapshots:
                found.setdefault(snapshot, set()).add(receipt.store)
    return {snapshot: frozenset(stores) for snapshot, stores in found.items()}


def is_here(workspace: Workspace, snapshot: Snapshot, resources: Collection[str]) -> bool:
    """Tell whether all that a snapshot needs of these resources (ids) is in this clone."""
    return not lacking(workspace.objects, Needs(workspace).of_snapshot(snapshot, resources))


def get_snapshot(workspace: Workspace, snapshot: Snapshot, resources: Collection[str]) -> None:
    """Get what a snapshot needs of these resources (ids) and is not here; `not_got` where another clone has it.

    What this clone itself has lost is for whoever needs it to name.
    """
    got = get(workspace, Needs(workspace).of_snapshot(snapshot, resources), [snapshot])
    if got.lacking and snapshot.host != workspace.hostname:
        raise not_got(workspace, snapshot, got.remarks)


def not_got(workspace: Workspace, snapshot: Snapshot, remarks: Sequence[str]) -> DwsError:
    """Make the error that tells who must push a snapshot's content, or, where it was pushed, what is said of the stores."""
    if remarks and holders_of(workspace).get(snapshot.id):
        return NotReachedError(snapshot.described, remarks)
    return NotPushedError(snapshot.described, snapshot.user, snapshot.host)


def get(workspace: Workspace, ids: Iterable[str], snapshots: Sequence[Snapshot] = ()) -> Got:
    """Get the objects below these that are not here from the stores, first from those that hold the snapshots they are of.

    The workspace's lock is held. A store that cannot be used is told of, and is no error.
    """
    left = lacking(workspace.objects, ids)
    objects = size = 0
    remarks: list[str] = []
    for store in _by_promise(workspace, snapshots):
        if not left:
            break
        try:
            opened = open_store(workspace, store)
            got = fetch(workspace.objects, left, opened, workspace.layout.store(store.mark), workspace.progress)
        except DwsError as error:
            remarks.append(f"store {store.name}: {error.message}" + (f" ({error.hint})" if error.hint else ""))
            continue
        objects, size, left = objects + got.objects, size + got.bytes, got.lacking
    return Got(objects, size, left, tuple(remarks))


def _by_promise(workspace: Workspace, snapshots: Sequence[Snapshot]) -> Iterator[SharedStore]:
    """Give the stores, those first that hold the most of these snapshots."""
    holders = holders_of(workspace) if snapshots else {}
    counts = {each.id: sum(each.id in holders.get(snapshot.id, ()) for snapshot in snapshots) for each in stores_of(workspace)}
    yield from sorted(stores_of(workspace), key=lambda each: -counts[each.id])
