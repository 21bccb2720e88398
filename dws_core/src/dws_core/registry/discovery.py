"""Finds the entry points that are plugins, without importing any."""

import os
import re
import site
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import importlib_metadata

from dws_core.registry.plugin import Plugin

GROUP = "dws"
CORE = "dws-core"


def find_plugins(environ: Mapping[str, str]) -> list[Plugin]:
    """List the plugins in order of distribution and name; a distribution met twice counts where Python meets it first."""
    found: dict[str, list[Plugin]] = {}
    for distribution in importlib_metadata.distributions(path=_places(environ)):
        points = [point for point in distribution.entry_points if point.group == GROUP]
        if not points:
            continue
        name = re.sub(r"[-_.]+", "-", distribution.name or "unnamed").lower()
        if name not in found:
            found[name] = [Plugin(point.name, name, distribution.version, point.module, builtin=name == CORE) for point in points]
    return [plugin for name in sorted(found) for plugin in sorted(found[name], key=lambda plugin: plugin.name)]


def _places(environ: Mapping[str, str]) -> list[str]:
    """Name the folders of `sys.path` that belong to the environment: never the current one, nor a script's."""
    trusted = {_plain(place) for place in _trusted(environ)}
    return [place for place in dict.fromkeys(sys.path) if place and _plain(place) in trusted]


def _trusted(environ: Mapping[str, str]) -> Iterator[str]:
    yield from site.getsitepackages()
    if site.ENABLE_USER_SITE:
        yield site.getusersitepackages()
    if not sys.flags.ignore_environment:
        yield from (place for place in environ.get("PYTHONPATH", "").split(os.pathsep) if Path(place).is_absolute())


def _plain(place: str) -> str:
    return os.path.realpath(place)
