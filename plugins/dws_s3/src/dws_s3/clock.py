"""The server's clock, which dates versions, in whole seconds."""

from collections.abc import Callable
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from dws_s3.pages import UnusableListingError

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_REFUSED = 403
_LOOKS_EACH = 0.1
_LOOKS = 300


class Clock:
    """What the server says in the `Date` of its answers, and, beside it, whether the bucket keeps versions.

    `versioning` is `Enabled`, `Suspended`, empty where the bucket never kept versions, None where we may not ask.
    """

    def __init__(self, client: "S3Client", bucket: str, sleep: Callable[[float], object]) -> None:
        self._client = client
        self._bucket = bucket
        self._sleep = sleep
        self.versioning: str | None = None

    def now(self) -> datetime:
        """Ask for the time; UnusableListingError where the server does not tell."""
        answer = self._answer()
        date = answer["ResponseMetadata"]["HTTPHeaders"].get("date", "")
        try:
            return parsedate_to_datetime(date)
        except ValueError as error:
            raise UnusableListingError(self._bucket, f"its answers have no date ({date!r})") from error

    def wait_until(self, moment: datetime) -> None:
        """Wait until the server says that it is so late; UnusableListingError if its clock stands still."""
        for _ in range(_LOOKS):
            if self.now() >= moment:
                return
            self._sleep(_LOOKS_EACH)
        raise UnusableListingError(self._bucket, "its clock stands still")

    def _answer(self) -> Any:
        try:
            answer = self._client.get_bucket_versioning(Bucket=self._bucket)
        except ClientError as error:
            if error.response["ResponseMetadata"]["HTTPStatusCode"] != _REFUSED:
                raise
            return error.response
        self.versioning = answer.get("Status", "")
        return answer
