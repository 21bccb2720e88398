"""A bucket that is gone, told of as any place is."""

from collections.abc import Iterator
from contextlib import contextmanager

from dws_core.errors import PathMissingError
from dws_s3.errors import NoBucketError


class BucketMissingError(PathMissingError):
    """The bucket of a resource is not there (any more)."""

    def __init__(self, place: str) -> None:
        super().__init__(place, expected="bucket")


@contextmanager
def reaching(place: str) -> Iterator[None]:
    """Raise a BucketMissingError, which names the place, where what is done inside finds no bucket."""
    try:
        yield
    except NoBucketError as error:
        raise BucketMissingError(place) from error
