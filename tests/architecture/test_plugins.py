"""What plugins may see, and what all of them look like."""

import json
import subprocess
import sys

import pytest

from tests.architecture import house

CONTRACT = ("dws_core.plugin", "dws_core.model", "dws_core.errors")


@pytest.fixture(params=house.plugins(), ids=lambda plugin: plugin.package)
def plugin(request: pytest.FixtureRequest) -> house.PluginFolder:
    found: house.PluginFolder = request.param
    return found


def test_a_plugin_imports_the_contract_and_nothing_else_of_the_core(plugin: house.PluginFolder) -> None:
    """A plugin sees `plugin`, `model` and `errors`; a kit, as a client of the library, also the names of `dws_core` itself."""
    allowed = {*CONTRACT, "dws_core"} if "dws_kits" in plugin.hooks else set(CONTRACT)

    beyond = [
        f"{module.shown}:{line}: {name}"
        for module in plugin.modules
        for name, line in module.imports
        if name.split(".")[0] == "dws_core" and name not in allowed and not name.startswith(CONTRACT)
    ]

    assert beyond == []


def test_no_plugin_imports_another(plugin: house.PluginFolder) -> None:
    """Each plugin can be installed alone."""
    others = {other.package for other in house.plugins()} - {plugin.package}

    assert [name for module in plugin.modules for name, _ in module.imports if name.split(".")[0] in others] == []


def test_every_plugin_folder_looks_the_same(plugin: house.PluginFolder) -> None:
    """Knowing one plugin is knowing all: the same files, by the same names."""
    expected = ["README.md", "pyproject.toml", "tests"]
    expected += [f"src/{plugin.package}/{name}" for name in ("__init__.py", "hooks.py", "py.typed")]
    if "dws_resource_types" in plugin.hooks:
        expected += [f"src/{plugin.package}/settings.py", f"src/{plugin.package}/resource_type.py", "tests/test_conformance.py"]
    if "dws_backends" in plugin.hooks:
        expected += [f"src/{plugin.package}/backend.py"]
    if "dws_kits" in plugin.hooks:
        expected += [f"src/{plugin.package}/kit.py"]

    assert [name for name in expected if not (plugin.path / name).exists()] == []


def test_a_plugin_is_one_line_in_its_project(plugin: house.PluginFolder) -> None:
    """The folder `dws_NAME` is the distribution `dws-NAME` with one entry point: NAME, its module of hooks."""
    name = plugin.package.removeprefix("dws_")

    assert plugin.project["project"]["name"] == f"dws-{name}"
    assert plugin.project["project"]["entry-points"] == {"dws": {name: f"{plugin.package}.hooks"}}


def test_a_readme_says_what_the_plugin_adds_its_settings_and_its_limits(plugin: house.PluginFolder) -> None:
    """The page opens with the distribution's name, and has the two sections that a user looks for."""
    lines = (plugin.path / "README.md").read_text(encoding="utf-8").splitlines()

    assert lines[0] == f"# {plugin.project['project']['name']}"
    assert {"## Settings", "## Limits"} <= set(lines)


def test_hooks_import_nothing_heavy(plugin: house.PluginFolder) -> None:
    """Loading the module of hooks, once the contract is there, loads nothing but the standard library and the plugin."""
    code = (
        "import json, sys, dws_core.plugin.hookspecs; before = set(sys.modules); "
        f"import {plugin.package}.hooks; print(json.dumps(sorted(set(sys.modules) - before)))"
    )

    shown = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True).stdout

    light = {*sys.stdlib_module_names, "dws_core", plugin.package}
    assert [name for name in json.loads(shown) if name.split(".")[0] not in light] == []


def test_a_module_of_hooks_holds_hooks_and_nothing_clever(plugin: house.PluginFolder) -> None:
    """Whoever opens `hooks.py` sees what the plugin brings, and nothing else."""
    hooks = next(module for module in plugin.modules if module.path.name == "hooks.py")

    assert {function.name for function in hooks.functions} == house.implemented_hooks([hooks]) == plugin.hooks
