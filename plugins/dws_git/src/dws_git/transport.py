"""Contact with an origin: nothing waits for an answer that nobody can give, and what fails is told in one line."""

import os
import re
import sys
from collections.abc import Mapping
from typing import NamedTuple

from dws_git.addresses import shown
from dws_git.errors import OriginFailedError
from dws_git.git import Git, Outcome


class _Failure(NamedTuple):
    """What git or ssh say when something fails, what that means (else their own words are shown), and what to do."""

    said: str
    means: str
    next_step: str


_KNOWN_HOSTS = "its fingerprint comes from whoever runs it; `ssh HOST` shows it, and adds it to ~/.ssh/known_hosts"
_LOGIN = "see that your key or your credentials for it are there: `git ls-remote URL` must answer without asking"
_ADDRESS = "look at the address, and whether you may see it: `git ls-remote URL` must answer"
_AGAIN = "nothing is half done: try again"

_FAILURES = (
    _Failure(r"transport '.*' not allowed", "", "give the workspace an origin that starts no program: `dws publish URL`"),
    _Failure(
        r"HOST IDENTIFICATION HAS CHANGED",
        "the host's key is not the one that ~/.ssh/known_hosts has",
        "somebody may listen in between: ask whoever runs the host before you remove the old line from ~/.ssh/known_hosts",
    ),
    _Failure(
        r"Host key verification failed|host key is known for", "~/.ssh/known_hosts does not have the host's key", _KNOWN_HOSTS
    ),
    _Failure(
        r"[Cc]ould not resolve host(name)?|Name or service not known|unable to look up",
        "",
        "look at the address and the network, then try again",
    ),
    _Failure(
        r"Connection refused|[Cc]ouldn't connect|Failed to connect|unable to connect|No route to host|"
        r"[Nn]etwork is unreachable|timed out",
        "",
        "look at the address and the network, then try again",
    ),
    _Failure(
        r"Permission denied \(|Authentication failed|could not read (Username|Password)|terminal prompts disabled", "", _LOGIN
    ),
    _Failure(r"dubious ownership", "", "if you trust its owner: `git config --global --add safe.directory DIRECTORY`"),
    _Failure(
        r"No space left on device|[Dd]isk quota exceeded|unable to write (loose|file)|unpacker error|unpack.*abnormal exit",
        "",
        "whoever runs it must make some room, or free some on this disk; then try again",
    ),
    _Failure(
        r"branch is currently checked out",
        "its branch is checked out there",
        "publish to a repository without a working tree: `git init --bare`",
    ),
    _Failure(
        r"hook declined|protected branch|GH\d{3}|deny updating|prohibited",
        "",
        "whoever runs it decides who may push what: ask them",
    ),
    _Failure(
        r"Permission denied|insufficient permission|not allowed|read-only", "", "ask whoever runs it for permission to write"
    ),
    _Failure(
        r"hung up|early EOF|unexpected disconnect|Connection (reset|closed)|Broken pipe|RPC failed|invalid index-pack|"
        r"[Cc]onnection .*closed|unexpected EOF|bad line length",
        "the connection was cut",
        _AGAIN,
    ),
    _Failure(r"not appear to be a git repository|[Rr]epository .*not found|does not exist|not found|No such file", "", _ADDRESS),
)
_PREFIX = re.compile(r"^(?:(?:remote|fatal|error|ERROR|ssh|warning): *)+")


def converse(git: Git, *arguments: str) -> Outcome:
    """Run a command that contacts an origin; how it ended is for its caller to judge."""
    return git.outcome(*arguments, environment=_unattended(git))


def failure(action: str, url: str, outcome: Outcome) -> OriginFailedError:
    """Make the error of a contact that failed, without passwords."""
    said = shown(f"{outcome.said}\n{os.fsdecode(outcome.output)}")
    for each in _FAILURES:
        found = re.search(rf"^.*(?:{each.said}).*$", said, re.MULTILINE)
        if found:
            return OriginFailedError(action, shown(url), each.means or _plain(found[0]), each.next_step)
    lines = [_plain(line) for line in said.splitlines() if line.strip()]
    return OriginFailedError(action, shown(url), lines[0] if lines else f"it ended with status {outcome.status}", _ADDRESS)


def _plain(line: str) -> str:
    return _PREFIX.sub("", line.replace("\t", " ")).strip()


def _unattended(git: Git) -> Mapping[str, str]:
    """Where there is nobody to answer, let ssh fail instead of asking; how the user has set it up counts otherwise."""
    attended = sys.stdin is not None and sys.stdin.isatty()
    chosen = "GIT_SSH_COMMAND" in os.environ or "GIT_SSH" in os.environ or git.configuration.get("core.sshCommand")
    return {} if attended or chosen else {"GIT_SSH_COMMAND": "ssh -o BatchMode=yes"}
