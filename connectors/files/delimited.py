"""CSV, TSV and their kin: read in blocks, in bounded memory, every row with its number.

A block in which every line is one well-formed row (nearly all are) is parsed by Arrow; the row
number is then the line number. Any other block goes through ``exact``.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO, TypeVar, cast

import numpy as np
import pyarrow as pa
from pyarrow import csv as arrow_csv

from connectors.files import encodings
from connectors.files.encodings import MARK
from connectors.files.exact import Dialect, Exact
from connectors.files.reading import ROW, Block, Report, Unreadable, block, cut_off, places, too_large, unique
from connectors.files.sniff import delimiter_of
from connectors.files.spec import FileSpec
from connectors.files.unpacking import Gunzip
from warehouse.issues import DataIssue

BLOCK = 8 * 1024 * 1024
"""Bytes of text handled at once."""

_SMALL = 128 * 1024
"""Bytes of a piece of a block in which something is not one row a line."""

LONGEST = 64 * 1024 * 1024
"""Bytes of the longest line."""

_RATIO = 200
"""A gzip file that unpacks to more than the limit must not be this many times its own size."""


_Read = TypeVar("_Read")

Parsed = tuple[pa.Table, int, str]
"""Rows of some text, how many lines it used up, and the text left for the next piece."""


class Delimited:
    """One delimited text file."""

    def __init__(self, path: Path, spec: FileSpec) -> None:
        """Open ``path``; raises ``Unreadable`` for an empty file or a wrong encoding."""
        self.path, self.spec = path, spec
        self.encoding = self._encoding()
        text = self._head()
        hint = _excel_hint(text)
        self.dialect = Dialect(spec.delimiter or hint or delimiter_of(text, spec.quote), spec.quote)
        self.columns, self.first = self._columns(text, hinted=bool(hint))
        self.notes = self._doubts()
        self._damage = ""

    def open(self) -> BinaryIO:
        """The file's bytes, unpacked."""
        if self.path.suffix.lower() == ".gz":
            return cast("BinaryIO", Gunzip(self.path))
        return self.path.open("rb")

    def blocks(self, report: Report) -> Iterator[Block]:
        """The rows; see ``Reader.blocks``."""
        exact = Exact(self.path.name, self.columns, self.dialect, self.encoding, report)
        total, line, rest = self.path.stat().st_size, 1, ""
        for text, done, last in _with_last(self._texts()):
            rows, used, rest = self._block(rest, text, line, exact, last=last)
            line += used
            yield Block(rows, min(done, total), total)
        if self._damage:
            report(cut_off(self.path.name, line - 1, self._damage))

    def _block(self, rest: str, text: bytes | str, line: int, exact: Exact, *, last: bool) -> Parsed:
        """A block at once when all of it is well formed, else in small pieces: only odd ones are slow."""
        if parsed := self._quickly(rest, text, line):
            return parsed
        tables, used = [], 0
        for piece, final in _pieces(text, last=last):
            now = line + used
            parsed = self._quickly(rest, piece, now) or self._carefully(rest, piece, now, exact, last=final)
            tables.append(parsed[0])
            used, rest = used + parsed[1], parsed[2]
        return pa.concat_tables(tables), used, rest

    def _quickly(self, rest: str, text: bytes | str, line: int) -> Parsed | None:
        """Rows of text in which each line is a row, or None when it is not so simple."""
        if rest or isinstance(text, str):
            return None
        text, skipped = _without_lines(text, self.first - line)
        rows = self._fast(text, line + skipped)
        return None if rows is None else (rows, skipped + rows.num_rows, "")

    def _carefully(self, rest: str, text: bytes | str, line: int, exact: Exact, *, last: bool) -> Parsed:
        text, skipped = _without_lines(text, self.first - line)
        lines = _lines(rest + (text if isinstance(text, str) else text.decode()))
        rows, numbers, used = exact.parse(lines, line + skipped, last=last)
        return block(self.columns, rows, numbers), skipped + used, "".join(lines[used:])

    def _fast(self, text: bytes | str, line: int) -> pa.Table | None:
        """All rows of ``text`` if each line is one row with the right number of fields, else None."""
        assert isinstance(text, bytes)
        newlines = text.count(b"\n") + (not text.endswith(b"\n"))
        quote = self.spec.quote.encode()
        if quote and text[text.rfind(b"\n", 0, -1) + 1 :].count(quote) % 2:
            return None
        names = places(self.columns)
        try:
            rows = arrow_csv.read_csv(
                pa.BufferReader(text),
                read_options=arrow_csv.ReadOptions(column_names=names),
                parse_options=arrow_csv.ParseOptions(
                    delimiter=self.dialect.delimiter,
                    quote_char=self.spec.quote or False,
                    invalid_row_handler=lambda _row: "skip",
                ),
                convert_options=arrow_csv.ConvertOptions(
                    column_types=dict.fromkeys(names, pa.string()),
                    check_utf8=False,
                    strings_can_be_null=False,
                ),
            )
        except pa.ArrowInvalid:
            return None
        if rows.num_rows != newlines:
            return None
        numbers = pa.array(np.arange(line, line + newlines))
        return rows.append_column(ROW, numbers)

    def _texts(self) -> Iterator[tuple[bytes | str, int]]:
        """Whole lines: UTF-8 bytes where all is well, text with marks where bytes are wrong."""
        decoder = None if encodings.is_utf8(self.encoding) else encodings.decoder(self.encoding)
        left, done = b"", 0
        with self.open() as stream:
            for piece, raw in self._pieces(stream):
                done = raw
                text = decoder.decode(piece).encode("utf-8", "surrogateescape") if decoder else piece
                left = _carriage(left + text)
                self._endless(len(left))
                cut = left.rfind(b"\n") + 1
                if cut:
                    yield _readable(left[:cut]), done
                    left = left[cut:]
        if decoder:
            left += decoder.decode(b"", final=True).encode("utf-8", "surrogateescape")
        if left:
            yield _readable(left), done

    def _pieces(self, stream: BinaryIO) -> Iterator[tuple[bytes, int]]:
        """Bytes without a byte order mark, and how far the file on disk is read."""
        packed, unpacked, sign = self.path.stat().st_size, 0, b"\xef\xbb\xbf"
        while piece := self._piece(stream):
            unpacked += len(piece)
            self._bomb(packed, unpacked)
            yield (piece.removeprefix(sign) if unpacked == len(piece) else piece), unpacked

    def _piece(self, stream: BinaryIO) -> bytes:
        try:
            return stream.read(BLOCK)
        except (EOFError, zlib.error, OSError) as error:
            self._damage = str(error)
            return b""

    def _bomb(self, packed: int, unpacked: int) -> None:
        limit = self.spec.max_unpacked_mb * 1_000_000
        if self.path.suffix.lower() == ".gz" and unpacked > limit and unpacked > packed * _RATIO:
            raise Unreadable(too_large(self.path.name, unpacked, self.spec.max_unpacked_mb))

    def _endless(self, size: int) -> None:
        if size > LONGEST + BLOCK:
            detail = f"a line is longer than {LONGEST // 1_000_000} MB, so it is not a table of text"
            raise Unreadable(DataIssue("cannot_read", file=self.path.name, detail=detail, severity="load"))

    # ---------------------------------------------------------------- what the file looks like

    def _encoding(self) -> str:
        if self.spec.encoding:
            return self._stated()
        with self.open() as stream:
            return _guarded(lambda: encodings.detect(stream), self.path.name)

    def _stated(self) -> str:
        stated = self.spec.encoding
        with self.open() as stream:
            sample = _guarded(lambda: stream.read(encodings.SHORT), self.path.name)
        if not encodings.known(stated) or not encodings.fits(stated, sample):
            raise Unreadable(DataIssue("bad_encoding", file=self.path.name, detail=stated, severity="load"))
        return stated

    def _head(self) -> str:
        with self.open() as stream:
            text = _guarded(lambda: encodings.head(stream, self.encoding), self.path.name)
        if not text.strip():
            raise Unreadable(DataIssue("empty_file", file=self.path.name, severity="load"))
        return text if "\n" in text else text.replace("\r", "\n")

    def _columns(self, text: str, *, hinted: bool) -> tuple[tuple[str, ...], int]:
        """Column names, and the number of the first line after them."""
        header = self.spec.header + (hinted and self.spec.header == 1)
        lines = _lines(text)
        if header > len(lines):
            raise Unreadable(DataIssue("empty_file", file=self.path.name, severity="load"))
        counted: list[str] = []
        start = max(header - 1, int(hinted))
        reader = self.dialect.reader(_counting(iter(lines[start:]), counted))
        fields = next((row for row in reader if row), [])
        if header == 0:
            names = self.spec.columns or tuple(f"c{n}" for n in range(1, len(fields) + 1))
            return unique(names), start + 1
        return unique(field.replace(MARK, "\ufffd") for field in fields), header + len(counted)

    def _doubts(self) -> tuple[DataIssue, ...]:
        """A warning when the encoding was guessed, or the one stated looks wrong."""
        name = self.path.name
        if not self.spec.encoding and self.encoding == "cp1252":
            return (_doubt(name, "Windows-1252 (cp1252)", "an older encoding, and none was stated"),)
        if self.spec.encoding and not encodings.is_utf8(self.encoding):
            with self.open() as stream:
                head = stream.read(encodings.SHORT * 4)
            if not head.isascii() and _is_utf8_text(head):
                return (_doubt(name, self.encoding, "UTF-8"),)
        return ()


