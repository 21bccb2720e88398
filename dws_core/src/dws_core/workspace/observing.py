"""Looks whether what a step wrote is still there as it was written."""

import hashlib
from collections.abc import Callable
from typing import Any

from dws_core.errors import DwsError
from dws_core.model.role import Role
from dws_core.model.step import Edge, Step
from dws_core.plugin.files import Files
from dws_core.plugin.resource_type import ResourceType


def still_holds(type_: ResourceType[Any], step: Step, edge: Edge, known: Callable[[str], str]) -> bool:
    """Tell whether an output is as its step left it; what cannot be looked at on this machine is taken to be.

    Results are known by the step's own results file, since other files may lie beside it; `known` gives the id by which lineage
    knows a version of a whole resource.
    """
    try:
        files = type_.files()
        if type_.resource.role is Role.RESULTS:
            return not step.results_file or _holds_results(files, step)
        found = type_.current(edge.ref.subpath).id
        return (found if edge.ref.subpath else known(found)) == edge.version
    except FileNotFoundError:
        return False
    except (DwsError, OSError):
        return True


def _holds_results(files: Files, step: Step) -> bool:
    content = files.read(str(step.results_file.get("name")))
    return hashlib.sha256(content).hexdigest() == step.results_file.get("sha256")
