"""Build a report on a workspace."""

from collections.abc import Mapping
from typing import Any

from dws_core.errors import DwsError, PluginFailedError
from dws_core.model.codec import Json
from dws_core.model.report import Report
from dws_core.plugin.report import ReportType
from dws_core.plugin.settings import Settings
from dws_core.workspace import Workspace


def report(workspace: Workspace, name: str, given: Mapping[str, Json]) -> Report:
    """Build the report of that name with the settings `given`; the plugin that fails to is named."""
    registry = workspace.registry
    provided = registry.find("report", registry.reports, name)
    declared: type[Settings] = registry.load(provided, provided.descriptor.settings)
    implementation: type[ReportType[Any]] = registry.load(provided, provided.descriptor.implementation)
    try:
        return implementation(declared.from_json(given)).build(workspace)
    except (DwsError, OSError):
        raise
    except Exception as error:
        raise PluginFailedError(provided.plugin.name, provided.plugin.distribution, f"the report {name}", error) from error
