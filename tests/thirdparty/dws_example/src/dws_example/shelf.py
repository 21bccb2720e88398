"""A directory that others fill: a recorded version of it is seen again, and nothing there is ever changed."""

from pathlib import Path
from typing import BinaryIO

from dws_core.errors import PathMissingError
from dws_core.model.changes import Changes, RestorePlan
from dws_core.model.names import check_relative
from dws_core.model.role import Role
from dws_core.model.version import Version
from dws_core.plugin import DirectoryFiles, Files, Proposal, ResourceType, ResultsMove, View
from dws_example.settings import ShelfSettings


class Shelf(ResourceType[ShelfSettings]):
    """What lies in the directory, or, after a restore, what lay there when a snapshot was taken."""

    @classmethod
    def propose(cls, settings: ShelfSettings, role: Role, root: Path) -> Proposal[ShelfSettings]:
        place = (root / settings.place).resolve()
        if not place.is_dir():
            raise PathMissingError(place)
        return Proposal(
            ShelfSettings(str(place)), place.name, remarks=("a restore has it seen as it was, and changes nothing there",)
        )

    @property
    def origin(self) -> str:
        return self.settings.place

    @property
    def view(self) -> Version | None:
        return self._view.version

    def check(self) -> None:
        self._directory()

    def current(self, subpath: str = "") -> Version:
        if subpath:
            return self._current_below(check_relative(subpath))
        return self.view or Version(self.context.objects.scan(self._directory()))

    def snapshot(self, move: ResultsMove | None = None) -> Version:
        return self.view or self.live()

    def live(self) -> Version:
        return Version(self.context.objects.store(self._directory()))

    def changes_since(self, version: Version | None) -> Changes:
        if self.view is not None:
            return self.compare(version, self.view)
        return self.context.objects.changes_since(version.id if version else None, self._directory())

    def compare(self, old: Version | None, new: Version) -> Changes:
        return self.context.objects.compare(old.id if old else None, new.id)

    def plan(self, version: Version) -> RestorePlan:
        self.context.objects.get(version.id)
        changes = self.compare(self.view, version) if self.view else self._back_to(version)
        sizes = {each.path: each.size for each in self.context.objects.entries(version.id)}
        seen = sum(sizes[path] for path in (*changes.added, *changes.changed))
        return RestorePlan(changes, seen, "seen as it was; nothing there is changed")

    def restore(self, version: Version) -> Version:
        if self.context.objects.scan(self._directory()) == version.id:
            self._view.end()
            return version
        self.plan(version)
        self._view.show(version)
        return version

    def open(self, version: Version, path: str) -> BinaryIO:
        return self.context.objects.open(version.id, path)

    def files(self, version: Version | None = None) -> Files:
        wanted = version or self.view
        if wanted is not None:
            return super().files(wanted)
        return DirectoryFiles(self.resource.name, self._directory(), lambda path: self.current(path).id)

    @property
    def _view(self) -> View:
        return View(self.context.private)

    def _directory(self) -> Path:
        self.context.contact(self.origin)
        place = Path(self.settings.place)
        if not place.is_dir():
            raise PathMissingError(place)
        return place

    def _current_below(self, path: str) -> Version:
        if self.view is None:
            return Version(self.context.objects.identify(self._directory(), path))
        for entry in self.context.objects.entries(self.view.id):
            if entry.path == path:
                return Version(entry.id)
        raise FileNotFoundError(path)

    def _back_to(self, version: Version) -> Changes:
        since = self.context.objects.changes_since(version.id, self._directory())
        return Changes(added=since.removed, removed=since.added, changed=since.changed)
