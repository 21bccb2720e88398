"""Tests of `--json`: one document on stdout and nothing else, on every command, whatever happens."""

from pathlib import Path

import pytest

from dws_core.cli.verbs import VERBS

from .conftest import Dws

WORKING = [
    "init --help",
    "--help",
    "--version",
    "add local-files --role source-data other",
    "snapshot -m message A",
    "snapshot",
    "status",
    "diff FIRST FIRST",
    "restore FIRST",
    "restore --dry-run FIRST",
    "undo",
    "undo --to 1",
    "redo",
    "log",
    "log --limit 1",
    "delete-snapshot FIRST",
    "verify",
    "verify --repair",
    "verify code",
    "live code",
    "gc",
    "gc --dry-run",
    "publish ../origin",
    "publish --dry-run ../origin",
    "push",
    "push --dry-run",
    "push --only results",
    "pull",
    "pull --dry-run",
    "clone --backend folder ../origin ../copy",
    "clone --backend folder --dry-run ../origin ../copy",
    "store add second ../second",
    "store list",
    "store remove lab",
    "config",
    "config results_dir_template kept/{TAG}",
    "report status",
    "report results",
    "report results --snapshot FIRST",
    "report history",
    "report history --format json",
    "plugins list",
    "plugins doctor",
    "plugins disable local-files",
    "plugins enable local-files",
    "--quiet snapshot B",
    "--verbose snapshot C",
]

FAILING = [
    ("", "UsageError", 2),
    ("frobnicate", "UsageError", 2),
    ("--frobnicate", "UsageError", 2),
    ("init", "WorkspaceExistsError", 1),
    ("init --create-resources x", "UsageError", 2),
    ("add", "UsageError", 2),
    ("add frobnicate", "UnknownNameError", 1),
    ("add local-files", "MissingAnswerError", 2),
    ("add local-files other", "MissingAnswerError", 2),
    ("add local-files --role code missing", "PathMissingError", 1),
    ("snapshot --frobnicate", "UsageError", 2),
    ("snapshot FIRST", "NameTakenError", 1),
    ("status extra", "UsageError", 2),
    ("diff FIRST", "UsageError", 2),
    ("diff FIRST SECOND", "UnknownNameError", 1),
    ("restore SECOND", "UnknownNameError", 1),
    ("undo extra", "UsageError", 2),
    ("undo --to 99", "UnknownOperationError", 1),
    ("redo extra", "UsageError", 2),
    ("log --limit none", "UsageError", 2),
    ("delete-snapshot SECOND", "UnknownNameError", 1),
    ("verify extra", "UnknownNameError", 1),
    ("verify --repair code", "UsageError", 2),
    ("live", "UsageError", 2),
    ("live frobnicate", "UnknownNameError", 1),
    ("gc extra", "UsageError", 2),
    ("publish", "UsageError", 2),
    ("publish ../nowhere", "PathMissingError", 1),
    ("push --only frobnicate", "UnknownNameError", 1),
    ("pull --skip frobnicate", "UnknownNameError", 1),
    ("clone --backend folder ../origin", "NestedWorkspaceError", 1),
    ("clone --backend folder ../nowhere ../copy", "PathMissingError", 1),
    ("clone --backend plain ../origin ../copy", "NotShareableError", 1),
    ("clone --place frobnicate ../origin ../copy", "UsageError", 2),
    ("store", "UsageError", 2),
    ("store add lab ../second", "StoreRefusedError", 1),
    ("store add second gopher://host/x", "UnknownNameError", 1),
    ("store remove frobnicate", "UnknownNameError", 1),
    ("config frobnicate", "UnknownNameError", 1),
    ("config --resource frobnicate", "UnknownNameError", 1),
    ("report", "UsageError", 2),
    ("report frobnicate", "UnknownNameError", 1),
    ("report history --limit many", "UsageError", 2),
    ("report history --format frobnicate", "UnknownNameError", 1),
    ("plugins", "UsageError", 2),
    ("plugins disable frobnicate", "UnknownNameError", 1),
    ("--workspace-dir missing status", "PathMissingError", 1),
]


@pytest.fixture
def snapshotted(here: Path, dws: Dws) -> Path:
    """A workspace with a snapshot FIRST that holds results, a restore taken back, and a directory beside the resources.

    It is published at a folder, with a store.
    """
    workspace = here
    for name in ("other", "../origin"):
        (workspace / name).mkdir()
    assert dws("init", "--create-resources", "code,results", "--backend", "folder", "--hostname", "lab").status == 0
    assert dws("store", "add", "lab", "../store").status == 0
    (workspace / "results" / "results.json").write_text('{"step": "s", "parameters": {}, "metrics": {"accuracy": 0.5}}')
    assert dws("snapshot", "FIRST").status == 0
    (workspace / "code" / "unsaved").write_text("unsaved")
    assert dws("restore", "FIRST").status == 0
    assert dws("undo").status == 0
    assert dws("publish", "../origin").status == 0
    return workspace


