"""A proxy as small as can be: it passes everything on and puts one header into each request."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit


@contextmanager
def forwarding(url: str, header: str, value: str) -> Iterator[str]:
    """The address of a proxy before ``url``; a header that a request has already is replaced."""
    target = urlsplit(url)
    assert target.hostname is not None
    assert target.port is not None
    with socket.create_server(("127.0.0.1", 0)) as listening:
        place = (target.hostname, target.port)
        threading.Thread(target=_answer, args=(listening, place, header, value), daemon=True).start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        with suppress(OSError):
            listening.shutdown(socket.SHUT_RDWR)


def _answer(listening: socket.socket, target: tuple[str, int], header: str, value: str) -> None:
    with suppress(OSError):
        while True:
            visitor, _ = listening.accept()
            server = socket.create_connection(target)
            threading.Thread(target=_requests, args=(visitor, server, header, value), daemon=True).start()
            threading.Thread(target=_pass_on, args=(server, visitor), daemon=True).start()


def _requests(visitor: socket.socket, server: socket.socket, header: str, value: str) -> None:
    """The first request with the header; one connection, one request, unless it becomes a websocket."""
    with suppress(OSError):
        head = b""
        while b"\r\n\r\n" not in head:
            if not (more := visitor.recv(65536)):
                return
            head += more
        lines, _, body = head.partition(b"\r\n\r\n")
        server.sendall(_with(lines.split(b"\r\n"), header, value) + b"\r\n\r\n" + body)
        _pass_on(visitor, server)


def _with(lines: list[bytes], header: str, value: str) -> bytes:
    upgrading = any(line.lower().startswith(b"upgrade:") for line in lines)
    dropped = (header.lower().encode() + b":", *(() if upgrading else (b"connection:",)))
    kept = [line for line in lines if not line.lower().startswith(dropped)]
    more = [f"{header}: {value}".encode(), *(() if upgrading else (b"Connection: close",))]
    return b"\r\n".join([kept[0], *more, *kept[1:]])


def _pass_on(one: socket.socket, other: socket.socket) -> None:
    with suppress(OSError):
        while data := one.recv(65536):
            other.sendall(data)
    with suppress(OSError):
        other.shutdown(socket.SHUT_WR)
