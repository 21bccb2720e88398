"""One rclone that answers many small questions for as long as we live: to start it anew for each takes ten times as long."""

import atexit
import base64
import http.client
import json
import os
import re
import secrets
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from dws_rclone.errors import RcloneFailedError
from dws_rclone.rclone import Rclone, check_rclone, environment, unknown_remote

_READY = 30.0
_PATIENCE = 600.0
_USER = "dws"
_OPTIONS = ("rcd", "--rc-addr=127.0.0.1:0", "--rc-serve", "--rc-server-read-timeout=1h", "--rc-server-write-timeout=1h")


class Server:
    """rclone's remote control, on a port of loopback that wants a password which only this process and rclone know."""

    def __init__(self, rclone: Rclone) -> None:
        self._rclone = rclone
        self._password = secrets.token_hex(24)
        self._address = ""
        self._process: subprocess.Popen[bytes] | None = None
        self._said = ""
        self._ready = threading.Event()
        self._idle: list[http.client.HTTPConnection] = []
        # A thread of its own, which lives as long as we do: rclone ends with whichever thread has started it.
        threading.Thread(target=self._serve, daemon=True, name="rclone").start()
        if not self._ready.wait(_READY) or not self._address:
            check_rclone()
            raise RcloneFailedError("be started", self._said or "it does not answer")
        atexit.register(self.end)

    @property
    def is_alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def end(self) -> None:
        """End rclone."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        while self._idle:
            self._idle.pop().close()

    def call(self, action: str, method: str, **given: object) -> dict[str, Any]:
        """Have one thing done; FileNotFoundError where it is not there, RcloneFailedError in rclone's own words."""
        with self._request("POST", f"/{method}", json.dumps(given), {"Content-Type": "application/json"}) as answer:
            found: dict[str, Any] = json.loads(answer.read() or b"{}")
        if answer.status != http.HTTPStatus.OK:
            raise _failure(action, answer.status, str(found.get("error") or answer.reason), str(given.get("fs", "")))
        return found

    @contextmanager
    def get(self, action: str, place: str, name: str, part: str = "") -> Iterator[http.client.HTTPResponse]:
        """Open a file, or a part of it (`bytes=3-5`), for reading."""
        path = f"/{quote(f'[{place}]', safe='')}/{quote(name)}"
        with self._request("GET", path, None, {"Range": part} if part else {}) as answer:
            if answer.status == http.HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
                answer.read()
            elif answer.status not in (http.HTTPStatus.OK, http.HTTPStatus.PARTIAL_CONTENT):
                said = re.search(rb'"error": "(.*?)"', answer.read())
                raise _failure(action, answer.status, said[1].decode("utf-8", "replace") if said else answer.reason, place)
            yield answer

    @contextmanager
    def _request(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> Iterator[http.client.HTTPResponse]:
        token = base64.b64encode(f"{_USER}:{self._password}".encode()).decode()
        connection = self._idle.pop() if self._idle else http.client.HTTPConnection(self._address, timeout=_PATIENCE)
        whole = False
        try:
            connection.request(method, path, body, {**headers, "Authorization": f"Basic {token}"})
            answer = connection.getresponse()
            yield answer
            whole = answer.isclosed() and not answer.will_close
        except (ConnectionError, TimeoutError, http.client.HTTPException) as error:
            raise RcloneFailedError("answer", self._said or str(error) or type(error).__name__) from error
        finally:
            if whole and self.is_alive:
                self._idle.append(connection)
            else:
                connection.close()

    def _serve(self) -> None:
        """Start rclone, learn its address, and listen to what it says until it ends."""
        try:
            self._process = subprocess.Popen(
                self._rclone.command(*_OPTIONS),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                env=environment(RCLONE_RC_USER=_USER, RCLONE_RC_PASS=self._password),
                cwd="/",
            )
            assert self._process.stderr is not None, "it is a pipe"
            for line in self._process.stderr:
                address = re.search(rb"Serving remote control on http://(127\.0\.0\.1:\d+)", line)
                if address:
                    self._address = address[1].decode()
                    self._ready.set()
                elif b'"level":"critical"' in line or b'"level":"fatal"' in line:
                    self._said = line.decode("utf-8", "replace")
            self._process.wait()
        except OSError as error:
            self._said = str(error)
        finally:
            self._ready.set()


_servers: dict[tuple[int, str], Server] = {}
_lock = threading.Lock()


def serving(config: Path | None = None) -> Server:
    """Answer this process's server for a configuration (by default the user's), started when it is first wanted.

    A process that was forked off gets one of its own.
    """
    with _lock:
        key = (os.getpid(), str(config or os.environ.get("RCLONE_CONFIG", "")))
        server = _servers.get(key)
        if server is None or not server.is_alive:
            server = _servers[key] = Server(Rclone(config))
        return server


def _failure(action: str, status: int, said: str, place: str) -> Exception:
    if status == http.HTTPStatus.NOT_FOUND:
        return FileNotFoundError(said)
    return unknown_remote(said, [place]) or RcloneFailedError(action, said)
