"""Opens the workspace that a command is about."""

import os
from pathlib import Path

from dws_core.cli.session import Session
from dws_core.errors import FileAccessError, PathMissingError
from dws_core.workspace import Caller, Workspace


def caller_of(session: Session) -> Caller:
    """Tell who calls; FileAccessError where the current directory is gone."""
    try:
        return Caller.of_process()
    except FileNotFoundError as error:
        raise FileAccessError("the current directory", error) from error


def start_of(session: Session, caller: Caller) -> Path:
    """Name the directory that the command is about: `--workspace-dir`, or the current one."""
    if session.workspace_dir is None:
        return caller.cwd
    path = caller.place(os.fsdecode(session.workspace_dir))
    if not path.is_dir():
        raise PathMissingError(path)
    return path


def open_workspace(session: Session) -> Workspace:
    """Open the workspace here, or the one that `--workspace-dir` names; NoWorkspaceError if there is none."""
    caller = caller_of(session)
    return Workspace.find(start_of(session, caller), session.registry, caller, session.progress)
