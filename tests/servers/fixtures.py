"""The servers as fixtures, for every test of the house."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from tests.servers.cutting import Cutting, running_proxy
from tests.servers.sshd import NEEDED, Sshd, find_sshd, running_sshd


@pytest.fixture(scope="session")
def sshd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sshd]:
    """An ssh server, once for all tests."""
    if find_sshd() is None:
        pytest.skip(NEEDED)
    with running_sshd(tmp_path_factory.mktemp("sshd")) as server:
        yield server


@pytest.fixture
def cutting() -> Iterator[Callable[[int], Cutting]]:
    """Make a proxy to a port: `cutting(sshd.port)`."""
    with ExitStack() as stack:
        yield lambda target: stack.enter_context(running_proxy(target))
