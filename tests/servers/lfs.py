"""A small server for git-lfs: the batch API, and the basic transfer to and from a directory."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any


@contextmanager
def serve_lfs(directory: Path) -> Iterator[str]:
    """Serve what lies in a directory, by its hash, and take what is sent; answer the URL to configure as `lfs.url`."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, directory))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    def __init__(self, directory: Path, *arguments: Any) -> None:
        self.directory = directory
        super().__init__(*arguments)

    def do_POST(self) -> None:
        asked = json.loads(self._body())
        answer = [self._answer(asked["operation"], each) for each in asked["objects"]]
        self._say(200, json.dumps({"transfer": "basic", "objects": answer}).encode())

    def do_PUT(self) -> None:
        content = self._body()
        if not self.directory.is_dir():  # as where its disk is gone
            self._say(507)
            return
        (self.directory / self.path.rpartition("/")[2]).write_bytes(content)
        self._say(200)

    def do_GET(self) -> None:
        self._say(200, (self.directory / self.path.rpartition("/")[2]).read_bytes())

    def log_message(self, format: str, *arguments: Any) -> None:
        """Say nothing: what went wrong is told by git-lfs."""

    def _answer(self, operation: str, wanted: dict[str, Any]) -> dict[str, Any]:
        is_there = (self.directory / wanted["oid"]).exists()
        if operation == "download" and not is_there:
            return {**wanted, "error": {"code": 404, "message": "nobody sent it"}}
        if operation == "upload" and is_there:
            return wanted
        return {**wanted, "actions": {operation: {"href": f"http://{self.headers['Host']}/{wanted['oid']}"}}}

    def _body(self) -> bytes:
        return self.rfile.read(int(self.headers["Content-Length"]))

    def _say(self, status: int, content: bytes = b"") -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/vnd.git-lfs+json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
