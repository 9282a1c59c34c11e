"""Attainment: what was sold against what was asked for."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import ibis.expr.types as ir

from metrics.base import (
    MONEY_TYPE,
    Asking,
    Derived,
    Measure,
    Metric,
    Pace,
    Ratio,
    Stock,
    Unit,
    joined,
)
from metrics.dimensions import CREDITS, PLACES, QUOTAS, with_dimensions
from metrics.linearity import straight, usual_share
from metrics.targets import Due, Target, carried_rows, cuts
from metrics.view import MetricError

credited = Measure(
    name="credited",
    title="Credited sales",
    unit=Unit.MONEY,
    doc="""Sales value credited to reps in the period, up to the as-of day. Revenue splits share a deal; overlay
    credits never count. A rep's credits belong to the team and manager the rep had on that day; the other
    reading moves all history with the rep.""",
    formula="Σ credits in bookings",
    source="Standard booking credit; splits as revenue shares summing to 100 %.",
    choices=("credit_by",),
    fact=CREDITS,
    value=lambda rows, _: rows.amount_reporting,
    keep=lambda rows, _: rows.in_bookings,
)


def _of_reps(rows: ir.Table, _: Asking) -> ir.BooleanValue:
    return rows.scope == "rep"


quota = Target(
    name="quota",
    title="Quota",
    unit=Unit.MONEY,
    doc="""Targets of the whole period, as they stand now. Quotas of periods longer than a month are cut into
    fiscal months by days, to the cent. A manager's or territory's own number is used where one is carried,
    else the reps' quotas are summed; the other reading always sums.""",
    formula="Σ quota",
    source="Standard quota carrying; see over-assignment for the difference between the two readings.",
    choices=("target_of", "credit_by"),
    good=0,
    fact=QUOTAS,
    value=lambda rows, _: rows.amount_reporting,
    keep=_of_reps,
    to_date=False,
)

ramped_quota = Target(
    name="ramped_quota",
    title="Ramped quota",
    unit=Unit.MONEY,
    doc="""Quota times the share of a full quota that the rep's ramp schedule asks for in that month of tenure.
    A rep without a ramp counts in full.""",
    formula="Σ quota × ramp share of the tenure month",
    source="Ramp schedules of the settings; the month of hire is month 1.",
    choices=("target_of", "credit_by"),
    good=0,
    fact=QUOTAS,
    value=lambda rows, _: rows.ramped_reporting,
    keep=_of_reps,
    to_date=False,
)


def _usual_share(asking: Asking) -> Decimal:
    return usual_share(credited, asking).share


expected_quota = Due(
    name="expected_quota",
    title="Quota due by today",
    unit=Unit.MONEY,
    doc="""Quota times the share of a period that is usually booked by this day, learnt from up to eight
    earlier periods of the company. A finished period is due in full.""",
    formula="Σ quota × share usually booked by this day",
    source="Linearity: Σ booked by day d ÷ Σ booked, over earlier periods of the same length.",
    choices=("target_of", "credit_by"),
    good=0,
    fact=QUOTAS,
    value=lambda rows, _: rows.amount_reporting,
    share=_usual_share,
    keep=_of_reps,
    to_date=False,
)

expected_quota_linear = Due(
    name="expected_quota_linear",
    title="Quota due by today, in a straight line",
    unit=Unit.MONEY,
    doc="Quota times the share of the period's days that have passed.",
    formula="Σ quota × days passed ÷ days of the period",
    choices=("target_of", "credit_by"),
    good=0,
    fact=QUOTAS,
    value=lambda rows, _: rows.amount_reporting,
    share=straight,
    keep=_of_reps,
    to_date=False,
)

quota_attainment = Ratio(
    name="quota_attainment",
    title="Quota attainment",
    unit=Unit.PERCENT,
    doc="""Credited sales over quota. A rep without a quota has no attainment; credits of such a rep still count for
    the team. A territory's sales
    are those of its deals, its quota that of the reps placed there or its own. While a period is in progress the whole period's quota is below the line: look at the run rate.""",
    formula="credited ÷ quota",
    source="Standard definition; ratios are taken from sums, never averaged.",
    choices=("credit_by", "target_of"),
    top=credited,
    bottom=quota,
)

ramped_attainment = Ratio(
    name="ramped_attainment",
    title="Attainment of ramped quota",
    unit=Unit.PERCENT,
    doc="Credited sales over the quota a rep's ramp schedule asks for, so that new reps are seen fairly.",
    formula="credited ÷ ramped quota",
    choices=("credit_by", "target_of"),
    top=credited,
    bottom=ramped_quota,
)

run_rate_attainment = Ratio(
    name="run_rate_attainment",
    title="Attainment at the usual pace",
    unit=Unit.PERCENT,
    doc="""Credited sales over the part of the quota that is usually booked by this day. Above 100 % the period lands
    above quota if it goes on as periods usually do.""",
    formula="credited ÷ (quota × share usually booked by this day)",
    source="Linearity from up to eight earlier periods of the company.",
    choices=("credit_by", "target_of"),
    top=credited,
    bottom=expected_quota,
)

run_rate_attainment_linear = Ratio(
    name="run_rate_attainment_linear",
    title="Attainment at an even pace",
    unit=Unit.PERCENT,
    doc="Credited sales over the part of the quota due by this day if every day sold the same.",
    formula="credited ÷ (quota × days passed ÷ days of the period)",
    choices=("credit_by", "target_of"),
    top=credited,
    bottom=expected_quota_linear,
)

