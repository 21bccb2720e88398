"""The files of a bucket: as they are now, or as a manifest tells of them."""

from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

from dws_core.errors import ReadOnlyFilesError
from dws_core.plugin import FileInfo, Files, read_ahead
from dws_s3.extent import Extent
from dws_s3.identity import identity_of
from dws_s3.keys import parameter
from dws_s3.manifest import BucketManifest
from dws_s3.page import NULL
from dws_s3.rows import Row
from dws_s3.streaming import stream
from dws_s3.whereabouts import Whereabouts


class BucketFiles(Files):
    """What is current. `why_not` says why nothing may be written, if so."""

    def __init__(self, resource: str, extent: Extent, why_not: str = "") -> None:
        super().__init__(resource)
        self._extent = extent
        self._why_not = why_not

    def info(self, path: str) -> FileInfo:
        if path:
            try:
                return self._info(path, self._head(path))
            except FileNotFoundError:
                if not self._is_directory(path):
                    raise
        return FileInfo(path, is_directory=True)

    def list(self, path: str = "") -> Iterator[FileInfo]:
        prefix = self._name(f"{path}/" if path else "")
        is_empty = True
        for page in self._pages(prefix):
            is_empty &= not page.get("KeyCount", 0)
            for each in page.get("CommonPrefixes", ()):
                yield FileInfo(self._path(each["Prefix"]).removesuffix("/"), is_directory=True)
            for each in page.get("Contents", ()):
                if each["Key"] != prefix:  # the mark of a directory that somebody made by itself
                    yield FileInfo(self._path(each["Key"]), False, each["Size"], each["LastModified"].timestamp())
        if is_empty and path:
            self._head(path)
            raise NotADirectoryError(path)

    def read(self, path: str, start: int = 0, length: int | None = None) -> bytes:
        if not path:
            raise IsADirectoryError(path)
        try:
            return b"".join(stream(self._extent.connection, self._name(path), start, length))
        except FileNotFoundError:
            raise self._missing(path) from None

    def open(self, path: str) -> BinaryIO:
        if not path:
            raise IsADirectoryError(path)
        try:
            found = self._head(path)
        except FileNotFoundError:
            raise self._missing(path) from None
        same = {"version": found.get("VersionId"), "etag": found["ETag"]}
        name = self._name(path)
        connection, size = self._extent.connection, found["ContentLength"]
        return read_ahead(lambda start, length: b"".join(stream(connection, name, start, length, **same)), size, path)

    def version(self, path: str = "") -> str | None:
        if not path:
            return None
        try:
            found = self._head(path)
        except FileNotFoundError:
            found = None
        if found is not None:
            row = Row(self._extent.key(path), found.get("VersionId", NULL), found["ContentLength"], found["ETag"].strip('"'))
            return identity_of(path, [(path, row)])
        with self._extent.current(f"{path}/") as rows:
            return identity_of(path, ((self._extent.path(row.key), row) for row in rows))

    def write(self, path: str, content: BinaryIO) -> None:
        self._check_writable()
        if not path or self._is_directory(path):
            raise IsADirectoryError(path)
        name = self._name(path)
        with self._extent.connection.doing("write", name) as client:
            client.upload_fileobj(content, self._extent.bucket, name)

    def remove(self, path: str) -> None:
        self._check_writable()
        if self.info(path).is_directory:
            raise IsADirectoryError(path)
        name = self._name(path)
        with self._extent.connection.doing("delete", name) as client:
            client.delete_object(Bucket=self._extent.bucket, Key=name)

    def _check_writable(self) -> None:
        if self._why_not:
            raise ReadOnlyFilesError(self.resource, self._why_not)

    def _name(self, path: str) -> str:
        return parameter(self._extent.key(path))

    def _path(self, name: str) -> str:
        return self._extent.path(name.encode("utf-8", "surrogateescape"))

    def _head(self, path: str) -> Any:
        name = self._name(path)
        with self._extent.connection.doing("look at", name) as client:
            return client.head_object(Bucket=self._extent.bucket, Key=name)

    def _info(self, path: str, found: Any) -> FileInfo:
        return FileInfo(path, False, found["ContentLength"], found["LastModified"].timestamp())

    def _is_directory(self, path: str) -> bool:
        with self._extent.connection.doing("list") as client:
            found = client.list_objects_v2(Bucket=self._extent.bucket, Prefix=self._name(f"{path}/"), MaxKeys=1)
        return bool(found.get("Contents"))

    def _missing(self, path: str) -> OSError:
        return IsADirectoryError(path) if not path or self._is_directory(path) else FileNotFoundError(path)

    def _pages(self, prefix: str) -> Iterator[Any]:
        more: dict[str, Any] = {}
        while True:
            with self._extent.connection.doing("list") as client:
                page: Any = client.list_objects_v2(Bucket=self._extent.bucket, Prefix=prefix, Delimiter="/", **more)
            yield page
            if not page.get("IsTruncated"):
                return
            more = {"ContinuationToken": page["NextContinuationToken"]}


class ManifestFiles(Files):
    """What a manifest tells of; each file is read as the version that it names."""

    def __init__(self, resource: str, extent: Extent, manifest: BucketManifest, why_not: str = "") -> None:
        super().__init__(resource)
        self._extent = extent
        self._manifest = manifest
        self._why_not = why_not

    def info(self, path: str) -> FileInfo:
        if path:
            row = self._manifest.find(self._extent.key(path))
            if row is not None:
                return FileInfo(path, size=row.size)
            if next(self._manifest.below(self._extent.key(f"{path}/")), None) is None:
                raise FileNotFoundError(path)
        return FileInfo(path, is_directory=True)

    def list(self, path: str = "") -> Iterator[FileInfo]:
        if not self.info(path).is_directory:
            raise NotADirectoryError(path)
        prefix = self._extent.key(f"{path}/" if path else "")
        for each in self._manifest.below(prefix):
            if each.row is None:
                yield FileInfo(self._extent.path(each.key).removesuffix("/"), is_directory=True)
            elif each.key != prefix:
                yield FileInfo(self._extent.path(each.key), size=each.row.size)

    def read(self, path: str, start: int = 0, length: int | None = None) -> bytes:
        return self._part(self._row(path), start, length)

    def open(self, path: str) -> BinaryIO:
        row = self._row(path)
        return read_ahead(lambda start, length: self._part(row, start, length), row.size, path)

    def version(self, path: str = "") -> str | None:
        if not path:
            return self._manifest.id
        start = self._extent.key(path)
        return identity_of(path, ((self._extent.path(row.key), row) for row in _from(self._manifest.rows(), start)))

    def write(self, path: str, content: BinaryIO) -> None:
        raise self._refusal()

    def remove(self, path: str) -> None:
        raise self._refusal()

    def _refusal(self) -> ReadOnlyFilesError:
        return ReadOnlyFilesError(self.resource, self._why_not) if self._why_not else ReadOnlyFilesError(self.resource)

    def _row(self, path: str) -> Row:
        if self.info(path).is_directory:
            raise IsADirectoryError(path)
        row = self._manifest.find(self._extent.key(path))
        assert row is not None, "what is no directory has a row"
        return row

    def _part(self, row: Row, start: int, length: int | None) -> bytes:
        name = parameter(row.key)
        try:
            return b"".join(stream(self._extent.connection, name, start, length, version=row.version))
        except FileNotFoundError:
            other = Whereabouts(self._extent).find(row)
            if other is None:
                raise
            return b"".join(stream(self._extent.connection, name, start, length, version=other.version))


def _from(rows: Iterable[Row], start: bytes) -> Iterator[Row]:
    return (row for row in rows if row.key.startswith(start))
