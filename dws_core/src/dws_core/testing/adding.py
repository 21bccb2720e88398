"""R1 and R2: a resource is added."""

import importlib
from pathlib import Path
from typing import Any

from dws_core.errors import DwsError
from dws_core.model.names import check_name
from dws_core.model.role import Role
from dws_core.plugin import Capability, Proposal, ResourceType, Settings
from dws_core.testing.subject import Subject, needs, needs_not


class Adding(Subject):
    """What holds from `dws add` on."""

    def test_r00_the_descriptor_leads_to_the_classes_it_names(self, subject: ResourceType[Any]) -> None:
        """Both references are importable; the settings are declared; a results role needs the capability."""
        implementation = _load(self.descriptor.implementation)
        settings = _load(self.descriptor.settings)

        assert issubclass(implementation, ResourceType) and issubclass(settings, Settings)
        assert isinstance(subject, implementation) and isinstance(subject.settings, settings)
        assert check_name("resource type", self.descriptor.name) and self.descriptor.help.strip()
        assert (Role.RESULTS not in self.descriptor.roles) or Capability.HOLDS_RESULTS in self.descriptor.capabilities

    def test_r00_the_settings_survive_being_recorded(self, subject: ResourceType[Any]) -> None:
        """What is stored as JSON is read back equal."""
        assert type(subject.settings).from_json(subject.settings.to_json()) == subject.settings

    def test_r00_making_it_touches_nothing(self, subject: ResourceType[Any], tmp_path: Path) -> None:
        """Making it may be done without the resource there."""
        elsewhere = tmp_path / "elsewhere"

        type(subject)(subject.resource, subject.settings, self.context(elsewhere))

        assert not _has_visible(elsewhere)

    def test_r01_a_proposal_is_complete_and_changes_nothing(self, subject: ResourceType[Any], root: Path) -> None:
        """R1: check what the user gave for `dws add`, and complete it; change nothing."""
        before = self.read(subject), _has_visible(root)

        for role in self.descriptor.roles:
            try:
                proposal = subject.propose(subject.settings, role, root)
            except DwsError:
                continue  # a type may have reasons to refuse one of its roles here
            assert isinstance(proposal, Proposal) and isinstance(proposal.settings, type(subject.settings))
            assert proposal.name
        first = subject.propose(subject.settings, subject.resource.role, root)

        assert isinstance(first, Proposal)
        assert (self.read(subject), _has_visible(root)) == before

    @needs_not(Capability.RESTORABLE)
    def test_r01_what_cannot_be_restored_says_so_when_it_is_added(self, subject: ResourceType[Any], root: Path) -> None:
        """Where a resource cannot promise to come back, it says so when it is added, not when it is needed."""
        proposal = subject.propose(subject.settings, subject.resource.role, root)

        assert any(remark.strip() for remark in proposal.remarks)

    def test_r02_creating_again_changes_nothing(self, subject: ResourceType[Any]) -> None:
        """R2: make what must exist once the resource is added; called once, may be called again."""
        before = self.read(subject)

        self.again(subject).create()

        assert self.read(subject) == before

    @needs(Capability.LOCAL_PATH)
    def test_r02_the_local_path_is_a_directory_once_created(self, subject: ResourceType[Any]) -> None:
        """LOCAL_PATH: the content lies in a directory of this machine."""
        assert subject.local_path is not None and subject.local_path.is_absolute() and subject.local_path.is_dir()


def _load(reference: str) -> Any:
    module, _, attribute = reference.partition(":")
    return getattr(importlib.import_module(module), attribute)


def _has_visible(root: Path) -> list[str]:
    """List what lies below a workspace's top, its own metadata aside."""
    return sorted(str(path) for path in root.rglob("*") if not {".dataworkspace", ".git"} & set(path.relative_to(root).parts))
