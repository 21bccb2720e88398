"""Measure start-up and every operation beside the machine's limits, and keep the numbers.

python -m benchmarks.run [--sizes 1000,10000] [--types local-files] [--keep FILE] [--against FILE]
"""

import argparse
import itertools
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TypeAlias, TypedDict

from benchmarks import trees
from benchmarks.machine import limits
from benchmarks.operations import ADD, operations
from benchmarks.startup import YARDSTICK, startup

Seconds: TypeAlias = dict[str, float]
# A section is a table of the output: by number of files, each row's seconds.
Sections: TypeAlias = dict[str, dict[str, Seconds]]


class Measured(TypedDict):
    """What one run keeps."""

    commit: str
    startup: Seconds
    sections: Sections


def main() -> None:
    """Measure, print, keep, compare."""
    options = _options()
    started = startup(options.rounds)
    _print_startup(started)
    sections = _measure(options.sizes, options.types, options.directory)
    for name, columns in sections.items():
        _print_growth(name, columns)
    measured: Measured = {"commit": _commit(), "startup": started, "sections": sections}
    options.keep.parent.mkdir(parents=True, exist_ok=True)
    options.keep.write_text(json.dumps(measured, indent=2) + "\n", encoding="utf-8")
    print(f"\nkept in {options.keep}")
    if options.against:
        _print_comparison(json.loads(options.against.read_text(encoding="utf-8")), measured)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.run", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--sizes", type=lambda text: [int(each) for each in text.split(",")], default=[1_000, 10_000, 100_000])
    parser.add_argument("--types", type=lambda text: text.split(","), default=list(ADD))
    parser.add_argument("--rounds", type=int, default=15, help="how often start-up is measured; the median counts")
    parser.add_argument("--directory", type=Path, help="where to work; default: the system's temporary directory")
    parser.add_argument(
        "--keep", type=Path, default=Path(".benchmarks") / f"{_commit()}.json", help="where the numbers go, as JSON"
    )
    parser.add_argument("--against", type=Path, help="numbers of another commit, to compare with")
    return parser.parse_args()


def _measure(sizes: list[int], types: list[str], directory: Path | None) -> Sections:
    sections: Sections = {"machine": {}, **{name: {} for name in types}}
    for size in sizes:
        with tempfile.TemporaryDirectory(prefix="dws-bench-", dir=directory) as stage:
            tree = Path(stage, "tree")
            trees.make(tree, size)
            sections["machine"][str(size)] = limits(tree, Path(stage, "copy"))
            for name in types:
                print(f"measuring {name} with {size:,} files", file=sys.stderr, flush=True)
                sections[name][str(size)] = operations(name, tree, size, Path(stage, name))
    return sections


def _print_startup(measured: Seconds) -> None:
    print("\nStart-up (median)\n")
    for name, each in measured.items():
        print(f"{name:<26}{1000 * each:>9.0f} ms   {each / measured[YARDSTICK]:.2f} × {YARDSTICK!r}")


def _print_growth(name: str, columns: dict[str, Seconds]) -> None:
    sizes = list(columns)
    print(f"\n{name} (seconds; × is the growth from one size to the next)\n")
    print(f"{'files':<26}" + "".join(f"{int(size):>14,}{'':>9}" for size in sizes).rstrip())
    for row in columns[sizes[0]]:
        cells = f"{columns[sizes[0]][row]:>14.3f}{'':>9}"
        for before, size in itertools.pairwise(sizes):
            cells += f"{columns[size][row]:>14.3f}  ×{columns[size][row] / columns[before][row]:<6.1f}"
        print(f"{row:<26}{cells}".rstrip())


def _print_comparison(old: Measured, new: Measured) -> None:
    print(f"\nAgainst {old['commit']} (new / old, where both were measured)\n")
    before, now = _rows(old), _rows(new)
    for row in now:
        if row in before:
            print(f"{row:<60}{now[row] / before[row]:>8.2f}")


def _rows(measured: Measured) -> Seconds:
    """Every number by one name."""
    rows = {f"start-up: {name}": each for name, each in measured["startup"].items()}
    for section, columns in measured["sections"].items():
        rows |= {f"{section}, {size} files: {name}": each for size, column in columns.items() for name, each in column.items()}
    return rows


def _commit() -> str:
    done = subprocess.run(["git", "describe", "--always", "--dirty"], capture_output=True, text=True, check=False)
    return done.stdout.strip() or "unversioned"


if __name__ == "__main__":
    main()
