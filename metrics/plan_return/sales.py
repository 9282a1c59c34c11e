"""Pay beside what was sold: rates, credited value for the cost, and the cost of sales."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import reduce
from operator import add

import ibis
import ibis.expr.types as ir

from metrics.attainment import quota
from metrics.base import MONEY_TYPE, Asking, Measure, Metric, Ratio, Unit, joined
from metrics.plan_return.cost import base_salary, earnings, on_target_earnings, payout_cost, target_incentive
from metrics.plan_return.facts import Pay, PlanCredits, Stakes, of_leaders


def _counted(rows: ir.Table, asking: Asking) -> ir.BooleanValue:
    """Bookings; with overlays where the view's reading counts them."""
    if asking.view.choice("overlays", "out") == "in":
        return rows.in_bookings | (rows.kind == "overlay")
    return rows.in_bookings


plan_credited = PlanCredits(
    name="plan_credited",
    title="Credited to people on plans",
    unit=Unit.MONEY,
    doc="""Sales value credited to people while they were on a plan. By component, a sale counts for every component open
    to the person that day and paid on own sales: readings of the same sales, never to be added up. Overlay credits count only
    in the reading that says so.""",
    formula="Σ credits of people on a plan",
    choices=("overlays", "credit_by"),
    value=lambda rows, _: rows.amount_reporting,
    keep=_counted,
)

effective_rate = Ratio(
    name="effective_rate",
    title="Effective rate",
    unit=Unit.PERCENT,
    doc="""What was earned over what was sold: the rate that was paid in the end, all tiers and modifiers included. Look at
    finished periods: sales count at once, pay when its period ends. Whoever is paid on the sales of others has no rate of
    their own: look at plans or components rather than at everybody.""",
    formula="earnings ÷ value credited to the same people",
    source="Earnings over credited value.",
    choices=("overlays", "credit_by"),
    good=0,
    top=earnings,
    bottom=plan_credited,
)


@dataclass(frozen=True, kw_only=True, eq=False)
class PerCost(Ratio):
    """Top over bottom; without any counted sale there is nothing to set beside the cost, which is not zero."""

    def expression(self, by: tuple[str, ...], asking: Asking) -> ir.Table:
        """Each side aggregated, then joined."""
        sides = joined({"top": self.top, "bottom": self.bottom}, by, asking)
        value = sides.top.cast("float64") / sides.bottom.cast("float64").nullif(0.0)
        return sides.select(*by, value=value, top=sides.top, bottom=sides.bottom)


credited_per_cost = PerCost(
    name="credited_per_cost",
    title="Credited for each unit of cost",
    unit=Unit.TIMES,
    doc="""Value credited to the people a component is open to, for each unit of its cost. An association, not a return:
    most of these sales might have come without the component. A return needs an estimate of what came because of it.""",
    formula="value credited to the same people ÷ cost of pay",
    source="An association (evidence grade E); see the verdicts for returns.",
    choices=("overlays", "credit_by"),
    good=0,
    top=plan_credited,
    bottom=payout_cost,
)


@dataclass(frozen=True, kw_only=True, eq=False)
class OfBoth(Ratio):
    """Σ top ÷ Σ bottom over the people who have both; nobody's half counts."""

    def expression(self, by: tuple[str, ...], asking: Asking) -> ir.Table:
        """People first, then the keys."""
        people = joined({"top": self.top, "bottom": self.bottom}, tuple(dict.fromkeys((*by, "rep"))), asking)
        people = people.filter(people.top.notnull(), people.bottom > 0)
        sums = [people.top.sum().name("top"), people.bottom.sum().name("bottom")]
        both = people.group_by(list(by)).aggregate(sums) if by else people.aggregate(sums)
        value = both.top.cast("float64") / both.bottom.cast("float64").nullif(0.0)
        return both.select(*by, value=value, top=both.top, bottom=both.bottom)


target_rate = OfBoth(
    name="target_rate",
    title="Target rate",
    unit=Unit.PERCENT,
    doc="""Target incentive over quota, of people who have both: what a unit of sales is worth to a person who lands exactly
    on quota. Look at finished periods.""",
    formula="target incentive ÷ quota",
    source="Target incentive over quota, as the field defines it.",
    choices=("target_of", "credit_by"),
    good=0,
    top=target_incentive,
    bottom=quota,
)

