"""What `dws add s3` would record of a bucket, after a look at what the bucket can do."""

from dataclasses import replace

from dws_core.errors import InvalidSettingError
from dws_core.model.role import Role
from dws_core.plugin import Proposal
from dws_s3.connection import Connection
from dws_s3.place import Place
from dws_s3.probing import probe
from dws_s3.settings import VIEW, WRITE_BACK, S3Settings, directory_prefix

_RESTORED = {
    VIEW: "the bucket keeps versions: a restore has it seen as it was, and changes nothing in it (restore-by: view)",
    WRITE_BACK: "the bucket keeps versions: a restore makes the older ones current again (restore-by: write-back)",
}


def place_of(settings: S3Settings) -> Place:
    """Say where a bucket is; InvalidBucketNameError, InvalidEndpointError."""
    return Place(settings.bucket, settings.endpoint, settings.region or settings.shared_region, settings.profile)


def propose(settings: S3Settings, role: Role) -> Proposal[S3Settings]:
    """Check the settings, complete them and look at the bucket; what people should know of it is told."""
    settings = replace(settings, prefix=directory_prefix(settings.prefix))
    if role is Role.RESULTS and settings.read_only:
        raise InvalidSettingError("read_only", True, "no for results, which are written to the bucket")
    connection = Connection(place_of(settings))
    name = settings.prefix.rstrip("/").rpartition("/")[2] or settings.bucket
    remarks = probe(connection, settings.prefix)
    return Proposal(settings, name, remarks=remarks if role is Role.RESULTS else (*remarks, _RESTORED[settings.restore_by]))
