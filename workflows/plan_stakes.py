"""What somebody in the middle has at stake on a plan, for reading its payout curve; nobody is paid by it."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from statistics import median

import pyarrow as pa

from compensation.plan.model import Component, Period
from compensation.plan.shape import Stake
from metrics.ask import ask
from metrics.attainment import quota
from metrics.periods import calendar_of
from metrics.view import View
from warehouse.access import Tables, Viewer
from warehouse.engine import Session
from workflows.pay import rights

PERIODS = {Period.MONTH: 12, Period.QUARTER: 4, Period.YEAR: 1}
"""How many of each a year has."""


@dataclass(frozen=True)
class Typical:
    """The middle of the people on a plan: a year's quota and target incentive, and the rate of their own."""

    quota: Fraction  # reporting currency; 0 where nobody has one
    target: Fraction
    rate: Fraction
    currency: str  # of the target
    people: int

    def stake(self, component: Component) -> Stake:
        """What is at stake in one period of a component."""
        parts = PERIODS[component.period]
        return Stake(self.quota / parts, self.target / parts, self.rate)


def typical(session: Session, viewer: Viewer, plan_id: str) -> Typical:
    """The middle of those on a plan on the version's day, of those paid in the reporting currency if there are any.

    Quotas are of the last finished fiscal year, else of the running one.

    Raises:
        AccessDenied: the viewer does not see everybody's pay.
    """
    rights.require_all(viewer, "What a plan pays in the middle")
    tables = Tables(viewer, session, session.version.as_of)
    on = tables.table("plan_assignments")
    on = on.filter(on.plan_id == plan_id, on.valid_from <= tables.as_of, on.valid_to > tables.as_of)
    rows = tables.run(on.select("rep_id", "target_incentive", "rate", "currency")).to_pylist()
    reporting = session.settings.currency
    own = [row for row in rows if (row["currency"] or reporting) == reporting] or rows
    quotas = _quotas(session, viewer)
    return Typical(
        quota=_middle([quotas.get(row["rep_id"]) for row in own]),
        target=_middle([row["target_incentive"] for row in own]),
        rate=_middle([row["rate"] for row in own]) or Fraction(1),
        currency=(own[0]["currency"] if own else None) or reporting,
        people=len(rows),
    )


def _quotas(session: Session, viewer: Viewer) -> dict[str, object]:
    calendar, as_of = calendar_of(session), session.version.as_of
    year = calendar.of("year", as_of)
    year = calendar.shift(year, -1) or year
    rows: pa.Table = ask(
        quota, ["rep"], view=View(year.start, year.end, as_of), session=session, viewer=viewer
    )
    return dict(zip(rows["rep"].to_pylist(), rows[quota.name].to_pylist(), strict=True))


def _middle(values: list[object]) -> Fraction:
    """The median, to four decimals; 0 where nothing is known."""
    known = [Fraction(str(value)) for value in values if value]
    return Fraction(round(median(known) * 10_000), 10_000) if known else Fraction(0)
