"""The only place that talks to S3: a client of boto3's for one bucket, made when it is first needed."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import boto3
import botocore.session
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, ConnectTimeoutError, ReadTimeoutError, SSLError
from botocore.loaders import create_loader
from botocore.parsers import ResponseParserError

from dws_s3.errors import InvalidEndpointError
from dws_s3.place import Place, without_user
from dws_s3.translating import DENIED, MISSING, Task, code_of, is_mute, translate

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

CONNECTIONS = 32
"""How many threads may ask at once without waiting for each other."""

_LOADER = create_loader()
_ATTEMPTS = 5
_CONNECT = 4.0
_FIRST_CONNECTS = 3
_FIRST_ANSWER = 12.0
_ANSWER = 60.0
_AMAZON = (".amazonaws.com", ".amazonaws.com.cn", ".api.aws")


class Connection:
    """One bucket, for any number of threads. Making it contacts nothing.

    `contact` is called before the first request, and may refuse by raising; credentials come from where boto3 usually finds them.
    """

    def __init__(self, place: Place, contact: Callable[[], None] = lambda: None) -> None:
        self.place = place
        self._contact = contact
        self._lock = threading.Lock()
        self._session: boto3.Session | None = None
        self._client: S3Client | None = None
        self._patience = 0.0
        self._is_allowed = False
        self._has_answered = False
        self._is_there = False

    @contextmanager
    def doing(self, action: str, key: str | None = None) -> Iterator["S3Client"]:
        """Give the client for one thing to be done, and translate what it raises: `with connection.doing("read", key) as client`.

        FileNotFoundError where the key, or the version of it, is not there; else an error of `dws_s3.errors`.
        """
        try:
            yield self._ready()
        except (BotoCoreError, ClientError, ResponseParserError) as error:
            told = self._explained(error)
            endpoint = without_user(self._client.meta.endpoint_url) if self._client is not None else "the endpoint"
            task = Task(action, self.place, key, endpoint, self._has_answered)
            raise translate(told, task, self._secrets()) from error
        self._has_answered = self._is_there = True

    def _ready(self) -> "S3Client":
        """Give the client; the one before the first answer is less patient, so that nobody waits for an address that is wrong."""
        with self._lock:
            if not self._is_allowed:
                self._contact()
                self._is_allowed = True
            if self._session is None:
                self._session = _session(self.place.profile)
            patience = _ANSWER if self._has_answered else _FIRST_ANSWER
            if self._client is None or self._patience != patience:
                self._client, self._patience = self._make(self._session, patience), patience
                if not self._has_answered:
                    self._client.meta.events.register_first("needs-retry.s3", _give_up)
            return self._client

    def _make(self, session: boto3.Session, patience: float) -> "S3Client":
        """Make a client; it names the bucket in the path where the endpoint is not Amazon's, unless the user set it otherwise."""
        theirs = session._session.get_scoped_config().get("s3")
        options: dict[str, Any] = {
            "retries": {
                "mode": "standard",
                "total_max_attempts": session._session.get_config_variable("max_attempts") or _ATTEMPTS,
            },
            "connect_timeout": _CONNECT,
            "read_timeout": patience,
            "max_pool_connections": CONNECTIONS,
            "tcp_keepalive": True,
            "request_checksum_calculation": "when_required",
            "response_checksum_validation": "when_required",
        }
        theirs = theirs if isinstance(theirs, dict) else {}
        # What is sent has its SHA-256 in a header that is signed, so that to hash it once more protects nothing.
        usual: dict[str, Any] = {} if "payload_signing_enabled" in theirs else {"payload_signing_enabled": False}
        made = self._made_with(session, {**options, "s3": usual})
        if _is_amazon(made.meta.endpoint_url) or "addressing_style" in theirs:
            return made
        return self._made_with(session, {**options, "s3": {**usual, "addressing_style": "path"}})

    def _made_with(self, session: boto3.Session, options: dict[str, Any]) -> "S3Client":
        place = self.place
        try:
            return session.client("s3", endpoint_url=place.endpoint_url, region_name=place.region, config=Config(**options))
        except ValueError as error:  # what the environment names as endpoint is none
            raise InvalidEndpointError("what AWS's configuration names") from error

    def _explained(self, error: Exception) -> Exception:
        """Ask for something whose refusal has words, where an answer had none; the same error where that says no more."""
        if not isinstance(error, ClientError) or self._client is None:
            return error
        self._has_answered = True
        if not is_mute(error) or (code_of(error) in MISSING and self._is_there):
            return error
        try:
            self._client.list_objects_v2(Bucket=self.place.bucket, MaxKeys=1)
        except ClientError as told:
            return error if code_of(told) in DENIED else told
        except BotoCoreError:
            return error
        return error

    def _secrets(self) -> tuple[str, ...]:
        """Tell what must never be shown."""
        try:
            found = self._session.get_credentials() if self._session is not None else None
            frozen = found.get_frozen_credentials() if found is not None else None
        except (BotoCoreError, ClientError):
            return ()
        return tuple(filter(None, (frozen.access_key, frozen.secret_key, frozen.token))) if frozen is not None else ()


def _session(profile: str | None) -> boto3.Session:
    """Make a session of its own, so that credentials are looked for anew; what botocore knows of S3 is read but once."""
    core = botocore.session.get_session()
    core.register_component("data_loader", _LOADER)
    return boto3.Session(botocore_session=core, profile_name=profile)


def _give_up(attempts: int, caught_exception: Exception | None, **_: object) -> None:
    """End the tries for a first answer early, where another try would only make people wait."""
    hopeless = isinstance(caught_exception, SSLError | ReadTimeoutError)
    if hopeless or (isinstance(caught_exception, ConnectTimeoutError) and attempts >= _FIRST_CONNECTS):
        assert caught_exception is not None
        raise caught_exception


def _is_amazon(endpoint: str) -> bool:
    return (urlsplit(endpoint).hostname or "").endswith(_AMAZON)
