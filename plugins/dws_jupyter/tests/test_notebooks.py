"""The quick start's code as a notebook, run by every kind of runner there is."""

import json
import secrets
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import websocket

BIN = Path(sys.executable).parent
QUICKSTART = Path(__file__).parents[3] / "docs" / "quickstart" / "digits-svc.py"
READY_SECONDS = 60


def write_notebook(path: Path) -> None:
    cell: dict[str, Any] = {
        "id": "all",
        "cell_type": "code",
        "execution_count": None,
        "metadata": {},
        "outputs": [],
        "source": QUICKSTART.read_text(),
    }
    path.write_text(json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}))


def recorded_step(workspace: Path) -> Any:
    return json.loads((workspace / "results" / "results.json").read_text())["step"]


class Server:
    """A Jupyter server, spoken to as its pages do."""

    def __init__(self, port: int, token: str) -> None:
        self.port = port
        self.token = token

    def call(self, path: str, body: Any = None, method: str | None = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}/api/{path}", data, method=method)
        request.add_header("Authorization", f"token {self.token}")
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.loads(answer.read() or "null")

    def run(self, kernel: str, code: str) -> str:
        """Execute code in a kernel as a cell, and answer all that it printed."""
        address = f"ws://127.0.0.1:{self.port}/api/kernels/{kernel}/channels?token={self.token}"
        channel = websocket.create_connection(address, timeout=90)
        message = secrets.token_hex(8)
        header = {"msg_id": message, "msg_type": "execute_request", "session": "test", "username": "", "version": "5.3"}
        content = {"code": code, "silent": False, "store_history": True, "allow_stdin": False, "stop_on_error": True}
        frame = {"header": header, "parent_header": {}, "metadata": {}, "content": content, "channel": "shell", "buffers": []}
        channel.send(json.dumps(frame))
        said = ""
        while True:
            got = json.loads(channel.recv())
            if got["parent_header"].get("msg_id") != message:
                continue
            if got["msg_type"] == "stream":
                said += got["content"]["text"]
            if got["msg_type"] == "error":
                said += "\n".join(got["content"]["traceback"])
            if got["msg_type"] == "status" and got["content"]["execution_state"] == "idle":
                channel.close()
                return said


@contextmanager
def serving(workspace: Path, environment: dict[str, str]) -> Iterator[Server]:
    """Run a Jupyter server on the loopback range until the block ends."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    token = secrets.token_hex(16)
    command = [
        *(str(BIN / "jupyter"), "lab", "--no-browser", "--ip=127.0.0.1", f"--port={port}", "--allow-root"),
        *(f"--IdentityProvider.token={token}", "--ServerApp.port_retries=0", f"--ServerApp.root_dir={workspace}"),
    ]
    silent: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, cwd=workspace, env=environment, **silent) as process:
        try:
            server = Server(port, token)
            _wait_for(server, process)
            yield server
        finally:
            process.terminate()


def _wait_for(server: Server, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + READY_SECONDS
    while True:
        try:
            server.call("status")
            return
        except OSError:
            assert process.poll() is None, "the Jupyter server ended by itself"
            assert time.monotonic() < until, "the Jupyter server did not answer"
            time.sleep(0.1)


def test_a_step_bears_the_name_of_the_notebook_in_a_jupyter_server(workspace: Path, environment: dict[str, str]) -> None:
    """Also right after the notebook was renamed, when the name that the kernel was started with is an old one."""
    write_notebook(workspace / "code" / "Untitled.ipynb")

    with serving(workspace, environment) as server:
        session = server.call(
            "sessions",
            {"path": "code/Untitled.ipynb", "name": "Untitled.ipynb", "type": "notebook", "kernel": {"name": "python3"}},
        )
        (workspace / "code" / "Untitled.ipynb").rename(workspace / "code" / "digits-svc.ipynb")
        server.call(f"sessions/{session['id']}", {"path": "code/digits-svc.ipynb", "name": "digits-svc.ipynb"}, "PATCH")
        said = server.run(session["kernel"]["id"], QUICKSTART.read_text())
        server.call(f"sessions/{session['id']}", method="DELETE")

    assert said == "Wrote results to results:results.json\n"
    assert recorded_step(workspace) == "digits-svc"


@pytest.mark.parametrize("runner", ["nbconvert", "execute"])
def test_a_step_bears_the_name_of_the_notebook_that_a_program_runs(
    workspace: Path, environment: dict[str, str], runner: str
) -> None:
    """`jupyter nbconvert --execute` and `jupyter execute` tell the kernel nothing: their arguments do."""
    write_notebook(workspace / "code" / "digits-svc.ipynb")
    options = ["--execute", "--to", "notebook", "--inplace"] if runner == "nbconvert" else []

    subprocess.run(
        [str(BIN / "jupyter"), runner, *options, "digits-svc.ipynb"],
        cwd=workspace / "code",
        env=environment,
        check=True,
        capture_output=True,
        timeout=120,
    )

    assert recorded_step(workspace) == "digits-svc"
    graph = subprocess.run(
        [str(BIN / "dws"), "--json", "report", "lineage"], cwd=workspace, env=environment, check=True, capture_output=True
    )
    (step,) = json.loads(graph.stdout)["steps"]
    assert [edge["resource"] for edge in step["code"]] == ["code"]
