"""The source of the house, read but not run, for the tests of its rules."""

import ast
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

TOP = Path(__file__).parents[2]
CORE = TOP / "dws_core" / "src" / "dws_core"


@dataclass(frozen=True)
class Module:
    """One file of Python; `name` is the dotted name under which it is imported."""

    path: Path
    name: str

    @property
    def shown(self) -> str:
        """The path from the top, as a message names it."""
        return self.path.relative_to(TOP).as_posix()

    @cached_property
    def source(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.source, filename=self.shown)

    @property
    def functions(self) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
        """Every function and method, nested ones included."""
        return (node for node in ast.walk(self.tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))

    @property
    def imports(self) -> Iterator[tuple[str, int]]:
        """Every module that is imported anywhere in the file, with the line."""
        return imported(self.tree)

    @property
    def calls(self) -> Iterator[tuple[str, int]]:
        """The dotted name of everything that is called, with the line."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Call):
                yield ast.unparse(node.func), node.lineno

    @property
    def texts(self) -> Iterator[tuple[str, int]]:
        """Every string literal, with the line."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value, node.lineno


@dataclass(frozen=True)
class PluginFolder:
    """One folder of `plugins/`."""

    path: Path

    @property
    def package(self) -> str:
        return self.path.name

    @property
    def source(self) -> Path:
        return self.path / "src" / self.package

    @cached_property
    def project(self) -> dict[str, Any]:
        """Its pyproject.toml."""
        return tomllib.loads((self.path / "pyproject.toml").read_text(encoding="utf-8"))

    @property
    def modules(self) -> list[Module]:
        return modules_below(self.source)

    @property
    def hooks(self) -> set[str]:
        """The hooks that it implements."""
        return implemented_hooks(self.modules)


def modules_below(folder: Path) -> list[Module]:
    """List the modules of a package."""
    return [Module(path, _dotted(path, folder.parent)) for path in sorted(folder.rglob("*.py"))]


def core() -> list[Module]:
    """List the modules of the core."""
    return modules_below(CORE)


def plugins() -> list[PluginFolder]:
    """List the folders of plugins."""
    return [PluginFolder(path.parent) for path in sorted((TOP / "plugins").glob("*/pyproject.toml"))]


def sources() -> list[Module]:
    """List every module that we ship."""
    return core() + [module for plugin in plugins() for module in plugin.modules]


def tests() -> list[Module]:
    """List every module of tests, those of the plugins included."""
    folders = [TOP / "tests", *(plugin.path / "tests" for plugin in plugins())]
    return [Module(path, path.stem) for folder in folders for path in sorted(folder.rglob("*.py"))]


def imported(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Every module that is imported anywhere in a piece of code, with the line."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or "", node.lineno


def implemented_hooks(modules: list[Module]) -> set[str]:
    """The hooks that some modules implement: functions that `hookimpl` marks."""
    return {
        function.name
        for module in modules
        for function in module.functions
        if any("hookimpl" in ast.unparse(decorator) for decorator in function.decorator_list)
    }


def _dotted(path: Path, above: Path) -> str:
    parts = path.relative_to(above).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
