"""A workspace on disk: what it is, what it records, and how a change of it happens."""

from dws_core.workspace.absorbing import News, check_records, show_and_hide
from dws_core.workspace.accepting import May, accept_stores
from dws_core.workspace.adding import Addition, add_resource, check_place, prepare_addition, suggest_name
from dws_core.workspace.arriving import Arrived, arrive, give_places
from dws_core.workspace.bringing import Brought, bring
from dws_core.workspace.caller import Caller
from dws_core.workspace.change import Change, Move
from dws_core.workspace.changing import changing
from dws_core.workspace.choosing import EVERYTHING, Choice
from dws_core.workspace.content import Needs, get, get_snapshot, is_here
from dws_core.workspace.description import Description
from dws_core.workspace.elsewhere import look_elsewhere
from dws_core.workspace.exporting import ExportPlan, plan_exports
from dws_core.workspace.history import WORKSPACE
from dws_core.workspace.idset import IdSet
from dws_core.workspace.inspecting import Inspected, RecordDamage, inspect
from dws_core.workspace.layout import METADATA, Layout, find_root
from dws_core.workspace.lineage_file import NAME as LINEAGE_FILE
from dws_core.workspace.operation import Operation
from dws_core.workspace.pulling import Pulled, get_awaited, lacks_results, plan_pull, pull_all
from dws_core.workspace.pushing import Pushed, plan_push, push_all
from dws_core.workspace.results import ResultsPlan, plan_results
from dws_core.workspace.settings import ORIGINS, WorkspaceSettings
from dws_core.workspace.stores import ACCEPTED, accepted_url, find_store, kind_of, make_store, mark_of, read_mark, stores_of
from dws_core.workspace.workspace import Workspace

__all__ = [
    "ACCEPTED",
    "EVERYTHING",
    "LINEAGE_FILE",
    "METADATA",
    "ORIGINS",
    "WORKSPACE",
    "Addition",
    "Arrived",
    "Brought",
    "Caller",
    "Change",
    "Choice",
    "Description",
    "IdSet",
    "ExportPlan",
    "Inspected",
    "Layout",
    "May",
    "Move",
    "Needs",
    "News",
    "Operation",
    "Pulled",
    "Pushed",
    "RecordDamage",
    "ResultsPlan",
    "Workspace",
    "WorkspaceSettings",
    "accept_stores",
    "accepted_url",
    "add_resource",
    "arrive",
    "bring",
    "changing",
    "check_records",
    "check_place",
    "find_root",
    "find_store",
    "get",
    "get_snapshot",
    "get_awaited",
    "give_places",
    "inspect",
    "is_here",
    "kind_of",
    "lacks_results",
    "look_elsewhere",
    "make_store",
    "mark_of",
    "plan_pull",
    "plan_push",
    "plan_exports",
    "plan_results",
    "prepare_addition",
    "pull_all",
    "push_all",
    "read_mark",
    "show_and_hide",
    "stores_of",
    "suggest_name",
]
