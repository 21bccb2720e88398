"""The version of one file in a working tree, found without looking at anything else."""

import hashlib
import os
import stat
from pathlib import Path

from dws_core.errors import FileAccessError
from dws_core.model.names import check_relative
from dws_core.model.version import Version


def version_of_file(directory: Path, path: str) -> Version | None:
    """Answer the version of a file or symlink at a path, None where a directory lies there; FileNotFoundError for nothing."""
    place = directory / check_relative(path)
    try:
        if any((directory / above).is_symlink() for above in Path(path).parents):
            raise FileNotFoundError(path)  # what lies behind a symlink lies elsewhere
        found = place.lstat()
        if stat.S_ISLNK(found.st_mode):
            target = os.fsencode(os.readlink(place))  # noqa: PTH115  # Path.readlink would change './x' to 'x'
            return Version(hashlib.sha256(target).hexdigest() + "-symlink")
        if not stat.S_ISREG(found.st_mode):
            return None
        with place.open("rb") as file:
            identity = hashlib.file_digest(file, "sha256").hexdigest()
        return Version(identity + ("-executable" if found.st_mode & 0o100 else ""))
    except (FileNotFoundError, NotADirectoryError) as error:
        raise FileNotFoundError(path) from error
    except OSError as error:
        raise FileAccessError(place, error) from error
