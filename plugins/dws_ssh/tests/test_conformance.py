"""The type ssh and the store keep the contract's promises."""

from pathlib import Path

from dws_core.plugin import Store, StoreContext
from dws_core.testing import StoreSuite, make_context
from dws_ssh.store import SshStore


class TestSshStore(StoreSuite):
    def make(self, tmp_path: Path) -> Store:
        context = StoreContext(tmp_path / "private", make_context(tmp_path).progress)
        return SshStore(f"ssh://server{tmp_path}/store", context)