quota_gap = Derived(
    name="quota_gap",
    title="Gap to quota",
    unit=Unit.MONEY,
    doc="What is still missing to the quota; negative once it is passed. Without a quota there is no gap.",
    formula="quota − credited",
    choices=("credit_by", "target_of"),
    good=-1,
    of={"credited": credited, "quota": quota},
    value=lambda sides: (sides.quota - sides.credited.fill_null(0)).cast(MONEY_TYPE),
    top="quota",
    bottom="credited",
)


@dataclass(frozen=True, kw_only=True, eq=False)
class OfCarriers(Ratio):
    """Σ credited ÷ Σ quota over the reps who carry a quota; the others' credits stay out."""

    def expression(self, by: tuple[str, ...], asking: Asking) -> ir.Table:
        """Reps first, then the keys."""
        reps = per_rep(self.top, self.bottom, by, asking)
        reps = reps.filter(reps.bottom > 0)
        sums = [reps.top.fill_null(0).sum().name("top"), reps.bottom.sum().name("bottom")]
        both = reps.group_by(list(by)).aggregate(sums) if by else reps.aggregate(sums)
        value = both.top.cast("float64") / both.bottom.cast("float64").nullif(0.0)
        return both.select(*by, value=value, top=both.top, bottom=both.bottom)


@dataclass(frozen=True, kw_only=True, eq=False)
class RepsOver(Ratio):
    """Reps at or above a bar of attainment ÷ reps who carry a quota."""

    bar: float = 1.0

    def expression(self, by: tuple[str, ...], asking: Asking) -> ir.Table:
        """Reps first, then counts of them."""
        reps = per_rep(self.top, self.bottom, by, asking)
        reps = reps.filter(reps.bottom > 0)
        reached = reps.top.fill_null(0).cast("float64") >= reps.bottom.cast("float64") * self.bar
        counts = [reached.ifelse(1, 0).sum().name("top"), reps.count().name("bottom")]
        both = reps.group_by(list(by)).aggregate(counts) if by else reps.aggregate(counts)
        both = both.mutate(top=both.top.fill_null(0))
        value = both.top.cast("float64") / both.bottom.cast("float64").nullif(0.0)
        return both.select(*by, value=value, top=both.top, bottom=both.bottom)


def per_rep(top: Metric, bottom: Metric, by: tuple[str, ...], asking: Asking) -> ir.Table:
    """Top and bottom for each rep within the keys; with ``rep`` among the keys only own quotas count."""
    return joined({"top": top, "bottom": bottom}, tuple(dict.fromkeys((*by, "rep"))), asking)


quota_realisation = OfCarriers(
    name="quota_realisation",
    title="Quota realisation",
    unit=Unit.PERCENT,
    doc="Credited sales of the reps who carry a quota, over their quotas; sales of others are left out.",
    formula="Σ credited ÷ Σ quota, over reps who carry a quota",
    choices=("credit_by",),
    top=credited,
    bottom=quota,
)

reps_at_quota = RepsOver(
    name="reps_at_quota",
    title="Reps at quota",
    unit=Unit.PERCENT,
    doc="""Share of the reps carrying a quota who reached 100 % of it in the period. Published benchmarks disagree
    (55–65 %, 60–70 %, measured 47–54 %), so no benchmark line is drawn.""",
    formula="reps at 100 % or more ÷ reps carrying a quota",
    choices=("credit_by",),
    top=credited,
    bottom=quota,
)


@dataclass(frozen=True, kw_only=True, eq=False)
class OverAssignment(Ratio):
    """Σ quotas of the reps below ÷ the manager's own number − 1, for managers who carry one."""

    def expression(self, by: tuple[str, ...], asking: Asking) -> ir.Table:
        """Both readings of the manager's quota side by side."""
        if "manager" not in by:
            raise MetricError(
                f"{self.name} is asked by manager: only a manager carries a number of their own."
            )
        target = quota
        below = target.total_of(Measure.fact_rows(target, by, asking), by, asking)
        own = with_dimensions(carried_rows(target, "team", by, asking), target.fact, cuts(by), asking)
        carried = target.total_of(own, by, asking).rename(bottom="value")
        both = carried.left_join(below, list(by), rname="{name}_right")
        value = both.value.cast("float64") / both.bottom.cast("float64").nullif(0.0) - 1.0
        return both.select(*by, value=value, top=both.value, bottom=both.bottom)


over_assignment = OverAssignment(
    name="over_assignment",
    title="Over-assignment",
    unit=Unit.PERCENT,
    doc="""How much more the reps below a manager are asked for than the manager is: the cushion against reps who
    miss. Only managers who carry a number of their own have one.""",
    formula="Σ quotas of reps below ÷ manager's quota − 1",
    good=0,
    top=quota,
    bottom=quota,
)

headcount = Stock(
    name="headcount",
    title="Reps in place",
    unit=Unit.COUNT,
    doc="People with an assignment in force on the last day looked at.",
    formula="count of reps with an assignment in force",
    good=0,
    fact=PLACES,
    value=lambda rows, _: rows.rep_id.nunique(),
    standing=lambda rows, day: (rows.valid_from <= day) & (rows.valid_to > day),
)

pace = Pace(
    name="pace",
    title="Pace against the previous period",
    unit=Unit.PERCENT,
    doc="Credited sales so far over credited sales at the same day of the previous period.",
    formula="credited to date ÷ credited by the same day of the previous period",
    choices=("credit_by",),
    of=credited,
    against="previous",
)

pace_last_year = Pace(
    name="pace_last_year",
    title="Pace against last year",
    unit=Unit.PERCENT,
    doc="Credited sales so far over credited sales at the same day of the same period a year earlier.",
    formula="credited to date ÷ credited by the same day of the same period last year",
    choices=("credit_by",),
    of=credited,
    against="last_year",
)
