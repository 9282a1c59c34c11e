"""Exchange rates at the ends of months, by the rules amounts are converted with at load.

The rate of a day is the last one known on or before it: the pair as given, else its inverse, else the
product of two rates through one other currency.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from datetime import date, timedelta
from functools import lru_cache

import ibis.expr.types as ir

from metrics.base import Asking
from metrics.periods import calendar_of
from warehouse.engine import Session, base, token

REPORTING = "reporting_currency"
_NAME = "month_end_rates"
_FIELD, _LINE = "\x1f", "\x1e"  # never part of a currency

Steps = dict[tuple[str, str], list[tuple[date, float]]]
"""For each pair its rates, by day."""


def rate_values(asking: Asking) -> dict[str, object]:
    """The tokens ``rates`` needs; rates are open to everybody, so they are worked out once a version."""
    return {REPORTING: asking.settings.currency, _NAME: _lines(asking.tables.session)}


def rates() -> ir.Table:
    """What one unit of a currency is worth in the reporting currency: ``_currency``, ``_on``, ``_factor``.

    ``_on`` is the last day of a fiscal month. The reporting currency itself is not among them.
    """
    lines = token(_NAME).split(_LINE).unnest().name("line").as_table()
    lines = lines.filter(lines.line != "")
    part = lines.line.split(_FIELD)
    return lines.select(_currency=part[0], _on=part[1].cast("date"), _factor=part[2].cast("float64"))


@lru_cache(maxsize=16)
def _lines(session: Session) -> str:
    rows = base("exchange_rates").filter(~base("exchange_rates").is_deleted)
    steps = stepped(session.run(rows.select("date", "from_currency", "to_currency", "rate")).to_pylist())
    ends = [month.end - timedelta(days=1) for month in calendar_of(session).all("month")]
    lines = (
        (currency, str(day), repr(factor))
        for day in ends
        for currency, factor in sorted(factors(steps, session.settings.currency, day).items())
    )
    return _LINE.join(map(_FIELD.join, lines))


def stepped(rows: list[dict[str, object]]) -> tuple[Steps, Steps]:
    """Rates as given and turned round, each pair sorted by day; from rows of ``exchange_rates``."""
    given: Steps = defaultdict(list)
    turned: Steps = defaultdict(list)
    for row in sorted(rows, key=lambda row: str(row["date"])):
        one, other = (str(row[name]).strip().upper() for name in ("from_currency", "to_currency"))
        day, rate = row["date"], float(str(row["rate"]))
        assert isinstance(day, date)
        given[one, other].append((day, rate))
        turned[other, one].append((day, 1.0 / rate))
    return given, turned


def factors(steps: tuple[Steps, Steps], reporting: str, day: date) -> dict[str, float]:
    """What each currency that can be converted on a day is worth in the reporting currency."""
    known = {**_on(steps[1], day), **_on(steps[0], day)}  # a pair as given goes before its inverse
    direct = {one: rate for (one, other), rate in known.items() if other == reporting}
    crossed = {
        one: rate * direct[other]
        for (one, other), rate in sorted(known.items(), reverse=True)
        if other in direct and other != reporting
    }
    return {name: rate for name, rate in {**crossed, **direct}.items() if name != reporting}


def _on(steps: Steps, day: date) -> dict[tuple[str, str], float]:
    found = {pair: bisect_right(rates, (day, float("inf"))) for pair, rates in steps.items()}
    return {pair: steps[pair][at - 1][1] for pair, at in found.items() if at}
