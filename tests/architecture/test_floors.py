"""The floors of the house: who may import whom."""

import subprocess
import sys
from pathlib import Path

from tests.architecture import house

# A noun knows no file, no clock, no chance and no other program: these modules bring them.
WORLD = {"os", "pathlib", "io", "time", "datetime", "random", "secrets", "subprocess", "socket", "shutil", "tempfile"}


def test_a_module_imports_only_lower_floors() -> None:
    """The contracts in the top pyproject.toml hold: floors, click in cli only, pluggy in plugin and registry only."""
    linter = Path(sys.executable).with_name("lint-imports")

    done = subprocess.run([linter, "--no-cache"], cwd=house.TOP, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr


def test_no_import_of_our_own_code_hides_inside_a_function() -> None:
    """What a module needs of us stands at its top, so that the floors can be seen."""
    ours = {"dws_core", *(plugin.package for plugin in house.plugins())}

    hidden = [
        f"{module.shown}:{line}: {name}"
        for module in house.sources()
        for function in module.functions
        for name, line in house.imported(function)
        if name.split(".")[0] in ours
    ]

    assert hidden == []


def test_nouns_know_no_file_and_no_clock() -> None:
    """What the model needs of the world is handed in."""
    worldly = [
        f"{module.shown}:{line}: {name}"
        for module in house.modules_below(house.CORE / "model")
        for name, line in module.imports
        if name.split(".")[0] in WORLD
    ]

    assert worldly == []


def test_only_the_caller_asks_the_process_for_time_user_host_and_chance() -> None:
    """Time, user, host and randomness are handed in by the caller, so that an operation can be repeated exactly."""
    floors = ["operations", "model", "lineage"]
    asked = {"datetime.now", "datetime.utcnow", "time.time", "getpass.getuser", "socket.gethostname", "secrets.token_hex"}

    fetched = [
        f"{module.shown}:{line}: {name}()"
        for floor in floors
        for module in house.modules_below(house.CORE / floor)
        for name, line in module.calls
        if name in asked
    ]

    assert fetched == []
