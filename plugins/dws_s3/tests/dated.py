"""A bucket whose clock a test sets, and which dates uploads by their beginning, as Amazon's does and no server here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from operator import attrgetter
from urllib.parse import quote_plus
from xml.sax.saxutils import escape

from plugins.dws_s3.tests.answering import Answer

BEGIN = 1_800_000_000.0
_PAGE = 3
_WHILE = 4.0
_DENIED = b"<Error><Code>AccessDenied</Code><Message>no</Message></Error>"


@dataclass(frozen=True)
class Version:
    """A version or delete marker: when it was `dated`, which tells the order, and when it was there, `since` and `until`."""

    key: str
    id: str
    number: int
    dated: float
    since: float
    etag: str
    is_marker: bool = False
    until: float = float("inf")

    @property
    def order(self) -> tuple[float, int]:
        return self.dated, self.number


@dataclass
class DatedBucket:
    """The bucket. `on_request` is called before each answer, and may write and let time pass; `skew` dates writes wrongly."""

    status: str = "Enabled"
    clock: float = BEGIN
    skew: float = 0.0
    may_ask: bool = True
    on_request: Callable[[], object] = lambda: None
    history: list[Version] = field(default_factory=list)
    uploads: dict[str, tuple[str, float]] = field(default_factory=dict)
    _count: int = 0

    def put(self, key: str, *, marker: bool = False) -> None:
        """Write an object, or hide it behind a delete marker."""
        self._add(key, self.clock + self.skew, "", marker)

    def begin(self, key: str) -> None:
        """Begin to write an object in parts, unless another one of the key began in this second: nothing tells those apart."""
        if (key, int(self.clock)) not in [(other, int(began)) for other, began in self.uploads.values()]:
            self._count += 1
            self.uploads[f"upload-{self._count}"] = (key, self.clock)

    def complete(self) -> None:
        """Complete the oldest upload that has lasted a while, if there is one."""
        if began := [(began, name) for name, (_, began) in self.uploads.items() if began < self.clock - _WHILE]:
            self._add(*self.uploads.pop(min(began)[1]), "-2", False)

    def give_up(self) -> None:
        """Give an upload up, if there is one."""
        if self.uploads:
            self.uploads.popitem()

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self.clock += seconds

    def at(self, moment: float) -> dict[bytes, str]:
        """Tell what was current at a moment: each key with the ETag of its version, which no other has."""
        return _newest([each for each in self.history if each.since <= moment < each.until])

    def dated_before(self, moment: float) -> dict[bytes, str]:
        """Tell what is the newest of each key that is dated before a moment."""
        return _newest([each for each in self.history if int(each.dated) < moment])

    def answer(self, asked: Mapping[str, str]) -> Answer:
        """Answer a request."""
        self.on_request()
        headers = {"Date": format_datetime(datetime.fromtimestamp(int(self.clock), UTC), usegmt=True)}
        if "key" in asked:
            return self._head(asked["key"], headers)
        if not self.may_ask and "versions" not in asked:
            return 403, headers, _DENIED
        if "versioning" in asked:
            return 200, headers, f"<VersioningConfiguration><Status>{self.status}</Status></VersioningConfiguration>".encode()
        body = self._uploads(asked) if "uploads" in asked else self._versions(asked)
        return 200, headers, f"<?xml version='1.0'?>{body}".encode()

    def _add(self, key: str, dated: float, parts: str, marker: bool) -> None:
        self._count += 1
        name = f"{self._count}" if self.status == "Enabled" else "null"
        for place, each in enumerate(self.history):
            if name == "null" and (each.key, each.id) == (key, name) and each.until > self.clock:
                self.history[place] = Version(**{**vars(each), "until": self.clock})
        self.history.append(Version(key, name, self._count, dated, self.clock, f"{self._count:032}{parts}", marker))

    def _head(self, key: str, headers: Mapping[str, str]) -> Answer:
        there = [each for each in self.history if each.key == key and each.until > self.clock]
        latest = max(there, key=attrgetter("order"), default=None)
        if latest is None or latest.is_marker:
            return 404, headers, b""
        date = format_datetime(datetime.fromtimestamp(int(latest.dated), UTC), usegmt=True)
        return 200, {**headers, "Last-Modified": date, "ETag": f'"{latest.etag}"', "x-amz-version-id": latest.id}, b"x"

    def _uploads(self, asked: Mapping[str, str]) -> str:
        rows = (
            f"<Upload><Key>{_shown(key)}</Key><UploadId>{name}</UploadId><Initiated>{_time(began)}</Initiated></Upload>"
            for name, (key, began) in self.uploads.items()
            if key.startswith(asked["prefix"])
        )
        return f"<ListMultipartUploadsResult><EncodingType>url</EncodingType>{''.join(rows)}</ListMultipartUploadsResult>"

    def _versions(self, asked: Mapping[str, str]) -> str:
        """List a page; a level is in the order of keys, a key's versions are newest first."""
        there = sorted((each for each in self.history if each.until > self.clock), key=attrgetter("order"), reverse=True)
        prefix, marker = asked["prefix"], asked.get("key-marker", "")
        entries: list[tuple[str, Version | None]] = []
        for each in sorted((each for each in there if each.key.startswith(prefix)), key=attrgetter("key")):
            end = each.key.find("/", len(prefix))
            entry = (each.key, each) if end < 0 else (each.key[: end + 1], None)
            if entry[1] or entry not in entries[-1:]:
                entries.append(entry)
        rest = [entry for entry in entries if self._is_after(entry, marker, asked.get("version-id-marker", ""))]
        page, more = rest[:_PAGE], len(rest) > _PAGE
        rows = "".join(_row(key, version, self._is_latest(version)) for key, version in page)
        if more:
            last = page[-1][1]
            rows += f"<NextKeyMarker>{_shown(page[-1][0])}</NextKeyMarker>"
            rows += f"<NextVersionIdMarker>{last.id}</NextVersionIdMarker>" if last else ""
        head = f"<EncodingType>url</EncodingType><IsTruncated>{str(more).lower()}</IsTruncated>"
        return f"<ListVersionsResult>{head}{rows}</ListVersionsResult>"

    def _is_after(self, entry: tuple[str, Version | None], marker: str, name: str) -> bool:
        if entry[0] != marker or not entry[1] or not name:
            return entry[0] > marker
        reached = max(each.order for each in self.history if (each.key, each.id) == (marker, name))
        return entry[1].order < reached

    def _is_latest(self, version: Version | None) -> bool:
        return version is not None and all(
            each.order <= version.order for each in self.history if each.key == version.key and each.until > self.clock
        )


def _newest(versions: list[Version]) -> dict[bytes, str]:
    newest = {each.key: each for each in sorted(versions, key=attrgetter("order"))}
    return {key.encode(): each.etag for key, each in newest.items() if not each.is_marker}


def _row(key: str, version: Version | None, is_latest: bool) -> str:
    if version is None:
        return f"<CommonPrefixes><Prefix>{_shown(key)}</Prefix></CommonPrefixes>"
    kind = "DeleteMarker" if version.is_marker else "Version"
    more = "" if version.is_marker else f'<ETag>"{version.etag}"</ETag><Size>1</Size>'
    return (
        f"<{kind}><Key>{_shown(key)}</Key><VersionId>{version.id}</VersionId><IsLatest>{str(is_latest).lower()}</IsLatest>"
        f"<LastModified>{_time(version.dated)}</LastModified>{more}</{kind}>"
    )


def _shown(key: str) -> str:
    return escape(quote_plus(key, safe="/"))


def _time(moment: float) -> str:
    return datetime.fromtimestamp(int(moment), UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
