"""Makes distributions by hand, as an installer would leave them, in a folder that can stand on PYTHONPATH."""

import os
import shutil
import sys
import sysconfig
from pathlib import Path

BROKEN = Path(__file__).parent / "broken"


def plant(site: Path, module: str, *, distribution: str = "", plugin: str = "") -> None:
    """Put one of the modules of `broken` into a folder, as a distribution with one entry point."""
    site.mkdir(exist_ok=True)
    shutil.copy(BROKEN / f"{module}.py", site)
    own = module.replace("_", "-")
    _write_metadata(site, distribution or own, f"{plugin or own} = {module}")


def environment(home: Path, *sites: Path | str, **more: str) -> dict[str, str]:
    """Give the environment of a user whose home folder is empty, with these entries on PYTHONPATH."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DWS_", "XDG_", "PYTHON", "GIT_"))}
    path = os.pathsep.join([sysconfig.get_path("scripts"), str(Path(sys.executable).parent), kept.get("PATH", "")])
    return {**kept, "HOME": str(home), "PATH": path, "PYTHONPATH": os.pathsep.join(map(str, sites)), **more}


def plant_stranger(site: Path) -> None:
    """Put a copy of `dws_example` into a folder, as the distribution dws-stranger with the type stranger-file."""
    package = Path(__file__).parent / "dws_example" / "src" / "dws_example"
    target = site / "dws_stranger"
    target.mkdir(parents=True)
    for source in package.glob("*.py"):
        text = (
            source.read_text()
            .replace("dws_example", "dws_stranger")
            .replace("single-file", "stranger-file")
            .replace('"folder"', '"stranger-folder"')
        )
        (target / source.name).write_text(text)
    _write_metadata(site, "dws-stranger", "stranger = dws_stranger.hooks")


def _write_metadata(site: Path, distribution: str, entry_point: str) -> None:
    metadata = site / f"{distribution.replace('-', '_')}-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {distribution}\nVersion: 1.0\n")
    (metadata / "entry_points.txt").write_text(f"[dws]\n{entry_point}\n")
