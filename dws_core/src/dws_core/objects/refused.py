"""What the operating system refuses, told with the name of the file."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from types import TracebackType
from typing import Generic, TypeVar

from dws_core.errors import FileAccessError

T = TypeVar("T")


@contextmanager
def named() -> Iterator[None]:
    """Turn what the operating system refused into an error that names the file."""
    try:
        yield
    except FileNotFoundError as error:
        if error.errno is None:
            raise
        raise FileAccessError(error.filename, error) from error
    except OSError as error:
        raise FileAccessError(error.filename, error) from error


class NamedAtItsEnds(AbstractContextManager[T], Generic[T]):
    """Another context, of which only entering and leaving is `named`: what is raised inside is not ours, and passes as it is."""

    def __init__(self, inner: AbstractContextManager[T]) -> None:
        self._inner = inner

    def __enter__(self) -> T:
        with named():
            return self._inner.__enter__()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> bool | None:
        with named():
            return self._inner.__exit__(kind, error, trace)
