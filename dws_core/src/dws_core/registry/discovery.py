"""Finds the entry points that are plugins, without importing any."""

import os
import site
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from dws_core.registry.plugin import Plugin
from dws_core.registry.scan import scan
from dws_core.registry.scan_cache import ScanCache


def find_plugins(environ: Mapping[str, str]) -> list[Plugin]:
    """List the plugins in order of distribution and name; a distribution met twice counts where Python meets it first."""
    places = _places(environ)
    cache = ScanCache(environ, places)
    found = cache.read()
    if found is None:
        found = scan(places)
        cache.write(found)
    return found


def _places(environ: Mapping[str, str]) -> list[str]:
    """Name the folders of `sys.path` that belong to the environment: never the current one, nor a script's."""
    trusted = {os.path.realpath(place) for place in _trusted(environ)}
    return [place for place in dict.fromkeys(sys.path) if place and os.path.realpath(place) in trusted]


def _trusted(environ: Mapping[str, str]) -> Iterator[str]:
    yield from site.getsitepackages()
    if site.ENABLE_USER_SITE:
        yield site.getusersitepackages()
    if not sys.flags.ignore_environment:
        yield from (place for place in environ.get("PYTHONPATH", "").split(os.pathsep) if Path(place).is_absolute())
