"""What is made when it is looked into."""

from dws_core.model.later import LaterMapping, LaterSequence


def test_a_sequence_makes_what_is_asked_for_and_once() -> None:
    made: list[int] = []

    def double(number: int) -> int:
        made.append(number)
        return 2 * number

    later = LaterSequence(range(10), double)

    assert (later[-1], later[3], [*later[2:4]], len(later)) == (18, 6, [4, 6], 10)
    assert made == [9, 3, 2]
    assert next(reversed(later)) == 18
    assert [*later] == [*range(0, 20, 2)]
    assert sorted(made) == [*range(10)]


def test_a_mapping_is_made_whole_and_once() -> None:
    made: list[str] = []

    def make() -> dict[str, int]:
        made.append("made")
        return {"a": 1}

    later = LaterMapping(make)

    assert made == []
    assert later == {"a": 1}
    assert (len(later), "b" in later, repr(later)) == (1, False, "{'a': 1}")
    assert made == ["made"]
