"""Delete markers: they hide what is current under keys, and destroy nothing; who removes them makes it current again."""

from collections.abc import Iterable, Mapping
from typing import Any

from dws_s3.connection import Connection
from dws_s3.errors import RequestRefusedError
from dws_s3.keys import key_of, parameter

_AT_ONCE = 1000


def hide(connection: Connection, keys: Iterable[bytes]) -> dict[bytes, str]:
    """Put a delete marker on each key, and answer the markers' ids; every version stays, in a bucket that keeps versions."""
    made = _delete(connection, [{"Key": parameter(each)} for each in keys])
    return {key_of(each["Key"]): each["DeleteMarkerVersionId"] for each in made if each.get("DeleteMarkerVersionId")}


def show(connection: Connection, markers: Mapping[bytes, str]) -> None:
    """Remove delete markers, so that what they hid is current again."""
    _delete(connection, [{"Key": parameter(key), "VersionId": marker} for key, marker in markers.items()])


def _delete(connection: Connection, objects: list[Any]) -> list[Any]:
    deleted: list[Any] = []
    for start in range(0, len(objects), _AT_ONCE):
        some = objects[start : start + _AT_ONCE]
        with connection.doing("delete keys of") as client:
            answer = client.delete_objects(Bucket=connection.place.bucket, Delete={"Objects": some})
        for error in answer.get("Errors", []):
            task = f"delete {connection.place.shown(error.get('Key', ''))}"
            raise RequestRefusedError(task, error.get("Code", "?"), 0, error.get("Message", ""))
        deleted += answer.get("Deleted", [])
    return deleted
