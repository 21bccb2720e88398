"""Large files that git-lfs keeps: they go where the workspace goes, and come with it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.product.people import Person, join, make_origin
from tests.servers.lfs import serve_lfs

pytestmark = pytest.mark.skipif(shutil.which("git-lfs") is None, reason="needs lfs: sudo apt-get install git-lfs")

LARGE = bytes(range(256)) * 400
POINTER = b"version https://git-lfs.github.com/spec/v1\n"


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """What a server for git-lfs keeps, which everybody's own configuration names."""
    kept, configuration = tmp_path / "kept", tmp_path / "gitconfig"
    kept.mkdir()
    with serve_lfs(kept) as url:
        settings = f'[lfs]\nurl = {url}\nlocksverify = false\n[lfs "transfer"]\nmaxretries = 1\nmaxretrydelay = 0\n'
        configuration.write_text(f"{settings}[user]\nname = x\nemail = x@example.org\n")
        monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(configuration))
        yield kept


@pytest.fixture
def origin(tmp_path: Path) -> Path:
    return make_origin(tmp_path / "origin.git")


@pytest.fixture
def ada(tmp_path: Path, kept: Path, origin: Path) -> Person:
    """Somebody with a workspace in which git-lfs keeps `*.bin`."""
    ada = Person(tmp_path / "ada")
    ada.root.mkdir()
    ada.dws("init", "--create-resources", "code", "--hostname", "ada", "--git-lfs-attributes", "*.bin,*.npz")
    (ada.root / "code" / "model.bin").write_bytes(LARGE)
    ada.write("code/a.py", "a")
    ada.dws("snapshot", "V1")
    ada.dws("publish", str(origin))
    return ada


def test_the_attributes_are_part_of_the_workspace_from_the_beginning(ada: Person) -> None:
    """They are committed with it, so that every clone has them; git itself holds no large file."""
    lines = ada.git("show", "HEAD:.gitattributes").splitlines()

    assert lines == [f"{pattern} filter=lfs diff=lfs merge=lfs -text" for pattern in ("*.bin", "*.npz")]
    assert ada.git("show", "HEAD:code/model.bin").encode().startswith(POINTER)


def test_large_files_go_and_come_with_the_workspace(ada: Person, origin: Path, tmp_path: Path, kept: Path) -> None:
    """Published, cloned, changed by one and pulled by the other: the bytes themselves lie in the working tree."""
    bob = join(origin, tmp_path / "bob", "--accept")
    (bob.root / "code" / "model.bin").write_bytes(LARGE[::-1])
    bob.dws("snapshot", "B1")
    bob.dws("push")
    ada.dws("pull")

    assert {path.read_bytes() for path in kept.iterdir()} == {LARGE, LARGE[::-1]}
    assert (ada.root / "code" / "model.bin").read_bytes() == LARGE[::-1]
    assert set(ada.states().values()) == set(bob.states().values()) == {"unchanged"}
    ada.dws("restore", "V1")
    assert (ada.root / "code" / "model.bin").read_bytes() == LARGE


def test_where_large_files_do_not_come_everything_else_does(ada: Person, origin: Path, tmp_path: Path, kept: Path) -> None:
    """What stands for them lies there, and a line tells how to get them."""
    for path in kept.iterdir():
        path.rename(tmp_path / path.name)

    done = Person(tmp_path).tries("clone", str(origin), "bob", "--no-resources")

    bob = Person(tmp_path / "bob")
    assert done.status == 0
    assert "git lfs pull" in done.err
    assert (bob.root / "code" / "model.bin").read_bytes().startswith(POINTER)
    assert bob.read("code/a.py") == "a"


def test_a_snapshot_whose_large_files_cannot_be_sent_is_not_pushed(ada: Person, kept: Path, origin: Path) -> None:
    """Content goes first: others never see what they cannot use."""
    (ada.root / "code" / "model.bin").write_bytes(b"another" * 1000)
    ada.dws("snapshot", "V2")
    before = ada.git("ls-remote", str(origin))
    shutil.rmtree(kept)

    refused = ada.tries("push")

    assert refused.status == 1
    assert ada.git("ls-remote", str(origin)) == before
