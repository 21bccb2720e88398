"""A workspace on disk: what it is, what it records, and how a change of it happens."""

from dws_core.workspace.adding import Addition, add_resource, check_place, prepare_addition, suggest_name
from dws_core.workspace.bringing import Brought, bring
from dws_core.workspace.caller import Caller
from dws_core.workspace.change import Change, Move
from dws_core.workspace.changing import changing
from dws_core.workspace.description import Description
from dws_core.workspace.exporting import ExportPlan, plan_exports
from dws_core.workspace.history import WORKSPACE
from dws_core.workspace.inspecting import Inspected, RecordDamage, inspect
from dws_core.workspace.layout import METADATA, Layout, find_root
from dws_core.workspace.lineage_file import NAME as LINEAGE_FILE
from dws_core.workspace.operation import Operation
from dws_core.workspace.results import ResultsPlan, plan_results
from dws_core.workspace.settings import WorkspaceSettings
from dws_core.workspace.workspace import Workspace

__all__ = [
    "LINEAGE_FILE",
    "METADATA",
    "WORKSPACE",
    "Addition",
    "Brought",
    "Caller",
    "Change",
    "Description",
    "ExportPlan",
    "Inspected",
    "Layout",
    "Move",
    "Operation",
    "RecordDamage",
    "ResultsPlan",
    "Workspace",
    "WorkspaceSettings",
    "add_resource",
    "bring",
    "changing",
    "check_place",
    "find_root",
    "inspect",
    "plan_exports",
    "plan_results",
    "prepare_addition",
    "suggest_name",
]
