"""What pay costs: payouts and what was at stake, and the ratios between them."""

from __future__ import annotations

from dataclasses import dataclass

import ibis.expr.types as ir

from metrics.base import MONEY_TYPE, Asking, Derived, Metric, Ratio, Unit, joined
from metrics.plan_return.facts import WHOLE_PAYOUTS, Pay, Stakes

_ADVANCES = ("draw", "recovery")

payout_cost = Pay(
    name="payout_cost",
    title="Cost of pay",
    unit=Unit.MONEY,
    doc="""Everything paid under plans for periods that ended in the time looked at: earnings, draws and
    adjustments, less recoveries and clawbacks. It counts on the day it was earned, at that day's rate of exchange, in the
    team and role the person had then.""",
    formula="Σ payouts",
    source="Payouts as recorded: earning, draw, recovery, clawback, adjustment and true-up.",
    choices=("credit_by",),
    good=0,
    value=lambda rows, _: rows.amount_reporting,
)

earnings = Pay(
    name="earnings",
    title="Earnings",
    unit=Unit.MONEY,
    doc="""What was earned under plans, less what was clawed back: the cost of pay without draws and their recovery,
    which only move money in time or top it up.""",
    formula="Σ payouts that are neither draw nor recovery",
    choices=("credit_by",),
    good=0,
    value=lambda rows, _: rows.amount_reporting,
    keep=lambda rows, _: ~rows.kind.isin(_ADVANCES),
)

whole_cost = Pay(
    name="whole_cost",
    title="Cost of pay of all components",
    unit=Unit.MONEY,
    doc="The cost of pay, whatever component is looked at: what a component's share is a share of.",
    formula="Σ payouts of every component",
    choices=("credit_by",),
    good=0,
    fact=WHOLE_PAYOUTS,
    value=lambda rows, _: rows.amount_reporting,
)

target_incentive = Stakes(
    name="target_incentive",
    title="Target incentive",
    unit=Unit.MONEY,
    doc="""What people on plans earn at target, for periods that ended in the time looked at: the yearly amount
    by days of the fiscal year. Each component open to a person has the part its weight is of all open to them, so the
    components add up to the whole; without weights it belongs to no component.""",
    formula="Σ yearly target incentive × days ÷ days of the year × weight ÷ Σ weights open to the person",
    source="Plan assignments, and the roles, teams and weights the plan's text names.",
    choices=("credit_by",),
    good=0,
    value=lambda rows, _: rows.stake,
)

base_salary = Stakes(
    name="base_salary",
    title="Base salary",
    unit=Unit.MONEY,
    doc="""Base salary of people on plans, for the months that ended in the time looked at: the yearly amount by days of
    the fiscal year.""",
    formula="Σ yearly base salary × days ÷ days of the year",
    choices=("credit_by",),
    good=0,
    column="base_salary",
    base=True,
    value=lambda rows, _: rows.stake,
)

on_target_earnings = Derived(
    name="on_target_earnings",
    title="On-target earnings",
    unit=Unit.MONEY,
    doc="Base salary and target incentive together, for the time looked at.",
    formula="base salary + target incentive",
    source="OTE as the field defines it.",
    choices=("credit_by",),
    good=0,
    of={"target_incentive": target_incentive, "base_salary": base_salary},
    value=lambda sides: (sides.base_salary.fill_null(0) + sides.target_incentive.fill_null(0)).cast(
        MONEY_TYPE
    ),
    top="target_incentive",
    bottom="base_salary",
)

pay_mix = Ratio(
    name="pay_mix",
    title="Pay mix",
    unit=Unit.PERCENT,
    doc="How much of on-target earnings is incentive; the rest is base salary.",
    formula="target incentive ÷ (base salary + target incentive)",
    source="Pay mix as the field defines it.",
    choices=("credit_by",),
    good=0,
    top=target_incentive,
    bottom=on_target_earnings,
)


