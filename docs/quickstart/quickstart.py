"""Play the quick start of the introduction for real, command by command.

python quickstart.py [DIRECTORY] plays it in that directory, or in a fresh temporary one.
"""

import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import textwrap
from pathlib import Path

HERE = Path(__file__).parent
MARK = ".made-by-the-quick-start"
PUBLISHED = "sklearn-digits-dataset.git"


class Player:
    """Runs commands where the story has gone to, showing each as a person at a terminal would see it."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.environment = {**os.environ, "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])}

    def tell(self, text: str) -> None:
        """Say what comes next."""
        print("\n" + textwrap.fill(text, width=110, initial_indent="# ", subsequent_indent="# "), flush=True)

    def go(self, directory: str) -> None:
        """Change the directory, as `cd` does."""
        print(f"$ cd {directory}", flush=True)
        self.directory = (self.directory / directory).resolve()

    def run(self, command: str) -> None:
        """Run a command; the play ends where one fails."""
        print(f"$ {command}", flush=True)
        done = subprocess.run(
            shlex.split(command),
            cwd=self.directory,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stderr=subprocess.STDOUT,
            check=False,
        )
        if done.returncode:
            sys.exit(f"The quick start ends here: `{command}` ended with exit status {done.returncode}, in {self.directory}")

    def edit(self, path: str, old: str, new: str) -> None:
        """Change a line of a file, as in an editor."""
        file = self.directory / path
        text = file.read_text(encoding="utf-8")
        if old not in text:
            sys.exit(f"The quick start ends here: {file} does not hold {old!r}")
        file.write_text(text.replace(old, new), encoding="utf-8")
        print(f"  (in an editor: {old}  becomes  {new}  in {path})", flush=True)


def play(stage: Path) -> None:
    """Play everything below a directory that is ours alone."""
    player = Player(stage)
    begin(player)
    first_experiment(player)
    second_experiment(player)
    back_to_the_first(player)
    end(player)


def begin(player: Player) -> None:
    """Make the workspace, and add the data that somebody else publishes."""
    _publish(player.directory / PUBLISHED)
    player.tell("Now, we will create a workspace: a git repository with two resources in it, for code and for results.")
    player.run("mkdir quickstart")
    player.go("quickstart")
    player.run("dws init --create-resources code,results")
    player.tell("We add our source data, which resides in somebody else's git repository: clone it, then add the clone.")
    player.run(f"git clone --quiet ../{PUBLISHED}")
    player.run("dws add git --role=source-data --read-only ./sklearn-digits-dataset")
    player.run("dws report status")


def first_experiment(player: Player) -> None:
    """Run the introduction's code, look at the results, and take a snapshot."""
    player.tell(
        "The experiment is usual scikit-learn code, but for the line that loads the data and the one that wraps the classifier."
    )
    player.go("code")
    shutil.copyfile(HERE / "digits-svc.py", player.directory / "digits-svc.py")
    player.run("cat digits-svc.py")
    player.run("python digits-svc.py")
    player.go("..")
    player.run("dws report results")
    player.tell("A snapshot records the exact version of the data, the code and the results, and how the results came to be.")
    player.run('dws snapshot -m "first run with SVC" SVC-1')
    player.run("dws report history")
    player.run("dws report lineage --snapshot SVC-1")


def second_experiment(player: Player) -> None:
    """Take newer data and other parameters, and compare."""
    player.tell("A second experiment: the publishers have a new edition of the data, and we try another parameter.")
    _publish(player.directory.parent / PUBLISHED, "--second")
    player.go("sklearn-digits-dataset")
    player.run("git pull --quiet")
    player.go("../code")
    player.edit("digits-svc.py", "SVC(gamma=0.001)", "SVC(gamma=0.002)")
    player.run("python digits-svc.py")
    player.go("..")
    player.run("dws status")
    player.run('dws snapshot -m "new edition, larger gamma" SVC-2')
    player.run("dws report history")
    player.run("dws diff SVC-1 SVC-2")


def back_to_the_first(player: Player) -> None:
    """Restore the first snapshot: code and data as they were, all results kept."""
    player.tell("We go back to the first experiment. Code and data become what they were; the results of both stay.")
    player.run("dws restore SVC-1")
    player.run("grep gamma code/digits-svc.py")
    player.run("git -C sklearn-digits-dataset log --oneline -1")
    player.run("ls results/snapshots")
    player.run("dws status")


def end(player: Player) -> None:
    """Say where everything is, and what to try next."""
    print(
        textwrap.dedent(f"""
        The workspace is at {player.directory}

        The environment of this play has the command: {Path(sys.executable).with_name("dws")}
        Try next, in the workspace:
          dws report results --snapshot SVC-2     what the second experiment gave
          dws restore SVC-2                       and back to it, with its code and data
          dws report lineage --format json        the lineage, for a program
          dws --help                              everything else
        docs/tutorial.md goes on from here.
        """),
        end="",
    )


def _publish(repository: Path, *options: str) -> None:
    subprocess.run([sys.executable, HERE / "digits.py", *options, repository], check=True)


def _stage(arguments: list[str]) -> Path:
    """Give an empty directory to play in; what an earlier play left there is cleared away, anything else is not touched."""
    if not arguments:
        return Path(tempfile.mkdtemp(prefix="dws-quickstart-"))
    stage = Path(arguments[0]).resolve()
    stage.mkdir(parents=True, exist_ok=True)
    if any(stage.iterdir()) and not (stage / MARK).exists():
        sys.exit(f"{stage} holds other things: name a directory that is empty or not there yet")
    (stage / MARK).touch()
    for left in ("quickstart", PUBLISHED):
        shutil.rmtree(stage / left, ignore_errors=True)
    return stage


if __name__ == "__main__":
    play(_stage(sys.argv[1:]))
