"""Passwords and tokens are in no record, report, message or log, whatever address a user gives or has."""

from pathlib import Path

import pytest

from tests.product.people import Person, begin

SECRETS = ("s3cr3t", "t0ken")


@pytest.fixture(scope="module")
def ada(tmp_path_factory: pytest.TempPathFactory) -> Person:
    """Somebody with a workspace, and a snapshot of it."""
    ada = begin(tmp_path_factory.mktemp("secrets") / "ada")
    ada.dws("snapshot", "V1")
    return ada


def _holding_secrets(directory: Path) -> list[str]:
    """Name the files that hold one."""
    found = [
        path for path in directory.rglob("*") if path.is_file() and any(each.encode() in path.read_bytes() for each in SECRETS)
    ]
    return sorted(path.relative_to(directory).as_posix() for path in found)


@pytest.mark.parametrize(
    "url",
    [
        "https://me:s3cr3t@127.0.0.1:1/w.git",
        "HTTPS://me:s3cr3t@127.0.0.1:1/w.git",
        "https://me:s3cr3t@rest@127.0.0.1:1/w.git",
        "https://:s3cr3t@127.0.0.1:1/w.git",
        "ssh://me:s3cr3t@127.0.0.1:1/w.git",
        "ftp://me:s3cr3t@127.0.0.1:1/w.git",
        "sftp://me:s3cr3t@127.0.0.1:1/w",
        "file://me:s3cr3t@host/w",
        "https://t0ken@127.0.0.1:1/w.git",
    ],
)
def test_an_address_with_a_password_leaves_it_nowhere(ada: Person, url: str) -> None:
    """Whether the address is refused or does not answer: it is said what is wrong, without the password, and not kept."""
    lines = [["publish", url, "--allow-missing"], ["publish", "--dry-run", url], ["clone", url, "elsewhere"]]
    lines += [["store", "add", "far", url], ["add", "git", "--role", "code", url], ["--verbose", "--json", "publish", url]]

    for line in lines:
        ended = ada.tries(*line)
        said = ended.out + ended.err
        assert not any(each in said for each in SECRETS), (line, said)
        assert ended.status != 0 or "--dry-run" in line, (line, said)
    assert _holding_secrets(ada.root) == []
    assert ada.git("remote") == ""


def test_an_origin_with_a_password_is_recorded_without_it(ada: Person) -> None:
    """The user's own git may keep one; what is shared, and what is said, does not hold it."""
    addresses = {"one": "https://me:s3cr3t@127.0.0.1:1/one.git", "two": "HTTPS://t0ken@127.0.0.1:1/two.git"}
    for name, url in addresses.items():
        repository = Person(ada.root / name)
        repository.write("lib.py", name)
        for command in (
            ["init", "--quiet"],
            ["add", "."],
            ["commit", "--quiet", "-m", "Begin"],
            ["remote", "add", "origin", url],
        ):
            repository.git(*command)
        ada.dws("add", "git", "--role", "code", name)
    ada.dws("snapshot", "V2")

    said = [
        ada.tries(*line.split()) for line in ("report status", "--verbose status", "config --resource one", "log", "pull", "push")
    ]
    said += [ada.tries("push", "--only", name) for name in addresses]

    assert not any(each in ended.out + ended.err for ended in said for each in SECRETS)
    assert _holding_secrets(ada.root) == ["one/.git/config", "two/.git/config"]


def test_an_origin_that_the_user_gave_git_a_password_for_is_shown_without_it(ada: Person) -> None:
    """A workspace's own remote may hold one as well: no command shows it."""
    ada.git("remote", "add", "origin", "https://me:s3cr3t@127.0.0.1:1/w.git")

    said = [ada.tries(*line.split()) for line in ("push --allow-missing", "pull", "push --dry-run", "pull --dry-run", "status")]
    said += [ada.tries("--json", *line.split()) for line in ("push --allow-missing --dry-run", "pull")]

    assert not any(each in ended.out + ended.err for ended in said for each in SECRETS)
    assert [path for path in _holding_secrets(ada.root) if path.startswith((".dataworkspace", "code"))] == []