def _doubt(file: str, value: str, detail: str) -> DataIssue:
    return DataIssue("encoding_doubtful", file=file, value=value, detail=detail, severity="warning")


def _is_utf8_text(head: bytes) -> bool:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return False
    text = encodings.decoder("utf-8").decode(head)
    return MARK not in text and "\x00" not in text


def _guarded(read: Callable[[], _Read], file: str) -> _Read:
    try:
        return read()
    except (EOFError, zlib.error, OSError) as error:
        raise Unreadable(DataIssue("broken_file", file=file, detail=str(error), severity="load")) from error


def _excel_hint(text: str) -> str:
    """The delimiter a first line such as ``sep=;`` names, which Excel writes; else ''."""
    hint = text.partition("\n")[0].strip("\r ")
    return hint[4] if len(hint) == 5 and hint.startswith("sep=") else ""


def _lines(text: str) -> list[str]:
    r"""Lines with their ends; only \n ends a line, so a form feed in a text does not."""
    lines = text.split("\n")
    whole = [line + "\n" for line in lines[:-1]]
    return [*whole, lines[-1]] if lines[-1] else whole


def _pieces(text: bytes | str, *, last: bool) -> Iterator[tuple[bytes | str, bool]]:
    """Whole lines of a block in small pieces, each with whether it is the file's last."""
    newline: Any = b"\n" if isinstance(text, bytes) else "\n"
    place = 0
    while place < len(text):
        end = text.find(newline, place + _SMALL) + 1 or len(text)
        yield text[place:end], last and end == len(text)
        place = end


