"""Clones that keep, send and fetch in any order: each has in the end what any of them sent."""

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dws_core.objects import lacking
from tests.core.objects.sharing import Clone, open_share

_CONTENTS = st.one_of(
    st.binary(max_size=12),
    st.sampled_from([65_535, 65_536, 70_000]).map(lambda size: b"x" * size),
    st.integers(0, 5).map(lambda number: b"common %d" % number),
)
_NAMES = st.sampled_from(["a", "b", "deep/a", "deep/er/a", "deep/er/b", "new\nline", "-rf", "caf\u00e9", "\udcff"])
_STEPS = st.tuples(
    st.integers(0, 2), st.sampled_from(["keep", "keep aside", "send", "fetch"]), st.dictionaries(_NAMES, _CONTENTS, max_size=6)
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(steps=st.lists(_STEPS, max_size=14))
def test_whatever_clones_do_what_one_sent_the_others_can_read(steps: list[tuple[int, str, dict[str, bytes]]]) -> None:
    """Every tree that was sent is whole for whoever fetches it, byte for byte; what was not is lacking, and nothing else."""
    with tempfile.TemporaryDirectory() as top:
        share = open_share(Path(top))
        clones = [Clone(Path(top), f"clone-{number}") for number in range(3)]
        trees: dict[str, dict[str, bytes]] = {}
        mine: list[set[str]] = [set(), set(), set()]
        sent: set[str] = set()
        for number, verb, files in steps:
            clone = clones[number]
            match verb:
                case "keep" | "keep aside":
                    tree = clone.keep(files, aside=verb == "keep aside")
                    trees[tree] = files
                    mine[number].add(tree)
                case "send":
                    clone.send(share, *trees)
                    sent |= mine[number]
                case "fetch":
                    clone.fetch(share, *trees)
                    mine[number] |= sent
            assert not (mine[number] & lacking(clone.objects, trees))

        for clone in (*clones, Clone(Path(top), "newcomer")):
            assert not (clone.fetch(share, *trees).lacking & sent)
            assert all(clone.read(tree) == trees[tree] for tree in sent)
            assert clone.objects.check().damages == []
