"""A bar on a terminal, with the time that is left."""

import os
import threading
import time
from typing import Any, TextIO

# So much of the newest pace counts in the time that is left, ten times a second.
_SMOOTHING = 0.02
_WIDEST = 100
# The `^C` of somebody who stops the work is written behind the line, and must not begin another.
_ROOM = 3


class Bar:
    """One line, written over each time it is shown, for work that began `elapsed` seconds ago."""

    def __init__(self, stream: TextIO, elapsed: float) -> None:
        # It takes as long to import as a command may take to start, and only long work needs it; it says nothing of its types.
        from tqdm import tqdm  # type: ignore[import-untyped]  # noqa: PLC0415  # imported late, see above

        # Otherwise it starts a thread that watches the bar, and makes a semaphore for other processes.
        tqdm.monitor_interval = 0
        tqdm.set_lock(threading.RLock())
        self._stream = stream
        self._bar: Any = tqdm(
            total=0,
            file=stream,
            leave=False,
            mininterval=0,
            miniters=0,
            delay=1e-9,
            smoothing=_SMOOTHING,
            bar_format="{percentage:3.0f}% |{bar}| {desc}, {remaining} left",
        )
        self._bar.start_t = self._bar.last_print_t = time.time() - elapsed

    def show(self, text: str, done: int, total: int) -> None:
        """Show how much of all is done, and the text beside it."""
        self._bar.ncols = _columns(self._stream)
        self._bar.total = max(done, total)
        self._bar.set_description_str(text, refresh=False)
        if done > self._bar.n:
            self._bar.update(done - self._bar.n)
        else:
            self._bar.refresh()

    def clear(self) -> None:
        """Empty the line until the bar is shown again."""
        self._bar.clear()

    def close(self) -> None:
        """Empty the line for good."""
        self._bar.close()


def _columns(stream: TextIO) -> int:
    try:
        columns = os.get_terminal_size(stream.fileno()).columns
    except OSError:
        columns = 0
    return max(1, min((columns or 80) - _ROOM, _WIDEST))
