"""The rule for local paths that come from shared metadata: a stranger's record never leads outside the workspace."""

from collections.abc import Mapping
from pathlib import Path

from dws_core.errors import PathRefusedError, PlaceUnknownError
from dws_core.model.codec import Json
from dws_core.model.names import check_relative
from dws_core.model.resource import Resource
from dws_core.plugin.settings import Scope, Setting, Settings


def check_places(
    root: Path,
    resource: Resource,
    declared: type[Settings],
    stored: Mapping[str, Json],
    own: Mapping[str, Json],
    *,
    is_local: bool,
) -> None:
    """Check a resource's paths; PathRefusedError where a shared one leads out, PlaceUnknownError where there is none.

    Where its content lies in a directory here (`is_local`), it needs one, whatever else its settings are shared with.
    """
    for each in declared.declared():
        if each.scope is not Scope.PLACE or each.name in own:
            continue
        value = stored.get(each.name)
        if value is None and needs_place(each, is_local=is_local):
            raise PlaceUnknownError(resource.name, each.name)
        if isinstance(value, str):
            if not value:
                raise PathRefusedError(root, f"the record of {resource.name!r} takes the workspace itself for a resource")
            inside = (root / check_relative(value)).resolve()
            if not inside.is_relative_to(root):
                raise PathRefusedError(value, f"the record of {resource.name!r} leads outside the workspace through a link")


def needs_place(setting: Setting, *, is_local: bool) -> bool:
    """Tell whether a setting says where a resource lies that cannot be without it."""
    return setting.scope is Scope.PLACE and (setting.required or is_local)
