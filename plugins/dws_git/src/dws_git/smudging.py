"""Files as git writes them to a working tree: with the filters and line ends that the user's configuration asks for."""

import os
from collections.abc import Collection, Mapping
from pathlib import Path

from dws_git.hashing import hash_file
from dws_git.lfs import pinned
from dws_git.listing import Item, Listing, ancestors
from dws_git.repository import Repository
from dws_git.trees import index_lines

_ATTRIBUTES = ".gitattributes"


def check_out(
    repository: Repository,
    commit: str,
    place: Path,
    paths: Collection[str],
    scratch: Path,
    beside: Mapping[str, Item] | None = None,
    environment: Mapping[str, str] | None = None,
) -> None:
    """Write these paths of a commit (with `beside` in its stead) below another directory, as `git checkout` would."""
    index = {"GIT_INDEX_FILE": str(scratch / "index-to-check-out")}
    (scratch / "index-to-check-out").unlink(missing_ok=True)
    repository.git.run("read-tree", commit, environment=index)
    if beside:
        repository.git.run("update-index", "-z", "--index-info", given=index_lines(beside, repository.zero), environment=index)
    pins = pinned(repository) if _filters(repository) else {}
    elsewhere = {**index, **pins, **(environment or {}), "GIT_WORK_TREE": str(place)}
    listed = map(os.fsdecode, repository.git.run("ls-files", "-z", environment=index).split(b"\0"))
    # The attributes go first, in a run of their own, since they rule over how the others are written.
    ruling = {_ATTRIBUTES, *(f"{each}/{_ATTRIBUTES}" for path in paths for each in ancestors(path))}
    attributes = [path for path in listed if path in ruling]
    for group in (attributes, [path for path in paths if path not in set(attributes)]):
        if group:
            given = b"".join(os.fsencode(path) + b"\0" for path in group)
            repository.git.run("checkout-index", "--force", "-z", "--stdin", given=given, environment=elsewhere)


def _filters(repository: Repository) -> bool:
    """Tell whether any program has a part in how files are written."""
    return any(name.startswith("filter.") for name in repository.git.configuration.names())


def as_git_sees(repository: Repository, listing: Listing, commit: str, changed: Mapping[str, str], scratch: Path) -> Listing:
    """Give the files that git stores otherwise than they are the ids that it stores them under, where they come back from it."""
    if not changed:
        return listing
    cleaned = {path: Item(listing[path].mode, identity) for path, identity in changed.items()}
    place = scratch / "written"
    place.mkdir()
    check_out(repository, commit, place, cleaned, scratch, cleaned)
    returning = {path for path in cleaned if hash_file(place / path, repository.algorithm) == listing[path].id}
    return {path: cleaned[path] if path in returning else item for path, item in listing.items()}
