"""One page of a listing, read many times faster than botocore reads it."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple, TypeAlias
from urllib.parse import unquote_to_bytes
from xml.etree import ElementTree

from dws_s3.keys import key_of

DELIMITER = b"/"
NULL = "null"
"""The id of a version that was written without versioning, and may be overwritten."""

_REPLACED = "\ufffd".encode()

Marker: TypeAlias = tuple[bytes, str]


class Form(NamedTuple):
    """How a kind of listing writes its pages: what names the whole, and what names where the next one begins."""

    root: str
    next_key: str
    next_version: str = ""


VERSIONS = Form("ListVersionsResult", "NextKeyMarker", "NextVersionIdMarker")
CURRENT = Form("ListBucketResult", "NextContinuationToken")


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


def parse(body: bytes, form: Form) -> Page | None:
    """Read a page; None if it is none of this form, ElementTree.ParseError if no XML, ValueError if it lacks something."""
    root = ElementTree.fromstring(body)
    if _name(root) != form.root:
        return None
    space = root.tag[: -len(form.root)]
    is_encoded = root.findtext(f"{space}EncodingType") == "url"
    decode = _unquoted if is_encoded else key_of
    after = None
    if root.findtext(f"{space}IsTruncated") == "true":
        marker = root.findtext(space + form.next_key)
        if not marker:
            raise ValueError("it ends in the middle, and does not say where")
        # Of what is current a token tells, which is no key, and is not encoded.
        after = (decode(marker), root.findtext(space + form.next_version) or "") if form.next_version else (key_of(marker), "")
    prefixes = [decode(each.findtext(f"{space}Prefix") or "") for each in root.iterfind(f"{space}CommonPrefixes")]
    return Page(list(_entries(root, space, decode)), prefixes, after, is_encoded)


def _entries(root: Iterable[ElementTree.Element], space: str, decode: Callable[[str], bytes]) -> Iterator[Entry]:
    versions, marker = (f"{space}Version", f"{space}Contents"), f"{space}DeleteMarker"
    key, number, latest, modified = f"{space}Key", f"{space}VersionId", f"{space}IsLatest", f"{space}LastModified"
    size, etag = f"{space}Size", f"{space}ETag"
    for each in root:
        if each.tag in (*versions, marker):
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
