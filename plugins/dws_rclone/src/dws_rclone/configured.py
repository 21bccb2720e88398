"""Rclone with the configuration file that this clone was told of, if it was told of one."""

from dataclasses import replace
from pathlib import Path

from dws_rclone.rclone import Rclone
from dws_rclone.settings import RcloneSettings


def with_whole_config(settings: RcloneSettings) -> RcloneSettings:
    """Let the configuration file be found from everywhere."""
    if settings.config is None:
        return settings
    return replace(settings, config=str(Path(settings.config).expanduser().absolute()))


def rclone_of(settings: RcloneSettings, root: Path) -> Rclone:
    """Give rclone with the configuration of this clone."""
    return Rclone(config_of(settings, root))


def config_of(settings: RcloneSettings, root: Path) -> Path | None:
    """Name the configuration file of this clone; None where it is the user's own."""
    return root / Path(settings.config).expanduser() if settings.config else None
