"""The command `dws`."""

import gc as cycles  # by another name, since the verb gc becomes an attribute of this package
import sys

from dws_core.cli.edge import run

_OBJECTS_BEFORE_CYCLES = 1_000_000


def main() -> None:
    """Run the command line and end the process with its exit status."""
    # A command lives a second and makes few cycles; to look for them among a long history's objects takes a quarter of it.
    cycles.set_threshold(_OBJECTS_BEFORE_CYCLES)
    status = run(sys.argv[1:])
    cycles.freeze()
    sys.exit(status)
