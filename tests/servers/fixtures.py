"""The servers as fixtures, for every test of the house."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from tests.servers import s3, sshd
from tests.servers.cutting import Cutting, running_proxy
from tests.servers.refusing import Refusing, running_refusing


@pytest.fixture(scope="session", name="sshd")
def serve_ssh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sshd.Sshd]:
    """An ssh server, once for all tests."""
    if sshd.find_sshd() is None:
        pytest.skip(sshd.NEEDED)
    with sshd.running_sshd(tmp_path_factory.mktemp("sshd")) as server:
        yield server


@pytest.fixture(scope="session", name="s3")
def serve_s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[s3.S3]:
    """An S3 server, once for all tests; each makes a bucket of its own."""
    if s3.find_weed() is None:
        pytest.skip(s3.NEEDED)
    with s3.running_s3(tmp_path_factory.mktemp("s3")) as server:
        yield server


@pytest.fixture
def cutting() -> Iterator[Callable[[int], Cutting]]:
    """Make a proxy to a port: `cutting(sshd.port)`."""
    with ExitStack() as stack:
        yield lambda target: stack.enter_context(running_proxy(target))


@pytest.fixture
def refusing() -> Iterator[Callable[[int], Refusing]]:
    """Make a server that refuses before the one at a port: `refusing(s3.port)`."""
    with ExitStack() as stack:
        yield lambda target: stack.enter_context(running_refusing(target))
