"""The suite that any workspace backend must pass."""

from pathlib import Path
from typing import Any, ClassVar

import pytest

from dws_core.plugin import Backend, BackendDescriptor, Commit
from dws_core.testing.choosing import leave_out
from dws_core.testing.content import Content, File, read_directory
from dws_core.testing.faults import Fault, interruptions
from dws_core.testing.merging import Merging
from dws_core.testing.sharing import Sharing

_RECORD = ".dataworkspace/snapshots/one.json"
_OTHER = ".dataworkspace/resources/two.json"


class BackendSuite(Sharing, Merging):
    """Subclass it as `Test…` with a `descriptor` and `make`; of one that shares, with what `Clones` asks for as well.

    A test's number is that of the promise in `dws_core.plugin.Backend` that it tries to break. `own` are names at the
    workspace's top that are the backend's alone.
    """

    descriptor: ClassVar[BackendDescriptor]
    own: ClassVar[frozenset[str]] = frozenset({".git"})

    @pytest.fixture
    def root(self, tmp_path: Path) -> Path:
        """The top directory of a workspace that holds a file of the user's."""
        root = tmp_path.resolve() / "workspace"
        root.mkdir()
        (root / "password.txt").write_text("secret\n")
        return root

    @pytest.fixture
    def backend(self, root: Path) -> Backend:
        """A backend at work."""
        backend = self.make(root)
        backend.init()
        return backend

    def __init_subclass__(cls, **keywords: Any) -> None:
        """Take away the tests that the descriptor does not call for."""
        super().__init_subclass__(**keywords)
        if "descriptor" in cls.__dict__:
            leave_out(cls, cls.descriptor)

    def test_b1_a_check_of_a_new_place_changes_nothing(self, root: Path) -> None:
        """B1: raise an error if no workspace can be made at `root` (which exists); change nothing."""
        before = read_directory(root)

        type(self.make(root)).check_init(root)

        assert read_directory(root) == before

    def test_b2_it_may_be_initialised_again(self, root: Path, backend: Backend) -> None:
        """B2: make the history, or use the one that is there."""
        backend.commit(_commit(root, _RECORD))

        self.make(root).init()

        assert self.make(root).holds(_RECORD)
        assert [path for path in self.visible(root) if not path.startswith(".dataworkspace/")] == ["password.txt"]

    def test_b3_a_check_changes_nothing(self, root: Path, backend: Backend) -> None:
        """B3: raise an error if nothing could be committed now; change nothing."""
        before = read_directory(root)

        backend.check()

        assert read_directory(root) == before

    def test_b4_a_commit_records_the_files_that_it_names(self, root: Path, backend: Backend) -> None:
        """B4: record these files as they are now. Before it has not happened, afterwards it has."""
        commit = _commit(root, _RECORD, _OTHER)
        (root / ".dataworkspace" / "unnamed.json").write_text("{}\n")

        backend.commit(commit)

        assert self.make(root).holds(_RECORD) and self.make(root).holds(_OTHER)

    def test_b4_nothing_else_of_the_workspace_changes(self, root: Path, backend: Backend) -> None:
        """B4: nothing of the user's that was not named is recorded or changed."""
        commit = _commit(root, _RECORD)
        before = self.visible(root)

        backend.commit(commit)

        assert self.visible(root) == before

    def test_b4_one_commit_follows_another(self, root: Path, backend: Backend) -> None:
        """B4: what was recorded stays recorded."""
        backend.commit(_commit(root, _RECORD))

        self.make(root).commit(_commit(root, _OTHER))
        self.make(root).commit(Commit("Say the same again", (_OTHER,)))

        assert self.make(root).holds(_RECORD) and self.make(root).holds(_OTHER)

    def test_b4_any_text_can_be_the_message(self, root: Path, backend: Backend) -> None:
        """B4: what a user says is never taken for an option or a command."""
        for number, message in enumerate(("--amend", "", "two\n\nparts", "caf\u00e9 \u4e16", "$(id) `id` ; # '\"", "x" * 5000)):
            path = f".dataworkspace/snapshots/{number}.json"
            backend.commit(_commit(root, path, message=message))

            assert self.make(root).holds(path)

    @pytest.mark.parametrize("fault", Fault)
    def test_b4_ended_in_the_middle_it_is_done_or_can_be_done_again(
        self, root: Path, backend: Backend, fault: Fault, tmp_path: Path
    ) -> None:
        """B4, B7: never in between; once the lock files that it names are gone, it works again."""
        path = ""
        number = 0

        def prepare() -> None:
            nonlocal path, number
            number += 1
            path = f".dataworkspace/snapshots/{number}.json"
            _commit(root, path)

        def work() -> None:
            self.make(root).commit(Commit("Record one", (path,)))

        for where in interruptions(fault, prepare, work, tmp_path / "scratch"):
            opened = self.make(root)
            for stale in opened.stale_files():
                stale.unlink(missing_ok=True)
            opened.holds(path)
            opened.check()
            opened.commit(Commit("Record one", (path,)))
            assert self.make(root).holds(path), where
            assert "password.txt" in self.visible(root), where

    def test_b5_what_was_never_recorded_is_not_held(self, root: Path, backend: Backend) -> None:
        """B5: tell whether the file at this path is recorded."""
        backend.commit(_commit(root, _RECORD))

        assert not backend.holds(_OTHER)
        assert not backend.holds(".dataworkspace/no/such/file.json")

    def test_b6_hiding_a_directory_changes_nothing_that_the_user_sees(self, root: Path, backend: Backend) -> None:
        """B6: keep a directory that is a resource of its own out of this history; may be called again."""
        (root / "data of mine").mkdir()
        (root / "data of mine" / "x.csv").write_text("1\n")
        before = self.visible(root)

        backend.hide("data of mine")
        self.make(root).hide("data of mine")
        backend.commit(_commit(root, _RECORD))

        assert self.visible(root).keys() == {*before, _RECORD}

    def test_b12_showing_a_directory_takes_hiding_back(self, root: Path, backend: Backend) -> None:
        """B12: take back B6; may be called again, and of one that is not hidden."""
        (root / "data of mine").mkdir()
        (root / "data of mine" / "x.csv").write_text("1\n")
        backend.commit(_commit(root, _RECORD))
        everything = read_directory(root)
        backend.show("data of mine")
        backend.hide("data of mine")

        for _ in range(2):
            self.make(root).show("data of mine")

        assert _without_emptied(read_directory(root)) == _without_emptied(everything)

    def test_b9_what_was_never_committed_is_not_carried(self, root: Path, backend: Backend) -> None:
        """A directory of this clone alone must not be taken for part of the history."""
        backend.init()
        (root / "mine").mkdir()
        (root / "mine" / "file").write_text("mine")

        assert not backend.carries("mine")

    def test_b7_stale_files_lie_in_the_workspace_and_are_absent_at_rest(self, root: Path, backend: Backend) -> None:
        """B7: name the lock files that a commit of ours, ended in the middle, may leave."""
        backend.commit(_commit(root, _RECORD))

        stale = backend.stale_files()

        assert all(path.is_absolute() and path.is_relative_to(root) and not path.exists() for path in stale)

    def test_b10_what_is_named_as_recorded_was_committed(self, root: Path, backend: Backend) -> None:
        """B10: name the files that the history holds below a directory; none is always right."""
        backend.commit(_commit(root, _RECORD))
        _commit(root, _OTHER)

        assert set(self.make(root).recorded(".dataworkspace/snapshots")) <= {_RECORD}
        assert not self.make(root).recorded(".dataworkspace/resources")

    def test_b11_what_is_named_as_recorded_is_given_back(self, root: Path, backend: Backend) -> None:
        """B11: give the bytes that the history holds, whatever lies there now; None where it has none."""
        backend.commit(_commit(root, _RECORD))
        recorded = (root / _RECORD).read_bytes()
        (root / _RECORD).write_text("damaged")

        given = [self.make(root).recover(path) for path in self.make(root).recorded(".dataworkspace/snapshots")]

        assert given in ([], [recorded])
        assert self.make(root).recover(_OTHER) is None

    def visible(self, root: Path) -> Content:
        """Read all of the workspace that is not the backend's own or this clone's alone."""
        return {path: item for path, item in read_directory(root, keep=self.own).items() if "/local" not in path}


def _without_emptied(content: Content) -> Content:
    """What there is, apart from files that hold nothing: what took in the hidden names may stay."""
    return {path: item for path, item in content.items() if not isinstance(item, File) or item.content}


def _commit(root: Path, *paths: str, message: str = "Record one") -> Commit:
    """Write files of ours and make the commit that records them."""
    for path in paths:
        place = root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(f'{{"path": "{path}"}}\n')
    return Commit(message, paths)
