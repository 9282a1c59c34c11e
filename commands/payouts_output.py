"""What ``payouts`` leaves behind: lines, and why each is what it is."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa

from commands.files import write_all
from commands.output import encoded
from commands.payouts_words import total_words
from compensation.plan.model import Plan
from compensation.run import Problem, Run
from metrics.view import MetricError
from workflows.pay.problems import CannotPay
from workflows.pay.telling import told_as_json
from workflows.pay.totals import totals

FORMS = {".csv": "csv", ".json": "json", ".parquet": "parquet"}
"""By the ending of a file's name."""


def refuse(problems: Iterable[Problem]) -> None:
    """Stop when anything is wrong.

    Raises:
        CannotPay: with everything that is.
    """
    found = tuple(problems)
    if found:
        raise CannotPay(found)


def tell(found: Run, words: str) -> None:
    """How much it is, on standard error."""
    people = len(set(found.lines["rep"].to_pylist()))
    print(f"{words}: {found.lines.num_rows:,} lines for {people:,} people", file=sys.stderr)
    print("\n".join(total_words(totals(found))), file=sys.stderr)


def write(found: Run, plans: Iterable[Plan], arguments: argparse.Namespace) -> None:
    """Lines and trace to their files, both or none; lines to standard output when there is no file for them."""
    write_all(files(found, plans, arguments))
    if arguments.out is None:
        write_table(found.lines, None)


def files(found: Run, plans: Iterable[Plan], arguments: argparse.Namespace) -> dict[Path, bytes]:
    """The files asked for and what goes into them."""
    made: dict[Path, bytes] = {}
    if arguments.out:
        made[arguments.out] = encoded(found.lines, FORMS[arguments.out.suffix.lower()])
    if arguments.trace:
        made[arguments.trace] = told_as_json(found, plans)
    return made


def write_table(table: pa.Table, out: Path | None) -> None:
    """A table to a file, or as CSV to standard output."""
    if out is not None:
        write_all({out: encoded(table, FORMS[out.suffix.lower()])})
        return
    sys.stdout.buffer.write(encoded(table, "csv"))
    sys.stdout.flush()


def text_of(path: Path) -> str:
    """The text of a file.

    Raises:
        MetricError: it is not UTF-8.
    """
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise MetricError(f"{path} is not UTF-8 text. Save it as UTF-8.") from None
