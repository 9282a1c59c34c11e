"""Progress of long work on the terminal."""

from __future__ import annotations

import sys


def show(what: str, done: int, total: int | None) -> None:
    """One line that is written over while the work goes on; plain lines when nobody is watching."""
    count = f"{done:,} of {total:,}" if total else f"{done:,}"
    if sys.stderr.isatty():
        print(f"\r\033[K{what}: {count}", end="", file=sys.stderr, flush=True)
    elif total is not None and done >= total:
        print(f"{what}: {count}", file=sys.stderr)


def end() -> None:
    """Leave the progress line behind."""
    if sys.stderr.isatty():
        print(file=sys.stderr)
