"""Which delimiter a text file uses."""

from __future__ import annotations

import csv
from collections import Counter

DELIMITERS = (",", ";", "\t", "|")


def delimiter_of(text: str, quote: str) -> str:
    """The delimiter under which the first lines have the most fields, equally many in most lines.

    A file of one column has none; a comma is then as good as any.
    """
    lines = [line for line in text.split("\n")[:50] if line.strip()]
    lines = lines[:-1] if len(lines) > 2 else lines  # the last may be cut
    return max(DELIMITERS, key=lambda delimiter: _score(lines, delimiter, quote))


def _score(lines: list[str], delimiter: str, quote: str) -> tuple[float, int]:
    reader = csv.reader(
        lines,
        delimiter=delimiter,
        quotechar=quote or None,
        quoting=csv.QUOTE_MINIMAL if quote else csv.QUOTE_NONE,
    )
    try:
        widths = Counter(len(fields) for fields in reader)
    except csv.Error:
        return (0.0, 0)
    if not widths:
        return (0.0, 0)
    width, count = widths.most_common(1)[0]
    return (count / widths.total(), width) if width > 1 else (0.0, 0)
