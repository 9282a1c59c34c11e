"""Payout lines with the words that explain them, for people and for files."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from compensation.after.statement import Statement, sentence, statement
from compensation.plan.model import Plan
from compensation.run import Run

Row = Mapping[str, Any]
FOLLOW = ("held", "released", "clawback")
"""Kinds of lines that follow from another, whose id theirs begins with."""

_JSON = {"modifiers", "reason"}
"""Columns that hold JSON."""


def statements(run: Run, plans: Iterable[Plan]) -> Iterator[tuple[Row, list[Row], Statement]]:
    """Every line with its trace and its statement; ``plans`` are those the run was made with."""
    by_version = {(plan.id, plan.version): plan for plan in plans}
    trace = _by_line(run.trace.to_pylist())
    lines = run.lines.to_pylist()
    after = _followers(lines)
    for line in lines:
        rows, plan = trace[line["line_id"]], by_version.get((line["plan_id"], line["plan_version"]))
        yield line, rows, statement(line, rows, plan, after[line["line_id"]])


def told_as_json(run: Run, plans: Iterable[Plan]) -> bytes:
    """Every line with its words and its transactions, as JSON; amounts are texts, so that no cent is lost."""
    told = [
        {**_plain(line), "words": [sentence(step) for step in said.steps], "transactions": _deals(rows, said)}
        for line, rows, said in statements(run, plans)
    ]
    return (json.dumps(told, indent=1, ensure_ascii=False) + "\n").encode()


def _by_line(rows: Sequence[Row]) -> defaultdict[str, list[Row]]:
    found: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[row["line_id"]].append(row)
    return found


def _followers(lines: Sequence[Row]) -> defaultdict[str, list[Row]]:
    """Lines that follow from a line, by its id."""
    found: defaultdict[str, list[Row]] = defaultdict(list)
    ids = {line["line_id"] for line in lines}
    for line in lines:
        if line["kind"] in FOLLOW:
            parent, _, _ = line["line_id"].rpartition(f"|{line['kind']}|")
            if parent in ids:
                found[parent].append(line)
    return found


def _deals(rows: Sequence[Row], said: Statement) -> list[dict[str, Any]]:
    pairs = zip(rows, said.deals, strict=True)
    found = [{**_plain(row), "words": sentence(words)} for row, words in pairs]
    return [{name: value for name, value in row.items() if name != "line_id"} for row in found]


def _plain(row: Row) -> dict[str, Any]:
    """A row without what it does not say."""
    return {name: _value(name, value) for name, value in row.items() if value is not None}


def _value(name: str, value: Any) -> Any:
    if name in _JSON:
        return json.loads(value)
    if isinstance(value, Decimal):
        short = value.quantize(Decimal("0.01"))
        return format(short if short == value else value.normalize(), "f")
    return value.isoformat() if isinstance(value, date) else value
