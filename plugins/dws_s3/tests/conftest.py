"""A bucket for each test, and the keys to it in the environment."""

import os

import pytest

from tests.servers.s3 import S3


@pytest.fixture
def bucket(s3: S3, monkeypatch: pytest.MonkeyPatch) -> str:
    """Make a bucket with versions, which boto3 finds without being told where."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    for name, value in s3.environment.items():
        monkeypatch.setenv(name, value)
    return s3.make_bucket()
