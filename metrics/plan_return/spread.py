"""How pay is spread over people: concentration, Lorenz curve, and the distribution against target."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pyarrow as pa

from metrics.ask import ask
from metrics.base import Metric, Report, Row, Unit
from metrics.plan_return.cost import payout_cost, payout_index
from metrics.shape import gini
from metrics.view import View
from warehouse.access import UNASSIGNED, Viewer
from warehouse.engine import Session

_TOP_SHARE = Decimal("0.1")
_CENTS = Decimal("0.0001")


def _paid(reps: pa.Table) -> list[Decimal]:
    """What people were paid, most first; nobody without pay."""
    pairs = zip(reps["rep"].to_pylist(), reps["payout_cost"].to_pylist(), strict=True)
    return sorted((v for rep, v in pairs if rep != UNASSIGNED and v is not None and v > 0), reverse=True)


def _concentration(reps: pa.Table) -> Row:
    values = _paid(reps)
    total = sum(values, Decimal())
    if not values:
        return {"people": 0}
    wanted = _TOP_SHARE * len(values)
    whole = int(wanted)  # the last person of the top tenth counts in part: 15 people, 1.5 of them
    top = (sum(values[:whole], Decimal()) + (wanted - whole) * values[whole]).quantize(_CENTS)
    return {
        "payout_concentration": float(top / total),
        "top": top,
        "bottom": total,
        "gini": gini([float(v) for v in values]),
        "people": len(values),
    }


payout_concentration = Report(
    name="payout_concentration",
    title="Concentration of pay",
    unit=Unit.PERCENT,
    doc="""Share of the cost of pay that goes to the best paid tenth of the people who were paid, and the Gini coefficient
    beside it: 0 when all are paid alike, towards 1 when one has everything.""",
    formula="pay of the best paid tenth ÷ pay of all",
    source="Top-decile share and Gini coefficient (half the relative mean absolute difference).",
    choices=("credit_by",),
    good=0,
    of=payout_cost,
    also_by=("rep",),
    compute=_concentration,
    schema={
        "payout_concentration": pa.float64(),
        "top": pa.decimal128(38, 4),
        "bottom": pa.decimal128(38, 4),
        "gini": pa.float64(),
        "people": pa.int64(),
    },
)

LORENZ = pa.schema([pa.field("people", pa.float64()), pa.field("pay", pa.float64())])


def lorenz(reps: pa.Table) -> pa.Table:
    """The Lorenz curve of pay: cumulated share of people, least paid first, and of pay; from (0, 0) to (1, 1).

    Args:
        reps: an answer of ``payout_cost`` by rep (columns ``rep``, ``payout_cost``).

    Returns:
        Schema ``LORENZ``, one row more than there are people with pay; empty when there is nobody.
    """
    values = np.array([float(v) for v in reversed(_paid(reps))])
    if not values.size:
        return LORENZ.empty_table()
    people = np.arange(values.size + 1) / values.size
    pay = np.concatenate([[0.0], np.cumsum(values) / values.sum()])
    return pa.table({"people": people, "pay": pay}, schema=LORENZ)


def _distribution(reps: pa.Table) -> Row:
    values = [v for v in reps["payout_index"].to_pylist() if v is not None]
    if not values:
        return {"people": 0}
    tenth, quarter, median, three_quarters, ninth = (
        float(q) for q in np.quantile(values, [0.1, 0.25, 0.5, 0.75, 0.9])
    )
    return {
        "payout_distribution": median,
        "top": ninth,
        "bottom": tenth,
        "lower_quartile": quarter,
        "upper_quartile": three_quarters,
        "unpaid": sum(v <= 0 for v in values) / len(values),
        "above_target": sum(v >= 1 for v in values) / len(values),
        "top_decile_to_median": ninth / median if median > 0 else None,
        "people": len(values),
    }


payout_distribution = Report(
    name="payout_distribution",
    title="Distribution of pay",
    unit=Unit.PERCENT,
    doc="""How people's pay lies around their target: the median of their payout indexes, with tenths and quartiles, the share
    paid nothing and the share at target or above. The ninth tenth is what an excellent performer is paid; over the median it
    is the upside the plan really gives.""",
    formula="median of people's (cost of pay ÷ target incentive)",
    source="Excellence read at the 90th percentile; linear interpolation between people.",
    choices=("credit_by",),
    good=0,
    of=payout_index,
    also_by=("rep",),
    compute=_distribution,
    schema={
        "payout_distribution": pa.float64(),
        "top": pa.float64(),
        "bottom": pa.float64(),
        "lower_quartile": pa.float64(),
        "upper_quartile": pa.float64(),
        "unpaid": pa.float64(),
        "above_target": pa.float64(),
        "top_decile_to_median": pa.float64(),
        "people": pa.int64(),
    },
)

ON_CURVE = pa.schema(
    [
        pa.field("rep", pa.string()),
        pa.field("quarter", pa.string()),
        pa.field("attainment", pa.float64()),
        pa.field("payout_index", pa.float64()),
    ]
)


def on_curve(view: View, session: Session, viewer: Viewer) -> pa.Table:
    """Where people's quarters landed on the payout curve: schema ``ON_CURVE``, sorted by rep and quarter.

    People whose pay the viewer may see, with a quota and a target in that quarter. Filters by plan or
    component choose the pay; attainment is the person's own.
    """
    from metrics.plan_return.people import attainments

    keys = ("rep", "quarter")
    paid = ask(payout_index, keys, view=view, session=session, viewer=viewer).to_pylist()
    reached = attainments(view, session, viewer, keys)
    rows = [
        {**row, "attainment": reached.get((row["rep"], row["quarter"]))}
        for row in paid
        if row["payout_index"] is not None
    ]
    return pa.Table.from_pylist([row for row in rows if row["attainment"] is not None], schema=ON_CURVE)


SPREAD: tuple[Metric, ...] = (payout_concentration, payout_distribution)
