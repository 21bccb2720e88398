"""What the author of a backend supplies to the suite, and what its tests of sharing have in hand."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from pathlib import Path

import pytest

from dws_core.plugin import Backend, Commit
from dws_core.testing.choosing import only_if
from dws_core.testing.content import Content

shared = only_if(lambda descriptor: descriptor.shares)
not_shared = only_if(lambda descriptor: not descriptor.shares)

OURS = ".dataworkspace/snapshots/ours.json"
THEIRS = ".dataworkspace/snapshots/theirs.json"
_DESCRIPTION = ".dataworkspace/workspace.json"


class Clones(ABC):
    """The author's side: `make` always; of a backend that shares, `make_origin` and `record_own` as well."""

    @abstractmethod
    def make(self, root: Path) -> Backend:
        """Make the backend of the workspace at `root`; made again, it finds its history. `make_context` gives the context."""

    def make_origin(self, tmp_path: Path) -> str:
        """Make an empty place below `tmp_path` that a history can be shared by, and answer its URL; each call makes another."""
        raise NotImplementedError

    def record_own(self, root: Path, files: Mapping[str, bytes | None]) -> None:
        """Write files in a clone (None removes one) and record them, as somebody does with the history's own tool."""
        raise NotImplementedError

    @pytest.fixture
    def origin(self, tmp_path: Path) -> str:
        """The URL of an empty origin."""
        return self.make_origin(tmp_path)

    @pytest.fixture
    def ours(self, root: Path, origin: str) -> Backend:
        """A clone that has published its workspace."""
        backend = self.begin(root)
        backend.publish(origin)
        assert backend.push()
        return backend

    @pytest.fixture
    def theirs(self, ours: Backend, origin: str, tmp_path: Path) -> Backend:
        """Another clone of it."""
        return self.clone(origin, tmp_path.resolve() / "theirs")

    def visible(self, root: Path) -> Content:
        """Read all of the workspace that is not the backend's own or this clone's alone."""
        raise NotImplementedError

    def begin(self, root: Path, text: str = "") -> Backend:
        """Make a workspace's history, with its description."""
        backend = self.make(root)
        backend.init()
        (root / ".dataworkspace").mkdir(exist_ok=True)
        (root / _DESCRIPTION).write_text(f'{{"text": "{text}"}}\n')
        backend.commit(Commit("Begin", (_DESCRIPTION,)))
        return backend

    def place(self, tmp_path: Path, name: str) -> Path:
        """Make an empty directory."""
        place = tmp_path.resolve() / name
        place.mkdir()
        return place

    def clone(self, url: str, root: Path) -> Backend:
        """Clone what a URL names."""
        root.mkdir()
        made = self.make(root)
        type(made).clone(url, root, made.context)
        return self.make(root)

    def record(self, backend: Backend, path: str) -> bytes:
        """Commit a record, and answer its bytes."""
        content = f'{{"path": "{path}"}}\n'.encode()
        place = backend.root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
        backend.commit(Commit("Record one", (path,)))
        return content

    def pull(self, backend: Backend) -> tuple[str, ...]:
        """Take what is new, as the core does."""
        found = backend.fetch()
        if found is None:
            return ()
        backend.check_merge(found)
        return tuple(backend.merge(found))

    def exchange(self, first: Backend, second: Backend) -> None:
        """Let both have what each has."""
        for backend in (first, second, first):
            assert self.pull(self.make(backend.root)) == ()
            assert self.make(backend.root).push()