quota_to_ote = OfBoth(
    name="quota_to_ote",
    title="Quota to on-target earnings",
    unit=Unit.TIMES,
    doc="""How many times their on-target earnings people's quotas are, of people who have both. Look at finished
    periods.""",
    formula="quota ÷ (base salary + target incentive)",
    source="Quota over OTE, as the field defines it.",
    choices=("target_of", "credit_by"),
    good=0,
    top=quota,
    bottom=on_target_earnings,
)


def _taken(asking: Asking) -> str:
    return "target" if asking.view.choice("pay_taken", "actual") == "target" else "actual"


def _leaders(asking: Asking) -> bool:
    return asking.view.choice("whose_pay", "sellers") == "leaders"


@dataclass(frozen=True, kw_only=True, eq=False)
class PayOfSome(Pay):
    """Payouts of sellers or of leaders, as the view's reading says."""

    def origin(self, by: tuple[str, ...], asking: Asking) -> ir.Table:
        """Payouts of the people the reading is about."""
        return of_leaders(super().origin(by, asking), asking, leaders=_leaders(asking))


@dataclass(frozen=True, kw_only=True, eq=False)
class StakesOfSome(Stakes):
    """What was at stake for sellers or for leaders, as the view's reading says."""

    def origin(self, by: tuple[str, ...], asking: Asking) -> ir.Table:
        """What was at stake for the people the reading is about."""
        return of_leaders(super().origin(by, asking), asking, leaders=_leaders(asking))


def _of_some(kind: type[Measure], metric: Measure) -> Measure:
    return kind(**{name: getattr(metric, name) for name in metric.__dataclass_fields__})


@dataclass(frozen=True, kw_only=True, eq=False)
class CostOfSales(Metric):
    """Pay of the people and of the kind the view's readings name."""

    of: Mapping[str, Measure]

    @property
    def parts(self) -> tuple[Metric, ...]:
        """Payouts first: its records."""
        return tuple(self.of.values())

    def expression(self, by: tuple[str, ...], asking: Asking) -> ir.Table:
        """Keys and money, no second part."""
        wanted = [_taken(asking), *(["base"] if asking.view.choice("base_pay", "out") == "in" else [])]
        sides = joined({name: self.of[name] for name in wanted}, by, asking)
        known = ibis.coalesce(*(sides[name] for name in wanted)).notnull()
        total = reduce(add, (sides[name].fill_null(0) for name in wanted)).cast(MONEY_TYPE)
        value = ibis.ifelse(known, total, ibis.null(MONEY_TYPE))
        return sides.select(*by, value=value, top=value, bottom=ibis.null(MONEY_TYPE))

    def fact_rows(self, by: tuple[str, ...], asking: Asking) -> ir.Table:
        """The rows of variable pay the reading takes; base salary is in the assignments."""
        return self.of[_taken(asking)].fact_rows(by, asking)


pay_of_readings = CostOfSales(
    name="pay_of_readings",
    title="Pay, as read",
    unit=Unit.MONEY,
    doc="Pay of sellers or leaders, actual or at target, without or with base salary.",
    formula="Σ pay of the reading",
    choices=("pay_taken", "base_pay", "whose_pay", "credit_by"),
    good=0,
    of={
        "actual": _of_some(PayOfSome, payout_cost),
        "target": _of_some(StakesOfSome, target_incentive),
        "base": _of_some(StakesOfSome, base_salary),
    },
)

sold = replace(
    plan_credited,
    name="sold",
    title="Sold",
    doc="Bookings, of everybody for whoever may see everybody's pay; else of the people whose pay is seen.",
    formula="Σ credits in bookings",
    everybody=True,
    keep=lambda rows, _: rows.in_bookings,
)

compensation_cost_of_sales = Ratio(
    name="compensation_cost_of_sales",
    title="Compensation cost of sales",
    unit=Unit.PERCENT,
    doc="""Pay over what was sold. Read as actual pay or pay at target, without or with base salary, of those who sell or
    of those who lead them: never both in one number, for both are paid on the same sales. What was sold are bookings unless another
    measure is looked at. Leaders' pay has its sales below them: look at it in all, by period or by manager.""",
    formula="pay ÷ sales",
    source="CCOS; the readings taken are always stated, for published figures differ in them.",
    choices=("pay_taken", "base_pay", "whose_pay", "credit_by"),
    good=-1,
    top=pay_of_readings,
    bottom=sold,
)

SALES: tuple[Metric, ...] = (
    plan_credited,
    effective_rate,
    credited_per_cost,
    target_rate,
    quota_to_ote,
    compensation_cost_of_sales,
)
