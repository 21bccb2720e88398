"""Copy a workspace from its origin to this machine."""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from dws_core.errors import FileAccessError, NameTakenError, NestedWorkspaceError, NotShareableError, PathRefusedError
from dws_core.journal import locked
from dws_core.model.names import check_name, fold
from dws_core.model.resource import Resource
from dws_core.objects import ObjectStore
from dws_core.plugin.context import Context, Progress
from dws_core.plugin.descriptors import BackendDescriptor
from dws_core.registry import Provided, Registry
from dws_core.workspace import (
    EVERYTHING,
    WORKSPACE,
    Caller,
    Choice,
    IdSet,
    Layout,
    May,
    Pulled,
    Workspace,
    accept_stores,
    arrive,
    changing,
    check_records,
    find_root,
    get_awaited,
    give_places,
    lacks_results,
    show_and_hide,
)


@dataclass(frozen=True)
class Wish:
    """How a clone is to be: what it calls its machine, which resources come at once, and where they lie (by name) unless inside.

    With a dry run there is none afterwards.
    """

    hostname: str | None = None
    choice: Choice = EVERYTHING
    places: Mapping[str, Path] = field(default_factory=dict)
    dry_run: bool = False


@dataclass(frozen=True)
class Cloned:
    """What was cloned (its name, and the numbers of its snapshots), to where, and what came with it or did not."""

    name: str
    root: Path
    hostname: str
    snapshots: int
    pulled: Pulled


def clone(
    url: str,
    directory: Path,
    registry: Registry,
    caller: Caller,
    progress: Progress,
    wish: Wish,
    *,
    backend: str | None = None,
    may: May = lambda _: False,
) -> Cloned:
    """Make `directory` (new, or empty) a clone of the workspace at a URL, with the resources that are chosen.

    What cannot be got is named, and left for `pull`. `may` is asked before anything is contacted that a stranger's record names.
    A failure leaves nothing behind.
    """
    root, url = _check_target(directory), caller.address(url)
    if wish.hostname is not None:
        check_name("host", wish.hostname)
    provided = _choose_backend(registry, backend)
    made = not root.exists()
    with _cloned_beside(url, root, registry, provided, caller, progress) as workspace:
        check_records(workspace)
        if wish.dry_run:
            return _plan(workspace, root, wish)
        workspace.root.rename(root)
    try:
        workspace = Workspace(root, registry, caller, progress)
        with changing(workspace, "clone"):
            chosen = _begin(workspace, wish)
    except BaseException:
        _remove(root, made=made)
        raise
    pulled = Pulled(workspace.backend.origin or url)
    with changing(workspace, "clone") as operation:
        show_and_hide(workspace)
        accept_stores(workspace, may)
        pulled.arrived = arrive(workspace, operation, chosen, may, fresh=True)
        IdSet(workspace.layout.awaited).change(add=lacks_results(workspace))
        if not wish.choice.only_workspace:
            get_awaited(workspace, wish.choice, pulled)
    return Cloned(workspace.name, root, workspace.hostname, len(workspace.snapshots()), pulled)


def _begin(workspace: Workspace, wish: Wish) -> tuple[Resource, ...]:
    """Settle what is this clone's own, and answer the resources that come at once."""
    if wish.hostname is not None:
        _check_hostname(workspace, wish.hostname)
        workspace.clone_settings.change({(WORKSPACE, "hostname"): wish.hostname})
    IdSet(workspace.layout.sent).change(add=(each.id for each in workspace.snapshots()))
    give_places(workspace, wish.places)
    return wish.choice.of(workspace)


def _check_hostname(workspace: Workspace, hostname: str) -> None:
    """Refuse a name that another clone goes by: the results of both would lie in the same directories."""
    taken = next((each for each in workspace.snapshots() if fold(each.host) == fold(hostname)), None)
    if taken is not None:
        raise NameTakenError("host", hostname, holder=f"{taken.user} took snapshot {taken.label} there")


def _plan(workspace: Workspace, root: Path, wish: Wish) -> Cloned:
    pulled = Pulled(workspace.backend.origin or "", done=False)
    for resource in wish.choice.of(workspace):
        pulled.arrived.came[resource.name] = f"{resource.type}, {resource.role}"
    return Cloned(workspace.name, root, wish.hostname or workspace.hostname, len(workspace.snapshots()), pulled)


def _check_target(directory: Path) -> Path:
    root = directory.resolve()
    if root.exists() and (not root.is_dir() or any(root.iterdir())):
        raise PathRefusedError(root, "it is there, and is no empty directory", hint="name another directory for the clone")
    outer = find_root(root.parent)
    if outer is not None:
        raise NestedWorkspaceError(root, outer)
    return root


def _choose_backend(registry: Registry, wanted: str | None) -> Provided[BackendDescriptor]:
    if wanted is not None:
        found = registry.find("backend", registry.backends, wanted)
        if not found.descriptor.shares:
            raise NotShareableError(wanted)
        return found
    sharing = [each for each in registry.backends.values() if each.descriptor.shares]
    if not sharing:
        raise NotShareableError(", ".join(registry.backends))
    return max(sharing, key=lambda each: each.descriptor.preference)


@contextmanager
def _cloned_beside(
    url: str, root: Path, registry: Registry, provided: Provided[BackendDescriptor], caller: Caller, progress: Progress
) -> Iterator[Workspace]:
    """Clone beside the target, so that it appears whole or not at all; what a killed clone left there is removed by the next."""
    implementation = registry.load(provided, provided.descriptor.implementation)
    beside = root.parent / f".{root.name}.dws-clone"
    layout = Layout(beside / "workspace")
    try:
        beside.mkdir(mode=0o700, parents=True, exist_ok=True)
        with locked(beside / "lock", f"`dws clone` of {caller.user}", progress.warn):
            shutil.rmtree(layout.root, ignore_errors=True)
            layout.root.mkdir()
            objects = ObjectStore(layout.objects, layout.caches, progress)
            identity = (caller.user, f"{caller.user}@{caller.host}")
            context = Context(layout.root, layout.private("backend"), objects, progress, caller.token(), identity)
            implementation.clone(url, layout.root, context)
            yield Workspace(layout.root, registry, caller, progress)
    except OSError as error:
        raise FileAccessError(error.filename or beside, error) from error
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _remove(root: Path, *, made: bool) -> None:
    if made:
        shutil.rmtree(root, ignore_errors=True)
        return
    for path in root.iterdir():
        shutil.rmtree(path, ignore_errors=True)
        path.unlink(missing_ok=True)
