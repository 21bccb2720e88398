"""What a kit for a framework says of itself, and what it knows of the step that runs."""

from dataclasses import dataclass


@dataclass(frozen=True)
class KitDescriptor:
    """What `dws_kits` answers: the kit's name, the framework it serves, and the line that imports it."""

    name: str
    help: str
    framework: str
    import_line: str


@dataclass(frozen=True)
class StepContext:
    """Where code runs that is no script: the step's name and, where it is known, the file of the code."""

    name: str
    path: str | None = None
