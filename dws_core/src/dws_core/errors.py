"""Every error a user can meet.

DwsError
├── WorkspaceError
│   ├── NoWorkspaceError
│   ├── WorkspaceExistsError
│   ├── UnfinishedInitError
│   ├── NestedWorkspaceError
│   ├── NewerFormatError
│   ├── DamagedRecordError
│   ├── ForeignLocalError
│   ├── NothingToUndoError
│   ├── NothingToRedoError
│   ├── UnknownOperationError
│   ├── NotShareableError
│   ├── NotPublishedError
│   ├── OriginMovedError
│   ├── ForeignRecordError
│   ├── MergeConflictError
│   └── WorkspaceBusyError
├── NamingError
│   ├── InvalidNameError
│   ├── NameTakenError
│   ├── UnknownNameError
│   └── AmbiguousNameError
├── SettingError
│   ├── InvalidSettingError
│   └── MissingAnswerError
├── ResourceError
│   ├── PathMissingError
│   ├── PathRefusedError
│   ├── PathOutsideError
│   ├── PathOverlapError
│   ├── PlaceUnknownError
│   ├── OriginNotAcceptedError
│   ├── MissingTypeError
│   ├── DisabledTypeError
│   ├── NothingToCarryError
│   ├── NotRestorableError
│   ├── NotReadableError
│   ├── NotRecordedError
│   ├── ReadOnlyFilesError
│   ├── LineageFileTakenError
│   └── UnsupportedFileError
├── ContentError
│   ├── MissingObjectError
│   ├── DamagedObjectError
│   ├── ContentNotKeptError
│   ├── NeedUnknownError
│   ├── UnsafeTreeError
│   ├── ObjectsLostError
│   ├── EntryTakenError
│   ├── EntrySizeError
│   ├── NoStoreError
│   ├── NotPushedError
│   ├── NotReachedError
│   ├── StoreRefusedError
│   ├── StoreNotAcceptedError
│   ├── UnstableFileError
│   ├── FileAccessError
│   ├── StoreAwayError
│   └── DamagedStoreError
├── LineageError
│   ├── OverlappingOutputsError
│   ├── TwoVersionsError
│   ├── OutsideResourcesError
│   ├── NotAResultsResourceError
│   ├── NoNotebookError
│   ├── ImportedLineageError
│   └── InconsistentStepError
├── PluginError
│   ├── PluginFailedError
│   └── PluginClashError
└── ToolError
    ├── ToolMissingError
    └── ToolFailedError

A plugin adds its own errors below the one that fits. Each class knows its facts and its next step.
"""

import errno
import os
import shlex
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import ClassVar


class DwsError(Exception):
    """A thing that could not be done: what and why in the message, the next step in the hint."""

    exit_status: ClassVar[int] = 1

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class WorkspaceError(DwsError):
    """The workspace as a whole does not allow it."""


class NoWorkspaceError(WorkspaceError):
    def __init__(self, directory: str | os.PathLike[str]) -> None:
        super().__init__(
            f"{os.fspath(directory)} is not in a workspace",
            hint="go to a workspace, name one with `dws --workspace-dir DIR …`, or make one here with `dws init`",
        )


class WorkspaceExistsError(WorkspaceError):
    def __init__(self, directory: str | os.PathLike[str]) -> None:
        super().__init__(
            f"{os.fspath(directory)} is a workspace already", hint="add to it with `dws add`, or look at it with `dws status`"
        )


class UnfinishedInitError(WorkspaceError):
    def __init__(self, directory: str | os.PathLike[str]) -> None:
        super().__init__(f"the `dws init` of {os.fspath(directory)} was ended in the middle", hint="run it again: it begins anew")


class NestedWorkspaceError(WorkspaceError):
    def __init__(self, directory: str | os.PathLike[str], outer: str | os.PathLike[str]) -> None:
        super().__init__(
            f"{os.fspath(directory)} lies inside the workspace {os.fspath(outer)}",
            hint="a workspace cannot hold another: choose a directory outside it, or use that workspace",
        )


class NewerFormatError(WorkspaceError):
    def __init__(self, path: str, line: int, found: int, known: int) -> None:
        super().__init__(
            f"{path}, line {line}: it is in format {found}, and this program knows formats up to {known}",
            hint=f"install a version of dws-core that knows format {found}: `python3 -m pip install --upgrade dws-core`",
        )


