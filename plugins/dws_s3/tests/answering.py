"""A server on loopback that answers what a test tells it to, where no real one does what another one does."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, TypeAlias
from urllib.parse import parse_qsl, unquote, urlsplit

import boto3
from botocore.config import Config

Answer: TypeAlias = tuple[int, Mapping[str, str], bytes]
"""A status, headers and a body."""


@contextmanager
def answering(answer: Callable[[Mapping[str, str]], Answer]) -> Iterator[Any]:
    """Let a function answer, and give a client of boto3's that asks it.

    It is given the parameters of the request, or the `key` whose head is wanted.
    """
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, answer))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    client = boto3.client(
        "s3",
        endpoint_url=f"http://127.0.0.1:{server.server_port}",
        region_name="us-east-1",
        aws_access_key_id="key",
        aws_secret_access_key="secret",
        config=Config(s3={"addressing_style": "path"}, retries={"total_max_attempts": 2}),
    )
    try:
        yield client
    finally:
        client.close()
        server.shutdown()
        thread.join()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def __init__(self, answer: Callable[[Mapping[str, str]], Answer], *arguments: Any) -> None:
        self.answer = answer
        super().__init__(*arguments)

    def do_GET(self) -> None:
        self._say(dict(parse_qsl(urlsplit(self.path).query, keep_blank_values=True)))

    def do_HEAD(self) -> None:
        self._say({"key": unquote(urlsplit(self.path).path.split("/", 2)[2])})

    def _say(self, asked: Mapping[str, str]) -> None:
        status, headers, body = self.answer(asked)
        self.send_response_only(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)

    def log_message(self, format: str, *arguments: Any) -> None:
        """Say nothing."""
