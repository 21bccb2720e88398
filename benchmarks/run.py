"""Measure our command beside its peers and the machine's limits, hold it against the targets, and keep the numbers.

python -m benchmarks.run [--quick] [--sets tiny,large] [--peers git,borg] [--against FILE] …
"""

import argparse
import json
import os
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks import show
from benchmarks.growth import ADD
from benchmarks.measured import Wanted, commit, measure
from benchmarks.programs import PEERS
from benchmarks.sets import SETS

PEERS_VARIABLE = "DWS_BENCH_PEERS"


def main() -> None:
    """Measure, print, keep, compare."""
    parser = _parser()
    options = parser.parse_args()
    old = json.loads(options.against.read_text(encoding="utf-8")) if options.against else None
    if old is not None and old["quick"] != options.quick:
        parser.error(f"{options.against} was measured {'with' if old['quick'] else 'without'} --quick, so its files are others")
    options.keep.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="dws-bench-", dir=options.directory) as top:
        for measured in measure(_wanted(options, Path(top))):
            # Each time, so that who has to stop a long run keeps what was measured until then.
            options.keep.write_text(json.dumps(measured, indent=2) + "\n", encoding="utf-8")
    show.run(measured)
    print(f"\nkept in {options.keep}")
    if old is not None:
        show.comparison(old, measured)


def _wanted(options: argparse.Namespace, directory: Path) -> Wanted:
    quick = options.quick
    places = [options.peers_in, os.environ.get(PEERS_VARIABLE, ""), os.environ.get("PATH", os.defpath)]
    return Wanted(
        directory=directory,
        sets=options.sets,
        shared=options.shared,
        peers=options.peers,
        sizes=options.sizes if options.sizes is not None else [20, 200] if quick else [1_000, 10_000, 100_000],
        types=options.types,
        rounds=1 if quick else 15,
        snapshots=100 if quick else 10_000,
        patience=options.patience,
        path=os.pathsep.join(filter(None, places)),
        quick=quick,
        s3=options.s3,
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.run", description=(__doc__ or "").splitlines()[0])
    add = parser.add_argument
    add("--quick", action="store_true", help="small versions of every set, each run once: whether it works, not how fast")
    add("--sets", type=_among(list(SETS)), default=list(SETS), help=f"of {','.join(SETS)}; default: all")
    add("--shared", type=_among(list(SETS)), default=list(SETS), help="sets to share, of the same; default: all")
    add("--s3", action="store_true", help="work with buckets as well, on an S3 server that is started for it")
    peers = [peer.name for peer in PEERS]
    add("--peers", type=_among(peers), default=peers, help=f"of {','.join(peers)}; default: all that are there")
    add("--peers-in", default="", help=f"directories to find peers in, before those in {PEERS_VARIABLE} and PATH")
    add("--sizes", type=_numbers, help="numbers of files for the table of growth, or nothing; default: 1000,10000,100000")
    add("--types", type=_among(list(ADD)), default=list(ADD), help=f"types in the table of growth, of {','.join(ADD)}")
    add("--patience", type=float, default=300, help="seconds after which an operation of any program is given up")
    add("--directory", type=Path, help="where to work; default: the system's temporary directory")
    add("--keep", type=Path, default=Path(".benchmarks") / f"{commit()}.json", help="where the numbers go, as JSON")
    add("--against", type=Path, help="numbers of another commit, to compare with")
    return parser


def _numbers(text: str) -> list[int]:
    return [int(each) for each in text.split(",") if each]


def _among(known: Sequence[str]) -> Callable[[str], list[str]]:
    """Read words that a comma separates; each must be known."""

    def words(text: str) -> list[str]:
        given = [each for each in text.split(",") if each]
        if strange := set(given) - set(known):
            raise argparse.ArgumentTypeError(f"{', '.join(sorted(strange))} is none of {', '.join(known)}")
        return given

    return words


if __name__ == "__main__":
    main()
