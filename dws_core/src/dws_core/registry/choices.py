"""Which plugins this user does not want imported."""

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from dws_core.errors import FileAccessError
from dws_core.model.codec import dump, parse, texts_of


def choices_path(environ: Mapping[str, str]) -> Path:
    """Name the file that keeps the choice, in the user's configuration folder."""
    folder = environ.get("XDG_CONFIG_HOME", "")
    home = Path(environ["HOME"]) if environ.get("HOME") else Path.home()
    return (Path(folder) if Path(folder).is_absolute() else home / ".config") / "dws" / "plugins.json"


def read_choices(environ: Mapping[str, str]) -> frozenset[str]:
    """Read the names disabled with `dws plugins disable`; DamagedRecordError names the file and line."""
    path = choices_path(environ)
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return frozenset()
    except OSError as error:
        raise FileAccessError(path, error) from error
    return frozenset(texts_of(parse(content, str(path)), "disabled"))


def write_choices(environ: Mapping[str, str], disabled: Iterable[str]) -> None:
    """Keep the names that are disabled from now on."""
    path = choices_path(environ)
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh.write_bytes(dump({"disabled": [*sorted(disabled)]}))
        fresh.replace(path)
    except OSError as error:
        raise FileAccessError(path, error) from error


def named_in_environment(environ: Mapping[str, str]) -> frozenset[str]:
    """Read `DWS_DISABLE_PLUGINS=a,b`."""
    return frozenset(name.strip() for name in environ.get("DWS_DISABLE_PLUGINS", "").split(",") if name.strip())
