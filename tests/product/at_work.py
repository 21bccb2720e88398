"""A program that works in several clones in turn, in an order of its own: writes, takes snapshots, pushes and pulls.

`python -m tests.product.at_work SEED ROUNDS CLONE …`; every command must succeed, and nothing but `dws` is ever called.
"""

import os
import random
import sys
from pathlib import Path

from dws_core.cli.edge import run


def work(clone: Path, number: int, chance: random.Random) -> None:
    """Do one round in a clone: something new in each resource, a snapshot, and perhaps a push or a pull."""
    os.chdir(clone)
    name = clone.name
    (clone / "code" / f"{name}.py").write_text(f"{number}\n")
    (clone / "data" / f"{name}.csv").write_text(f"{name},{number}\n" * 20)
    (clone / "results" / "results.json").write_text(f'{{"metrics": {{"round": {number}}}}}\n')
    _dws("snapshot", f"{name}-{number}")
    for verb in chance.choice((["push"], ["pull"], ["push", "pull"], ["pull", "push"], [])):
        _dws(verb)


def _dws(*arguments: str) -> None:
    if run(["--batch", "--quiet", *arguments]) != 0:
        sys.exit(f"{' '.join(arguments)} failed in {Path.cwd()}")


def main() -> None:
    """Give every clone its rounds, in random order."""
    seed, rounds, *clones = sys.argv[1:]
    chance = random.Random(int(seed))
    turns = [Path(clone) for clone in clones for _ in range(int(rounds))]
    chance.shuffle(turns)
    done = dict.fromkeys(turns, 0)
    for clone in turns:
        done[clone] += 1
        work(clone, done[clone], chance)


if __name__ == "__main__":
    main()
