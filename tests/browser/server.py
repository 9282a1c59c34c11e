"""The application as it is started for real: a process of its own, on a port of its own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

PROJECT = Path(__file__).resolve().parents[2]
READY = 90  # seconds a server may take to start on a machine under load
WRONG = ("Traceback", "[ERROR]", " ERROR ", "reference ")
"""What a server writes when a page broke; ``reference`` is how the application reports one."""


@dataclass(frozen=True)
class Server:
    """A running server: where it answers, the store it shows, and what it wrote."""

    url: str
    store: Path
    process: subprocess.Popen[bytes]
    log: IO[bytes]

    @property
    def output(self) -> str:
        """Everything the server wrote so far."""
        return Path(self.log.name).read_text(encoding="utf-8", errors="replace")

    @property
    def complaints(self) -> list[str]:
        """Lines in which the server says that something broke."""
        return [line for line in self.output.splitlines() if any(word in line for word in WRONG)]


@contextmanager
def serve(store: Path, *, address: str = "127.0.0.1", **environment: str) -> Iterator[Server]:
    """A server over a store, listening on ``address``; it is stopped at the end."""
    port = free_port()
    with tempfile.NamedTemporaryFile(prefix="attain-server-", suffix=".log") as log:
        process = subprocess.Popen(
            command(address, port), cwd=PROJECT, stdout=log, stderr=subprocess.STDOUT,
            env=_environment(store, environment),
        )  # fmt: skip
        server = Server(f"http://127.0.0.1:{port}", store, process, log)
        try:
            _wait(server)
            yield server
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(20)


def command(address: str, port: int) -> list[str]:
    """The command line of README, with a port of its own."""
    return [
        sys.executable, "-m", "streamlit", "run", "app.py",
        "--server.address", address, "--server.port", str(port),
        "--server.headless", "true", "--server.fileWatcherType", "none",
    ]  # fmt: skip


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _environment(store: Path, more: dict[str, str]) -> dict[str, str]:
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("ATTAIN_", "STREAMLIT_"))
    }
    return kept | {"ATTAIN_STORE": str(store), "PYTHONUNBUFFERED": "1"} | more


def _wait(server: Server) -> None:
    """Until the server answers; what it wrote is told when it does not."""
    deadline = time.monotonic() + READY
    while time.monotonic() < deadline:
        if server.process.poll() is not None:
            raise RuntimeError(f"The server stopped with {server.process.returncode}:\n{server.output}")
        if _healthy(server.url):
            return
        time.sleep(0.1)
    raise RuntimeError(f"The server did not answer within {READY} seconds:\n{server.output}")


def _healthy(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/_stcore/health", timeout=5) as answer:  # noqa: S310 - this machine
            return bool(answer.read().strip() == b"ok")
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False
