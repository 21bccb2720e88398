"""Records in two histories: both keep all of theirs, whatever a commit took away or wrote anew."""

import hashlib
import re
from collections.abc import Mapping

from dws_git.differing import Difference, differences
from dws_git.listing import Item
from dws_git.repository import Repository

METADATA = ".dataworkspace"
DESCRIPTION = f"{METADATA}/workspace.json"
_RECORD = re.compile(rf"{re.escape(METADATA)}/[^/]+/([0-9a-f]{{64}})\.json")


def is_metadata(path: str) -> bool:
    """Tell whether a path lies in the metadata's directory, or is it."""
    return path == METADATA or path.startswith(f"{METADATA}/")


def additions(repository: Repository, head: str, tip: str, base: str) -> dict[str, Item]:
    """Name what HEAD's metadata lack to be those of both: all of HEAD's stays, but for what another file outdoes.

    Of two files that claim one name, the one whose bytes have that name counts, in every clone; where names say nothing,
    the one that was changed since `base`.
    """
    before = {path: each.old for path, each in differences(repository, base, tip).items()}
    found: dict[str, Item] = {}
    try:
        for path, each in differences(repository, head, tip).items():
            if is_metadata(path) and each.new is not None and (each.old is None or _outdoes(repository, path, each, before)):
                found[path] = each.new
    finally:
        repository.git.close()
    return found


def taken_away(repository: Repository, base: str, tip: str) -> list[str]:
    """Name the records that the other history removed or wrote anew."""
    return sorted(path for path, each in differences(repository, base, tip).items() if each.old and _RECORD.match(path))


def _outdoes(repository: Repository, path: str, each: Difference, before: Mapping[str, Item | None]) -> bool:
    """Tell whether the other's file takes the place of HEAD's."""
    assert each.old is not None and each.new is not None, "both have one"
    named = _RECORD.fullmatch(path)
    if named and each.old.id != each.new.id:
        ours, theirs = (_has_name(repository, item, named[1]) for item in (each.old, each.new))
        if ours != theirs:
            return theirs
    return before.get(path) == each.old


def _has_name(repository: Repository, item: Item, name: str) -> bool:
    blob = repository.git.blob(item.id)
    sha = hashlib.sha256()
    while chunk := blob.read(1 << 20):
        sha.update(chunk)
    return sha.hexdigest() == name
