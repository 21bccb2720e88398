"""Making a directory what a tree says: staged and checked first, then by rename, and only where they differ."""

import errno
import os
import stat
from collections.abc import Sequence
from concurrent.futures import Executor
from pathlib import Path

from dws_core.errors import EntryTakenError, FileAccessError, UnstableFileError
from dws_core.model.changes import RestorePlan
from dws_core.objects.afterwards import take_in
from dws_core.objects.branch import join
from dws_core.objects.compare import Found
from dws_core.objects.contents import Contents
from dws_core.objects.intact import check_intact
from dws_core.objects.intake import Intake
from dws_core.objects.picture import FoundDirectory
from dws_core.objects.rewriting import Rewrite, choose_rewrites
from dws_core.objects.room import check_room, space_for
from dws_core.objects.rows import row_of
from dws_core.objects.staged import Stage
from dws_core.objects.steps import Old, Steps
from dws_core.objects.ticking import wait_for_tick
from dws_core.objects.tree import DIRECTORY, EXECUTABLE
from dws_core.plugin.context import Progress
from dws_core.plugin.grip import Grip
from dws_core.plugin.staging import is_staging, set_executable, staging


def plan(contents: Contents, steps: Steps, directory: Path, progress: Progress) -> RestorePlan:
    """Tell what would be done, having checked that everything is present and intact, and fits on the disk."""
    whole, rewrites = choose_rewrites(contents, steps, directory)
    files = list(whole.contents())
    check_intact(contents, files, progress)
    for rewrite in rewrites:
        for block in rewrite.blocks.values():
            contents.read(block, rewrite.path)
    written = sum(rewrite.size for rewrite in rewrites)
    check_room(directory, written + sum(space_for(node.size) for _, node in files))
    return RestorePlan(steps.changes(), written + sum(node.size for _, node in files))


def apply(contents: Contents, current: FoundDirectory, steps: Steps, directory: Path, progress: Progress) -> bool:
    """Do it, and take what was done into the picture; False, and that of no use, where it must be looked at anew.

    What changed since it was looked at is never touched.
    """
    if steps.is_nothing():
        return True
    steps, rewrites = choose_rewrites(contents, steps, directory)
    sizes = [node.size for _, node in steps.contents()] + [rewrite.size for rewrite in rewrites]
    progress.expect(files=len(sizes), size=sum(sizes))
    with staging(directory) as stage, Stage(stage, contents, progress) as filling:
        staged = filling.fill(steps.creations)
        for rewrite in rewrites:
            filling.delivery.check(rewrite.lengths(), rewrite.path)
        # A file that is written to once it can be seen has another time then than it was given here.
        ticked = wait_for_tick(stage)
        with Grip(directory) as grip:
            _check_unchanged(grip, steps, rewrites, filling.pool)
            _change(grip, stage, steps)
            rewritten = [(rewrite, rewrite.do(grip, filling.delivery)) for rewrite in rewrites]
            progress.advance(files=len(rewrites))
            known = ticked and filling.is_faithful and take_in(current, steps, staged, rewritten, grip)
        return known and wait_for_tick(stage)


def _change(grip: Grip, stage: Path, steps: Steps) -> None:
    for path, old in steps.removals:
        _remove(grip, path, old)
    for number, (path, _) in enumerate(steps.creations):
        parent, name = grip.parent(path, create=True)
        try:
            os.rename(stage / str(number), name, dst_dir_fd=parent)
        except OSError as error:
            raise FileAccessError(grip.top / path, error) from error
    for path, _, node in steps.modes:
        parent, name = grip.parent(path)
        descriptor = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=parent)
        try:
            set_executable(descriptor, executable=node.kind == EXECUTABLE)
        finally:
            os.close(descriptor)


def _remove(grip: Grip, path: str, old: Old) -> None:
    if old.node.kind != DIRECTORY:
        parent, name = grip.parent(path)
        os.unlink(name, dir_fd=parent)
        return
    inside = old.enter()
    for index, node in enumerate(inside.nodes()):
        _remove(grip, join(path, node.name), Found(inside, index, node))
    parent, name = grip.parent(path)
    try:
        os.rmdir(name, dir_fd=parent)
    except OSError as error:
        if error.errno in (errno.ENOTEMPTY, errno.EEXIST):
            raise UnstableFileError(grip.top / path) from error
        raise


def _check_unchanged(grip: Grip, steps: Steps, rewrites: Sequence[Rewrite], pool: Executor) -> None:
    """Raise an error, nothing being changed yet, if what is to go is no longer what was looked at."""
    changing = [*((path, old) for path, old, _ in steps.modes), *((rewrite.path, rewrite.old) for rewrite in rewrites)]
    for path, old in (*steps.removals, *steps.replacements, *changing):
        _check_same(grip, path, old, pool)
    gone = {path for path, _ in (*steps.removals, *steps.replacements)}
    for path, _ in steps.creations:
        if path not in gone and grip.look(path) is not None:
            raise EntryTakenError(str(grip.top / path))


def _check_same(grip: Grip, path: str, old: Old, pool: Executor) -> None:
    status = grip.look(path)
    if status is None:
        raise UnstableFileError(grip.top / path)
    if old.node.kind != DIRECTORY:
        row = old.holder.row(old.place)
        if stat.S_ISDIR(status.st_mode) or row_of(status) != row:
            raise UnstableFileError(grip.top / path)
        # An equal row proves nothing of a file that was looked at in the very moment of its writing.
        if old.place in old.holder.racy and Intake().take(os.fsencode(grip.top / path), pool)[:2] != (row, old.node.id):
            raise UnstableFileError(grip.top / path)
        return
    if not stat.S_ISDIR(status.st_mode):
        raise UnstableFileError(grip.top / path)
    inside = old.enter()
    with os.scandir(grip.directory(path)) as entries:
        names = sorted(os.fsencode(entry.name) for entry in entries if not is_staging(entry.name))
    if names != inside.names:
        raise EntryTakenError(str(grip.top / path))
    for index, node in enumerate(inside.nodes()):
        _check_same(grip, join(path, node.name), Found(inside, index, node), pool)
