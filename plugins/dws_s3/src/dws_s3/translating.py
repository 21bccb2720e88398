"""What botocore raises, in our own errors."""

import errno
import os
import ssl
from collections.abc import Iterator
from typing import NamedTuple

from botocore import exceptions

from dws_core.errors import DwsError
from dws_s3.errors import (
    AccessDeniedError,
    CredentialsRefusedError,
    CutError,
    InvalidBucketNameError,
    NoBucketError,
    NoCredentialsFoundError,
    NotS3Error,
    OtherRegionError,
    OverloadedError,
    RequestRefusedError,
    S3Error,
    UnknownProfileError,
    UnreachableError,
    UntrustedEndpointError,
)
from dws_s3.place import Place

MISSING = frozenset({"NoSuchKey", "NoSuchVersion", "404"})
DENIED = frozenset({"AccessDenied", "AllAccessDisabled", "AccountProblem", "403"})
_ELSEWHERE = frozenset({"PermanentRedirect", "TemporaryRedirect", "IllegalLocationConstraintException", "301", "307"})
_CREDENTIALS = frozenset(
    {
        "InvalidAccessKeyId",
        "SignatureDoesNotMatch",
        "ExpiredToken",
        "InvalidToken",
        "TokenRefreshRequired",
        "InvalidSecurity",
        "NotSignedUp",
        "RequestTimeTooSkewed",
    }
)
_BUSY = frozenset({"SlowDown", "ServiceUnavailable", "InternalError", "RequestTimeout", "Busy", "TooManyRequests", "429"})

# What S3 names the permission for, where that is not the name of the operation.
_PERMISSIONS = {
    "HeadBucket": "s3:ListBucket",
    "ListObjects": "s3:ListBucket",
    "ListObjectsV2": "s3:ListBucket",
    "ListObjectVersions": "s3:ListBucketVersions",
    "ListMultipartUploads": "s3:ListBucketMultipartUploads",
    "ListParts": "s3:ListMultipartUploadParts",
    "HeadObject": "s3:GetObject",
    "CopyObject": "s3:GetObject and s3:PutObject",
    "UploadPartCopy": "s3:GetObject and s3:PutObject",
    "CreateMultipartUpload": "s3:PutObject",
    "UploadPart": "s3:PutObject",
    "CompleteMultipartUpload": "s3:PutObject",
    "DeleteObjects": "s3:DeleteObject",
    "GetBucketLifecycleConfiguration": "s3:GetLifecycleConfiguration",
}


class Task(NamedTuple):
    """What is being done: words (`read`), the place, a key if it is about one, the endpoint, and whether that ever answered."""

    action: str
    place: Place
    key: str | None
    endpoint: str
    has_answered: bool

    def __str__(self) -> str:
        return f"{self.action} {self.place.shown(self.key)}"


def translate(error: Exception, task: Task, secrets: tuple[str, ...] = ()) -> DwsError | FileNotFoundError:
    """Give the error for people; FileNotFoundError where what is missing is a key or a version of one."""
    if isinstance(error, exceptions.ClientError):
        return _answered(error, task, secrets)
    if isinstance(error, exceptions.ProfileNotFound):
        return UnknownProfileError(str(task), str(error.kwargs.get("profile", "")))
    for each in _inside(error):
        if isinstance(each, DwsError):  # the content to be sent could not be read
            return each
    return _lost(error, task) or _unauthorised(error, task) or _unasked(error, task)


def code_of(error: exceptions.ClientError) -> str:
    """Tell how the server names what is wrong: a word, or the status where it gave none."""
    return str(error.response.get("Error", {}).get("Code", ""))


def is_mute(error: exceptions.ClientError) -> bool:
    """Tell whether the answer says nothing but its status, as every answer to HEAD."""
    return code_of(error).isdigit() and error.operation_name.startswith("Head")


def _answered(error: exceptions.ClientError, task: Task, secrets: tuple[str, ...]) -> DwsError | FileNotFoundError:
    code, status = code_of(error), int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
    if code in MISSING and task.key is not None and not _is_no_answer_of_s3(error):
        return FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), task.key)
    said = _plain(str(error.response.get("Error", {}).get("Message", "")), secrets)
    return _refused(error, task, status) or RequestRefusedError(str(task), code, status, said)


