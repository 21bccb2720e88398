"""Pages of a listing of versions, read many times faster than botocore reads them."""

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias
from urllib.parse import unquote_to_bytes
from xml.etree import ElementTree

from dws_core.errors import ContentError
from dws_s3.keys import key_of, parameter

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import ListObjectVersionsRequestTypeDef

DELIMITER = b"/"
NULL = "null"
"""The id of a version that was written without versioning, and may be overwritten."""

_EVENT = "before-parse.s3.ListObjectVersions"
_PAGE = "dws-s3.page"
_EMPTY = b"<ListVersionsResult/>"
_REPLACED = "\ufffd".encode()

Marker: TypeAlias = tuple[bytes, str]


class UnusableListingError(ContentError):
    def __init__(self, bucket: str, reason: str) -> None:
        super().__init__(
            f"what the server lists of {bucket} cannot be used: {reason}",
            hint="choose another prefix, or ask whoever runs the server",
        )


class Entry(NamedTuple):
    """A version or a delete marker; `modified` is UTC as the server writes it, `2026-11-26T22:26:43Z`, maybe with a fraction."""

    key: bytes
    version: str
    size: int
    etag: str
    modified: str
    is_latest: bool
    is_marker: bool


@dataclass(frozen=True)
class Page:
    """What one answer lists directly below a prefix; `after` is where the next one begins, None after the last.

    Where the server did not encode keys, it cannot show every character: `is_encoded` tells.
    """

    entries: list[Entry]
    prefixes: list[bytes]
    after: Marker | None
    is_encoded: bool

    def unreadable(self) -> Iterator[bytes]:
        """Name the keys that may be others: XML has no word for some characters, which such servers replace."""
        if not self.is_encoded:
            names = [*(entry.key for entry in self.entries), *self.prefixes]
            yield from (name for name in names if _REPLACED in name)


class Pages:
    """The pages of one bucket, through a client that others may use for whatever they like at the same time."""

    def __init__(self, client: "S3Client", bucket: str) -> None:
        self.bucket = bucket
        self._client = client
        client.meta.events.register_first(_EVENT, _read, unique_id=_PAGE)

    def get(self, prefix: bytes, after: Marker | None = None, *, most: int = 1000) -> Page:
        """Ask for what lies directly below a prefix; UnusableListingError."""
        request: ListObjectVersionsRequestTypeDef = {
            "Bucket": self.bucket,
            "Prefix": parameter(prefix),
            "Delimiter": DELIMITER.decode(),
            "EncodingType": "url",
            "MaxKeys": most,
        }
        if after is not None:
            request["KeyMarker"] = parameter(after[0])
            if after[1]:
                request["VersionIdMarker"] = after[1]
        with _asking():
            answer: Any = self._client.list_object_versions(**request)
        page = answer.get(_PAGE)
        if not isinstance(page, Page):
            raise UnusableListingError(self.bucket, str(page or "it is no list of versions"))
        _check(self.bucket, prefix, page)
        return page


def parse(body: bytes) -> Page | None:
    """Read a page; None if it is no list of versions, ElementTree.ParseError if no XML, ValueError if it lacks something."""
    root = ElementTree.fromstring(body)
    if _name(root) != "ListVersionsResult":
        return None
    space = root.tag[: -len("ListVersionsResult")]
    is_encoded = root.findtext(f"{space}EncodingType") == "url"
    decode = _unquoted if is_encoded else key_of
    after = None
    if root.findtext(f"{space}IsTruncated") == "true":
        marker = root.findtext(f"{space}NextKeyMarker")
        if not marker:
            raise ValueError("it ends in the middle, and does not say where")
        after = (decode(marker), root.findtext(f"{space}NextVersionIdMarker") or "")
    prefixes = [decode(each.findtext(f"{space}Prefix") or "") for each in root.iterfind(f"{space}CommonPrefixes")]
    return Page(list(_entries(root, space, decode)), prefixes, after, is_encoded)


def _entries(root: Iterable[ElementTree.Element], space: str, decode: Callable[[str], bytes]) -> Iterator[Entry]:
    version, marker = f"{space}Version", f"{space}DeleteMarker"
    key, number, latest, modified = f"{space}Key", f"{space}VersionId", f"{space}IsLatest", f"{space}LastModified"
    size, etag = f"{space}Size", f"{space}ETag"
    for each in root:
        if each.tag in (version, marker):
            texts = {child.tag: child.text for child in each}
            is_marker = each.tag == marker
            yield Entry(
                decode(texts.get(key) or ""),
                texts.get(number) or NULL,
                0 if is_marker else int(texts.get(size) or ""),
                (texts.get(etag) or "").strip('"'),
                _universal(texts.get(modified) or ""),
                texts.get(latest) == "true",
                is_marker,
            )


def _unquoted(text: str) -> bytes:
    return unquote_to_bytes(text.replace("+", " ") if "+" in text else text)


def _universal(modified: str) -> str:
    """Give a time in UTC, so that texts compare as times do."""
    if modified[10:11] == "T" and modified[-1:] == "Z":
        return modified
    return datetime.fromisoformat(modified).astimezone(UTC).isoformat().replace("+00:00", "Z")


def _name(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]


def _check(bucket: str, prefix: bytes, page: Page) -> None:
    """Refuse what does not lie directly below the prefix, which would be walked twice, without end, or not at all."""
    start = len(prefix)
    for entry in page.entries:
        if not entry.key.startswith(prefix) or entry.key.find(DELIMITER, start) >= 0:
            raise UnusableListingError(bucket, f"below {prefix!r} it names the key {entry.key!r}")
    for each in page.prefixes:
        if not each.startswith(prefix) or each.find(DELIMITER, start) != len(each) - 1:
            raise UnusableListingError(bucket, f"below {prefix!r} it names the prefix {each!r}")


_thread = threading.local()


@contextmanager
def _asking() -> Iterator[None]:
    """Let what this thread is answered be read by us, and what others are answered by botocore."""
    _thread.asks = True
    try:
        yield
    finally:
        _thread.asks = False


def _read(response_dict: dict[str, Any], customized_response_dict: dict[str, Any], **_: Any) -> None:
    """Take a page out of an answer before botocore reads it; what is no page is left to botocore, which knows errors."""
    if not getattr(_thread, "asks", False) or response_dict["status_code"] != 200:
        return
    try:
        page = parse(response_dict["body"])
    except ElementTree.ParseError:
        return
    except ValueError as error:
        customized_response_dict[_PAGE] = error
        return
    if page is not None:
        customized_response_dict[_PAGE] = page
        response_dict["body"] = _EMPTY