class DamagedRecordError(WorkspaceError):
    def __init__(self, path: str, reason: str, *, line: int = 1) -> None:
        self.path = path
        self.reason = reason
        super().__init__(
            f"{path}, line {line}: {reason}",
            hint="`dws verify --repair` brings back what the workspace's history holds; other files come from another clone",
        )


class ForeignLocalError(WorkspaceError):
    def __init__(self, directory: str | os.PathLike[str], reason: str) -> None:
        super().__init__(
            f"{os.fspath(directory)} is to hold what belongs to this clone alone, but {reason}",
            hint="do not trust this workspace before you know why; then remove that directory from it, and try again",
        )


class NothingToUndoError(WorkspaceError):
    def __init__(self) -> None:
        super().__init__("there is no operation to take back", hint="`dws log` lists the operations of this clone")


class NothingToRedoError(WorkspaceError):
    def __init__(self) -> None:
        super().__init__(
            "there is no undo to take back, or another operation came since",
            hint="`dws log` lists the operations; `dws undo --to N` brings back the state before any of them",
        )


class UnknownOperationError(WorkspaceError):
    def __init__(self, number: int, first: int, last: int) -> None:
        kept = f"those of {first} to {last}" if last else "none"
        super().__init__(f"the undo log has no operation {number}: it keeps {kept}", hint="`dws log` lists them")


class NotShareableError(WorkspaceError):
    def __init__(self, backend: str) -> None:
        super().__init__(
            f"this workspace's backend ({backend}) keeps a history for one clone alone",
            hint="make a workspace with a backend that can be shared: `dws init --help` tells how to choose one",
        )


class NotPublishedError(WorkspaceError):
    def __init__(self) -> None:
        super().__init__(
            "this workspace has no origin yet", hint="make an empty repository for it, then `dws publish URL` with its address"
        )


class OriginMovedError(WorkspaceError):
    def __init__(self, origin: str, tries: int) -> None:
        super().__init__(
            f"others pushed to {origin} at the same time, {tries} times in a row; what was sent so far need not be sent again",
            hint="try again with `dws push`",
        )


class ForeignRecordError(WorkspaceError):
    def __init__(self, path: str, reason: str) -> None:
        super().__init__(
            f"the origin holds a record that nobody can use, so nothing was taken from it: {path}: {reason}",
            hint="ask whoever pushed it last to take it out; a newer version of dws-core may know it",
        )


class MergeConflictError(WorkspaceError):
    def __init__(self, paths: Sequence[str], way: str) -> None:
        shown = ", ".join(paths[:10]) + (f" and {len(paths) - 10} more" if len(paths) > 10 else "")
        super().__init__(f"all snapshots are merged, but the origin has other changes of {shown}", hint=way)


class WorkspaceBusyError(WorkspaceError):
    def __init__(self, holder: str) -> None:
        super().__init__(f"the workspace is in use by {holder}", hint="wait until it is done, then try again")


class NamingError(DwsError):
    """A name cannot be used as it was given."""


class InvalidNameError(NamingError):
    def __init__(self, kind: str, value: str) -> None:
        super().__init__(
            f"{value!r} cannot be the name of a {kind}",
            hint="a name begins with a letter or digit, goes on with letters, digits, '.', '_' and '-', "
            "and has 64 characters at the most",
        )


class NameTakenError(NamingError):
    def __init__(self, kind: str, name: str, *, holder: str = "") -> None:
        super().__init__(
            f"there is a {kind} {name!r} already{f' ({holder})' if holder else ''}",
            hint="choose another name (names differ in more than upper and lower case)",
        )


class UnknownNameError(NamingError):
    def __init__(self, kind: str, name: str, known: Iterable[str] = ()) -> None:
        choices = sorted(known)
        near = get_close_matches(name, choices)
        choices = near + [each for each in choices if each not in near] if len(choices) > 12 else choices
        shown = ", ".join(choices[:12]) + (", …" if len(choices) > 12 else "")
        super().__init__(
            f"there is no {kind} {name!r}", hint=f"there are: {shown}" if choices else f"there is no {kind} at all yet"
        )


class AmbiguousNameError(NamingError):
    def __init__(self, kind: str, text: str, candidates: Iterable[str]) -> None:
        super().__init__(f"{text!r} fits more than one {kind}: {'; '.join(candidates)}", hint="give more digits of the hash")


class SettingError(DwsError):
    """A setting or an answer is missing or wrong."""


class InvalidSettingError(SettingError):
    def __init__(self, name: str, value: object, expected: str) -> None:
        super().__init__(f"{value!r} is no value for {name}", hint=f"{name} takes {expected}")


