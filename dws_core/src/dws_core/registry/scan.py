"""Reads the entry points of the group `dws` from the metadata of installed distributions."""

import re
from collections.abc import Sequence

from dws_core.registry.plugin import CORE, Plugin

GROUP = "dws"


def scan(places: Sequence[str]) -> list[Plugin]:
    """List the plugins of all distributions in these folders, in order of distribution and name."""
    import importlib_metadata  # noqa: PLC0415  # a third of a start's time, and needed only when the cache does not hold

    found: dict[str, list[Plugin]] = {}
    for distribution in importlib_metadata.distributions(path=list(places)):
        points = [point for point in distribution.entry_points if point.group == GROUP]
        if not points:
            continue
        name = re.sub(r"[-_.]+", "-", distribution.name or "unnamed").lower()
        if name not in found:
            version = distribution.version
            found[name] = [Plugin(point.name, name, version, point.module, builtin=name == CORE) for point in points]
    return [plugin for name in sorted(found) for plugin in sorted(found[name], key=lambda plugin: plugin.name)]
