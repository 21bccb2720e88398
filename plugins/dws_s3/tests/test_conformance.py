"""A bucket as a store keeps the contract's promises, as any plugin must."""

from pathlib import Path

import pytest

from dws_core.plugin import Store, StoreContext
from dws_core.testing import StoreSuite
from dws_core.testing.context import Silence
from dws_s3.store import S3Store


class TestS3Store(StoreSuite):
    @pytest.fixture(autouse=True)
    def _in_a_bucket(self, bucket: str) -> None:
        self.bucket = bucket

    def make(self, tmp_path: Path) -> Store:
        url = S3Store.check_url(f"s3://{self.bucket}/shared/of café #1", tmp_path)
        return S3Store(url, StoreContext(tmp_path / "private", Silence()))