class MissingAnswerError(SettingError):
    exit_status = 2

    def __init__(self, what: str, option: str) -> None:
        super().__init__(f"{what} is needed, and there is no terminal to ask at", hint=f"give it with {option}")


class ResourceError(DwsError):
    """One resource does not allow it; the message names it."""


class PathMissingError(ResourceError):
    def __init__(self, path: str | os.PathLike[str], *, expected: str = "directory") -> None:
        super().__init__(f"there is no {expected} {os.fspath(path)}", hint="create it first, or correct the path")


class PathRefusedError(ResourceError):
    def __init__(self, path: str | os.PathLike[str], reason: str, *, hint: str = "choose another path") -> None:
        super().__init__(f"{os.fspath(path)} cannot be used: {reason}", hint=hint)


class PathOutsideError(ResourceError):
    def __init__(self, path: str | os.PathLike[str], root: str | os.PathLike[str]) -> None:
        super().__init__(
            f"{os.fspath(path)} lies outside the workspace {os.fspath(root)}",
            hint="allow it with --allow-outside (the path is then a setting of this clone alone)",
        )


class PathOverlapError(ResourceError):
    def __init__(self, path: str | os.PathLike[str], name: str, other: str | os.PathLike[str]) -> None:
        super().__init__(
            f"{os.fspath(path)} overlaps the resource {name!r} at {os.fspath(other)}",
            hint="resources lie side by side: choose a directory that neither holds nor lies in another resource",
        )


class PlaceUnknownError(ResourceError):
    def __init__(self, name: str, setting: str) -> None:
        super().__init__(
            f"resource {name!r} lies outside the workspace, and this clone does not know where",
            hint=f"say it with `dws config --resource {name} {setting} DIRECTORY`, or go on without it with `--leave {name}`",
        )


class OriginNotAcceptedError(ResourceError):
    def __init__(self, name: str, origin: str) -> None:
        super().__init__(
            f"resource {name!r} comes from {origin}, which this clone has not been told to contact",
            hint="if you trust it: `dws pull --accept`",
        )


class MissingTypeError(ResourceError):
    def __init__(self, name: str, type_name: str, distribution: str) -> None:
        super().__init__(
            f"resource {name!r} is of type {type_name!r}, which is not installed here",
            hint=f"the workspace asks for the distribution {distribution!r}: if you trust it, "
            f"`python3 -m pip install {distribution}`; or go on without the resource with `--leave {name}`",
        )


class DisabledTypeError(ResourceError):
    def __init__(self, name: str, type_name: str, plugins: Sequence[str]) -> None:
        super().__init__(
            f"resource {name!r} is of type {type_name!r}, and what may bring it is disabled: {', '.join(plugins)}",
            hint=f"switch it on with `dws plugins enable {plugins[0]}` (or take it out of DWS_DISABLE_PLUGINS); "
            f"or go on without the resource with `--leave {name}`",
        )


class NothingToCarryError(ResourceError):
    def __init__(self, name: str) -> None:
        super().__init__(
            f"resource {name!r} is in no snapshot yet, so there is no version to carry over",
            hint="take the snapshot without leaving it",
        )


class NotRestorableError(ResourceError):
    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"resource {name!r} cannot be restored: {reason}", hint=f"leave it as it is with `--leave {name}`")


class NotReadableError(ResourceError):
    def __init__(self, name: str) -> None:
        super().__init__(
            f"resource {name!r} has no files that could be read", hint="`dws report status` tells the type of each resource"
        )


class NotRecordedError(ResourceError):
    def __init__(self, name: str, snapshot: str) -> None:
        super().__init__(
            f"snapshot {snapshot} holds no version of resource {name!r}",
            hint="it was added later: `dws report history` lists the snapshots",
        )


class ReadOnlyFilesError(ResourceError):
    def __init__(self, name: str, reason: str = "a recorded version never changes") -> None:
        super().__init__(
            f"nothing can be written to {name!r}: {reason}",
            hint=f"write to dws://{name.partition('@')[0]}/… as it is now, or to a copy",
        )


class LineageFileTakenError(ResourceError):
    def __init__(self, path: str | os.PathLike[str], name: str, reason: str) -> None:
        super().__init__(
            f"{os.fspath(path)} is where the lineage of resource {name!r} is to be written for other workspaces, but {reason}",
            hint="move it away: nothing of somebody else's is overwritten",
        )


