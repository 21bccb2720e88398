"""Which steps run at this moment, seen from where code is."""

import os
from contextlib import suppress
from contextvars import ContextVar, Token
from threading import Lock
from typing import Generic, TypeVar

S = TypeVar("S")


class Running(Generic[S]):
    """The steps that were entered in this process and not left yet.

    A step entered inside another one is the one that runs there. A thread that entered none works for the one that runs in the
    process; for each of them, where several run side by side, since it cannot be told which of them it works for.
    """

    def __init__(self) -> None:
        self._here: ContextVar[tuple[S, ...]] = ContextVar("dws_core_running_steps", default=())
        self._chains: list[tuple[S, ...]] = []
        self._lock = Lock()
        self._process = os.getpid()

    def enter(self, step: S) -> Token[tuple[S, ...]]:
        """Say that a step runs from here on, inside those that run here already."""
        chain = (*self._here.get(), step)
        with self._lock:
            if self._process != os.getpid():
                self._process, self._chains = os.getpid(), []
            self._chains.append(chain)
        return self._here.set(chain)

    def leave(self, step: S, token: Token[tuple[S, ...]]) -> None:
        """Say that it runs no more; in whatever thread or task."""
        with self._lock:
            self._chains = [chain for chain in self._chains if chain[-1] is not step]
        with suppress(ValueError):  # it was entered elsewhere
            self._here.reset(token)

    def now(self) -> tuple[S, ...]:
        """Name the steps that what is read and written here counts for; none in a process that was forked off a step."""
        if not self._chains or self._process != os.getpid():
            return ()
        with self._lock:
            chains = [*self._chains]
        entered = [chain[-1] for chain in chains]
        for step in reversed(self._here.get()):
            if any(step is each for each in entered):
                return (step,)
        return tuple(step for step in entered if not any(step is outer for chain in chains for outer in chain[:-1]))