def _without_lines(text: bytes | str, count: int) -> tuple[bytes | str, int]:
    """The text after its first ``count`` lines, and how many it had of them."""
    newline: Any = b"\n" if isinstance(text, bytes) else "\n"
    place, skipped = 0, 0
    while skipped < count and place < len(text):
        place = text.find(newline, place) + 1 or len(text)
        skipped += 1
    return text[place:], skipped


def _carriage(text: bytes) -> bytes:
    r"""Old Mac files end lines with \r alone."""
    return text.replace(b"\r", b"\n") if b"\n" not in text and b"\r" in text else text


def _readable(text: bytes) -> bytes | str:
    """The bytes themselves when they are UTF-8, else text with marks."""
    if text.isascii():
        return text
    try:
        text.decode()
    except UnicodeDecodeError:
        return text.decode("utf-8", "attain_mark")
    return text


def _with_last(
    texts: Iterator[tuple[bytes | str, int]],
) -> Iterator[tuple[bytes | str, int, bool]]:
    """Each text with its place, and whether it is the last."""
    held: tuple[bytes | str, int] | None = None
    for item in texts:
        if held is not None:
            yield (*held, False)
        held = item
    if held is not None:
        yield (*held, True)


def _counting(lines: Iterator[str], counted: list[str]) -> Iterator[str]:
    for line in lines:
        counted.append(line)
        yield line
