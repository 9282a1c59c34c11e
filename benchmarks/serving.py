"""A Streamlit server in a process of its own, on a free port."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from scripts.tree import PROJECT

PATIENCE = 90
"""Seconds a server may take to answer on a machine under load."""


@contextmanager
def served(script: str, environment: Mapping[str, str]) -> Iterator[str]:
    """The address of a server that runs ``script``; it is stopped at the end."""
    with tempfile.NamedTemporaryFile(prefix="attain-served-", suffix=".log") as log:
        port = _free_port()
        process = subprocess.Popen(
            _command(script, port),
            cwd=PROJECT,
            stdout=log,
            stderr=subprocess.STDOUT,
            env=_surroundings(environment),
        )
        try:
            _wait(process, port, Path(log.name))
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(20)


def _command(script: str, port: int) -> list[str]:
    where = ["--server.address", "127.0.0.1", "--server.port", str(port)]
    return [sys.executable, "-m", "streamlit", "run", script, *where, "--server.fileWatcherType", "none"]


def _surroundings(more: Mapping[str, str]) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("ATTAIN_", "STREAMLIT_"))}
    return kept | dict(more)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        if _answers(port):
            return
        time.sleep(0.1)
    said = log.read_text(encoding="utf-8", errors="replace")
    raise RuntimeError(f"The server did not answer within {PATIENCE} seconds:\n{said}")


def _answers(port: int) -> bool:
    address = f"http://127.0.0.1:{port}/_stcore/health"
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:
            return bool(answer.read().strip() == b"ok")
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False
