"""What changed against the comparison: bars that balance, by sales team or by rep."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from charts.base import Chart
from charts.changes import Part, changes
from metrics.attainment import credited
from ui.figures import by_key
from ui.model import Making
from ui.periods import before_name, period_name
from warehouse.access import UNASSIGNED
from words import formats

MOST = 9


def chart(making: Making) -> Chart | None:
    """The bars from the earlier period's credited sales to this one's; None without a comparison."""
    question = making.question
    if not question.compares or question.scope.kind == "rep":
        return None
    parts = _parts(making)
    start, end = _total(parts, before=True), _total(parts, before=False)
    bars = [Part(key, label, now - before) for key, label, now, before in parts if now != before]
    return changes(
        bars,
        start=start,
        end=end,
        start_label=before_name(making),
        end_label=period_name(making),
        takeaway=_takeaway(bars, end - start, making),
        style=making.style,
        most=MOST,
    )


def key_of(making: Making) -> str:
    """What the change is cut by: teams where the scope holds several, else reps."""
    teams = by_key(credited, "team", making.question.scoped, making.desk)
    return "team" if len(teams) > 3 else "rep"


def _parts(making: Making) -> list[tuple[str, str, Decimal, Decimal]]:
    key = key_of(making)
    rows = by_key(credited, key, making.question.scoped, making.desk)
    label = making.names.of if key == "rep" else _team(making)
    return [
        (found, label(found), row["credited"] or Decimal(), row["credited_before"] or Decimal())
        for found, row in rows.items()
    ]


def _team(making: Making) -> Callable[[str], str]:
    words = making.style.words
    unassigned = words("Unassigned")
    return lambda key: unassigned if key == UNASSIGNED else key


def _total(parts: list[tuple[str, str, Decimal, Decimal]], *, before: bool) -> Decimal:
    return sum((part[3 if before else 2] for part in parts), Decimal())


def _takeaway(bars: list[Part], change: Decimal, making: Making) -> str:
    words, style = making.style.words, making.style
    if not bars or not change:
        return words("Credited sales are as they were")
    most = max(bars, key=lambda bar: abs(bar.change) if (bar.change > 0) == (change > 0) else Decimal(-1))
    fields = {
        "change": formats.money(abs(change), style.currency, style.language, compact=True),
        "name": most.label,
    }
    if change > 0:
        return words("{change} more than before; {name} adds most", **fields)
    return words("{change} less than before; {name} loses most", **fields)
