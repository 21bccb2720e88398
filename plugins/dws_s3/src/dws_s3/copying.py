"""Copies from one key and version to another key, made by the server itself."""

from typing import TYPE_CHECKING, Any

from dws_s3.connection import Connection
from dws_s3.keys import parameter
from dws_s3.rows import Row

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_LARGEST_COPY = 5 * 1024**3
_PART = 512 * 1024**2
_KEPT = (
    "CacheControl",
    "ContentDisposition",
    "ContentEncoding",
    "ContentLanguage",
    "ContentType",
    "Metadata",
    "StorageClass",
    "WebsiteRedirectLocation",
)


def copy(connection: Connection, row: Row, key: bytes) -> Row:
    """Make the version of a row current under a key, and answer the new row; FileNotFoundError where there is no such version.

    Its metadata goes along. What was current under the key stays as an older version.
    """
    name, target = parameter(row.key), parameter(key)
    source: Any = {"Bucket": connection.place.bucket, "Key": name, "VersionId": row.version}
    with connection.doing("copy", name) as client:
        if row.size > _LARGEST_COPY:
            made = _copy_in_parts(client, source, target, row.size)
            return Row(key, made["VersionId"], row.size, made["ETag"].strip('"'), None)
        done = client.copy_object(Bucket=source["Bucket"], Key=target, CopySource=source)
        return Row(key, done["VersionId"], row.size, done["CopyObjectResult"]["ETag"].strip('"'), row.checksum)


def _copy_in_parts(client: "S3Client", source: Any, target: str, size: int) -> Any:
    """Copy what is too large for one request; in parts of another size than before, which gives another ETag."""
    found: Any = client.head_object(**source)
    options = {name: found[name] for name in _KEPT if name in found}
    upload = client.create_multipart_upload(Bucket=source["Bucket"], Key=target, **options)
    whole: Any = {"Bucket": source["Bucket"], "Key": target, "UploadId": upload["UploadId"]}
    try:
        parts: list[Any] = []
        for number, start in enumerate(range(0, size, _PART), 1):
            piece = f"bytes={start}-{min(start + _PART, size) - 1}"
            done = client.upload_part_copy(**whole, PartNumber=number, CopySource=source, CopySourceRange=piece)
            parts.append({"PartNumber": number, "ETag": done["CopyPartResult"]["ETag"]})
        return client.complete_multipart_upload(**whole, MultipartUpload={"Parts": parts})
    except BaseException:
        client.abort_multipart_upload(**whole)
        raise
