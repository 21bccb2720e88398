"""Copies that share their bytes with the original until one is written to, where the file system has them."""

import errno
import fcntl
import sys

_FICLONE = 0x40049409
_UNABLE = (errno.EOPNOTSUPP, errno.ENOTTY, errno.EXDEV, errno.EINVAL, errno.ENOSYS, errno.EPERM, errno.ETXTBSY)


def clone(source: int, target: int) -> bool:
    """Make an open, empty file a clone of another; False, and nothing done, where that cannot be."""
    if not sys.platform.startswith("linux"):
        return False
    try:
        fcntl.ioctl(target, _FICLONE, source)
    except OSError as error:
        if error.errno in _UNABLE:
            return False
        raise
    return True
