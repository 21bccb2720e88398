"""A connection to a bucket: what cannot be done is said in our own words, with the next step, soon."""

import socket
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest

from dws_core.errors import DwsError, OriginNotAcceptedError
from dws_s3.connection import Connection
from dws_s3.errors import (
    CredentialsRefusedError,
    InvalidBucketNameError,
    InvalidEndpointError,
    NoBucketError,
    NoCredentialsFoundError,
    NotS3Error,
    UnknownProfileError,
    UnreachableError,
)
from dws_s3.place import Place
from tests.servers.cutting import Cutting
from tests.servers.s3 import S3

WAYS: dict[str, Callable[[Connection], object]] = {}


def way(name: str) -> Callable[[Callable[[Connection], object]], Callable[[Connection], object]]:
    """Name a way to ask."""

    def keep(ask: Callable[[Connection], object]) -> Callable[[Connection], object]:
        WAYS[name] = ask
        return ask

    return keep


@way("list")
def list_keys(connection: Connection) -> object:
    with connection.doing("list") as client:
        return client.list_objects_v2(Bucket=connection.place.bucket)


@way("look")
def look_at_key(connection: Connection) -> object:
    """Ask with HEAD, which is refused without a word."""
    with connection.doing("look at", "key") as client:
        return client.head_object(Bucket=connection.place.bucket, Key="key")


@way("read")
def read_key(connection: Connection) -> object:
    with connection.doing("read", "key") as client:
        return client.get_object(Bucket=connection.place.bucket, Key="key")


@pytest.fixture(params=[*WAYS])
def ask(request: pytest.FixtureRequest) -> Callable[[Connection], object]:
    """Every way to ask."""
    return WAYS[request.param]


def test_a_key_that_is_not_there_is_a_missing_file(bucket: str) -> None:
    """Whoever asks for a key can tell its absence from everything that failed."""
    for name in ("look", "read"):
        with pytest.raises(FileNotFoundError):
            WAYS[name](Connection(Place(bucket)))


def test_a_bucket_that_does_not_exist_is_named(bucket: str, ask: Callable[[Connection], object]) -> None:
    """The hint is the line that makes one."""
    with pytest.raises(NoBucketError, match="there is no bucket not-there") as caught:
        ask(Connection(Place("not-there")))

    assert "`aws s3 mb s3://not-there`" in (caught.value.hint or "")


