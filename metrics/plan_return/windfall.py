"""Windfalls: pay that follows from single deals larger than a person's whole quarter."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import ibis.expr.types as ir
import pyarrow as pa

from metrics.ask import answer
from metrics.attainment import quota
from metrics.base import Asking, Metric, Row, Study, Unit, joined
from metrics.plan_return.cost import payout_cost
from metrics.plan_return.facts import PlanCredits
from metrics.plan_return.sales import plan_credited

_OWN = ("rep", "quarter")
_OF_PAY = {"plan", "component"}
_CENTS = Decimal("0.0001")

_of_deals = PlanCredits(
    name="credited_by_deal",
    title="Credited by deal",
    unit=Unit.MONEY,
    doc="Value credited to a person from one deal.",
    formula="Σ credits of a deal",
    value=lambda rows, _: rows.amount_reporting,
    keep=lambda rows, _: rows.in_bookings,
)


@dataclass(frozen=True, kw_only=True, eq=False)
class Windfalls(Metric):
    """Value of a person's quarter that came from deals larger than their quota of it; asked by rep and quarter."""

    deals: PlanCredits
    bar: Metric

    @property
    def parts(self) -> tuple[Metric, ...]:
        """The deals, and what they are measured by."""
        return (self.deals, self.bar)

    def expression(self, by: tuple[str, ...], asking: Asking) -> ir.Table:
        """Keys, windfalls as ``value`` and ``top``, everything credited as ``bottom``."""
        rows = self.deals.fact_rows(by, asking)
        deals = rows.group_by([*by, "opportunity_id"]).aggregate(value=rows.amount_reporting.sum())
        bars = joined({"bar": self.bar}, by, asking)
        on = [deals[name] == bars[name] for name in by]
        both = deals.left_join(bars, on).select(*[deals[name] for name in (*by, "value")], bars.bar)
        large = (both.bar > 0) & (both.value > both.bar)
        found = both.group_by(list(by)).aggregate(
            top=large.ifelse(both.value, 0).sum(), bottom=both.value.sum()
        )
        return found.select(*by, value=found.top, top=found.top, bottom=found.bottom)


windfall_credited = Windfalls(
    name="windfall_credited",
    title="Credited from windfalls",
    unit=Unit.MONEY,
    doc="Value credited from single deals larger than the person's whole quota of the quarter.",
    formula="Σ credits of deals larger than the quarter's quota",
    choices=("credit_by",),
    good=0,
    deals=_of_deals,
    bar=quota,
)


def _study(question: Asking) -> list[Row]:
    question = replace(question, view=replace(question.view, compare="none"))
    shares = _shares(question)
    by = tuple(dict.fromkeys((*question.by, *_OWN)))
    whole: defaultdict[tuple[Any, ...], Decimal] = defaultdict(Decimal)
    lucky: defaultdict[tuple[Any, ...], Decimal] = defaultdict(Decimal)
    for row in answer(payout_cost, replace(question, by=by)).to_pylist():
        key = tuple(row[name] for name in question.by)
        paid = row["payout_cost"] or Decimal()
        whole[key] += paid
        lucky[key] += (paid * shares.get((row["rep"], row["quarter"]), Decimal())).quantize(_CENTS)
    if not question.by:
        whole.setdefault((), Decimal())
    return [
        {**dict(zip(question.by, key, strict=True)), **_row(lucky[key], whole[key])} for key in sorted(whole)
    ]


def _row(lucky: Decimal, whole: Decimal) -> Row:
    if not whole:
        return {}
    return {"windfall_share": float(lucky) / float(whole), "top": lucky, "bottom": whole}


def _shares(question: Asking) -> dict[tuple[str, str], Decimal]:
    """For a person's quarter, the part of what was credited that came from windfalls."""
    where = tuple(pair for pair in question.view.where if pair[0] not in _OF_PAY)
    plain = replace(question.at(replace(question.view, where=where)), by=_OWN)
    rows = answer(windfall_credited, plain).to_pylist()
    return {(row["rep"], row["quarter"]): row["top"] / row["bottom"] for row in rows if row["bottom"]}


windfall_share = Study(
    name="windfall_share",
    title="Windfall share of pay",
    unit=Unit.PERCENT,
    doc="""How much of the cost of pay follows from windfalls: single deals that alone are larger than the person's whole quota
    of the quarter. Pay of a quarter is spread over the sales credited in it in proportion, so it is an attribution, not
    a calculation by the plan's rules. Pay on the sales of others, and of people without a quota, has no windfalls.""",
    formula="Σ pay of the quarter × (credited from windfalls ÷ credited) ÷ Σ pay",
    choices=("credit_by",),
    good=-1,
    reads=(payout_cost, plan_credited, quota),
    work=_study,
    schema={"windfall_share": pa.float64(), "top": pa.decimal128(38, 4), "bottom": pa.decimal128(38, 4)},
)

WINDFALLS: tuple[Metric, ...] = (windfall_share,)
