"""One SFTP session: many conversations with a server at once, in one thread, over one channel."""

import struct
from collections import deque
from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeAlias, TypeVar

from dws_ssh.errors import SftpStatusError, SpeechError
from dws_ssh.packets import Request, extended, numbers, pairs, parse

T = TypeVar("T")

Talk: TypeAlias = Generator[Sequence[Request], list[Any], T]
"""A conversation: it yields requests, is sent the replies to them in order, and returns what came of it.

Where the server refuses a request, the SftpStatusError is raised where it was yielded, once all replies are there.
"""

_HEAD, _LENGTH = struct.Struct(">IBI"), struct.Struct(">I")
_GREETING, _VERSION = 1, 3
_LONGEST, _RECEIVED = 1 << 20, 1 << 26
_PLAIN_PART, _LARGE_PART = 32 * 1024, 255 * 1024
_AT_ONCE = 64


class Wire(Protocol):
    """What carries the bytes; LostError where it does not any more."""

    def send(self, content: bytes) -> None:
        """Send all of it."""
        ...

    def receive(self, size: int) -> bytes:
        """Wait until something comes, and give at most so much of it."""
        ...


@dataclass
class _Round:
    """Conversations that are held together: what came of those that ended, and the first error."""

    results: deque[Any] = field(default_factory=deque)
    failure: Exception | None = None
    open: int = 0


@dataclass
class _Turn:
    """A conversation that waits for replies."""

    round: _Round
    talk: Talk[Any]
    replies: list[Any]
    missing: int = 0


class Session:
    """A session at work, used by one thread at a time. `part` is how much one request reads or writes."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._received = bytearray()
        self._outgoing = bytearray()
        self._asked: dict[int, tuple[_Turn, int, int]] = {}
        self._last = 0
        self.part = _PLAIN_PART
        self.extensions = self._greet()
        if "limits@openssh.com" in self.extensions:
            _, longest_read, longest_write = numbers(self.ask(extended("limits@openssh.com")), 3)
            self.part = max(_PLAIN_PART, min(longest_read, longest_write, _LARGE_PART))

    @property
    def is_idle(self) -> bool:
        """Whether nothing is left over of a conversation that nobody waited for."""
        return not (self._asked or self._outgoing or self._received)

    def ask(self, request: Request) -> Any:
        """Ask one thing, and wait for the reply; SftpStatusError."""
        return self.hold(_single(request))

    def hold(self, talk: Talk[T]) -> T:
        """Hold one conversation."""
        (result,) = self.converse([talk])
        return result

    def converse(self, talks: Iterable[Talk[T]], at_once: int = _AT_ONCE) -> Iterator[T]:
        """Hold conversations, so many at once, and yield what comes of each as soon as it ends, in any order.

        After the first error none is begun, and it is raised once those that have begun have ended.
        """
        waiting, together = iter(talks), _Round()
        while True:
            while together.failure is None and together.open < at_once and (talk := next(waiting, None)) is not None:
                together.open += 1
                self._go_on(_Turn(together, talk, []))
            while together.results:
                yield together.results.popleft()
            if together.open == 0:
                break
            self._flush()
            self._take_replies()
        if together.failure is not None:
            raise together.failure

    def _go_on(self, turn: _Turn) -> None:
        """Tell a conversation what was replied, and send what it asks next."""
        refused = next((each for each in turn.replies if isinstance(each, SftpStatusError)), None)
        try:
            if refused is not None:
                requests = turn.talk.throw(refused)
            else:
                requests = turn.talk.send(turn.replies) if turn.replies else next(turn.talk)
        except StopIteration as end:
            turn.round.open -= 1
            turn.round.results.append(end.value)
            return
        except Exception as error:
            turn.round.open -= 1
            turn.round.failure = turn.round.failure or error
            return
        turn.missing = len(requests)
        turn.replies = [None] * turn.missing
        for place, request in enumerate(requests):
            self._last = (self._last + 1) & 0xFFFFFFFF
            self._asked[self._last] = (turn, place, request.kind)
            self._outgoing += _HEAD.pack(len(request.payload) + 5, request.kind, self._last)
            self._outgoing += request.payload

    def _flush(self) -> None:
        if self._outgoing:
            outgoing, self._outgoing = self._outgoing, bytearray()
            self._wire.send(bytes(outgoing))

    def _take_replies(self) -> None:
        """Wait for whatever comes, and let the conversations go on whose replies are there."""
        self._received += self._wire.receive(_RECEIVED)
        place, ready = 0, []
        with memoryview(self._received) as received:
            while (end := _end_of(received, place)) <= len(received):
                _, kind, number = _HEAD.unpack_from(received, place)
                asked = self._asked.pop(number, None)
                if asked is None:
                    raise SpeechError("it answered what nobody asked")
                turn, which, request = asked
                with received[place + _HEAD.size : end] as body:
                    turn.replies[which] = parse(kind, body, request)
                turn.missing -= 1
                if turn.missing == 0:
                    ready.append(turn)
                place = end
        del self._received[:place]
        for turn in ready:
            self._go_on(turn)

    def _greet(self) -> dict[str, bytes]:
        """Agree on version 3, and answer what else the server can do."""
        self._wire.send(_LENGTH.pack(5) + bytes([_GREETING]) + _LENGTH.pack(_VERSION))
        while _end_of(self._received, 0) > len(self._received):
            self._received += self._wire.receive(_RECEIVED)
        with memoryview(self._received) as received:
            found = pairs(received[_HEAD.size :])
        self._received.clear()
        return found


def _end_of(received: bytearray | memoryview, place: int) -> int:
    """Tell where the packet at a place ends; beyond all that is there, where that is not known yet."""
    if len(received) - place < _HEAD.size:
        return len(received) + 1
    length = _LENGTH.unpack_from(received, place)[0]
    if not 5 <= length <= _LONGEST:
        raise SpeechError(f"it sent a packet of {length:,} bytes")
    return place + 4 + int(length)


def _single(request: Request) -> Talk[Any]:
    (reply,) = yield [request]
    return reply
