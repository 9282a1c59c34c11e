"""The facts of pay: payouts, what was at stake, and credits of people on a plan; each with its place.

Pay is placed where the person was on the day it was earned, or last was before it: what a leaver earned
belongs to the team they left. Whoever led others in the time paid for is a leader.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import ibis
import ibis.expr.types as ir

from metrics.base import AMOUNT_TYPE, Asking, Measure
from metrics.dimensions import Fact
from metrics.plan_return.rates import REPORTING, rate_values, rates
from metrics.plan_return.terms import OPEN_END, open_components, open_to, open_values
from warehouse.access import UNASSIGNED
from warehouse.engine import token

_PLACE = {"team": "team_id", "territory": "territory_id", "role": "role"}
_NEEDS_PLACE = {*_PLACE, "region", "manager"}

PAYOUTS = Fact(
    "payouts",
    "earned_on",
    {"rep": "rep_id", "plan": "plan_id", "component": "component_id", **_PLACE},
    sums=("kind", "amount_reporting", "period_start", "period_end"),
    placed="placed_on",
    pay=True,
    passes=("measure",),  # money is earned for a component, whatever it counts
)
STAKES = Fact(
    "plan_assignments",
    "earned_on",
    {"rep": "rep_id", "plan": "plan_id", "component": "component_id", **_PLACE},
    sums=("stake", "period_start", "period_end"),
    finest="month",
    placed="period_start",
    pay=True,
    passes=("measure",),
)
PLAN_CREDITS = Fact(
    "credits",
    "credited_on",
    {
        "rep": "rep_id",
        "plan": "plan_id",
        "component": "component_id",
        "team": "team_id",
        "territory": "rep_territory_id",
        "role": "role",
        "measure": "measure",
    },
    sums=("in_bookings", "amount_reporting", "opportunity_id"),
    pay=True,
)


def names_of(by: tuple[str, ...], asking: Asking) -> set[str]:
    """Dimensions a question cuts or filters by."""
    return {*by, *(name for name, _ in asking.view.where)}


def places(asking: Asking) -> ir.Table:
    """Each person's place from a day until their next one, and the last day they were there.

    Columns ``_rep``, ``_from``, ``_until``, ``_last``, ``team_id``, ``territory_id`` and ``role``.
    """
    rows = asking.tables.when_theirs("assignments")
    later = rows.valid_from.lead().over(group_by=rows.rep_id, order_by=rows.valid_from)
    return rows.select(
        _rep=rows.rep_id,
        _from=rows.valid_from,
        _until=later.fill_null(ibis.date(OPEN_END.year, OPEN_END.month, OPEN_END.day)),
        _last=ibis.greatest(rows.valid_to - ibis.interval(days=1), rows.valid_from),
        team_id=rows.team_id,
        territory_id=rows.territory_id,
        role=rows.role,
    )


def placed(rows: ir.Table, day: str, columns: tuple[str, ...], asking: Asking) -> ir.Table:
    """The rows with the place on a day of theirs, or the last one before it; ``placed_on`` is when they were there."""
    at = places(asking)
    on = [rows.rep_id == at["_rep"], at["_from"] <= rows[day], at["_until"] > rows[day]]
    found = [at[name] for name in (*columns, "_last")]
    both = rows.left_join(at, on).select(*[rows[name] for name in rows.columns], *found)
    # In a step of its own: Ibis joins no further on what is computed within a join.
    both = both.mutate(placed_on=ibis.least(both[day], both["_last"].fill_null(both[day])))
    return both.mutate(**{name: both[name].fill_null(UNASSIGNED) for name in columns}).drop("_last")


def leading(asking: Asking) -> ir.Table:
    """When somebody led others: ``_leader``, ``_since``, ``_to``."""
    rows = asking.tables.when_theirs("visibility")
    rows = rows.filter(rows.reason == "reports")
    return rows.select(_leader=rows.viewer_id, _since=rows.valid_from, _to=rows.valid_to)


def of_leaders(rows: ir.Table, asking: Asking, *, leaders: bool) -> ir.Table:
    """Only the pay of those who led others in the time it is for, or only everybody else's."""
    led = leading(asking)
    on = [rows.rep_id == led["_leader"], led["_since"] < rows.period_end, led["_to"] > rows.period_start]
    return rows.semi_join(led, on) if leaders else rows.anti_join(led, on)


@dataclass(frozen=True, kw_only=True, eq=False)
class Pay(Measure):
    """A sum over payouts."""

    fact: Fact = PAYOUTS

    def origin(self, by: tuple[str, ...], asking: Asking) -> ir.Table:
        """Payouts, with their place where the question needs one."""
        rows = asking.tables.table("payouts")
        if names_of(by, asking) & _NEEDS_PLACE:
            rows = placed(rows, "earned_on", tuple(_PLACE.values()), asking)
        return rows


@dataclass(frozen=True, kw_only=True, eq=False)
class Stakes(Measure):
    """A sum over what was at stake for people on plans, cut into fiscal months.

    A yearly amount is spread over the days of the fiscal year. Of a target incentive each open component
    has the part its weight is of all that are open to the person; it is dated at the end of the
    component's period, as what is earned for it is. Several components without any weight share it as
    "unassigned". Who is where, and what is open, is looked at on the first
    day of the month or of the part of it that counts. Base salary has no component and is dated at the month's end.
    """

    fact: Fact = STAKES
    column: str = "target_incentive"
    base: bool = False
    people: bool = False  # for counting people: every component is a row of its own, weight or none

    def row_values(self, asking: Asking) -> dict[str, object]:
        """Rates of exchange, and the components open to people."""
        return {**rate_values(asking), **open_values(asking)}

    def values(self, asking: Asking) -> dict[str, object]:
        """As for its rows."""
        return self.row_values(asking)

    def origin(self, by: tuple[str, ...], asking: Asking) -> ir.Table:
        """One row a person, plan, month and open component, with ``stake`` in the reporting currency."""
        del by
        rows = placed(_months(asking, self.column), "period_start", tuple(_PLACE.values()), asking)
        rows = _of_months(rows) if self.base else _of_components(rows, people=self.people)
        return _converted(rows)


