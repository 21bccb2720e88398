"""What this plugin brings: the name of the notebook that runs."""

import sys

from dws_core.plugin import StepContext, hookimpl
from dws_jupyter.notebook import find_notebook


@hookimpl
def dws_step_context() -> StepContext | None:
    if "ipykernel" not in sys.modules:
        return None
    path = find_notebook()
    return None if path is None else StepContext(path.stem, str(path))
