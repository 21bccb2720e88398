"""Where an S3 store is: its URL, and the bucket and prefix that the URL names."""

import re
from pathlib import PurePosixPath
from typing import NamedTuple
from urllib.parse import parse_qsl, quote, unquote, urlencode

from dws_core.errors import InvalidSettingError
from dws_s3.place import Place, without_user

_SCHEME = "s3:"
_OPTIONS = {"endpoint": "endpoint_url", "region": "region"}
_EXPECTED = "s3://BUCKET/PREFIX, and where it is not Amazon's also ?endpoint=https://HOST&region=NAME, without user and password"
_LONGEST = 800  # a key has at most 1,024 bytes, and the store's own names come after it


class Address(NamedTuple):
    """A bucket, and the prefix of all that the store keeps in it: empty, or ending with `/`."""

    place: Place
    prefix: str


def address_of(url: str) -> Address:
    """Read a URL; InvalidSettingError, InvalidBucketNameError, InvalidEndpointError."""
    path, _, query = url[len(_SCHEME) :].partition("?")
    bucket, _, rest = path.removeprefix("//").partition("/")
    if url[: len(_SCHEME)].lower() != _SCHEME or not path.startswith("//") or "@" in bucket:
        raise _refusal(url)
    try:
        options = dict(parse_qsl(query, keep_blank_values=True, strict_parsing=True)) if query else {}
        prefix = unquote(rest, errors="strict").strip("/")
    except ValueError as error:
        raise _refusal(url) from error
    if not options.keys() <= _OPTIONS.keys() or (prefix and not _is_prefix(prefix)):
        raise _refusal(url)
    return Address(Place(bucket, **{_OPTIONS[name]: value for name, value in options.items()}), f"{prefix}/" if prefix else "")


def url_of(address: Address) -> str:
    """Give the one form of the URL in which it is recorded."""
    place = address.place
    given = [("endpoint", (place.endpoint_url or "").rstrip("/")), ("region", place.region or "")]
    query = urlencode([each for each in given if each[1]], safe="/:")
    path = quote(f"{place.bucket}/{address.prefix}".rstrip("/"), safe="/")
    return f"s3://{path}" + (f"?{query}" if query else "")


def _is_prefix(prefix: str) -> bool:
    parts = prefix.split("/")
    plain = prefix.isprintable() and not {"", ".", ".."} & set(parts) and parts == list(PurePosixPath(prefix).parts)
    return plain and len(prefix.encode()) <= _LONGEST


def _refusal(url: str) -> InvalidSettingError:
    """Leave out user and password, wherever they stand: the URL was meant for something else, and goes into a message."""
    shown = re.sub(r"(?<=%2F%2F)[^&]*?(%40|@)", "", without_user(url), flags=re.IGNORECASE)
    return InvalidSettingError("the URL of a store", shown, _EXPECTED)