def _months(asking: Asking, column: str) -> ir.Table:
    rows = asking.tables.table("plan_assignments")
    days = asking.tables.lookup("days")
    months = days.select(
        *("month_start", "month_end", "quarter_end", "year_end"),
        _year=days.year_end.delta(days.year_start, unit="day"),
    ).distinct()
    cut = rows.join(months, [rows.valid_from < months.month_end, rows.valid_to > months.month_start])
    cut = cut.select(
        *(rows[name] for name in ("rep_id", "plan_id", "currency", "valid_from", "valid_to", column)),
        *(months[name] for name in ("month_start", "month_end", "quarter_end", "year_end", "_year")),
    )
    cut = cut.mutate(
        period_start=ibis.greatest(cut.valid_from, cut.month_start),
        period_end=ibis.least(cut.valid_to, cut.month_end),
    )
    share = cut.period_end.delta(cut.period_start, unit="day") / cut["_year"]
    return cut.mutate(_amount=cut[column].cast("float64") * share)


def _of_components(rows: ir.Table, *, people: bool) -> ir.Table:
    opened = open_components()
    joined = rows.left_join(opened, open_to(rows, opened, rows.period_start))
    joined = joined.select(
        *[rows[name] for name in rows.columns], opened.component, opened["_weight"], opened["_period"]
    )
    weight = joined["_weight"].fill_null(0.0)
    window = ibis.window(group_by=["rep_id", "plan_id", "valid_from", "period_start"])
    whole, count = weight.sum().over(window), ibis._.count().over(window)
    end = joined["_period"].cases(
        ("quarter", joined.quarter_end), ("year", joined.year_end), else_=joined.month_end
    )
    known = joined.component.notnull() & ((whole > 0) | (count == 1) | people)
    rows = joined.mutate(
        component_id=ibis.ifelse(known, joined.component, UNASSIGNED),
        _part=ibis.ifelse(whole > 0, weight / whole.nullif(0.0), 1.0 / count),
        earned_on=end - ibis.interval(days=1),
    )
    return rows.mutate(_amount=rows["_amount"] * rows["_part"])


def _of_months(rows: ir.Table) -> ir.Table:
    return rows.mutate(
        component_id=ibis.literal(UNASSIGNED), earned_on=rows.month_end - ibis.interval(days=1)
    )


def _converted(rows: ir.Table) -> ir.Table:
    known = rates()
    own = rows.currency.upper().strip().nullif("").fill_null(token(REPORTING))
    rows = rows.mutate(_money=own)
    on = [rows["_money"] == known["_currency"], rows.earned_on == known["_on"]]
    both = rows.left_join(known, on).select(*[rows[name] for name in rows.columns], known["_factor"])
    factor = ibis.ifelse(both["_money"] == token(REPORTING), 1.0, both["_factor"])
    both = both.mutate(stake=(both["_amount"] * factor).round(4).cast(AMOUNT_TYPE))
    return both.select(*STAKES.columns)


@dataclass(frozen=True, kw_only=True, eq=False)
class PlanCredits(Measure):
    """A sum over credits of people on a plan on that day.

    Asked by component, a credit counts for every component open to the person that day: those rows are
    readings of the same sales and are never added up. With ``everybody`` credits of people on no plan count
    too, for whoever may see everybody's pay.
    """

    fact: Fact = PLAN_CREDITS
    everybody: bool = False

    def row_values(self, asking: Asking) -> dict[str, object]:
        """The components open to people."""
        return open_values(asking)

    def values(self, asking: Asking) -> dict[str, object]:
        """As for its rows."""
        return self.row_values(asking)

    def origin(self, by: tuple[str, ...], asking: Asking) -> ir.Table:
        """Credits with plan, role and component where the question needs them."""
        rows = asking.tables.when_theirs("credits").drop("component_id")
        names = names_of(by, asking)
        rows = placed(rows, "credited_on", ("role",), asking) if names & {"role", "component"} else rows
        all_seen = asking.tables.verdict("payouts").scope == "all"
        by_plan = bool(names & {"plan", "component"})
        if by_plan or not (self.everybody and all_seen):
            rows = on_plan(rows, asking, by_plan=by_plan)
        return with_component(rows) if "component" in names else rows


def on_plan(rows: ir.Table, asking: Asking, *, by_plan: bool) -> ir.Table:
    """Credits of people on a plan that day; ``by_plan`` with ``plan_id``, once for each of their plans."""
    stakes = asking.tables.table("plan_assignments")
    stakes = stakes.select(plan_id="plan_id", _rep="rep_id", _since="valid_from", _to="valid_to")
    day = rows.credited_on
    on = [rows.rep_id == stakes["_rep"], stakes["_since"] <= day, stakes["_to"] > day]
    return rows.join(stakes, on).drop("_rep", "_since", "_to") if by_plan else rows.semi_join(stakes, on)


def with_component(rows: ir.Table) -> ir.Table:
    """One row for each component open to the person on the day of the credit, and paid on own sales."""
    opened = open_components()
    opened = opened.filter(opened["_own"] == 1)
    joined = rows.join(opened, open_to(rows, opened, rows.credited_on))
    return joined.select(*[rows[name] for name in rows.columns], component_id=opened.component)


WHOLE_PAYOUTS = replace(PAYOUTS, passes=("measure", "component"))
"""Payouts of every component, whatever component is looked at: what a share is a share of."""
