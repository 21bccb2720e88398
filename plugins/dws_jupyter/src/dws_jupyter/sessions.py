"""Asks the Jupyter servers of this user which notebook a kernel belongs to."""

import json
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

_SECONDS = 2.0
_LOCAL = ("127.0.0.1", "localhost", "::1")


def path_in_session(kernel: str) -> Path | None:
    """Answer the path of the notebook whose session runs this kernel, or None; only servers on this machine are asked."""
    for server in _servers():
        for session in _sessions(server):
            if session.get("kernel", {}).get("id") == kernel and session.get("path", "").endswith(".ipynb"):
                return Path(str(server.get("root_dir") or server.get("notebook_dir") or "/"), str(session["path"]))
    return None


def _servers() -> Iterator[dict[str, Any]]:
    """Read what running servers wrote of themselves, into the runtime folder that kernels of theirs share."""
    folder = _runtime_folder()
    files = [*folder.glob("jpserver-*.json"), *folder.glob("nbserver-*.json")] if folder.is_dir() else []
    for path in files:
        with suppress(OSError, ValueError):
            server = json.loads(path.read_bytes())
            if isinstance(server, dict) and urlsplit(str(server.get("url"))).hostname in _LOCAL:
                yield server


def _runtime_folder() -> Path:
    if os.environ.get("JUPYTER_RUNTIME_DIR"):
        return Path(os.environ["JUPYTER_RUNTIME_DIR"])
    if os.environ.get("JUPYTER_DATA_DIR"):
        return Path(os.environ["JUPYTER_DATA_DIR"]) / "runtime"
    shared = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    mac = Path.home() / "Library" / "Jupyter"
    return mac / "runtime" if mac.is_dir() else Path(shared) / "jupyter" / "runtime"


def _sessions(server: dict[str, Any]) -> list[dict[str, Any]]:
    import urllib.request  # noqa: PLC0415  # this module is imported at every start, and that one costs as much as all of it

    request = urllib.request.Request(str(server["url"]) + "api/sessions")
    if server.get("token"):
        request.add_header("Authorization", f"token {server['token']}")
    with suppress(OSError, ValueError):
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with direct.open(request, timeout=_SECONDS) as answer:
            found = json.loads(answer.read())
            return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []
    return []
