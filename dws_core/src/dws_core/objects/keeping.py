"""Single files of this machine put among the objects, as those of a directory are."""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from dws_core.errors import PathMissingError
from dws_core.objects.contents import Contents
from dws_core.objects.hands import hashers
from dws_core.objects.intake import Intake
from dws_core.objects.picture import kind_in, size_in
from dws_core.objects.refused import named
from dws_core.objects.tree import KINDS
from dws_core.plugin.objects import Entry


@contextmanager
def keeping(contents: Contents) -> Iterator[Callable[[Path], Entry]]:
    """Give what stores one file or symlink a call; it lasts once this ends."""
    contents.refresh()
    with contents.writing(), hashers() as pool:
        yield partial(_keep, Intake(contents), pool)


def _keep(intake: Intake, pool: Executor, file: Path) -> Entry:
    with named():
        if not file.is_symlink() and not file.is_file():
            raise PathMissingError(file, expected="file")
        taken = intake.take(os.fsencode(file), pool)
    return Entry(file.name, KINDS[kind_in(taken.row)], taken.id.hex(), size_in(taken.row))
