"""What hooks answer: light descriptions, so that nothing heavy is imported before it is used."""

from dataclasses import dataclass
from enum import StrEnum

from dws_core.model.role import Role


class Capability(StrEnum):
    """What a resource type promises, declared once; `dws_core.testing` tests exactly what is declared."""

    RESTORABLE = "restorable"
    """Any recorded version can be brought back, byte for byte."""

    HOLDS_RESULTS = "holds-results"
    """It can be a results resource: its files move to a directory of each snapshot."""

    LOCAL_PATH = "local-path"
    """Its content lies in a directory of this machine, answered by `local_path`."""

    IN_HISTORY = "in-history"
    """Its content is committed with the workspace's own history, by the backend."""

    DECLARED = "declared"
    """Its version is not found out but given, by a user or by a lineage step, through `declare`."""

    LOOSE_VERSIONS = "loose-versions"
    """Unequal versions may have equal content (commits), so `compare` is asked where versions differ."""

    ORIGIN = "origin"
    """It may have an origin of its own, which it is obtained from, pushed to and pulled from."""

    REMOTE = "remote"
    """Its content lies at its `origin` and is looked at there, so `Context.contact` comes before every look."""


@dataclass(frozen=True)
class ResourceTypeDescriptor:
    """What `dws_resource_types` answers: light, so that nothing heavy is imported before the type is used.

    `implementation` and `settings` are `module:Class`. `roles` are those that `dws add` offers.
    """

    name: str
    help: str
    implementation: str
    settings: str
    capabilities: frozenset[Capability]
    roles: tuple[Role, ...] = tuple(Role)


@dataclass(frozen=True)
class BackendDescriptor:
    """What `dws_backends` answers. The installed backend of the highest preference is used where none is named.

    `implementation` is `module:Class`; `resource_type` is what `init --create-resources` makes. `shares` says whether a
    workspace can be published, cloned, pushed and pulled with it. `settings` (`module:Class`) are asked for by `dws init` alone.
    """

    name: str
    help: str
    implementation: str
    resource_type: str
    preference: int
    shares: bool = False
    settings: str = "dws_core.plugin.settings:NoSettings"


@dataclass(frozen=True)
class StoreDescriptor:
    """What `dws_stores` answers: a kind of store. `name` is the scheme of its URLs; `implementation` is `module:Class`.

    `local` says that reading there tells nobody anything, as with a directory of this machine: what a stranger's workspace names
    is then read without asking, if the place has the mark of that very store.
    """

    name: str
    help: str
    implementation: str
    local: bool = False


@dataclass(frozen=True)
class ReportDescriptor:
    """What `dws_reports` answers: a new `dws report NAME`. Both references are `module:Class`."""

    name: str
    help: str
    implementation: str
    settings: str = "dws_core.plugin.settings:NoSettings"


@dataclass(frozen=True)
class ReportFormatDescriptor:
    """What `dws_report_formats` answers: a new value of `--format`. `implementation` is `module:Class`."""

    name: str
    help: str
    implementation: str


@dataclass(frozen=True)
class KitDescriptor:
    """What `dws_kits` answers: the kit's name, the framework it serves, and the line that imports it."""

    name: str
    help: str
    framework: str
    import_line: str


@dataclass(frozen=True)
class StepContext:
    """Where code runs that is no script: the step's name and, where it is known, the file of the code."""

    name: str
    path: str | None = None
