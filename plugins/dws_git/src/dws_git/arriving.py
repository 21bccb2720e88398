"""What another history brings, looked at before any of it is used."""

import re
from collections.abc import Mapping, Sequence

from dws_core.errors import PathRefusedError
from dws_core.model.codec import MAX_BYTES
from dws_core.model.names import check_relative
from dws_core.plugin import Incoming
from dws_git.differing import Differences, clash, differences, news
from dws_git.errors import HarmfulHistoryError
from dws_git.listing import EXECUTABLE, FILE, Item
from dws_git.metadata import DESCRIPTION, METADATA, is_metadata
from dws_git.repository import Repository

_PLAIN_NAME = re.compile(r"[A-Za-z0-9._-]+")


def incoming(repository: Repository, head: str, tip: str, bases: Sequence[str], origin: str) -> Incoming:
    """Say what a commit brings to HEAD; HarmfulHistoryError where a stranger may mean harm."""
    differing = differences(repository, head, tip)
    check_arriving({path: each.new for path, each in differing.items() if each.new is not None}, origin)
    _check_records(differing, origin)
    fresh = {path: each.new for path, each in differing.items() if each.old is None and each.new and is_metadata(path)}
    theirs = {path for base in bases for path in differences(repository, base, tip)}
    paths = tuple(path for path in differing if path in theirs and not is_metadata(path))
    return Incoming(tip, _contents(repository, fresh, origin), paths)


def check_arriving(items: Mapping[str, Item], origin: str) -> None:
    """Raise a HarmfulHistoryError where one of these may not be written below a workspace's top."""
    for path, item in items.items():
        if reason := _harm_of_metadata(path, item) if is_metadata(path) else _harm_of_name(path):
            raise HarmfulHistoryError(origin, f"{path}: {reason}")


def _harm_of_metadata(path: str, item: Item) -> str | None:
    if item.mode not in (FILE, EXECUTABLE):
        return "among the records there are only files"
    names = path.split("/")[1:]
    if not names:
        return "it is to be a directory"
    if not all(_PLAIN_NAME.fullmatch(name) for name in names):
        return "no record has such a name"
    if names[0].casefold().rstrip(".") == "local":
        return "it would belong to this clone alone"
    return _harm_of_name("/".join(names))


def _harm_of_name(path: str) -> str | None:
    try:
        check_relative(path)
    except PathRefusedError as refusal:
        return refusal.message.partition(": ")[2] or refusal.message
    return None


def _check_records(differing: Differences, origin: str) -> None:
    """Refuse what cannot lie beside the records that are here."""
    described = differing.get(DESCRIPTION)
    if described and described.new:
        raise HarmfulHistoryError(origin, f"{DESCRIPTION} is not the one that this workspace was made with")
    metadata = {path: each for path, each in differing.items() if is_metadata(path)}
    blocked = clash(news(metadata), metadata.keys() - news(metadata))
    if blocked:
        raise HarmfulHistoryError(origin, f"{blocked} is a file in the one history, and a directory in the other")


def _contents(repository: Repository, items: Mapping[str, Item], origin: str) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    try:
        for path, item in items.items():
            blob = repository.git.blob(item.id)
            if blob.size > MAX_BYTES:
                raise HarmfulHistoryError(origin, f"{path} has {blob.size:,} bytes, more than the {MAX_BYTES:,} allowed")
            found[path] = blob.read()
    finally:
        repository.git.close()
    return found


def is_workspace(items: Mapping[str, Item]) -> bool:
    """Tell whether these are the files of a workspace."""
    described = items.get(DESCRIPTION)
    return described is not None and described.mode == FILE and METADATA not in items
