"""Making clients of boto3's: how long they wait, how often they try again, and how they name a bucket."""

from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import boto3
from botocore.config import Config
from botocore.exceptions import ConnectTimeoutError, ReadTimeoutError, SSLError
from botocore.loaders import Loader, create_loader
from botocore.session import Session

from dws_s3.errors import InvalidEndpointError
from dws_s3.place import Place

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

CONNECTIONS = 32
"""How many threads may ask at once without waiting for each other."""

_ATTEMPTS = 5
_CONNECT = 4.0
_FIRST_CONNECTS = 3
_FIRST_ANSWER = 12.0
_ANSWER = 60.0
_AMAZON = (".amazonaws.com", ".amazonaws.com.cn", ".api.aws")


class Maker:
    """Makes clients for one place, with what the user has set for AWS's programs; botocore's errors where that cannot be used."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._core = Session(profile=place.profile)
        self._core.register_component("data_loader", _loader())
        self._session = boto3.Session(botocore_session=self._core)

    def hasty(self) -> "S3Client":
        """Make the client for the first answer: where none comes, the address is wrong, and nobody waits long."""
        client = self._make(_FIRST_ANSWER)
        client.meta.events.register_first("needs-retry.s3", _give_up)
        return client

    def patient(self) -> "S3Client":
        """Make the client for all that comes after, some of which takes a server long."""
        return self._make(_ANSWER)

    def secrets(self) -> tuple[str, ...]:
        """Tell what must never be shown."""
        found = self._session.get_credentials()
        frozen = found.get_frozen_credentials() if found is not None else None
        return tuple(filter(None, (frozen.access_key, frozen.secret_key, frozen.token))) if frozen is not None else ()

    def _make(self, patience: float) -> "S3Client":
        """Make a client; it names the bucket in the path where the endpoint is not Amazon's, unless the user set it otherwise."""
        set_by_user = self._core.get_scoped_config().get("s3")
        kept = set_by_user if isinstance(set_by_user, dict) else {}
        # What is sent has its SHA-256 in a header that is signed, so that to hash it once more protects nothing.
        special: dict[str, Any] = {} if "payload_signing_enabled" in kept else {"payload_signing_enabled": False}
        named = self._place.endpoint_url
        if named is not None and not _is_amazon(named) and "addressing_style" not in kept:
            return self._made_with(patience, {**special, "addressing_style": "path"})
        made = self._made_with(patience, special)
        if _is_amazon(made.meta.endpoint_url) or "addressing_style" in kept:
            return made
        return self._made_with(patience, {**special, "addressing_style": "path"})

    def _made_with(self, patience: float, special: dict[str, Any]) -> "S3Client":
        config = Config(
            retries={"mode": "standard", "total_max_attempts": self._core.get_config_variable("max_attempts") or _ATTEMPTS},
            connect_timeout=_CONNECT,
            read_timeout=patience,
            max_pool_connections=CONNECTIONS,
            tcp_keepalive=True,
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
            s3=special,  # type: ignore[arg-type]  # its keys are checked by botocore
        )
        place = self._place
        try:
            return self._session.client("s3", endpoint_url=place.endpoint_url, region_name=place.region, config=config)
        except ValueError as error:  # what the environment names as endpoint is none
            raise InvalidEndpointError("what AWS's configuration names") from error


def _give_up(attempts: int, caught_exception: Exception | None, **_: object) -> None:
    """End the tries for a first answer early, where another try would only make people wait."""
    hopeless = isinstance(caught_exception, SSLError | ReadTimeoutError)
    if hopeless or (isinstance(caught_exception, ConnectTimeoutError) and attempts >= _FIRST_CONNECTS):
        assert caught_exception is not None
        raise caught_exception


@cache
def _loader() -> Loader:
    """Keep what describes S3 for every connection of this process, since reading it takes longer than all else."""
    return create_loader()


def _is_amazon(endpoint: str) -> bool:
    return (urlsplit(endpoint).hostname or "").endswith(_AMAZON)
