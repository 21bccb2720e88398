"""The steps that were run in this clone since the last snapshot: a file a run."""

from collections.abc import Iterable
from pathlib import Path

from dws_core.errors import DamagedRecordError, DwsError, FileAccessError
from dws_core.journal import write_whole
from dws_core.model.codec import dump, parse
from dws_core.model.lineage import Lineage
from dws_core.model.step import Step


class StepLog:
    """Where steps are kept while they run and afterwards; scripts that run side by side write files of their own."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def read(self) -> Lineage:
        """Give every step that was run, also those that a later run has made obsolete; DamagedRecordError names the file."""
        found = (self._read_one(path) for path in self._directory.glob("[!.]*.json"))
        return Lineage.of(step for step in found if step is not None)

    def current(self) -> Lineage:
        """Give the steps that still count, and forget the others, so that many runs cost no more than one."""
        log = self.read()
        current = log.current()
        self._keep(log, current)
        return current

    def write(self, step: Step) -> None:
        """Keep a step as it is now; FileAccessError where that is not possible."""
        write_whole(self._path(step), dump(step.to_json()))

    def forget_outputs(self, names: Iterable[str]) -> None:
        """Forget what was written to these resources, and the steps that count for nothing then; may be done again."""
        log = self.read()
        self._keep(log, log.without_outputs(names).current())

    def adopt(self, lineage: Lineage, names: Iterable[str]) -> None:
        """Let the lineage of these resources be another one, such as a snapshot recorded."""
        self._keep(self.read(), self.adopted(lineage, names))

    def adopted(self, lineage: Lineage, names: Iterable[str]) -> Lineage:
        """Tell what `adopt` would leave."""
        wanted = list(names)
        kept = {step.id: step for step in self.read().without_outputs(wanted).current().steps}
        for step in lineage.writing(wanted).about(wanted).steps:
            kept.setdefault(step.id, step)
        return Lineage.of(kept.values())

    def _keep(self, before: Lineage, after: Lineage) -> None:
        known = {step.id: step for step in before.steps}
        for step in after.steps:
            if known.get(step.id) != step:
                self.write(step)
        for identity in known.keys() - {step.id for step in after.steps}:
            self._path(known[identity]).unlink(missing_ok=True)

    def _read_one(self, path: Path) -> Step | None:
        """Read a step; None where another process has just forgotten it."""
        try:
            return Step.from_json(parse(path.read_bytes(), str(path)))
        except FileNotFoundError:
            return None
        except OSError as error:
            raise FileAccessError(path, error) from error
        except ValueError as error:
            raise DamagedRecordError(str(path), str(error)) from error
        except DamagedRecordError:
            raise
        except DwsError as error:
            raise DamagedRecordError(str(path), error.message) from error

    def _path(self, step: Step) -> Path:
        return self._directory / f"{step.id}.json"