@pytest.mark.parametrize("line", WORKING)
def test_what_works_answers_one_document(dws: Dws, snapshotted: Path, line: str) -> None:
    """A program can read every answer, the help and the version too."""
    ended = dws("--json", *line.split())

    assert ended.status == 0, ended
    assert isinstance(ended.document, dict)
    assert "error" not in ended.document
    assert ended.err == ""


@pytest.mark.parametrize(("line", "kind", "status"), FAILING)
def test_what_fails_answers_one_document_that_says_why(dws: Dws, snapshotted: Path, line: str, kind: str, status: int) -> None:
    """The error's type, message and next step are data; the exit status is the same as without `--json`."""
    ended = dws("--json", *line.split())

    assert ended.status == dws(*line.split()).status == status
    assert ended.document.keys() == {"error"}
    error = ended.document["error"]
    assert error["type"] == kind
    assert error["message"]
    assert error["hint"]


def test_a_format_that_contradicts_is_refused(dws: Dws, snapshotted: Path) -> None:
    """`--json` promises JSON, and is not silently overruled."""
    ended = dws("--json", "report", "history", "--format", "csv")

    assert ended.status == 2
    assert "contradict" in ended.document["error"]["message"]


def test_every_verb_is_tried_both_ways() -> None:
    """Whoever adds a verb adds its lines above."""
    working = {word for line in WORKING for word in line.split()[:2]}
    failing = {word for line, _, _ in FAILING for word in line.split()[:1]}

    assert set(VERBS) <= working
    assert set(VERBS) <= failing


def test_warnings_stay_off_stdout(installed: Dws, workspace: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A broken plugin is named on stderr, and the document is whole."""
    plant(tmp_path / "site", monkeypatch, "raise RuntimeError('no\\nway')")

    ended = installed("--json", "status")

    assert ended.status == 0
    assert ended.document["report"] == "status"
    assert len(ended.err.splitlines()) == 1
    assert "warning: plugin 'planted' (dws-planted) is set aside: RuntimeError: no way" in ended.err


def test_what_a_plugins_command_prints_stays_off_stdout(
    installed: Dws, here: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A plugin's command that prints does not break the promise: what it returns is the document."""
    plant(
        tmp_path / "site",
        monkeypatch,
        "import click\n"
        "from dws_core.plugin import hookimpl\n"
        "@hookimpl\n"
        "def dws_commands(cli):\n"
        "    cli.add('greet', 'Greet somebody.', 'dws_planted_hooks:greet')\n"
        "    cli.add('stumble', 'Fail.', 'dws_planted_hooks:stumble')\n"
        "    cli.add('leave', 'Exit.', 'dws_planted_hooks:leave')\n"
        "@click.command()\n"
        "def greet():\n"
        "    print('hello')\n"
        "    return {'greeted': True}\n"
        "@click.command()\n"
        "def stumble():\n"
        "    raise KeyError('foot')\n"
        "@click.command()\n"
        "def leave():\n"
        "    raise SystemExit(3)\n",
    )

    document, text = installed("--json", "greet"), installed("greet")
    failed, left, listed = installed("--json", "stumble"), installed("--json", "leave"), installed("--help")

    assert document.document == {"greeted": True}
    assert document.err == "hello\n"
    assert text.out.startswith("hello\n")
    assert failed.status == 1
    assert failed.document["error"]["type"] == "PluginFailedError"
    assert "dws-planted" in failed.document["error"]["message"]
    assert left.status == 1
    assert left.document["error"]["type"] == "PluginFailedError"
    assert "Greet somebody. (planted)" in listed.out


def plant(site: Path, monkeypatch: pytest.MonkeyPatch, source: str) -> None:
    """Install a plugin made of one module, in a folder that PYTHONPATH names."""
    metadata = site / "dws_planted-1.0.dist-info"
    metadata.mkdir(parents=True)
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: dws-planted\nVersion: 1.0\n")
    (metadata / "entry_points.txt").write_text("[dws]\nplanted = dws_planted_hooks\n")
    (site / "dws_planted_hooks.py").write_text(source)
    monkeypatch.setenv("PYTHONPATH", str(site))
