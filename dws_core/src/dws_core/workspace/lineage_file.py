"""The file at the top of a resource in which its lineage crosses workspaces."""

import os
import stat
from pathlib import Path

from dws_core.errors import DamagedRecordError, DwsError, FileAccessError, ImportedLineageError, LineageFileTakenError
from dws_core.journal import sync_directory
from dws_core.model.codec import MAX_BYTES, JsonObject, dump, parse
from dws_core.model.lineage import ImportedLineage
from dws_core.plugin.staging import plain_mode, staging

NAME = "lineage.json"
_FORMAT_KEY = "exported_lineage"
_FORMAT = 1


def encode(lineage: ImportedLineage) -> str:
    """Give the text of the file."""
    return dump({_FORMAT_KEY: _FORMAT, **lineage.to_json()}).decode()


def read(directory: Path) -> ImportedLineage | None:
    """Read the file that lies in a resource, None where there is none; ImportedLineageError where it makes no sense."""
    path = directory / NAME
    try:
        content = _content(path)
        return None if content is None else _decode(content, path)
    except (ImportedLineageError, FileAccessError):
        raise
    except (DwsError, ValueError) as error:
        reason = error.message.removeprefix(f"{path}, ") if isinstance(error, DwsError) else str(error)
        raise ImportedLineageError(path, reason) from error


def check_ours(directory: Path, name: str, workspace: str) -> None:
    """Raise LineageFileTakenError where the file that a workspace (id) is to write is there already, and not that workspace's."""
    path = directory / NAME
    try:
        found = read(directory)
    except ImportedLineageError as error:
        raise LineageFileTakenError(path, name, "what lies there was not written by this program") from error
    if found is not None and found.workspace != workspace:
        raise LineageFileTakenError(path, name, f"there lies what the workspace {found.name or '(unknown)'} wrote")


def text_of_file(directory: Path) -> str | None:
    """Give what lies there, whatever it is, None where nothing does; an undecodable byte is a lone surrogate."""
    content = _content(directory / NAME)
    return None if content is None else content.decode("utf-8", "surrogateescape")


def write(directory: Path, text: str | None) -> None:
    """Put a text there, whole or not at all, or with None remove what lies there; FileAccessError names the file."""
    path = directory / NAME
    try:
        if text is None:
            path.unlink(missing_ok=True)
        else:
            with staging(directory) as stage:
                fresh = stage / NAME
                flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
                with os.fdopen(os.open(fresh, flags, plain_mode(executable=False)), "wb") as file:
                    file.write(text.encode("utf-8", "surrogateescape"))
                    file.flush()
                    os.fsync(file.fileno())
                fresh.replace(path)
        sync_directory(directory)
    except OSError as error:
        raise FileAccessError(path, error) from error


def _content(path: Path) -> bytes | None:
    """Read a file of bounded size; what is no plain file (a link, a pipe) is refused before it is read."""
    try:
        status = path.lstat()
        if not stat.S_ISREG(status.st_mode):
            raise ImportedLineageError(path, "it is no plain file")
        with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC), "rb") as file:
            return file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise FileAccessError(path, error) from error


def _decode(content: bytes, path: Path) -> ImportedLineage:
    value = parse(content, str(path))
    if value.get(_FORMAT_KEY) != _FORMAT:
        raise DamagedRecordError(str(path), f"{_FORMAT_KEY!r} is not {_FORMAT}")
    found = ImportedLineage.from_json(value)
    record: JsonObject = {"record": {"imported": {"name": [found.to_json()]}}}
    parse(dump(record), str(path))  # what a workspace carries on it must be able to read again
    return found
