"""What a server refuses for a while is asked for again; what it refuses for good is one clear error."""

from collections.abc import Callable

import pytest

from dws_s3.connection import Connection
from dws_s3.errors import (
    AccessDeniedError,
    CredentialsRefusedError,
    OtherRegionError,
    OverloadedError,
    RequestRefusedError,
    S3Error,
)
from dws_s3.place import Place
from tests.servers.refusing import Refusing, Rule
from tests.servers.s3 import S3


@pytest.fixture
def before(s3: S3, refusing: Callable[[int], Refusing]) -> Refusing:
    """A server that refuses before the real one."""
    return refusing(s3.port)


@pytest.fixture
def connection(bucket: str, before: Refusing) -> Connection:
    return Connection(Place(bucket, before.url))


def ask(connection: Connection) -> object:
    with connection.doing("list") as client:
        return client.list_objects_v2(Bucket=connection.place.bucket)


def look(connection: Connection) -> object:
    with connection.doing("look at", "key") as client:
        return client.head_object(Bucket=connection.place.bucket, Key="key")


@pytest.mark.parametrize(("status", "code"), [(503, "SlowDown"), (500, "InternalError"), (502, "")])
def test_what_is_refused_for_a_while_is_asked_for_again(before: Refusing, connection: Connection, status: int, code: str) -> None:
    """A server that is busy is given time."""
    before.refuse(Rule(status, code, times=2))

    ask(connection)

    assert len(before.requests) == 3


@pytest.mark.parametrize(("status", "code"), [(503, "SlowDown"), (500, "InternalError"), (502, "")])
def test_what_is_always_refused_ends_with_one_error(
    before: Refusing, connection: Connection, status: int, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After as many tries as the user has set for AWS's programs."""
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "3")
    before.refuse(Rule(status, code))

    with pytest.raises(OverloadedError, match=f"tried several times \\({code or status}\\)") as caught:
        ask(connection)

    assert len(before.requests) == 3
    assert caught.value.hint == "wait a little, then try again"


@pytest.mark.parametrize(
    ("status", "code", "said"),
    [
        (400, "ExpiredToken", "the credentials have expired"),
        (403, "InvalidAccessKeyId", "the access key is not known there"),
        (403, "RequestTimeTooSkewed", "this machine's clock is wrong"),
        (400, "InvalidToken", "the credentials were refused"),
    ],
)
@pytest.mark.parametrize("way", [ask, look])
def test_credentials_that_do_not_hold_are_not_tried_again(
    before: Refusing, connection: Connection, status: int, code: str, said: str, way: Callable[[Connection], object]
) -> None:
    """The reason is told, also where the refusal had no words, as of HEAD."""
    before.refuse(Rule(status, code))

    with pytest.raises(CredentialsRefusedError, match=said):
        way(connection)

    asked = [(each.method, each.path) for each in before.requests]
    assert len(set(asked)) == len(asked)


@pytest.mark.parametrize("way", [ask, look])
@pytest.mark.parametrize(
    ("status", "code", "headers"),
    [
        (301, "PermanentRedirect", {"x-amz-bucket-region": "eu-north-1"}),
        (400, "AuthorizationHeaderMalformed", {"x-amz-bucket-region": "eu-north-1"}),
    ],
)
def test_a_bucket_of_another_region_is_said_to_be_there(
    before: Refusing, connection: Connection, way: Callable[[Connection], object], status: int, code: str, headers: dict[str, str]
) -> None:
    """The region is named, since it is the next step."""
    before.refuse(Rule(status, code, headers=headers))

    with pytest.raises(OtherRegionError, match="in the region eu-north-1") as caught:
        way(connection)

    assert caught.value.region == "eu-north-1"


def test_what_is_denied_names_the_permission(before: Refusing, connection: Connection) -> None:
    """As S3's policies call it, which is not always the operation's name."""
    before.refuse(Rule(403, "AccessDenied"))
    bucket = connection.place.bucket

    with pytest.raises(AccessDeniedError, match="s3:ListBucketVersions is needed"), connection.doing("list") as client:
        client.list_object_versions(Bucket=bucket)
    with pytest.raises(AccessDeniedError, match="s3:GetObject is needed"):
        look(connection)
    with pytest.raises(AccessDeniedError, match="s3:PutObject is needed"), connection.doing("write", "key") as client:
        client.put_object(Bucket=bucket, Key="key", Body=b"")


def test_a_key_that_may_be_missing_or_hidden_is_denied(before: Refusing, connection: Connection) -> None:
    """Where keys may be read and not listed, only S3 knows which it is."""
    before.refuse(Rule(403, "AccessDenied", method="HEAD"))

    with pytest.raises(AccessDeniedError):
        look(connection)


def test_words_that_nobody_expected_are_passed_on_without_keys(before: Refusing, connection: Connection, s3: S3) -> None:
    """The caller may know from the code what to do instead."""
    before.refuse(Rule(400, "NobodyKnows", said=f"look at {s3.access_key}, and more"))

    with pytest.raises(S3Error) as caught:
        ask(connection)

    assert isinstance(caught.value, RequestRefusedError)
    assert (caught.value.code, caught.value.status) == ("NobodyKnows", 400)
    assert caught.value.reason == "NobodyKnows: look at …, and more"
