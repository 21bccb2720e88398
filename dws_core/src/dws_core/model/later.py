"""What is made when it is first looked into, and never where nobody looks."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TypeVar, overload

S = TypeVar("S")
T = TypeVar("T")


class LaterMapping(Mapping[str, T]):
    """A mapping that `make` gives."""

    def __init__(self, make: Callable[[], Mapping[str, T]]) -> None:
        self._make = make

    @cached_property
    def _made(self) -> Mapping[str, T]:
        return self._make()

    def __getitem__(self, key: str) -> T:
        return self._made[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._made)

    def __len__(self) -> int:
        return len(self._made)

    def __repr__(self) -> str:
        return repr(self._made)


class LaterSequence(Sequence[T]):
    """What `make` makes of each of `items`, each made once."""

    def __init__(self, items: Sequence[S], make: Callable[[S], T]) -> None:
        self._length = len(items)
        self._make: Callable[[int], T] = lambda index: make(items[index])
        self._made: dict[int, T] = {}

    @overload
    def __getitem__(self, index: int) -> T: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[T]: ...

    def __getitem__(self, index: int | slice) -> T | Sequence[T]:
        if isinstance(index, slice):
            return LaterSequence(range(self._length)[index], self._at)
        return self._at(range(self._length)[index])

    def _at(self, index: int) -> T:
        if index not in self._made:
            self._made[index] = self._make(index)
        return self._made[index]

    def __iter__(self) -> Iterator[T]:
        return map(self._at, range(self._length))

    def __len__(self) -> int:
        return self._length
