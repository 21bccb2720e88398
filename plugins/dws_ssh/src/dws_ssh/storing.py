"""The content of a directory of a server put into the object store: fetched once, and only what is not there."""

import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from dws_core.errors import MissingObjectError
from dws_core.model.version import Version
from dws_core.plugin import Context, Entry, EntryKind
from dws_ssh.fetching import fetch, keep_link
from dws_ssh.hashing import files_in, picture_of, quick_sums
from dws_ssh.memory import Memory
from dws_ssh.place import Place
from dws_ssh.recorded import remember_sum, stored_sums, version_of
from dws_ssh.survey import Found, survey


def store(place: Place, context: Context, memory: Memory, *, trusts: bool, now: float) -> Version:
    """Store all that lies there now, and answer its version."""
    found = survey(place)
    files = files_in(found)
    stored = dict(stored_sums(context.objects, memory.trees, memory))
    # What has a size that nothing here has must come in any case, and what it is shows then.
    sizes = {entry.size for entry in stored.values()}
    sums = quick_sums(place, {path: each for path, each in files.items() if each.size in sizes}, memory if trusts else None)
    try:
        tree = _store(place, context, memory, found, sums, stored)
    except MissingObjectError:  # something was removed meanwhile
        tree = _store(place, context, memory, found, sums, {})
    memory.remember_tree(tree)
    if trusts:
        memory.remember_files(found, sums, now)
    memory.save()
    return version_of(picture_of(found, sums), tree)


def _store(
    place: Place,
    context: Context,
    memory: Memory,
    found: dict[str, Found],
    sums: dict[str, str],
    stored: Mapping[str, Entry],
) -> str:
    """Make the tree of what was found; of files that changed since, both it and the sums tell afterwards."""
    entries = [Entry(path, each.kind, "", 0) for path, each in found.items() if each.kind is EntryKind.DIRECTORY]
    wanted: dict[str, Found] = {}
    for path, each in files_in(found).items():
        known = stored.get(sums.get(path, ""))
        if known is not None and known.size == each.size:
            entries.append(replace(known, path=path, kind=each.kind))
        else:
            wanted[path] = each
    context.progress.expect(files=len(wanted), size=sum(each.size for each in wanted.values()))
    context.private.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="incoming-", dir=context.private) as name, context.objects.keeping() as keep:
        incoming = Path(name)
        links = ((path, each) for path, each in found.items() if each.kind is EntryKind.SYMLINK)
        entries += [keep_link(keep, incoming, path, each) for path, each in links]
        for as_read, entry in fetch(place, keep, incoming, wanted, sums, context.progress):
            found[entry.path] = as_read
            remember_sum(memory, entry, sums[entry.path])
            entries.append(entry)
    return context.objects.tree(entries)
