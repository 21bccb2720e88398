"""`dws report status`: the resources of a workspace, as they are defined."""

from dws_core.model.codec import Json, JsonObject
from dws_core.model.report import Report, Table
from dws_core.model.resource import Resource
from dws_core.model.role import Role
from dws_core.plugin import NoSettings, ReportType, WorkspaceView, view_of


class StatusReport(ReportType[NoSettings]):
    """What was added under which name, role and type, and the roles that nothing has."""

    def build(self, workspace: WorkspaceView) -> Report:
        resources = workspace.resources
        rows: list[tuple[Json, ...]] = [
            (resource.name, resource.role.value, resource.type, _parameters(workspace, resource)) for resource in resources
        ]
        free = [role.value for role in Role if role not in {resource.role for resource in resources}]
        title = (f"Status for workspace: {workspace.name}", f"Resources for workspace: {workspace.name}")
        closing = (f"No resources for the following roles: {', '.join(free)}.",) if free else ()
        return Report("status", title, (Table(("Resource", "Role", "Type", "Parameters"), rows),), closing)


def _parameters(workspace: WorkspaceView, resource: Resource) -> JsonObject:
    seen = view_of(workspace, resource)
    return {**workspace.parameters(resource), **resource.passing.to_json(), **({"seen_as_in": seen} if seen else {})}
