"""A repository obtained from its origin to where nothing lies yet."""

import hashlib
import os
import secrets
import shutil
from pathlib import Path

from dws_core.errors import FileAccessError, PathRefusedError
from dws_core.model.names import check_relative
from dws_core.plugin.staging import is_staging
from dws_git.addresses import check_network
from dws_git.checkout import HEADS
from dws_git.errors import NoOriginError
from dws_git.exchanging import REMOTE, fetch
from dws_git.git import look_there, make_repository
from dws_git.lfs import pull_lfs
from dws_git.repository import Repository, is_repository
from dws_git.trees import read_tree


def obtain(place: Path, url: str | None, branch: str | None) -> None:
    """Clone a stranger's repository; ended anywhere it may be done again, since it appears by one rename."""
    if is_repository(place):
        return
    if not url:
        raise NoOriginError(place)
    check_network(url, place)
    if place.is_dir() and any(place.iterdir()):
        raise PathRefusedError(place, "something lies there already", hint="move it away, then try again")
    # Named anew each time: a git that outlives its command may still write into the one before.
    ours = f".dws-staging-{hashlib.sha256(os.fsencode(place.name)).hexdigest()[:8]}"
    staged = place.parent / f"{ours}{secrets.token_hex(4)}"
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        for left in [each for each in place.parent.iterdir() if each.name.startswith(ours) and is_staging(each.name)]:
            shutil.rmtree(left, ignore_errors=True)
        staged.mkdir(mode=0o700)
        _clone(staged, url, branch)
        staged.chmod(0o777 & ~_mask())
        staged.rename(place)
    except OSError as error:
        raise FileAccessError(error.filename or place, error) from error
    finally:
        shutil.rmtree(staged, ignore_errors=True)


def _clone(staged: Path, url: str, branch: str | None) -> None:
    there = look_there(url, "HEAD", f"{HEADS}*")
    heads = {name.removeprefix(HEADS): tip for name, tip in there.items() if name.startswith(HEADS)}
    is_long = any(len(tip) == 64 for tip in heads.values())
    make_repository(staged, *(["--object-format=sha256"] if is_long else []))
    repository = Repository(staged)
    for setting, value in (("url", url), ("fetch", f"+{HEADS}*:{REMOTE}*")):
        repository.git.run("config", f"remote.origin.{setting}", value)
    fetch(repository)
    repository.git.run("fetch", "--quiet", "--no-recurse-submodules", "origin", "+refs/tags/*:refs/tags/*")
    default = there.get("ref", "").removeprefix(HEADS)
    chosen = next((each for each in (branch, default) if each in heads and not each.startswith("-")), None)
    if chosen is None:
        return
    if default in heads:
        repository.git.run("symbolic-ref", f"{REMOTE}HEAD", REMOTE + default)
    for path in read_tree(repository, REMOTE + chosen):
        check_relative(path)
    pull_lfs(repository, "origin", [REMOTE + chosen])
    repository.git.run("checkout", "--quiet", "--force", "-B", chosen, "--track", REMOTE + chosen)


def _mask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
