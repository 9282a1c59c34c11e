"""Encodings: which one a file has, and its text with every undecodable byte marked.

A byte that does not fit becomes ``MARK``, so that the row it stands in can be named.
"""

from __future__ import annotations

import codecs
import zlib
from typing import BinaryIO

MARK = "\udcff"
"""Stands for bytes that could not be decoded."""

_SIGNS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_PIECE = 1 << 20
SHORT = 1 << 16
"""Bytes looked at to tell UTF-16 without a byte order mark."""


def _mark(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    return MARK, error.end


codecs.register_error("attain_mark", _mark)


def detect(stream: BinaryIO) -> str:
    """Encoding of all bytes of ``stream``: by byte order mark, by zero bytes, UTF-8, else cp1252.

    cp1252 is a guess: most bytes are something in it. ``EOFError`` and ``zlib.error`` of a
    damaged compressed file end the look at what could be read.
    """
    head = stream.read(SHORT)
    for sign, name in _SIGNS:
        if head.startswith(sign):
            return name
    if name := _by_zero_bytes(head):
        return name
    return "utf-8" if _all_utf8(head, stream) else "cp1252"


def _by_zero_bytes(head: bytes) -> str:
    """UTF-16 text of mostly Latin letters has every second byte zero."""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    enough = len(head) // 5
    if odd > enough and even * 10 < odd:
        return "utf-16-le"
    return "utf-16-be" if even > enough and odd * 10 < even else ""


def _all_utf8(head: bytes, stream: BinaryIO) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        decoder.decode(head)
        while piece := _next(stream):
            decoder.decode(piece)
    except UnicodeDecodeError:
        return False
    return True  # a character cut at the very end is the cut file's fault, not the encoding's


def _next(stream: BinaryIO) -> bytes:
    try:
        return stream.read(_PIECE)
    except (EOFError, zlib.error):
        return b""


def is_utf8(encoding: str) -> bool:
    """Whether ``encoding`` names UTF-8, with or without a byte order mark."""
    return codecs.lookup(encoding).name in ("utf-8", "utf-8-sig")


def known(encoding: str) -> bool:
    """Whether there is such a text encoding."""
    try:
        found = codecs.lookup(encoding)
    except LookupError:
        return False
    return found._is_text_encoding  # noqa: SLF001 - the codec registry has no public question for it


def decoder(encoding: str) -> codecs.IncrementalDecoder:
    """An incremental decoder that marks what it cannot decode."""
    return codecs.getincrementaldecoder(encoding)(errors="attain_mark")


def fits(encoding: str, sample: bytes) -> bool:
    """Whether a file that begins with ``sample`` is text in ``encoding``.

    Wrong bytes in some rows are those rows' matter; a wrong header, or most rows wrong, is the
    file's. Any two bytes are some UTF-16 character, but real tables have delimiters and line ends,
    of which one byte is zero.
    """
    if codecs.lookup(encoding).name.startswith(("utf-16", "utf-32")) and b"\x00" not in sample:
        return False
    lines = decoder(encoding).decode(sample).split("\n")
    wrong = [MARK in line or "\x00" in line for line in lines]
    return not wrong[0] and sum(wrong) * 2 <= len(wrong)


def head(stream: BinaryIO, encoding: str, size: int = SHORT * 4) -> str:
    """The first characters of a file, undecodable ones marked."""
    return decoder(encoding).decode(stream.read(size)).removeprefix("\ufeff")
