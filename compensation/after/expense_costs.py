"""Commission as a cost of obtaining contracts: which part of pay is one, of which deal, for how long it benefits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from compensation.inputs import MONEY, Inputs
from compensation.money.fine import Ints, codes_of, money, sums, units
from compensation.paying.parts import told
from compensation.run import Run

COSTS = pa.schema(
    [
        pa.field("rep", pa.string(), nullable=False),
        pa.field("plan_id", pa.string(), nullable=False),
        pa.field("component_id", pa.string(), nullable=False),
        pa.field("currency", pa.string(), nullable=False),
        pa.field("deal_id", pa.string(), nullable=False),  # '': tied to no deal
        pa.field("month_start", pa.date32(), nullable=False),  # the month it is a cost of
        pa.field("amount", MONEY, nullable=False),  # negative: a reversal, or what came back
        pa.field("benefit_months", pa.int64(), nullable=False),  # 0: expensed at once
        pa.field("comes_back", pa.bool_(), nullable=False),  # a clawback
        pa.field("lost_on", pa.date32()),  # the deal was cancelled
    ]
)
"""One row a payee, component, deal and month."""

_KEYS = [field.name for field in COSTS if field.name not in ("amount", "lost_on")]


@dataclass(frozen=True)
class Policy:
    """How a company accounts for commissions (ASC 340-40-25 and -35, IFRS 15 paragraphs 91 to 99).

    ``benefit`` says by type of deal over how many months the commission is of benefit (0: the deal's own term),
    ``benefit_months`` for all other types. What is of benefit for no more than ``at_once_up_to`` months is
    expensed at once (the practical expedient of ASC 340-40-25-4; 0: never). Only ``components`` are costs of
    obtaining contracts (empty: all that follow from deals); others would be paid anyway and are expensed at once.
    """

    benefit_months: int = 0
    benefit: Mapping[str, int] = field(default_factory=dict)
    at_once_up_to: int = 12
    components: tuple[str, ...] = ()
    rounding: str = "half_up"


def costs(run: Run, inputs: Inputs, policy: Policy) -> pa.Table:
    """The costs (COSTS) of a run: everything earned, held or not, when it was earned, and what came back.

    A release pays what already was a cost, so it is none. What follows from no deal, such as draws and
    adjustments, is expensed in the month it is paid with; draws count as pay, not as loans. All costs add up to
    all lines but the released ones.
    """
    lines = run.lines.filter(pc.not_equal(run.lines["kind"], "released"))
    at = pc.index_in(run.trace["line_id"], lines["line_id"].combine_chunks())
    inside = pc.and_(pc.is_valid(at), pc.not_equal(run.trace["deal_id"], ""))
    trace, row = run.trace.filter(inside), np.asarray(at.filter(inside)).astype(np.int64)
    of_deals = _of_deals(lines, trace, row, inputs, policy)
    return pa.concat_tables([_grouped(of_deals), _grouped(_of_none(lines, trace, row))])


def _of_deals(lines: pa.Table, trace: pa.Table, row: Ints, inputs: Inputs, policy: Policy) -> pa.Table:
    """What follows from deals, with its benefit and the day the deal was lost."""
    facts = _facts(trace, inputs)
    picked, earned = lines.take(pa.array(row)), units(trace["earned"])
    months = _benefit(facts, policy)
    if policy.components:
        months = np.where(pc.is_in(picked["component_id"], pa.array(policy.components)).to_numpy(), months, 0)
    return pa.table(
        {
            **{name: picked[name] for name in ("rep", "plan_id", "component_id", "currency")},
            "deal_id": trace["deal_id"],
            "month_start": picked["pay_start"],
            "benefit_months": pa.array(np.where(months <= policy.at_once_up_to, 0, months)),
            "comes_back": _comes_back(picked, earned, facts),
            "lost_on": facts["cancelled_on_min"],
            "units": pa.array(earned),
        }
    )


def _comes_back(lines: pa.Table, earned: Ints, facts: pa.Table) -> pa.Array:
    """Clawbacks, and held pay that is forfeited because its deal was cancelled."""
    clawback = pc.equal(lines["kind"], "clawback").to_numpy()
    held = pc.equal(lines["kind"], "held").to_numpy()
    return pa.array(clawback | (held & (earned < 0) & pc.is_valid(facts["cancelled_on_min"]).to_numpy()))


def _facts(trace: pa.Table, inputs: Inputs) -> pa.Table:
    """Type, term and cancellation of each trace row's deal, which is one contract."""
    rows = told(inputs.transactions, ["deal_id", "type", "term_months", "cancelled_on"])
    one = rows.group_by("deal_id").aggregate(
        [("type", "min"), ("term_months", "max"), ("cancelled_on", "min")]
    )
    at = pc.index_in(trace["deal_id"], one["deal_id"].combine_chunks())
    return one.take(at.combine_chunks() if isinstance(at, pa.ChunkedArray) else at)


def _benefit(facts: pa.Table, policy: Policy) -> Ints:
    """Months of benefit of each row; 0 where neither the policy nor the deal says."""
    term = np.asarray(pc.fill_null(facts["term_months_max"], 0)).astype(np.int64)
    kind, kinds = codes_of(facts["type_min"])
    said = np.array([policy.benefit.get(name, policy.benefit_months) for name in kinds] or [0], np.int64)[
        kind
    ]
    return np.where(said > 0, said, term)


def _of_none(lines: pa.Table, trace: pa.Table, row: Ints) -> pa.Table:
    """What of each line follows from no transaction."""
    rest = units(lines["amount"]) - sums(units(trace["earned"]), row, len(lines))
    kept = np.flatnonzero(rest)
    picked = lines.take(pa.array(kept))
    return pa.table(
        {
            **{name: picked[name] for name in ("rep", "plan_id", "component_id", "currency")},
            "deal_id": pa.repeat("", len(kept)),
            "month_start": picked["pay_start"],
            "benefit_months": pa.array(np.zeros(len(kept), np.int64)),
            "comes_back": pa.array(np.zeros(len(kept), bool)),
            "lost_on": pa.nulls(len(kept), pa.date32()),
            "units": pa.array(rest[kept]),
        }
    )


def _grouped(rows: pa.Table) -> pa.Table:
    """One row a payee, component, deal, month and benefit."""
    one = rows.group_by(_KEYS).aggregate([("units", "sum"), ("lost_on", "min")])
    values = {name: one[name] for name in _KEYS}
    values |= {"amount": money(np.asarray(one["units_sum"]).astype(np.int64)), "lost_on": one["lost_on_min"]}
    return pa.table([values[each.name] for each in COSTS], schema=COSTS)
