"""The kinds of record that there are, and the noun that each is."""

from collections.abc import Callable, Mapping

from dws_core.model.codec import JsonObject, flag_of, text_of
from dws_core.model.lineage import Lineage
from dws_core.model.receipt import Receipt
from dws_core.model.resource import Resource
from dws_core.model.snapshot import Snapshot
from dws_core.model.store import SharedStore
from dws_core.workspace.history import WORKSPACE
from dws_core.workspace.settings import WorkspaceSettings

NOUNS: Mapping[str, Callable[[JsonObject, str], object]] = {
    "resources": Resource.from_json,
    "snapshots": Snapshot.from_json,
    "stores": SharedStore.from_json,
    "receipts": Receipt.from_json,
    "lineage": lambda value, _: Lineage.from_json(value),
    "settings": lambda value, _: _setting(value),
    "removed": lambda value, _: text_of(value, "target"),
}
"""By the folder they lie in; making one is a ValueError or a DwsError where the record makes no sense."""


def _setting(value: JsonObject) -> tuple[str, str]:
    target, name = text_of(value, "target"), text_of(value, "name")
    if target == WORKSPACE and not flag_of(value, "unset"):
        WorkspaceSettings.from_json(WorkspaceSettings.shareable({name: value.get("value")}))
    return target, name
