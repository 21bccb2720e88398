"""Make the git repository of the digits data set, from the copy that scikit-learn ships.

python digits.py DIRECTORY makes it; python digits.py --second DIRECTORY commits a second edition to it.
"""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.datasets import load_digits

README = """# Digits

Handwritten digits: each row of `data.csv` is an image of 8 by 8 pixels, and `target.csv` says which digit it is.
"""

# The same author and times at each play, so that the commits have the same hashes as in the documentation.
AUTHOR = {
    f"GIT_{who}_{what}": value
    for who in ("AUTHOR", "COMMITTER")
    for what, value in (("NAME", "Digits"), ("EMAIL", "digits@localhost"))
}
TIMES = {"first": "2020-01-01T12:00:00Z", "second": "2020-02-01T12:00:00Z"}


def make(repository: Path) -> None:
    """Make a repository whose only commit is the data set as it was published."""
    digits: Any = load_digits()
    repository.mkdir(parents=True)
    _git(repository, "init", "--quiet", "--initial-branch=master")
    (repository / "README.md").write_text(README, encoding="utf-8")
    (repository / "DESCR.txt").write_text(digits.DESCR, encoding="utf-8")
    _write(repository, digits.data, digits.target)
    _commit(repository, "Publish the digits", TIMES["first"])


def add_second_edition(repository: Path) -> None:
    """Commit an edition that holds each image once more, moved by one pixel."""
    digits: Any = load_digits()
    moved = np.roll(digits.images, 1, axis=2).reshape(len(digits.data), -1)
    both = np.stack([digits.data, moved], axis=1).reshape(-1, digits.data.shape[1])
    _write(repository, both, np.repeat(digits.target, 2))
    _commit(repository, "Add each image once more, moved by one pixel", TIMES["second"])


def _write(repository: Path, pixels: Any, target: Any) -> None:
    np.savetxt(repository / "data.csv", pixels, fmt="%d", delimiter=",")
    np.savetxt(repository / "target.csv", target, fmt="%d")


def _commit(repository: Path, message: str, time: str) -> None:
    dates = {"GIT_AUTHOR_DATE": time, "GIT_COMMITTER_DATE": time}
    _git(repository, "add", "--all")
    _git(repository, "-c", "commit.gpgsign=false", "commit", "--quiet", "--message", message, **AUTHOR, **dates)


def _git(repository: Path, *arguments: str, **environment: str) -> None:
    subprocess.run(["git", "-C", repository, *arguments], check=True, env={**os.environ, **environment})


if __name__ == "__main__":
    *options, directory = sys.argv[1:]
    (add_second_edition if options == ["--second"] else make)(Path(directory))
