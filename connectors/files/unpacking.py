"""A gzip file unpacked piece by piece: all that can be read comes out before its damage is told."""

from __future__ import annotations

import zlib
from pathlib import Path
from types import TracebackType
from typing import Self

_PACKED = 1 << 18
_GZIP = 31  # zlib's number for "a gzip header"


class Gunzip:
    """Reads like an open binary file. The standard reader drops up to a piece where a file is cut."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("rb")
        self._unpacker = zlib.decompressobj(_GZIP)
        self._waiting = b""
        self._begun = False

    def read(self, size: int) -> bytes:
        """Up to ``size`` bytes, b"" at the end; ``EOFError`` or ``zlib.error`` where it is damaged."""
        pieces: list[bytes] = []
        while size > 0:
            try:
                piece = self._piece(size)
            except (EOFError, zlib.error):
                if pieces:
                    break  # told at the next read
                raise
            if not piece:
                break
            pieces.append(piece)
            size -= len(piece)
        return b"".join(pieces)

    def _piece(self, size: int) -> bytes:
        while True:
            packed = self._waiting or self._file.read(_PACKED)
            if not packed:
                if self._begun and not self._unpacker.eof:
                    raise EOFError("the packed data ends too early")
                return b""
            if self._unpacker.eof:  # several files packed one after the other
                self._unpacker = zlib.decompressobj(_GZIP)
            self._begun = True
            piece = self._unpacker.decompress(packed, size)
            self._waiting = self._unpacker.unused_data or self._unpacker.unconsumed_tail
            if piece:
                return piece

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the file."""
        self._file.close()
