"""The first copy of a remote: fetched beside where it is to lie, whole, before it appears there by one rename."""

import hashlib
import os
import secrets
import shutil
from contextlib import suppress
from pathlib import Path

from dws_core.errors import FileAccessError
from dws_core.plugin.staging import is_staging
from dws_rclone.agreement import Pair
from dws_rclone.errors import InTheWayError, NothingThereError, TransferFailedError
from dws_rclone.link import Link
from dws_rclone.listing import Listing


def obtain(link: Link) -> None:
    """Copy the remote to where nothing lies yet; ended anywhere, it goes on from there when it is done again."""
    place = link.directory
    try:
        if place.is_dir() and any(place.iterdir()):
            if link.agreement.pairs:
                return
            raise InTheWayError(place, str(link.remote))
        there = link.there()
        if not there.is_there:
            raise NothingThereError(str(link.remote))
        staged = _take_over(place)
        _fetch(link, there, staged)
        link.remember()
        staged.chmod(0o777 & ~_mask())
        with suppress(FileNotFoundError):
            place.rmdir()
        staged.rename(place)
    except OSError as error:
        raise FileAccessError(error.filename or place, error) from error


def _take_over(place: Path) -> Path:
    """Make a directory beside the place, of what a dead command fetched before: by a new name that no old writer knows."""
    ours = f".dws-staging-{hashlib.sha256(os.fsencode(place.name)).hexdigest()[:8]}"
    place.parent.mkdir(parents=True, exist_ok=True)
    staged = place.parent / f"{ours}{secrets.token_hex(4)}"
    left = sorted(each for each in place.parent.iterdir() if each.name.startswith(ours) and is_staging(each.name))
    for each in left[1:]:
        shutil.rmtree(each, ignore_errors=True)
    if left:
        left[0].rename(staged)
    else:
        staged.mkdir(mode=0o700)
    return staged


def _fetch(link: Link, there: Listing, staged: Path) -> None:
    action = f"copy {link.remote} to {link.directory}"
    _remove_others(staged, there)
    link.context.progress.expect(files=len(there.files), size=sum(mark.size for mark in there.files.values()))
    link.carry_all(action, staged)
    came = {entry.path: entry for entry in link.context.objects.listing(staged)}
    wrong = [path for path, mark in there.files.items() if path not in came or came[path].size != mark.size]
    if wrong:
        raise TransferFailedError(action, wrong)
    link.agreement.settle({path: Pair(mark, came[path].id) for path, mark in there.files.items()})


def _remove_others(staged: Path, there: Listing) -> None:
    """Remove what an earlier attempt brought and the remote has no more."""
    for directory, _, names in os.walk(staged):
        for name in names:
            path = Path(directory, name)
            if os.path.relpath(path, staged) not in there.files:
                path.unlink()


def _mask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
