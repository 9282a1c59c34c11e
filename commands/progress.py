"""Progress of long work on the terminal."""

from __future__ import annotations

import sys

_said: set[str] = set()
"""Lines of this load that were printed: a file is read more than once, and told once."""


def show(what: str, done: int, total: int | None) -> None:
    """One line that is written over while the work goes on; plain lines when nobody is watching."""
    count = f"{done:,} of {total:,}" if total else f"{done:,}"
    if sys.stderr.isatty():
        print(f"\r\033[K{what}: {count}", end="", file=sys.stderr, flush=True)
    elif total is not None and done >= total and what not in _said:
        _said.add(what)
        print(f"{what}: {count}", file=sys.stderr)


def end() -> None:
    """Leave the progress line behind; the next load starts anew."""
    _said.clear()
    if sys.stderr.isatty():
        print(file=sys.stderr)
