"""The submodules of a repository, each known by the commit that it stands at."""

import os

from dws_git.errors import DirtySubmoduleError
from dws_git.listing import SUBMODULE, Item, Listing
from dws_git.repository import Repository, is_repository


def submodules(repository: Repository) -> Listing:
    """List them with their commits; DirtySubmoduleError if one holds what is not committed."""
    listing: Listing = {}
    for entry in repository.git.run("ls-files", "--stage", "-z").split(b"\0"):
        if not entry.startswith(SUBMODULE.encode()):
            continue
        path = os.fsdecode(entry.split(b"\t", 1)[1])
        place = repository.top / path
        if not place.is_dir() or place.is_symlink():
            continue
        commit = entry.split()[1].decode()
        if is_repository(place):
            inner = Repository(place)
            if inner.git.run("status", "--porcelain", "-z", "--untracked-files=all"):
                raise DirtySubmoduleError(place)
            commit = inner.head or commit
        listing[path] = Item(SUBMODULE, commit)
    return listing