@pytest.mark.parametrize(("variable", "said"), [("AWS_SECRET_ACCESS_KEY", "secret key"), ("AWS_ACCESS_KEY_ID", "access key")])
def test_credentials_that_are_refused_are_said_to_be_and_never_shown(
    bucket: str, ask: Callable[[Connection], object], variable: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The refusal tells which of both keys it was; neither is in what is told."""
    monkeypatch.setenv(variable, "XSECRETX")

    with pytest.raises(CredentialsRefusedError, match=said) as caught:
        ask(Connection(Place(bucket)))

    assert "XSECRETX" not in f"{caught.value.message}{caught.value.hint}"


def test_without_credentials_it_ends_at_once(bucket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The predecessor hung for ever."""
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")

    with pytest.raises(NoCredentialsFoundError, match="no credentials were found") as caught, _within(5):
        list_keys(Connection(Place(bucket)))

    assert "aws configure" in (caught.value.hint or "")


def test_a_profile_that_does_not_exist_is_named(bucket: str) -> None:
    """It is a setting of this clone, and easily mistyped."""
    with pytest.raises(UnknownProfileError, match="no profile 'elsewhere'"):
        list_keys(Connection(Place(bucket, profile="elsewhere")))


@pytest.mark.parametrize(
    "name", ["", "ab", "Upper", "under_score", "a..b", "192.168.0.1", "-a-", "xn--abc", "a/b", "a" * 64, "é" * 3]
)
def test_a_name_that_is_no_bucket_name_is_refused_before_anything_is_contacted(name: str) -> None:
    """S3's rules are known here."""
    with pytest.raises(InvalidBucketNameError):
        Place(name)


@pytest.mark.parametrize(
    "endpoint",
    ["example.org", "ftp://example.org", "http://", "http://a:b@example.org", "http://a b", "http://a:99999", "http://a?x=y"],
)
def test_an_endpoint_that_is_none_is_refused_without_its_password(endpoint: str) -> None:
    """What is meant for something else may hold a password."""
    with pytest.raises(InvalidEndpointError) as caught:
        Place("bucket", endpoint)

    assert "a:b@" not in str(caught.value)


def test_an_endpoint_in_the_environment_that_is_none_is_refused(bucket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """It does not pass through us before boto3 sees it."""
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", "no address")

    with pytest.raises(InvalidEndpointError):
        list_keys(Connection(Place(bucket)))


def test_an_endpoint_where_nobody_listens_is_named(bucket: str) -> None:
    """With the operating system's reason."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]

    with pytest.raises(UnreachableError, match=f"http://127.0.0.1:{port} cannot be reached: Connection refused"), _within(5):
        list_keys(Connection(Place(bucket, f"http://127.0.0.1:{port}")))


def test_an_endpoint_that_takes_the_connection_and_says_nothing_is_given_up(bucket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """After one wait, since nothing ever came from there: twelve seconds, and here less."""
    monkeypatch.setattr("dws_s3.making._FIRST_ANSWER", 1.0)

    with (
        socket.create_server(("127.0.0.1", 0)) as listening,
        pytest.raises(UnreachableError, match="does not answer"),
        _within(5),
    ):
        list_keys(Connection(Place(bucket, f"http://127.0.0.1:{listening.getsockname()[1]}")))


def test_an_endpoint_without_tls_is_named_where_tls_was_asked_for(s3: S3, bucket: str) -> None:
    """https where the server speaks http."""
    with pytest.raises(UnreachableError, match="TLS does not begin"):
        list_keys(Connection(Place(bucket, f"https://127.0.0.1:{s3.port}")))


def test_a_web_server_is_not_taken_for_s3(bucket: str, ask: Callable[[Connection], object]) -> None:
    """Its 404 says nothing of a bucket or a key."""
    with _web_server() as endpoint, pytest.raises(NotS3Error, match="does not answer as S3 does"):
        ask(Connection(Place(bucket, endpoint)))


def test_a_place_that_was_not_accepted_is_not_contacted(s3: S3, bucket: str, cutting: Callable[[int], Cutting]) -> None:
    """A signed request to a stranger's endpoint gives something away; once accepted it is not asked about again."""
    proxy = cutting(s3.port)
    asked: list[bool] = []

    def contact() -> None:
        asked.append(True)
        if len(asked) < 3:
            raise OriginNotAcceptedError("data", "there")

    connection = Connection(Place(bucket, f"http://127.0.0.1:{proxy.port}"), contact)

    for _ in range(2):
        with pytest.raises(OriginNotAcceptedError):
            list_keys(connection)
    assert proxy.passed == 0
    list_keys(connection)
    list_keys(connection)
    assert len(asked) == 3


def test_many_threads_share_one_connection(bucket: str) -> None:
    """The first of them may be any."""
    connection = Connection(Place(bucket))
    failed: list[BaseException] = []

    def work() -> None:
        try:
            list_keys(connection)
        except DwsError as error:
            failed.append(error)

    threads = [threading.Thread(target=work) for _ in range(16)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()

    assert failed == []


def test_no_error_shows_a_key_even_with_everything_it_came_from(bucket: str, s3: S3, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also what `--debug` prints."""
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "XSECRETX")

    with pytest.raises(CredentialsRefusedError) as caught:
        list_keys(Connection(Place(bucket)))

    told = "".join(traceback.format_exception(caught.value))
    assert "XSECRETX" not in told
    assert s3.access_key not in told


@contextmanager
def _within(seconds: float) -> Iterator[None]:
    start = time.monotonic()
    try:
        yield
    finally:
        assert time.monotonic() - start < seconds


class _Silent(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *arguments: object) -> None:
        """Say nothing."""


@contextmanager
def _web_server() -> Iterator[str]:
    """Serve web pages, of which none is there."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Silent)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
