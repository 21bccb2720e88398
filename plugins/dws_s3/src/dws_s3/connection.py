"""The only place that talks to S3: one bucket, asked by any number of threads."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError

from dws_s3.making import Maker
from dws_s3.place import Place, without_user
from dws_s3.translating import DENIED, MISSING, Task, code_of, is_mute, translate

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


class Connection:
    """One bucket, for any number of threads. Making it contacts nothing.

    `contact` is called before the first request, and may refuse by raising; credentials come from where boto3 usually finds them.
    """

    def __init__(self, place: Place, contact: Callable[[], None] = lambda: None) -> None:
        self.place = place
        self._contact = contact
        self._lock = threading.Lock()
        self._maker: Maker | None = None
        self._client: S3Client | None = None
        self._is_patient = False
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
        """Give the client; the one before the first answer has less patience."""
        with self._lock:
            if self._maker is None:
                self._contact()
                self._maker = Maker(self.place)
            if self._client is None:
                self._client = self._maker.hasty()
            elif self._has_answered and not self._is_patient:
                self._client, self._is_patient = self._maker.patient(), True
            return self._client

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
            return self._maker.secrets() if self._maker is not None else ()
        except (BotoCoreError, ClientError):
            return ()
