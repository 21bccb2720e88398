"""The command `dws`."""

import sys

from dws_core.cli.edge import run


def main() -> None:
    """Run the command line and end the process with its exit status."""
    sys.exit(run(sys.argv[1:]))
