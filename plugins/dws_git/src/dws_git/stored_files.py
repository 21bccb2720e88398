"""Stored files on their way back: how large they are, and written whole to a staging directory."""

from collections.abc import Collection, Mapping
from pathlib import Path

from dws_core.errors import MissingObjectError
from dws_core.plugin import Objects
from dws_git.content import Stored, inexact, large_content, open_blob, opening_aside
from dws_git.listing import Item
from dws_git.repository import Repository
from dws_git.restoring import write_staged


def sizes(
    repository: Repository, objects: Objects, stored: Stored, target: Mapping[str, Item], paths: Collection[str]
) -> dict[str, int]:
    """Answer the size of each of these in bytes; MissingObjectError if one is not there."""
    aside = inexact(objects, stored)
    found: dict[str, int] = {}
    if stored.beside:
        content = large_content(repository, objects, stored)
        found.update(content.sizes([path for path in paths if path in aside]))
    elif not aside.keys().isdisjoint(paths):
        absent = set(objects.missing(stored.extras)) & set(paths)
        if absent:
            raise MissingObjectError(f"the content of {min(absent)}")
        found.update({entry.path: entry.size for entry in objects.entries(stored.extras)})
    found.update(sizes_in_git(repository, target, [path for path in paths if path not in aside]))
    return {path: found[path] for path in paths}


def sizes_in_git(repository: Repository, target: Mapping[str, Item], paths: Collection[str]) -> dict[str, int]:
    """Answer the size of each of these blobs of a listing; MissingObjectError if one is not there."""
    found: dict[str, int] = {}
    given = "".join(f"{target[path].id}\n" for path in paths).encode()
    answer = repository.git.run("cat-file", "--batch-check=%(objectsize)", "--buffer", given=given) if paths else b""
    for path, line in zip(paths, answer.splitlines(), strict=True):
        if not line.isdigit():
            raise MissingObjectError(f"the content of {path} (git object {target[path].id})")
        found[path] = int(line)
    return found


def stage(
    repository: Repository,
    objects: Objects,
    stored: Stored,
    target: Mapping[str, Item],
    place: Path,
    paths: Collection[str],
) -> None:
    """Write the content of these paths below `place`, each checked by its id."""
    aside = inexact(objects, stored)
    open_it = opening_aside(repository, objects, stored)
    for path in paths:
        with open_it(path) if path in aside else open_blob(repository, target[path].id) as content:
            write_staged(place, path, target[path], content)
