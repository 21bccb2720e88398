"""Pushing content to a store in a bucket, beside rclone that copies the same files to the same server."""

from collections.abc import Iterator
from pathlib import Path

from benchmarks import trees
from benchmarks.life import Row
from benchmarks.programs.program import FILES
from benchmarks.s3 import PUSH
from benchmarks.s3.stage import Bench, OneRun
from benchmarks.sets import MEDIUM, SETS


def push(bench: Bench) -> Iterator[Row]:
    """Measure both in turn, so that noise falls on both alike, each on a server that holds nothing yet."""
    tree = bench.directory / "s3-tree"
    trees.make(tree, SETS[MEDIUM].quick if bench.quick else SETS[MEDIUM].whole)
    for number in range(bench.repeats):
        bench.tell(f"push to a bucket, run {number + 1}")
        if bench.rclone is not None:
            with bench.run() as run:
                yield Row("rclone", PUSH, _copy(run, bench.rclone, tree))
        with bench.run() as run:
            yield Row(run.program.name, PUSH, _push(run, tree))
    trees.remove(tree)


def _copy(run: OneRun, rclone: str, tree: Path) -> dict[str, float]:
    """Let rclone copy the files, with its defaults."""
    remote = {"TYPE": "s3", "PROVIDER": "Other", "ENV_AUTH": "true", "ENDPOINT": run.server.url, "REGION": run.server.region}
    environment = {f"RCLONE_CONFIG_BENCH_{name}": value for name, value in remote.items()}
    bucket = run.server.make_bucket(versioned=False)
    run.settle()
    return run.command(rclone, "copy", str(tree), f"bench:{bucket}/files", environment=environment)


def _push(run: OneRun, tree: Path) -> dict[str, float]:
    """Let ours push a snapshot of the same files, in a workspace that is published."""
    run.dws("init")
    run.dws("store", "add", "shared", f"s3://{run.server.make_bucket(versioned=False)}/team")
    run.command("git", "init", "--quiet", "--bare", "../origin.git")
    run.dws("publish", "../origin.git")
    trees.copy(tree, run.program.stage.workspace / FILES)
    run.dws("add", "local-files", "--role=source-data", f"--name={FILES}", f"./{FILES}")
    run.dws("snapshot", "-m", "what is pushed", "ONE")
    run.settle()
    return run.dws("push")