def _refused(error: exceptions.ClientError, task: Task, status: int) -> DwsError | None:
    """Find the class for what the server will not do; None where only whoever asked can know what it means."""
    code, what, bucket, region = code_of(error), str(task), task.place.bucket, _region(error)
    made: DwsError | None = None
    if code in _ELSEWHERE or (code in ("AuthorizationHeaderMalformed", "400") and region):
        made = OtherRegionError(what, bucket, region)
    elif code in _CREDENTIALS:
        made = CredentialsRefusedError(what, code)
    elif code in _BUSY or (status >= 500 and status != 501):
        made = OverloadedError(what, code)
    elif _is_no_answer_of_s3(error):
        made = NotS3Error(what, task.endpoint, f"status {status}")
    elif code == "NoSuchBucket" or code in MISSING:
        made = NoBucketError(what, bucket)
    elif code in DENIED:
        made = AccessDeniedError(what, _permission(error.operation_name), bucket)
    elif code == "InvalidBucketName":
        made = InvalidBucketNameError(bucket)
    return made


def _is_no_answer_of_s3(error: exceptions.ClientError) -> bool:
    """Tell whether there are no words where S3 always has some."""
    return code_of(error).isdigit() and not error.operation_name.startswith("Head")


def _lost(error: Exception, task: Task) -> S3Error | None:
    """Translate what failed on the way to the server or back."""
    what, reason = str(task), _reason(error)
    made: S3Error | None = None
    match error:
        case exceptions.SSLError() if any(isinstance(each, ssl.SSLCertVerificationError) for each in _inside(error)):
            made = UntrustedEndpointError(what, task.endpoint, reason)
        case exceptions.SSLError():
            made = UnreachableError(what, task.endpoint, f"TLS does not begin: {reason}")
        case exceptions.ConnectTimeoutError() | exceptions.EndpointConnectionError() | exceptions.ProxyConnectionError():
            made = UnreachableError(what, task.endpoint, reason)
        case exceptions.ReadTimeoutError() if not task.has_answered:
            made = UnreachableError(what, task.endpoint, "it takes the connection, and does not answer")
        case exceptions.ReadTimeoutError():
            made = CutError(what, "nothing came for too long")
        case exceptions.HTTPClientError() | exceptions.IncompleteReadError():
            made = CutError(what, reason)
    return made


def _unauthorised(error: Exception, task: Task) -> S3Error | None:
    """Translate what failed before anything was asked, for want of credentials."""
    match error:
        case exceptions.NoCredentialsError() | exceptions.NoAuthTokenError():
            return NoCredentialsFoundError(str(task))
        case exceptions.SSOError() | exceptions.TokenRetrievalError() | exceptions.LoginError():
            return CredentialsRefusedError(str(task), "ExpiredToken")
        case exceptions.PartialCredentialsError() | exceptions.CredentialRetrievalError():
            return NoCredentialsFoundError(str(task), f"credentials came in part only, or not at all, from {_provider(error)}")
    return None


def _unasked(error: Exception, task: Task) -> S3Error:
    """Name what is left: an answer that makes no sense, or a configuration that does not."""
    name = type(error).__name__
    if name == "ResponseParserError":
        return NotS3Error(str(task), task.endpoint, "what came is no answer of S3's")
    return RequestRefusedError(str(task), name, 0, "")


def _permission(operation: str) -> str:
    return _PERMISSIONS.get(operation, f"s3:{operation}")


def _provider(error: exceptions.BotoCoreError) -> str:
    return str(error.kwargs.get("provider", "where they are kept"))


def _region(error: exceptions.ClientError) -> str | None:
    """Find the region that the answer names, if it does."""
    headers = error.response.get("ResponseMetadata", {}).get("HTTPHeaders", {})
    named = headers.get("x-amz-bucket-region") or error.response.get("Error", {}).get("Region")
    return str(named) if named else None


def _reason(error: Exception) -> str:
    """Find the operating system's words in what botocore and urllib3 wrapped them in."""
    for each in _inside(error):
        if isinstance(each, ssl.SSLCertVerificationError):
            return each.verify_message
        if isinstance(each, OSError) and each.strerror:
            return each.strerror
    if isinstance(error, exceptions.ConnectTimeoutError):
        return "it does not answer"
    return "it ended before everything had come"


def _inside(error: BaseException) -> Iterator[BaseException]:
    """Yield an error and all that it came from."""
    waiting: list[object] = [error]
    seen: set[int] = set()
    while waiting:
        each = waiting.pop()
        if isinstance(each, BaseException) and id(each) not in seen:
            seen.add(id(each))
            yield each
            waiting += [each.__context__, each.__cause__, getattr(each, "reason", None), *each.args]
            waiting += getattr(each, "kwargs", {}).values()


def _plain(text: str, secrets: tuple[str, ...]) -> str:
    """Cut what a server said short, and the keys out of it."""
    for secret in secrets:
        text = text.replace(secret, "…")
    return text[:300]
