"""One directory of a stored tree brought to where it lies, whole or not at all."""

import os
from pathlib import Path

from dws_core.errors import FileAccessError
from dws_core.model.names import check_relative
from dws_core.plugin.grip import Grip
from dws_core.plugin.objects import EntryKind, Objects
from dws_core.plugin.staging import staging, sweep


def bring_directory(objects: Objects, tree: str, path: str, top: Path) -> bool:
    """Bring the directory at `path` of a stored tree to the same path below `top`, and tell whether it was not there.

    Where something lies there already, nothing is changed. Ended anywhere, it may be called again.
    """
    check_relative(path)
    try:
        sweep(top)
        with Grip(top) as grip:
            if grip.look(path) is not None:
                return False
            found = (entry.id for entry in objects.entries(tree) if entry.path == path and entry.kind is EntryKind.DIRECTORY)
            below = next(found, None)
            if below is None:
                return False
            with staging(top) as stage:
                objects.overlay(below, stage / "whole")
                parent, name = grip.parent(path, create=True)
                os.rename(stage / "whole", name, dst_dir_fd=parent)
    except OSError as error:
        raise FileAccessError(error.filename or top / path, error) from error
    return True
