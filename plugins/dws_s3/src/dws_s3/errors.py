"""What only S3, or the way to it, can refuse.

None of them holds a key, a token or a signed URL. `task` says what was to be done: `read s3://bucket/key`.
"""

from dws_core.errors import InvalidSettingError, ToolFailedError


class InvalidBucketNameError(InvalidSettingError):
    def __init__(self, bucket: str) -> None:
        super().__init__(
            "the name of a bucket",
            bucket,
            "3 to 63 lower-case letters, digits, '-' and single '.', beginning and ending with a letter or digit",
        )


class InvalidEndpointError(InvalidSettingError):
    def __init__(
        self,
        endpoint: str,
        *,
        what: str = "the endpoint of a bucket",
        expected: str = "https://HOST or http://HOST:PORT, without user and password",
    ) -> None:
        super().__init__(what, endpoint, expected)


class S3Error(ToolFailedError):
    """Something that could not be done in a bucket."""

    def __init__(self, task: str, reason: str, hint: str | None) -> None:
        super().__init__("S3", task, reason, hint=hint)
        self.task = task
        self.reason = reason


class NoBucketError(S3Error):
    def __init__(self, task: str, bucket: str) -> None:
        super().__init__(
            task,
            f"there is no bucket {bucket}",
            f"look at its name and its endpoint; if it is to be a new one, make it: `aws s3 mb s3://{bucket}`",
        )
        self.bucket = bucket


class OtherRegionError(S3Error):
    def __init__(self, task: str, bucket: str, region: str | None) -> None:
        super().__init__(
            task,
            f"the bucket {bucket} is in {f'the region {region}' if region else 'another region'}",
            f"name that region: {region}" if region else "ask whoever made it for its region or endpoint, and name that",
        )
        self.region = region


class NoCredentialsFoundError(S3Error):
    def __init__(self, task: str, reason: str = "no credentials were found") -> None:
        super().__init__(
            task,
            reason,
            "give them where AWS's own programs look for them: `aws configure`, AWS_PROFILE, "
            "or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
        )


class UnknownProfileError(S3Error):
    def __init__(self, task: str, profile: str) -> None:
        super().__init__(
            task,
            f"AWS's configuration has no profile {profile!r}",
            f"make it with `aws configure --profile {profile}`, or name another one (`aws configure list-profiles`)",
        )
        self.profile = profile


class CredentialsRefusedError(S3Error):
    def __init__(self, task: str, code: str) -> None:
        reason, hint = _REFUSED.get(code, ("the credentials were refused", _LOOK_AT_KEYS))
        super().__init__(task, f"{reason} ({code})", hint)
        self.code = code


class AccessDeniedError(S3Error):
    def __init__(self, task: str, permission: str, bucket: str) -> None:
        super().__init__(
            task,
            f"access is denied, and {permission} is needed",
            f"let whoever owns the bucket {bucket} allow {permission} to these credentials, or use others (AWS_PROFILE)",
        )
        self.permission = permission


class UnreachableError(S3Error):
    def __init__(self, task: str, endpoint: str, reason: str) -> None:
        super().__init__(
            task,
            f"{endpoint} cannot be reached: {reason}",
            "look at that address and at the network (proxies, too), then try again",
        )
        self.endpoint = endpoint


class UntrustedEndpointError(S3Error):
    def __init__(self, task: str, endpoint: str, reason: str) -> None:
        super().__init__(
            task,
            f"{endpoint} is not trusted: {reason}",
            "name the endpoint as its certificate does; where an authority of your own signs, "
            "let AWS_CA_BUNDLE name its certificate",
        )
        self.endpoint = endpoint


class NotS3Error(S3Error):
    def __init__(self, task: str, endpoint: str, reason: str) -> None:
        super().__init__(task, f"{endpoint} does not answer as S3 does: {reason}", "name the endpoint of an S3 server")
        self.endpoint = endpoint


class OverloadedError(S3Error):
    def __init__(self, task: str, code: str) -> None:
        super().__init__(
            task,
            f"the server cannot keep up or has a fault of its own, tried several times ({code})",
            "wait a little, then try again",
        )
        self.code = code


class CutError(S3Error):
    """The way to the server ended in the middle."""

    def __init__(self, task: str, reason: str) -> None:
        super().__init__(task, f"the connection was cut: {reason}", "look at the network, then try again")


class ChangedMeanwhileError(S3Error):
    def __init__(self, task: str) -> None:
        super().__init__(task, "it was replaced meanwhile", "wait until its writer is done, then try again")


class RequestRefusedError(S3Error):
    """The server's own words; whoever asked may know from `code` or `status` what to do instead."""

    def __init__(self, task: str, code: str, status: int, said: str) -> None:
        super().__init__(task, f"{code}: {said}" if said else f"{code} (status {status})", None)
        self.code = code
        self.status = status


_LOOK_AT_KEYS = "look at the keys that `aws configure list` shows, and whether they belong to that endpoint"
_REFUSED = {
    "InvalidAccessKeyId": ("the access key is not known there", _LOOK_AT_KEYS),
    "SignatureDoesNotMatch": ("the secret key is not the one of the access key", _LOOK_AT_KEYS),
    "ExpiredToken": ("the credentials have expired", "get new ones (such as `aws sso login`), then try again"),
    "TokenRefreshRequired": ("the credentials have expired", "get new ones (such as `aws sso login`), then try again"),
    "RequestTimeTooSkewed": ("this machine's clock is wrong", "set the clock, then try again"),
}
