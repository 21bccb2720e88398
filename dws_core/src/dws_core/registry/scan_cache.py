"""Remembers what a scan found, since reading all metadata costs as much as everything else at a start.

It holds as long as no folder scanned has changed: installing or removing a distribution changes its folder's time.
"""

import json
import os
import time
import zlib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import astuple
from pathlib import Path
from typing import Any

from dws_core.registry.plugin import Plugin

_SETTLED_NS = 2_000_000_000


class ScanCache:
    """The remembered scan of these folders, in the user's cache folder; a cache that cannot be used is never an error."""

    def __init__(self, environ: Mapping[str, str], places: Sequence[str]) -> None:
        self._stamps = _stamps(places)
        folder = environ.get("XDG_CACHE_HOME", "")
        home = environ.get("HOME", "")
        base = folder if folder.startswith("/") else f"{home}/.cache" if home else ""
        number = zlib.crc32("\0".join(places).encode("utf-8", "surrogateescape"))
        self._path = Path(f"{base}/dws/plugins-{number:08x}.json") if base else None

    def read(self) -> list[Plugin] | None:
        """Give what the last scan of the same folders found, or None if they have changed since."""
        if self._path is None:
            return None
        try:
            known: Any = json.loads(self._path.read_bytes())
            if known["stamps"] == self._stamps:
                return [
                    Plugin(name, distribution, version, module, bool(builtin))
                    for name, distribution, version, module, builtin in known["plugins"]
                ]
        except (OSError, ValueError, KeyError, TypeError):
            pass
        return None

    def write(self, plugins: Sequence[Plugin]) -> None:
        """Remember a scan, unless a folder changed so lately that another change could bear the same time."""
        newest = max((stamp for _, stamp in self._stamps), default=0)
        if self._path is None or time.time_ns() - newest < _SETTLED_NS:
            return
        fresh = self._path.with_name(f"{self._path.name}.{os.getpid()}")
        rows = [astuple(plugin)[:5] for plugin in plugins]
        with suppress(OSError):
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            fresh.write_text(json.dumps({"stamps": self._stamps, "plugins": rows}))
            fresh.replace(self._path)


def _stamps(places: Sequence[str]) -> list[list[Any]]:
    stamps: list[list[Any]] = []
    for place in places:
        try:
            stamps.append([place, Path(place).stat().st_mtime_ns])
        except OSError:
            stamps.append([place, 0])
    return stamps
