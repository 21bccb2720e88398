"""Pages of a listing: of every version, or of what is current, asked for level by level."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, ClassVar
from xml.etree import ElementTree

from dws_core.errors import ContentError
from dws_s3.keys import parameter, text_of
from dws_s3.page import CURRENT, DELIMITER, VERSIONS, Form, Marker, Page, parse

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_PAGE = "dws-s3.page"


class UnusableListingError(ContentError):
    def __init__(self, bucket: str, reason: str) -> None:
        super().__init__(
            f"what the server lists of {bucket} cannot be used: {reason}",
            hint="choose another prefix, or ask whoever runs the server",
        )


class Pages:
    """The versions in one bucket, through a client that others may use for whatever they like at the same time."""

    event: ClassVar[str] = "before-parse.s3.ListObjectVersions"
    form: ClassVar[Form] = VERSIONS

    def __init__(self, client: "S3Client", bucket: str) -> None:
        self.bucket = bucket
        self._client = client
        client.meta.events.register_first(self.event, _read, unique_id=_PAGE + self.form.root)

    def get(self, prefix: bytes, after: Marker | None = None, *, most: int = 1000) -> Page:
        """Ask for what lies directly below a prefix; UnusableListingError."""
        request: dict[str, Any] = {
            "Bucket": self.bucket,
            "Prefix": parameter(prefix),
            "Delimiter": DELIMITER.decode(),
            "EncodingType": "url",
            "MaxKeys": most,
        }
        with _asking(self.form):
            answer = self._ask(request, after)
        page = answer.get(_PAGE)
        if not isinstance(page, Page):
            raise UnusableListingError(self.bucket, str(page or "it is no list of what is there"))
        _check(self.bucket, prefix, page)
        return page

    def _ask(self, request: dict[str, Any], after: Marker | None) -> Any:
        if after is not None:
            request["KeyMarker"] = parameter(after[0])
            if after[1]:
                request["VersionIdMarker"] = after[1]
        return self._client.list_object_versions(**request)


class CurrentPages(Pages):
    """What is current in one bucket, whether or not it keeps versions: each object as the version `null`."""

    event = "before-parse.s3.ListObjectsV2"
    form = CURRENT

    def _ask(self, request: dict[str, Any], after: Marker | None) -> Any:
        if after is not None:
            request["ContinuationToken"] = text_of(after[0])
        return self._client.list_objects_v2(**request)


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
def _asking(form: Form) -> Iterator[None]:
    """Let what this thread is answered be read by us, and what others are answered by botocore."""
    _thread.asks_for = form
    try:
        yield
    finally:
        _thread.asks_for = None


def _read(response_dict: dict[str, Any], customized_response_dict: dict[str, Any], **_: Any) -> None:
    """Take a page out of an answer before botocore reads it; what is no page is left to botocore, which knows errors."""
    form: Form | None = getattr(_thread, "asks_for", None)
    if form is None or response_dict["status_code"] != 200:
        return
    try:
        page = parse(response_dict["body"], form)
    except ElementTree.ParseError:
        return
    except ValueError as error:
        customized_response_dict[_PAGE] = error
        return
    if page is not None:
        customized_response_dict[_PAGE] = page
        response_dict["body"] = f"<{form.root}/>".encode()
