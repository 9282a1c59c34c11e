"""Writes the measured table of docs/benchmarks.md from the lines the benchmarks print.

Usage: ``make bench | python -m benchmarks.report`` (one benchmark's lines replace that benchmark's rows)
"""

from __future__ import annotations

import json
import os
import platform
import sys
from collections.abc import Iterable
from datetime import UTC, date, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from scripts.tree import PROJECT

PAGE = PROJECT / "docs" / "benchmarks.md"
BEGIN, END = "<!-- measured: {name} -->", "<!-- end: {name} -->"
LIBRARIES = ("duckdb", "streamlit", "pandas")
FINE = {"×", "%", "s"}
"""Units whose figures are shown to two decimals."""
Line = dict[str, Any]


def written(page: str, lines: Iterable[Line], machine: str) -> str:
    """The page with the rows of every benchmark that was measured put in place of its older ones."""
    found = list(lines)
    for name in sorted({line["name"].split(".")[0] for line in found}):
        rows = [line for line in found if line["name"].split(".")[0] == name]
        page = _between(page, name, f"{machine}\n\n{table(rows)}")
    return page


def _between(page: str, name: str, text: str) -> str:
    begin, end = BEGIN.format(name=name), END.format(name=name)
    before, rest = page.split(begin)
    return f"{before}{begin}\n{text}\n{end}{rest.split(end)[1]}"


def table(lines: Iterable[Line]) -> str:
    """The figures as a table."""
    rows = [f"| {line['name']} | {_value(line)} | {line['aim'] or ''} | {_holds(line)} |" for line in lines]
    return "\n".join(["| figure | value | aim | holds |", "|---|---|---|---|", *rows])


def _value(line: Line) -> str:
    value = line["value"]
    text = f"{value:.2f}" if line["unit"] in FINE else f"{value:,.0f}"
    return f"{text} {line['unit']}"


def _holds(line: Line) -> str:
    return "" if line["holds"] is None else "yes" if line["holds"] else "**no**"


def machine(today: date) -> str:
    """What it was measured on, in a sentence, and how busy that was."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3
    load = os.getloadavg()[2]
    parts = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    return (
        f"Measured on {today.isoformat()}: {os.cpu_count()} cores, {memory:.0f} GiB, {platform.machine()}, "
        f"Python {platform.python_version()}, {parts}. "
        f"Over the last quarter of an hour {load:.1f} programs wanted to run."
    )


def write(lines: Iterable[str], page: Path = PAGE) -> int:
    """Read printed lines, the figures among them, and write the page."""
    figures = [json.loads(line) for line in lines if line.startswith('{"name"')]
    text = written(page.read_text(encoding="utf-8"), figures, machine(datetime.now(UTC).date()))
    page.write_text(text, encoding="utf-8")
    sys.stderr.write(f"{len(figures)} figures written to {page}\n")
    return 0 if figures else 1


if __name__ == "__main__":
    sys.exit(write(sys.stdin))
