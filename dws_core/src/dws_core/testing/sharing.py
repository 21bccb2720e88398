"""B13 to B20: a history that is shared, or that is for one clone alone."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from pathlib import Path

import pytest

from dws_core.errors import DwsError, NotShareableError
from dws_core.plugin import Backend, Commit, Incoming
from dws_core.testing.choosing import only_if
from dws_core.testing.content import Content, read_directory
from dws_core.testing.faults import Fault, interruptions

shared = only_if(lambda descriptor: descriptor.shares)
not_shared = only_if(lambda descriptor: not descriptor.shares)

_DESCRIPTION = ".dataworkspace/workspace.json"
_OURS = ".dataworkspace/snapshots/ours.json"
_THEIRS = ".dataworkspace/snapshots/theirs.json"


class Sharing(ABC):
    """What holds for sharing. Of a backend that shares, the author supplies `make_origin` and `record_own` as well."""

    @abstractmethod
    def make(self, root: Path) -> Backend:
        """Make the backend of the workspace at `root`; made again, it finds its history."""

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
        backend = self._begin(root)
        backend.publish(origin)
        assert backend.push()
        return backend

    @pytest.fixture
    def theirs(self, ours: Backend, origin: str, tmp_path: Path) -> Backend:
        """Another clone of it."""
        return self._clone(origin, tmp_path.resolve() / "theirs")

    @not_shared
    def test_b14_a_history_for_one_clone_alone_says_so(self, root: Path, tmp_path: Path) -> None:
        """B13 to B20: whatever is asked for, it is refused with the next step."""
        backend = self._begin(root)
        nothing = Incoming("", {})
        asked = (lambda: backend.publish("/origin"), backend.fetch, lambda: backend.merge(nothing), backend.push)

        for ask in (*asked, lambda: type(backend).clone("/origin", tmp_path, backend.context)):
            with pytest.raises(NotShareableError) as refusal:
                ask()
            assert refusal.value.hint

        assert backend.origin is None and not backend.is_ahead()

    @shared
    def test_b13_the_origin_is_what_was_published_to(self, root: Path, tmp_path: Path) -> None:
        """B13, B14: make a URL the origin; another one takes its place."""
        backend = self._begin(root)
        before = backend.origin
        first, second = self.make_origin(tmp_path), self.make_origin(tmp_path)

        backend.publish(first)
        seen = self.make(root).origin
        backend.publish(second)

        assert (before, seen, self.make(root).origin) == (None, first, second)
        assert self.make(root).is_ahead() and self.make(root).push()

    @shared
    def test_b14_a_place_that_cannot_be_reached_is_refused(self, ours: Backend, origin: str, tmp_path: Path) -> None:
        """B14: an error, with nothing changed, where it cannot be reached."""
        with pytest.raises(DwsError) as refusal:
            ours.publish(str(tmp_path / "nothing here"))

        assert refusal.value.hint
        assert self.make(ours.root).origin == origin and not self.make(ours.root).is_ahead()

    @shared
    def test_b14_an_origin_of_something_else_is_refused(self, ours: Backend, origin: str, tmp_path: Path) -> None:
        """B14: an origin whose history belongs to something else is refused, and stays as it is."""
        other = self._begin(self._place(tmp_path, "other"), "of its own")
        before = read_directory(other.root)

        with pytest.raises(DwsError) as refusal:
            other.publish(origin)

        assert refusal.value.hint and other.origin is None
        assert read_directory(other.root) == before
        assert self.make(ours.root).fetch() is None

    @shared
    def test_b15_what_is_new_is_brought_with_its_bytes(self, ours: Backend, theirs: Backend) -> None:
        """B15: get what the origin has, and change nothing that people see; None where it has nothing new."""
        nothing = ours.fetch()
        content = self._record(theirs, _THEIRS)
        self.record_own(theirs.root, {"code/own.txt": b"own\n"})
        theirs.push()
        before = self.visible(ours.root)

        found = self.make(ours.root).fetch()

        assert nothing is None and found is not None
        assert (dict(found.records), tuple(found.paths)) == ({_THEIRS: content}, ("code/own.txt",))
        assert self.visible(ours.root) == before and not self.make(ours.root).holds(_THEIRS)

    @shared
    def test_b16_what_nobody_recorded_is_never_overwritten(self, ours: Backend, theirs: Backend) -> None:
        """B16: an error that names the files, with nothing changed: edited ones, and those that the history never had."""
        self.record_own(theirs.root, {"edited.txt": b"1\n", "removed.txt": b"1\n"})
        self._exchange(theirs, ours)
        self.record_own(theirs.root, {"edited.txt": b"2\n", "removed.txt": None, "fresh/file.txt": b"theirs\n"})
        theirs.push()
        for path in ("edited.txt", "removed.txt", "fresh/file.txt"):
            (ours.root / path).parent.mkdir(exist_ok=True)
            (ours.root / path).write_bytes(b"unsaved\n")
        before = self.visible(ours.root)

        found = ours.fetch()
        assert found is not None
        with pytest.raises(DwsError) as refusal:
            ours.check_merge(found)

        assert all(path in refusal.value.message for path in ("edited.txt", "removed.txt", "fresh/file.txt"))
        assert refusal.value.hint and self.visible(ours.root) == before

    @shared
    def test_b17_a_merge_holds_both(self, ours: Backend, theirs: Backend) -> None:
        """B17: this clone's history holds both, and its files are those of both; nothing of the user's is touched."""
        contents = self._record(ours, _OURS), self._record(theirs, _THEIRS)
        self.record_own(theirs.root, {"code/own.txt": b"own\n", "link or not": b"x"})
        theirs.push()
        before = self.visible(ours.root)

        conflicts = self._pull(self.make(ours.root))
        pushed = self.make(ours.root).push()
        self._pull(self.make(theirs.root))

        assert (tuple(conflicts), pushed) == ((), True)
        for root in (ours.root, theirs.root):
            assert self.make(root).holds(_OURS) and self.make(root).holds(_THEIRS)
            assert tuple((root / path).read_bytes() for path in (_OURS, _THEIRS)) == contents
            assert (root / "code" / "own.txt").read_bytes() == b"own\n"
        assert {path: item for path, item in self.visible(ours.root).items() if path in before} == before
        assert self.make(ours.root).fetch() is None and self.make(theirs.root).fetch() is None

    @shared
    def test_b17_a_record_stays_though_somebody_removed_it(self, ours: Backend, theirs: Backend) -> None:
        """B17: the records of both stay, whatever was done, wherever it is merged."""
        content = self._record(ours, _OURS)
        self._exchange(ours, theirs)
        self.record_own(theirs.root, {_OURS: None})
        self._record(theirs, _THEIRS)
        theirs.push()

        self._exchange(ours, theirs)

        for root in (ours.root, theirs.root):
            assert self.make(root).holds(_OURS) and (root / _OURS).read_bytes() == content
            assert self.make(root).holds(_THEIRS)

    @shared
    def test_b17_contradictions_are_named_and_the_records_are_merged(self, ours: Backend, theirs: Backend) -> None:
        """B17: names the files whose changes contradict each other; all else is merged."""
        self.record_own(ours.root, {"shared.txt": b"begin\n"})
        self._exchange(ours, theirs)
        self.record_own(ours.root, {"shared.txt": b"ours\n"})
        self.record_own(theirs.root, {"shared.txt": b"theirs\n", "other.txt": b"other\n"})
        content = self._record(theirs, _THEIRS)
        theirs.push()

        conflicts = self._pull(ours)

        assert tuple(conflicts) == ("shared.txt",)
        assert self.make(ours.root).holds(_THEIRS) and (ours.root / _THEIRS).read_bytes() == content
        assert (ours.root / "other.txt").read_bytes() == b"other\n"

    @shared
    @pytest.mark.parametrize("fault", Fault)
    def test_b17_ended_in_the_middle_it_is_repaired_or_done_again(
        self, ours: Backend, theirs: Backend, fault: Fault, tmp_path: Path
    ) -> None:
        """B17, B8: until then it has happened or it has not; what is left to do where it was ended, `repair` does."""
        number = 0
        names: tuple[str, ...] = ()

        def prepare() -> None:
            nonlocal number, names
            number += 1
            names = tuple(f".dataworkspace/snapshots/{whose}-{number}.json" for whose in ("ours", "theirs"))
            self._pull(theirs)
            self._record(theirs, names[1])
            self.record_own(theirs.root, {"code/own.txt": b"%d\n" % number, f"code/{number - 1}": None, f"code/{number}": b"x"})
            theirs.push()
            self._record(ours, names[0])

        def work() -> None:
            self._pull(self.make(ours.root))

        for where in interruptions(fault, prepare, work, tmp_path / "scratch"):
            opened = self.make(ours.root)
            for stale in opened.stale_files():
                stale.unlink(missing_ok=True)
            opened.repair()
            merged = opened.holds(names[1])
            present = [(ours.root / path).exists() for path in (names[1], f"code/{number}")]
            assert present == [merged, merged], where
            assert (ours.root / "code" / f"{number - 1}").exists() == (not merged and number > 1), where
            assert tuple(self._pull(opened)) == () and opened.push(), where
            assert all(self.make(ours.root).holds(path) for path in names), where
            assert (ours.root / "code" / "own.txt").read_bytes() == b"%d\n" % number, where
            assert (ours.root / "password.txt").read_text() == "secret\n", where

    @shared
    def test_b18_a_push_sends_all_or_is_refused(self, ours: Backend, theirs: Backend) -> None:
        """B18: False, with nothing sent, where the origin has something new."""
        self._record(ours, _OURS)
        self._record(theirs, _THEIRS)

        answers = [ours.push(), theirs.push()]
        seen_by_ours = self.make(ours.root).fetch()
        self._pull(theirs)
        answers.append(theirs.push())
        self._pull(ours)

        assert (answers, seen_by_ours) == ([True, False, True], None)
        assert self.make(ours.root).holds(_THEIRS)

    @shared
    def test_b19_it_knows_what_the_origin_does_not_have(self, ours: Backend, theirs: Backend) -> None:
        """B19: tell whether this clone's history holds what the origin, as it was last seen, does not."""
        seen = [ours.is_ahead(), theirs.is_ahead()]

        self._record(ours, _OURS)
        seen.append(self.make(ours.root).is_ahead())
        ours.push()
        seen.append(self.make(ours.root).is_ahead())
        self._pull(theirs)
        seen.append(self.make(theirs.root).is_ahead())

        assert seen == [False, False, True, False, False]

    @shared
    def test_b20_a_clone_has_all_that_was_shared_and_works(self, ours: Backend, origin: str, tmp_path: Path) -> None:
        """B20: make the empty directory a clone of the workspace at a URL, its origin."""
        self.record_own(ours.root, {"code/own.txt": b"own\n"})
        self._record(ours, _OURS)
        ours.push()

        cloned = self._clone(origin, tmp_path.resolve() / "a clone")

        mine = {path: item for path, item in self.visible(ours.root).items() if path != "password.txt"}
        assert self.visible(cloned.root) == mine
        assert cloned.origin == origin and cloned.fetch() is None and not cloned.is_ahead()
        self._record(cloned, _THEIRS)
        assert cloned.push() and tuple(self._pull(ours)) == () and self.make(ours.root).holds(_THEIRS)

    @shared
    def test_b20_where_there_is_no_workspace_it_says_so(self, origin: str, tmp_path: Path) -> None:
        """B20: an error with the next step, for an empty origin, and where there is nothing."""
        for number, url in enumerate((origin, str(tmp_path / "nothing here"))):
            with pytest.raises(DwsError) as refusal:
                self._clone(url, tmp_path.resolve() / f"clone {number}")

            assert refusal.value.hint

    def visible(self, root: Path) -> Content:
        """Read all of the workspace that is not the backend's own or this clone's alone."""
        raise NotImplementedError

    def _begin(self, root: Path, text: str = "") -> Backend:
        """Make a workspace's history, with its description."""
        backend = self.make(root)
        backend.init()
        (root / ".dataworkspace").mkdir(exist_ok=True)
        (root / _DESCRIPTION).write_text(f'{{"text": "{text}"}}\n')
        backend.commit(Commit("Begin", (_DESCRIPTION,)))
        return backend

    def _place(self, tmp_path: Path, name: str) -> Path:
        place = tmp_path.resolve() / name
        place.mkdir()
        return place

    def _clone(self, url: str, root: Path) -> Backend:
        root.mkdir()
        made = self.make(root)
        type(made).clone(url, root, made.context)
        return self.make(root)

    def _record(self, backend: Backend, path: str) -> bytes:
        content = f'{{"path": "{path}"}}\n'.encode()
        place = backend.root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
        backend.commit(Commit("Record one", (path,)))
        return content

    def _pull(self, backend: Backend) -> tuple[str, ...]:
        """Take what is new, as the core does."""
        found = backend.fetch()
        if found is None:
            return ()
        backend.check_merge(found)
        return tuple(backend.merge(found))

    def _exchange(self, first: Backend, second: Backend) -> None:
        """Let both have what each has."""
        for backend in (first, second, first):
            assert self._pull(self.make(backend.root)) == ()
            assert self.make(backend.root).push()
