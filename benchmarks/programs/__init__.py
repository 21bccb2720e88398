"""Programs that keep versions of files, each driven by a file of its own."""

from benchmarks.programs.borg import Borg
from benchmarks.programs.datalad import Datalad
from benchmarks.programs.dvc import Dvc
from benchmarks.programs.dws import Dws
from benchmarks.programs.git import Git
from benchmarks.programs.program import Program
from benchmarks.programs.restic import Restic

OURS: type[Program] = Dws
PEERS: tuple[type[Program], ...] = (Git, Restic, Borg, Dvc, Datalad)
