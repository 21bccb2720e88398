"""Where the results of a snapshot go, and which of them go."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Formatter
from typing import Any

from dws_core.errors import FileAccessError, InvalidSettingError
from dws_core.model.names import check_relative
from dws_core.plugin.resource_type import ResourceType, ResultsMove
from dws_core.workspace.workspace import Workspace

RESULTS_FILE = "results.json"


@dataclass(frozen=True)
class ResultsPlan:
    """The move of one resource's results, and the results files (`results.json`, `a/results.json`) among them."""

    move: ResultsMove
    results_files: tuple[str, ...]


def plan_results(
    workspace: Workspace, type_: ResourceType[Any], *, tag: str | None, number: int, files: Mapping[str, bytes]
) -> ResultsPlan | None:
    """Decide what moves and where to; None where there is nothing to move."""
    settings = workspace.settings
    used = [each.results[type_.resource.id] for each in workspace.all_snapshots() if type_.resource.id in each.results]
    wanted = render_template(settings.results_dir_template, workspace, tag=tag, number=number)
    top = {path.split("/")[0] for path in (*used, wanted)}
    stay = frozenset(settings.results_exclude) | top
    names = _names(type_.local_path)
    moving = [name for name in names if name not in stay]
    if not moving:
        return None
    destination = _free(wanted, set(used), type_.local_path)
    return ResultsPlan(ResultsMove(destination, stay, files), tuple(_results_files(type_.local_path, moving)))


def render_template(template: str, workspace: Workspace, *, tag: str | None, number: int) -> str:
    """Fill in the template of the results directory; InvalidSettingError where it names an unknown variable or leads out."""
    now = workspace.caller.now().astimezone()
    values = {
        "USERNAME": workspace.caller.user,
        "HOSTNAME": workspace.hostname,
        "SNAPSHOT_NO": f"{number:03}",
        "ISO_TIMESTAMP": now.strftime("%Y-%m-%dT%H-%M-%S"),
        "YEAR": now.strftime("%Y"),
        "MONTH": now.strftime("%m"),
        "SHORT_MONTH": now.strftime("%b"),
        "DAY": now.strftime("%d"),
        "HOUR": now.strftime("%H"),
        "MIN": now.strftime("%M"),
        "SEC": now.strftime("%S"),
        "DAY_OF_WEEK": now.strftime("%A").lower(),
        "TAG": tag or f"{number:03}",
    }
    try:
        parts = list(Formatter().parse(template))
        known = all(name is None or (name in values and not spec and not conversion) for _, name, spec, conversion in parts)
    except ValueError:
        known = False
    if not known or not template:
        raise InvalidSettingError("results_dir_template", template, "a path with the variables " + ", ".join(values))
    return check_relative("".join(text + (values[name] if name else "") for text, name, _, _ in parts))


def _free(wanted: str, used: set[str], directory: Path | None) -> str:
    """Add a number where an earlier snapshot's results, or anything else, lie there already."""
    candidate, number = wanted, 2
    while candidate in used or (directory is not None and _is_there(directory / candidate)):
        candidate, number = f"{wanted}-{number}", number + 1
    return candidate


def _is_there(path: Path) -> bool:
    return path.is_symlink() or path.exists()


def _names(directory: Path | None) -> list[str]:
    try:
        return sorted(path.name for path in directory.iterdir()) if directory is not None else []
    except OSError as error:
        raise FileAccessError(directory, error) from error


def _results_files(directory: Path | None, moving: list[str]) -> list[str]:
    if directory is None:
        return []
    candidates = [name if name == RESULTS_FILE else f"{name}/{RESULTS_FILE}" for name in moving]
    return [each for each in candidates if (directory / each).is_file()]
