"""The error edge: every way a command can end becomes an exit status, and a line that says why."""

import contextlib
import io
import os
import sys
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

import click

from dws_core.cli.ask import Ask
from dws_core.cli.group import FLAGS, group
from dws_core.cli.outcome import Finding, Outcome
from dws_core.cli.session import Session
from dws_core.cli.show import Show
from dws_core.errors import DwsError, FileAccessError, PluginFailedError
from dws_core.model.report import Report

DONE, FAILED, USAGE, INTERRUPTED = 0, 1, 2, 130


def run(args: Sequence[str]) -> int:
    """Run one command line and answer its exit status."""
    sys.stdout, sys.stderr = sys.stdout or _nowhere(), sys.stderr or _nowhere()
    flags = _leading_flags(args)
    show = Show(as_json="--json" in flags, quiet="--quiet" in flags, verbose="--verbose" in flags)
    session = Session(show, Ask(batch="--batch" in flags), no_plugins="--no-plugins" in flags)
    try:
        with warnings.catch_warnings():
            warnings.showwarning = lambda message, *_, **__: show.warn(str(message))
            status = _guarded(session, args, debug="--debug" in flags)
        session.tell_of_plugins()
        show.flush()
    except OSError as error:  # the answer itself cannot be written
        _let_go_of_stdout()
        if not isinstance(error, BrokenPipeError):
            show.complain(FileAccessError("the output", error).message)
        status = FAILED
    return status


@dataclass(frozen=True)
class _Failure:
    status: int
    kind: str
    message: str
    hint: str | None = None


def _guarded(session: Session, args: Sequence[str], *, debug: bool) -> int:
    try:
        return _invoke(session, args)
    except BrokenPipeError:
        raise
    except (KeyboardInterrupt, SystemExit, Exception) as error:
        if isinstance(error, SystemExit) and session.plugin is None:
            raise
        if debug:
            session.show.traceback(error)
        if isinstance(error, click.exceptions.NoArgsIsHelpError) and not session.show.as_json:
            session.show.aside(error.message + "\n")
            return USAGE
        failure = _failure(session, error)
        if failure.status == INTERRUPTED:
            session.show.end_line()
        session.show.error(failure.kind, failure.message, failure.hint)
        return failure.status


def _failure(session: Session, error: BaseException) -> _Failure:
    match error:
        case KeyboardInterrupt() | click.Abort():
            return _Failure(INTERRUPTED, "Interrupted", "stopped")
        case click.ClickException():
            return _Failure(error.exit_code, "UsageError", _sentence(error.format_message()), _usage_hint(error))
        case DwsError():
            known = error
        case OSError():
            known = FileAccessError(None, error)
        case _ if session.plugin is not None:
            known = PluginFailedError(session.plugin.name, session.plugin.distribution, "its command", error)
        case _:
            message = f"this is a mistake in dws: {type(error).__name__}: {error}"
            hint = "please report it, with what `dws --debug …` shows of the same command"
            return _Failure(FAILED, "UnexpectedError", message, hint)
    return _Failure(known.exit_status, type(known).__name__, known.message, known.hint)


def _invoke(session: Session, args: Sequence[str]) -> int:
    if os.environ.get("_DWS_COMPLETE"):
        group.main(list(args), prog_name="dws", obj=session)
    said = io.StringIO()
    try:
        with (
            contextlib.redirect_stdout(said) if session.show.as_json else contextlib.nullcontext(),
            group.make_context("dws", list(args), obj=session) as context,
        ):
            answer = group.invoke(context)
    except click.exceptions.Exit as ended:  # a help, which click prints by itself
        if said.getvalue():
            session.show.text(said.getvalue())
        return ended.exit_code
    session.show.aside(said.getvalue())
    _show(session, answer.report if isinstance(answer, Finding) else answer)
    return FAILED if isinstance(answer, Finding | Outcome) and not answer.sound else DONE


def _show(session: Session, answer: object) -> None:
    if isinstance(answer, Report):
        session.show.report(answer, session.render)
    elif isinstance(answer, Outcome):
        session.show.outcome(answer)
    elif isinstance(answer, bool | int | float | str | list | dict):
        session.show.document(answer)
    elif session.show.as_json:
        session.show.document({})


def _leading_flags(args: Sequence[str]) -> set[str]:
    """Find the global flags, which stand before the command."""
    flags: set[str] = set()
    rest = iter(args)
    for each in rest:
        if each == "--workspace-dir":
            next(rest, None)
        elif not each.startswith("-"):
            break
        flags.add(each)
    return flags


def _usage_hint(error: click.ClickException) -> str:
    if isinstance(error, click.exceptions.NoSuchOption) and error.option_name in FLAGS:
        return f"that option comes before the command: `dws {error.option_name} …`"
    context = error.ctx if isinstance(error, click.UsageError) else None
    return f"see `{context.command_path if context else 'dws'} --help`"


def _sentence(message: str) -> str:
    """Give a message of click's the form that ours have."""
    return message[:1].lower() + message[1:].rstrip(".")


def _nowhere() -> TextIO:
    """Stand in for a stream that the process was started without."""
    return Path(os.devnull).open("w", encoding="utf-8")


def _let_go_of_stdout() -> None:
    """Keep Python from complaining, at its end, that what is left cannot be written."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
