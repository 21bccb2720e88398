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
    name = distribution or module.replace("_", "-")
    metadata = site / f"{name.replace('-', '_')}-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    (metadata / "entry_points.txt").write_text(f"[dws]\n{plugin or module.replace('_', '-')} = {module}\n")


def environment(home: Path, *sites: Path | str, **more: str) -> dict[str, str]:
    """Give the environment of a user whose home folder is empty, with these entries on PYTHONPATH."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DWS_", "XDG_", "PYTHON", "GIT_"))}
    path = os.pathsep.join([sysconfig.get_path("scripts"), str(Path(sys.executable).parent), kept.get("PATH", "")])
    return {**kept, "HOME": str(home), "PATH": path, "PYTHONPATH": os.pathsep.join(map(str, sites)), **more}
