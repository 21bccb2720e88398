"""A server that refuses: it stands before a real S3 server, passes on what it is asked, and answers some of it with an error."""

import http.client
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

_HOP = {"connection", "expect", "transfer-encoding"}


@dataclass
class Rule:
    """Requests that are refused, so many times: those of a method whose path and query, or whose headers, hold a text."""

    status: int
    code: str
    method: str = ""
    asking: str = ""
    having: str = ""
    times: int | None = None
    said: str = "as told"
    page: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)

    def takes(self, request: "Request") -> bool:
        return (
            (self.times is None or self.times > 0)
            and self.method in ("", request.method)
            and self.asking in request.path
            and self.having.lower() in request.headers
        )

    def body(self) -> bytes:
        """What S3 says; where there is no code, the page of a machine on the way."""
        return f"<Error><Code>{self.code}</Code><Message>{self.said}</Message></Error>".encode() if self.code else self.page


@dataclass(frozen=True)
class Request:
    """One request: `headers` are its lines in lower case."""

    method: str
    path: str
    headers: str


class Refusing:
    """A server at work; rules may be added at any time, and `requests` lists what was asked."""

    def __init__(self, target: int) -> None:
        self.target = target
        self.port = 0
        self.requests: list[Request] = []
        self._rules: list[Rule] = []
        self._lock = threading.Lock()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def refuse(self, *rules: Rule) -> None:
        """Refuse what these rules say from now on, and nothing else."""
        self._rules = [*rules]

    def asked(self, method: str, asking: str = "") -> list[str]:
        """List the paths that were asked for with a method and hold a text."""
        return [each.path for each in self.requests if each.method == method and asking in each.path]

    def hear(self, request: Request) -> Rule | None:
        """Remember a request, and find the rule that refuses it."""
        with self._lock:
            self.requests.append(request)
            rule = next((each for each in self._rules if each.takes(request)), None)
            if rule is not None and rule.times is not None:
                rule.times -= 1
            return rule


@contextmanager
def running_refusing(target: int) -> Iterator[Refusing]:
    """Start a server before the one at a port of loopback, and end it."""
    refusing = Refusing(target)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, refusing))
    server.daemon_threads = True
    refusing.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield refusing
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def __init__(self, refusing: Refusing, *arguments: Any) -> None:
        self._refusing = refusing
        super().__init__(*arguments)

    def do_GET(self) -> None:
        content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        rule = self._refusing.hear(Request(self.command, self.path, str(self.headers).lower()))
        if rule is not None:
            self._say(rule.status, rule.body(), rule.headers)
            return
        connection = http.client.HTTPConnection("127.0.0.1", self._refusing.target, timeout=60)
        try:
            kept = {name: value for name, value in self.headers.items() if name.lower() not in _HOP}
            connection.request(self.command, self.path, content or None, kept)
            answer = connection.getresponse()
            self._say(answer.status, answer.read(), dict(answer.getheaders()))
        finally:
            connection.close()

    def __getattr__(self, name: str) -> Any:
        """Do the same for every method."""
        if name.startswith("do_"):
            return self.do_GET
        raise AttributeError(name)

    def log_message(self, format: str, *arguments: Any) -> None:
        """Say nothing: what went wrong is told by whoever asked."""

    def _say(self, status: int, content: bytes, headers: Mapping[str, str]) -> None:
        self.send_response_only(status)
        length = headers.get("Content-Length") if self.command == "HEAD" else None
        for name, value in headers.items():
            if name.lower() not in (*_HOP, "content-length"):
                self.send_header(name, value)
        self.send_header("Content-Length", length or str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)
