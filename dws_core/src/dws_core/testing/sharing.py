"""B13 to B20 and B22, but for merging: a history that is shared, or that is for one clone alone."""

from pathlib import Path

import pytest

from dws_core.errors import DwsError, NotShareableError
from dws_core.plugin import Backend, Incoming
from dws_core.testing.clones import OURS, THEIRS, Clones, not_shared, shared
from dws_core.testing.content import read_directory


class Sharing(Clones):
    """What holds for sharing."""

    @not_shared
    def test_b14_a_history_for_one_clone_alone_says_so(self, root: Path, tmp_path: Path) -> None:
        """B13 to B20: whatever is asked for, it is refused with the next step."""
        backend = self.begin(root)
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
        backend = self.begin(root)
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
        other = self.begin(self.place(tmp_path, "other"), "of its own")
        before = read_directory(other.root)

        with pytest.raises(DwsError) as refusal:
            other.publish(origin)

        assert refusal.value.hint and other.origin is None
        assert read_directory(other.root) == before
        assert self.make(ours.root).fetch() is None

    @shared
    def test_b21_an_origin_is_seen_the_same_before_and_after(self, ours: Backend, origin: str, tmp_path: Path) -> None:
        """B22: give a URL that may become the origin as people may see it; nothing is contacted, nor changed."""
        before = ours.origin

        seen = [ours.check_origin(origin), ours.check_origin(f"{tmp_path / 'nowhere'}")]

        assert seen[0] == ours.origin == before and seen[1]

    @shared
    def test_b15_what_is_new_is_brought_with_its_bytes(self, ours: Backend, theirs: Backend) -> None:
        """B15: get what the origin has, and change nothing that people see; None where it has nothing new."""
        nothing = ours.fetch()
        content = self.record(theirs, THEIRS)
        self.record_own(theirs.root, {"code/own.txt": b"own\n"})
        theirs.push()
        before = self.visible(ours.root)

        found = self.make(ours.root).fetch()

        assert nothing is None and found is not None
        assert (dict(found.records), tuple(found.paths)) == ({THEIRS: content}, ("code/own.txt",))
        assert self.visible(ours.root) == before and not self.make(ours.root).holds(THEIRS)

    @shared
    def test_b16_what_nobody_recorded_is_never_overwritten(self, ours: Backend, theirs: Backend) -> None:
        """B16: an error that names the files, with nothing changed: edited ones, and those that the history never had."""
        self.record_own(theirs.root, {"edited.txt": b"1\n", "removed.txt": b"1\n"})
        self.exchange(theirs, ours)
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
    def test_b18_a_push_sends_all_or_is_refused(self, ours: Backend, theirs: Backend) -> None:
        """B18: False, with nothing sent, where the origin has something new."""
        self.record(ours, OURS)
        self.record(theirs, THEIRS)

        answers = [ours.push(), theirs.push()]
        seen_by_ours = self.make(ours.root).fetch()
        self.pull(theirs)
        answers.append(theirs.push())
        self.pull(ours)

        assert (answers, seen_by_ours) == ([True, False, True], None)
        assert self.make(ours.root).holds(THEIRS)

    @shared
    def test_b19_it_knows_what_the_origin_does_not_have(self, ours: Backend, theirs: Backend) -> None:
        """B19: tell whether this clone's history holds what the origin, as it was last seen, does not."""
        seen = [ours.is_ahead(), theirs.is_ahead()]

        self.record(ours, OURS)
        seen.append(self.make(ours.root).is_ahead())
        ours.push()
        seen.append(self.make(ours.root).is_ahead())
        self.pull(theirs)
        seen.append(self.make(theirs.root).is_ahead())

        assert seen == [False, False, True, False, False]

    @shared
    def test_b20_a_clone_has_all_that_was_shared_and_works(self, ours: Backend, origin: str, tmp_path: Path) -> None:
        """B20: make the empty directory a clone of the workspace at a URL, its origin."""
        self.record_own(ours.root, {"code/own.txt": b"own\n"})
        self.record(ours, OURS)
        ours.push()

        cloned = self.clone(origin, tmp_path.resolve() / "a clone")

        mine = {path: item for path, item in self.visible(ours.root).items() if path != "password.txt"}
        assert self.visible(cloned.root) == mine
        assert cloned.origin == origin and cloned.fetch() is None and not cloned.is_ahead()
        self.record(cloned, THEIRS)
        assert cloned.push() and tuple(self.pull(ours)) == () and self.make(ours.root).holds(THEIRS)

    @shared
    def test_b20_where_there_is_no_workspace_it_says_so(self, origin: str, tmp_path: Path) -> None:
        """B20: an error with the next step, for an empty origin, and where there is nothing."""
        for number, url in enumerate((origin, str(tmp_path / "nothing here"))):
            with pytest.raises(DwsError) as refusal:
                self.clone(url, tmp_path.resolve() / f"clone {number}")

            assert refusal.value.hint