@dataclass(frozen=True, kw_only=True, eq=False)
class ShareOfCost(Ratio):
    """Cost over the cost of all components within the other keys."""

    def expression(self, by: tuple[str, ...], asking: Asking) -> ir.Table:
        """Each side aggregated; the whole is the same for every component."""
        keys = tuple(name for name in by if name != "component")
        part = self.top.expression(by, asking).rename(part="value")
        whole = self.bottom.expression(keys, asking).select(*keys, whole="value")
        both = part.join(whole, list(keys)) if keys else part.cross_join(whole)
        value = both.part.cast("float64") / both.whole.cast("float64").nullif(0.0)
        return both.select(*[both[name] for name in by], value=value, top=both.part, bottom=both.whole)


component_cost_share = ShareOfCost(
    name="component_cost_share",
    title="Share of the cost of pay",
    unit=Unit.PERCENT,
    doc="""How much of the cost of pay a component is, within the plan, team or period looked at. Over all components the
    shares add up to 100 %. Asked without a component it is the whole.""",
    formula="cost of the component ÷ cost of all components",
    choices=("credit_by",),
    good=0,
    top=payout_cost,
    bottom=whole_cost,
)

payout_index = Ratio(
    name="payout_index",
    title="Payout index",
    unit=Unit.PERCENT,
    doc="""What was paid over what was at stake at target, component by component: 100 % is pay as planned. A component
    without a weight has no target and no index.""",
    formula="cost of pay ÷ target incentive",
    source="Paid against target incentive, per component.",
    choices=("credit_by",),
    good=0,
    top=payout_cost,
    bottom=target_incentive,
)


@dataclass(frozen=True, kw_only=True, eq=False)
class People(Stakes):
    """How many people something was open to."""

    def total_of(self, rows: ir.Table, by: tuple[str, ...], asking: Asking) -> ir.Table:
        """Keys and the number of different people."""
        del asking
        value = rows.rep_id.nunique().name("value")
        return rows.group_by(list(by)).aggregate(value) if by else rows.aggregate(value)


eligible_people = People(
    name="eligible_people",
    title="People it is open to",
    unit=Unit.COUNT,
    doc="""People assigned to a plan to whom the component is open: their role and team are those its text names. Counted
    for periods that ended in the time looked at.""",
    formula="count of people with the component open to them",
    choices=("credit_by",),
    good=0,
    people=True,
    value=lambda rows, _: rows.stake,
)


@dataclass(frozen=True, kw_only=True, eq=False)
class Earners(Ratio):
    """Of the people it is open to, those who were paid something."""

    def expression(self, by: tuple[str, ...], asking: Asking) -> ir.Table:
        """People first, then counts of them."""
        people = joined({"paid": self.top, "open": self.bottom}, tuple(dict.fromkeys((*by, "rep"))), asking)
        people = people.filter(people.open > 0)
        earned = (people.paid.fill_null(0) > 0).ifelse(1, 0).sum().fill_null(0)
        counts = [earned.name("top"), people.count().name("bottom")]
        both = people.group_by(list(by)).aggregate(counts) if by else people.aggregate(counts)
        value = both.top.cast("float64") / both.bottom.cast("float64").nullif(0.0)
        return both.select(*by, value=value, top=both.top, bottom=both.bottom)


eligible_earning = Earners(
    name="eligible_earning",
    title="Eligible people who earned",
    unit=Unit.PERCENT,
    doc="""Of the people a component is open to, the share who were paid anything by it in the time looked at. A component
    almost nobody earns, or everybody always does, steers little.""",
    formula="people paid more than nothing ÷ people it is open to",
    source="Share of assigned people with a payout above zero.",
    choices=("credit_by",),
    good=0,
    top=payout_cost,
    bottom=eligible_people,
)

COST: tuple[Metric, ...] = (
    payout_cost,
    earnings,
    target_incentive,
    base_salary,
    on_target_earnings,
    pay_mix,
    component_cost_share,
    payout_index,
    eligible_people,
    eligible_earning,
)
