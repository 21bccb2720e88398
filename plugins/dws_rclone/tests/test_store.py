"""A remote as a store: what one pushes there another restores, whatever kind of remote it is."""

import hashlib
import io
import os
from pathlib import Path

import pytest

from dws_core.plugin import StoreContext
from dws_core.testing.context import Silence
from dws_rclone.serving import serving
from dws_rclone.store import RcloneStore
from plugins.dws_rclone.tests.places import There
from tests.product.people import begin, join, make_origin


def test_what_is_pushed_to_a_remote_is_restored_elsewhere(tmp_path: Path, there: There) -> None:
    """Everything goes there and comes from there; a second push finds it."""
    ada = begin(tmp_path / "ada", hostname="ada")
    (ada.root / "data" / "large").write_bytes(os.urandom(300_000))
    ada.dws("store", "add", "far", f"rclone:{there.remote}")
    ada.dws("snapshot", "V1")
    ada.dws("publish", str(make_origin(tmp_path / "origin.git")))

    bob = join(tmp_path / "origin.git", tmp_path / "bob", "--accept")
    again = ada.dws("push")

    assert (bob.root / "data" / "large").read_bytes() == (ada.root / "data" / "large").read_bytes()
    assert again.startswith("Nothing to push")


@pytest.mark.parametrize("there", ["disk", "s3"], indirect=True)
def test_a_remote_that_works_checksums_out_is_believed(tmp_path: Path, there: There) -> None:
    """A directory of this machine is; a bucket gives no SHA-256, so that what went there is read back."""
    store = RcloneStore(f"rclone:{there.remote}", StoreContext(tmp_path / "private", Silence()))
    store.prepare()
    store.put("packs/a.pack", io.BytesIO(b"kept"), 4)

    known = store.checksum("packs/a.pack")

    assert known == (None if not there.remote.startswith("disk:") else hashlib.sha256(b"kept").hexdigest())


def test_rclone_is_started_again_where_it_ended(tmp_path: Path, disk: There) -> None:
    """One that was killed is no reason to fail the next time."""
    store = RcloneStore(f"rclone:{disk.remote}", StoreContext(tmp_path / "private", Silence()))
    store.prepare()
    serving().end()

    with pytest.raises(FileNotFoundError):
        store.read("packs/a.pack")


def test_a_store_at_a_remote_that_nobody_knows_is_refused(tmp_path: Path, disk: There) -> None:
    """With what there is to do about it, and not as an empty one."""
    ada = begin(tmp_path / "ada", hostname="ada")

    ended = ada.tries("store", "add", "far", "rclone:nowhere:kept")

    assert ended.status == 1 and "knows no remote 'nowhere'" in ended.err and "rclone config" in ended.err
