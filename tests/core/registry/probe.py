"""Tells, as JSON, what the registry of this process finds; run in a process of its own by the tests beside it."""

import json
import os
import sys

from dws_core.errors import DwsError
from dws_core.registry import Registry

try:
    registry = Registry.discover(os.environ, none="--none" in sys.argv)
    types = {name: provided.plugin.distribution for name, provided in registry.resource_types.items()}
    found = {
        "plugins": {plugin.name: plugin.state for plugin in registry.plugins},
        "reasons": {plugin.name: plugin.reason for plugin in registry.plugins},
        "types": types,
        "warnings": registry.warnings,
        "modules": sorted(sys.modules),
    }
except DwsError as error:
    found = {"error": type(error).__name__, "message": error.message, "hint": error.hint}
sys.stdout.write(json.dumps(found))
