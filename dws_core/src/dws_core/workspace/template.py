"""The template of the directory that a snapshot's results move to."""

from collections.abc import Mapping
from datetime import datetime
from string import Formatter

from dws_core.errors import InvalidSettingError, PathRefusedError
from dws_core.model.names import check_relative

VARIABLES = (
    "USERNAME",
    "HOSTNAME",
    "SNAPSHOT_NO",
    "ISO_TIMESTAMP",
    "YEAR",
    "MONTH",
    "SHORT_MONTH",
    "DAY",
    "HOUR",
    "MIN",
    "SEC",
    "DAY_OF_WEEK",
    "TAG",
)


def check_template(template: str) -> None:
    """Raise InvalidSettingError for a template that names an unknown variable or leads out of the resource."""
    render_template(template, dict.fromkeys(VARIABLES, "x"))


def render_template(template: str, values: Mapping[str, str]) -> str:
    """Fill in a template: the path of a directory inside the resource."""
    try:
        parts = list(Formatter().parse(template))
        if not template or any(name is not None and (name not in values or spec or how) for _, name, spec, how in parts):
            raise ValueError(template)
        return check_relative("".join(text + (values[name] if name else "") for text, name, _, _ in parts))
    except (ValueError, PathRefusedError) as error:
        expected = "a path inside the resource, with any of the variables " + ", ".join(f"{{{name}}}" for name in VARIABLES)
        raise InvalidSettingError("results_dir_template", template, expected) from error


def template_values(now: datetime, *, user: str, host: str, tag: str | None, number: int) -> dict[str, str]:
    """Give the variables of one snapshot; `now` is local time. A snapshot without a tag goes by its number."""
    return {
        "USERNAME": user,
        "HOSTNAME": host,
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