class UnsupportedFileError(ResourceError):
    def __init__(self, path: str | os.PathLike[str], kind: str) -> None:
        super().__init__(
            f"{os.fspath(path)} is a {kind}, which a snapshot cannot hold", hint="move it out of the resource, or remove it"
        )


class ContentError(DwsError):
    """Stored content is missing or damaged, or files do not allow it."""


class MissingObjectError(ContentError):
    def __init__(self, what: str) -> None:
        super().__init__(
            f"{what} is not in this clone", hint="`dws verify` tells why; get it from the clone that made the snapshot"
        )


class DamagedObjectError(ContentError):
    def __init__(self, what: str) -> None:
        super().__init__(
            f"{what} is damaged: its content no longer has its hash",
            hint="`dws verify --repair` looks for it in the resources; or get it again from the clone that made the snapshot",
        )


class ContentNotKeptError(ContentError):
    def __init__(self, name: str, path: str) -> None:
        super().__init__(
            f"{path} cannot be read as it was recorded: of {name!r} only a listing is kept, "
            "and nothing says that what lies there now is the same",
            hint=f"read what lies there now, at dws://{name.partition('@')[0]}/{path}",
        )


class NeedUnknownError(ContentError):
    def __init__(self, reason: str) -> None:
        super().__init__(
            f"nothing was removed, since it cannot be told what is still needed: {reason}",
            hint="`dws verify` tells what is damaged, and `dws verify --repair` mends what can be mended",
        )


class UnsafeTreeError(ContentError):
    """A tree that this program would not have written; whoever made it may mean harm."""

    def __init__(self, tree: str, reason: str) -> None:
        super().__init__(
            f"the tree {tree} cannot be used: {reason}", hint="ask whoever made the snapshot, and restore another one meanwhile"
        )


class ObjectsLostError(ContentError):
    def __init__(self, directory: str) -> None:
        super().__init__(f"content could not be kept in {directory}, since another resource failed", hint="try again")


class EntryTakenError(ContentError):
    def __init__(self, path: str) -> None:
        super().__init__(
            f"{path} is there already, so nothing can be put in its place", hint="move it away, or choose another path"
        )


class EntrySizeError(ContentError):
    def __init__(self, path: str, size: int) -> None:
        super().__init__(
            f"{path} cannot be put into a tree: it is said to have {size:,} bytes, and what is stored has another size",
            hint="that is a mistake of the plugin that reads it: tell its authors",
        )


class NoStoreError(ContentError):
    def __init__(self, snapshots: Sequence[str]) -> None:
        shown = ", ".join(snapshots[:5]) + (f" and {len(snapshots) - 5} more" if len(snapshots) > 5 else "")
        super().__init__(
            f"there is no store for the content of {shown}, so nobody else could restore that",
            hint="add one with `dws store add NAME URL` (a directory that others can read suffices), "
            "or push without the content with `--allow-missing`",
        )


class NotPushedError(ContentError):
    def __init__(self, snapshot: str, user: str, host: str) -> None:
        super().__init__(
            f"the content of snapshot {snapshot} is in no store that can be reached from here",
            hint=f"{user}, who took it on {host}, must run `dws push` there; then `dws pull` here",
        )


class NotReachedError(ContentError):
    def __init__(self, snapshot: str, remarks: Sequence[str]) -> None:
        super().__init__(
            f"the content of snapshot {snapshot} was pushed, but did not come from here: {'; '.join(remarks)}",
            hint="see that the store can be reached from here, then try again",
        )


class StoreRefusedError(ContentError):
    def __init__(self, name: str, url: str, reason: str) -> None:
        super().__init__(
            f"{url} cannot be used as the store {name!r}: {reason}",
            hint=f"look whether it is mounted, and the right place; `dws store add {name} URL` tells this clone of another one",
        )


class StoreNotAcceptedError(ContentError):
    def __init__(self, name: str, url: str) -> None:
        super().__init__(
            f"the workspace names the store {name!r} at {url}, which this clone has not been told to use",
            hint=f"if you trust it: `dws store add {name} {shlex.quote(url)}`",
        )


class UnstableFileError(ContentError):
    def __init__(self, path: str | os.PathLike[str]) -> None:
        super().__init__(
            f"{os.fspath(path)} keeps changing while it is read", hint="wait until its writer is done, then try again"
        )


