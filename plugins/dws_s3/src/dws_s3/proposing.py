"""What `dws add s3` would record of a bucket, after a look at what the bucket can do."""

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from dws_core.errors import InvalidSettingError, ResourceError
from dws_core.model.role import Role
from dws_core.plugin import Proposal
from dws_s3.connection import Connection
from dws_s3.copied.looking import look
from dws_s3.copied.picture import Picture
from dws_s3.place import Place
from dws_s3.probing import ENABLED, probe, versioning_of
from dws_s3.settings import VIEW, WRITE_BACK, S3Settings, directory_prefix

_RESTORED = {
    VIEW: "the bucket keeps versions: a restore has it seen as it was, and changes nothing in it (restore-by: view)",
    WRITE_BACK: "the bucket keeps versions: a restore makes the older ones current again (restore-by: write-back)",
}

COPIED = "s3-copied"
"""The type of a bucket of which the workspace keeps copies."""

_PAGES = 20


class CopiedResultsError(ResourceError):
    def __init__(self, bucket: str) -> None:
        super().__init__(
            f"results cannot lie in {bucket} with --copy: they move there without being downloaded, which takes versions",
            hint=f"turn versions on (`aws s3api put-bucket-versioning --bucket {bucket} --versioning-configuration "
            "Status=Enabled`), and add it without --copy",
        )


def place_of(settings: S3Settings) -> Place:
    """Say where a bucket is; InvalidBucketNameError, InvalidEndpointError."""
    return Place(settings.bucket, settings.endpoint, settings.region or settings.shared_region, settings.profile)


def propose(settings: S3Settings, role: Role) -> Proposal[S3Settings]:
    """Check the settings, complete them and look at the bucket; what people should know of it is told."""
    if settings.copy:
        return propose_copied(settings, role)
    settings = replace(settings, prefix=directory_prefix(settings.prefix))
    if role is Role.RESULTS and settings.read_only:
        raise InvalidSettingError("read_only", True, "no for results, which are written to the bucket")
    connection = Connection(place_of(settings))
    remarks = probe(connection, settings.prefix)
    told = remarks if role is Role.RESULTS else (*remarks, _RESTORED[settings.restore_by])
    return Proposal(settings, _name(settings), remarks=told)


def propose_copied(settings: S3Settings, role: Role) -> Proposal[S3Settings]:
    """Do so for a bucket of which the workspace keeps copies; KeysRefusedError where some of its keys can be no files."""
    settings = replace(settings, prefix=directory_prefix(settings.prefix), copy=True)
    if role is Role.RESULTS:
        raise CopiedResultsError(settings.bucket)
    with tempfile.TemporaryDirectory() as private, Picture(Path(private)) as picture:
        look(Connection(place_of(settings)), settings.prefix.encode(), picture, pages=_PAGES)
    return Proposal(settings, _name(settings), type=COPIED, remarks=tuple(_remarks(Connection(place_of(settings)))))


def _remarks(connection: Connection) -> Iterator[str]:
    yield "each snapshot downloads what is new in the bucket, and the workspace keeps it, so that every version can be restored"
    if versioning_of(connection) == ENABLED:
        yield "the bucket keeps versions: without --copy they would be recorded where they lie, and nothing downloaded"


def _name(settings: S3Settings) -> str:
    return settings.prefix.rstrip("/").rpartition("/")[2] or settings.bucket
