"""Finds the notebook that the kernel in this process runs."""

import os
import sys
from pathlib import Path
from typing import Any

from dws_jupyter.sessions import path_in_session

_ENDING = ".ipynb"


def find_notebook() -> Path | None:
    """Answer the path of the notebook, as well as it can be known, or None."""
    kernel = _kernel_id()
    for found in (
        _as_notebook(_user_variable("__vsc_ipynb_file__")),
        path_in_session(kernel) if kernel else None,
        _as_notebook(os.environ.get("JPY_SESSION_NAME")),
        _from_parent(),
    ):
        if found is not None:
            return found
    return None


def _as_notebook(name: object) -> Path | None:
    return Path(name) if isinstance(name, str) and name.endswith(_ENDING) else None


def _user_variable(name: str) -> object:
    shell: Any = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    return shell.user_ns.get(name) if shell is not None else None


def _kernel_id() -> str | None:
    """Read the kernel's id from the name of the file that tells it how to talk to the server."""
    application: Any = getattr(sys.modules.get("ipykernel.kernelapp"), "IPKernelApp", None)
    if application is None or not application.initialized():
        return None
    name = Path(application.instance().connection_file).name
    return name.removeprefix("kernel-").removesuffix(".json") if name.startswith("kernel-") else None


def _from_parent() -> Path | None:
    """Look for a notebook among the arguments of the program that started the kernel (Linux)."""
    parent = os.environ.get("JPY_PARENT_PID") or str(os.getppid())
    if not parent.isdigit():
        return None
    try:
        arguments = Path(f"/proc/{parent}/cmdline").read_bytes().split(b"\0")
        start = Path(f"/proc/{parent}/cwd").readlink()
    except OSError:
        return None
    named = [os.fsdecode(each) for each in arguments if each.endswith(_ENDING.encode())]
    return start / named[0] if named else None