class FileAccessError(ContentError):
    """The operating system refused a file: the message names the file and says why."""

    def __init__(self, path: str | os.PathLike[str] | None, error: OSError) -> None:
        name = os.fspath(path) if path is not None else str(error.filename or "a file")
        hints = {
            errno.ENOSPC: "free some space on that disk, then try again",
            errno.EDQUOT: "free some of your quota on that disk, then try again",
            errno.EACCES: "change the permissions of the file or its directory, then try again",
            errno.EPERM: "change the permissions of the file or its directory, then try again",
            errno.EROFS: "that disk is read-only: mount it for writing, or move the workspace",
        }
        super().__init__(
            f"{name}: {error.strerror or error}", hint=hints.get(error.errno or 0, "look at that file, then try again")
        )


class StoreAwayError(ContentError):
    def __init__(self, directory: str | os.PathLike[str]) -> None:
        super().__init__(
            f"nothing can be kept in a store there: there is no directory {os.fspath(directory)}",
            hint="if it lies on a share, mount it; if not, make that directory; then try again",
        )


class DamagedStoreError(ContentError):
    def __init__(self, store: str, name: str, reason: str) -> None:
        self.reason = reason
        super().__init__(
            f"{name} in the store {store} is damaged: {reason}",
            hint="nothing overwrites what a store keeps: remove that file from the store, "
            "then `dws push` from a clone that has the content",
        )


class LineageError(DwsError):
    """The recorded steps contradict each other."""


class OverlappingOutputsError(LineageError):
    def __init__(self, ref: str, step: str, other: str, other_ref: str) -> None:
        super().__init__(
            f"step {step!r} writes {ref}, which overlaps {other_ref}, written by the independent step {other!r}",
            hint="let each step write a place of its own, or let one depend on the other",
        )


class TwoVersionsError(LineageError):
    def __init__(self, step: str, ref: str, versions: Sequence[str], ways: Sequence[str] = ()) -> None:
        through = f" (through {'; '.join(ways)})" if ways else ""
        super().__init__(
            f"step {step!r} depends on {len(versions)} versions of {ref}: {', '.join(versions)}{through}",
            hint="run the earlier steps again, so that all of them have seen the same version",
        )


class OutsideResourcesError(LineageError):
    def __init__(self, path: str | os.PathLike[str]) -> None:
        super().__init__(
            f"{os.fspath(path)} lies in no resource of the workspace",
            hint="give a path inside a resource (`dws report status` lists them), or add one with `dws add`",
        )


class NotAResultsResourceError(LineageError):
    def __init__(self, name: str, role: str) -> None:
        super().__init__(
            f"resource {name!r} has the role {role}, so no results can be written to it",
            hint="name a resource with the role results",
        )


class NoNotebookError(LineageError):
    def __init__(self, program: str) -> None:
        super().__init__(
            f"no notebook is known that runs this step: it runs in {program}",
            hint="install the plugin for notebooks in the environment of the notebook's kernel, "
            "or give a name with `with_step_name`",
        )


class ImportedLineageError(LineageError):
    """What another workspace tells of a resource's lineage makes no sense."""

    def __init__(self, path: str | os.PathLike[str], reason: str) -> None:
        super().__init__(
            f"{os.fspath(path)} is no lineage that another workspace wrote: {reason}",
            hint="get the resource again from whoever exported it, or add it without --imported",
        )
        self.reason = reason


class InconsistentStepError(LineageError):
    def __init__(self, step: str, reason: str) -> None:
        super().__init__(
            f"the lineage of step {step!r} is inconsistent: {reason}", hint="run the step again, then take the snapshot"
        )


class PluginError(DwsError):
    """A plugin does not do what it should; the message names it."""


class PluginFailedError(PluginError):
    def __init__(self, plugin: str, distribution: str, what: str, error: BaseException) -> None:
        reason = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
        super().__init__(
            f"plugin {plugin!r} ({distribution}) failed in {what}: {reason}",
            hint=f"go on without it with `dws plugins disable {plugin}`, or tell its authors",
        )


class PluginClashError(PluginError):
    def __init__(self, kind: str, name: str, plugins: Sequence[str]) -> None:
        super().__init__(
            f"the {kind} {name!r} is claimed by the plugins {', '.join(plugins)}, so neither is used",
            hint=f"choose one by disabling the other: `dws plugins disable {plugins[-1]}`",
        )


class ToolError(DwsError):
    """A program or server outside did not do what was asked."""


class ToolMissingError(ToolError):
    def __init__(self, tool: str, how: str) -> None:
        super().__init__(f"the program {tool} was not found", hint=how)


class ToolFailedError(ToolError):
    def __init__(self, tool: str, action: str, reason: str, *, hint: str | None = None) -> None:
        super().__init__(f"{tool} could not {action}: {reason}", hint=hint)
