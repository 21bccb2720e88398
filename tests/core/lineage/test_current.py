"""Which step runs where code is."""

import asyncio
import contextvars
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from dws_core.lineage.current import Running


@pytest.fixture
def running() -> Running[str]:
    return Running()


@contextmanager
def entered(running: Running[str], step: str) -> Iterator[None]:
    token = running.enter(step)
    try:
        yield
    finally:
        running.leave(step, token)


def in_a_thread(running: Running[str]) -> tuple[str, ...]:
    with ThreadPoolExecutor(1) as threads:
        return threads.submit(running.now).result()


def test_the_step_entered_last_runs_here(running: Running[str]) -> None:
    with entered(running, "outer"):
        with entered(running, "inner"):
            assert running.now() == ("inner",)
        assert running.now() == ("outer",)
    assert running.now() == ()


def test_a_thread_of_a_pool_works_for_the_step_that_runs(running: Running[str]) -> None:
    with entered(running, "outer"), entered(running, "inner"):
        assert in_a_thread(running) == ("inner",)
    assert in_a_thread(running) == ()


def test_of_steps_side_by_side_each_thread_knows_its_own(running: Running[str]) -> None:
    """A thread that entered none may work for either."""

    def work() -> tuple[tuple[str, ...], tuple[str, ...]]:
        with entered(running, "theirs"):
            return running.now(), in_a_thread(running)

    with entered(running, "ours"), ThreadPoolExecutor(1) as threads:
        theirs, between = threads.submit(contextvars.Context().run, work).result()

    assert theirs == ("theirs",) and set(between) == {"ours", "theirs"}


def test_tasks_keep_their_steps_apart(running: Running[str]) -> None:
    async def work(name: str) -> tuple[str, ...]:
        with entered(running, name):
            await asyncio.sleep(0.01)
            return running.now()

    async def both() -> tuple[tuple[str, ...], tuple[str, ...]]:
        return await asyncio.gather(work("a"), work("b"))

    assert [*asyncio.run(both())] == [("a",), ("b",)]


def test_a_step_left_elsewhere_runs_no_more(running: Running[str]) -> None:
    token = running.enter("step")

    contextvars.Context().run(running.leave, "step", token)

    assert running.now() == ()


def test_a_forked_process_works_for_no_step() -> None:
    """It would write the step's record over that of the process that runs it."""
    code = (
        "import os; from dws_core.lineage.current import Running\n"
        "running = Running(); running.enter('step'); child = os.fork()\n"
        "if child: os.waitpid(child, 0)\n"
        "print(bool(child), running.now(), flush=True)"
    )

    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout

    assert shown.splitlines() == ["False ()", "True ('step',)"]
