"""The shape of attainment: how evenly results are spread, and how far a few people carry them."""

from __future__ import annotations

from decimal import Decimal
from statistics import fmean, pstdev

import numpy as np
import pyarrow as pa

from metrics.attainment import credited, quota_attainment
from metrics.base import Report, Row, Unit
from warehouse.access import UNASSIGNED

_TOP_SHARE = Decimal("0.2")
_CENTS = Decimal("0.0001")  # the last place money is kept to


def _spread(reps: pa.Table) -> Row:
    values = [v for v in reps["quota_attainment"].to_pylist() if v is not None]
    if not values:
        return {"reps": 0}
    mean = fmean(values)
    deviation = pstdev(values)
    quarter, median, three_quarters = (float(q) for q in np.quantile(values, [0.25, 0.5, 0.75]))
    return {
        "attainment_spread": deviation / mean if mean > 0 else None,
        "top": deviation,
        "bottom": mean,
        "median": median,
        "lower_quartile": quarter,
        "upper_quartile": three_quarters,
        "within_80_120": sum(0.8 <= v <= 1.2 for v in values) / len(values),
        "reps": len(values),
    }


attainment_spread = Report(
    name="attainment_spread",
    title="Spread of attainment",
    unit=Unit.PERCENT,
    doc="""How far apart reps with a quota are: the coefficient of variation (standard deviation of the population over
    the mean), with median, quartiles and the share of reps within 80–120 %.""",
    formula="standard deviation ÷ mean of reps' attainment",
    choices=("credit_by",),
    good=0,
    of=quota_attainment,
    also_by=("rep",),
    compute=_spread,
    schema={
        "attainment_spread": pa.float64(),
        "top": pa.float64(),
        "bottom": pa.float64(),
        "median": pa.float64(),
        "lower_quartile": pa.float64(),
        "upper_quartile": pa.float64(),
        "within_80_120": pa.float64(),
        "reps": pa.int64(),
    },
)


def _concentration(reps: pa.Table) -> Row:
    people = zip(reps["rep"].to_pylist(), reps["credited"].to_pylist(), strict=True)
    values = sorted((v for rep, v in people if rep != UNASSIGNED and v is not None and v > 0), reverse=True)
    total = sum(values, Decimal())
    if not values:
        return {"reps": 0}
    top = _top(values)
    return {
        "concentration": float(top / total),
        "top": top,
        "bottom": total,
        "gini": gini([float(v) for v in values]),
        "reps": len(values),
    }


def _top(values: list[Decimal]) -> Decimal:
    """Value of the top 20 % of people, the last one counted in part (7 people: 1.4 of them)."""
    wanted = _TOP_SHARE * len(values)
    whole = int(wanted)
    part = (wanted - whole) * values[whole] if whole < len(values) else Decimal()
    return (sum(values[:whole], Decimal()) + part).quantize(_CENTS)


def gini(values: list[float]) -> float:
    """Gini coefficient of non-negative values: 0 all equal, towards 1 one holds all.

    Half the relative mean absolute difference, from sorted values: Σ (2i − n − 1) x_i ÷ (n Σ x).
    """
    ordered = np.sort(np.asarray(values, dtype=float))
    n = ordered.size
    ranks = 2 * np.arange(1, n + 1) - n - 1
    return float((ranks * ordered).sum() / (n * ordered.sum()))


concentration = Report(
    name="concentration",
    title="Concentration of sales",
    unit=Unit.PERCENT,
    doc="Share of credited sales brought by the top 20 % of reps with sales, and the Gini coefficient beside it.",
    formula="credited of the top 20 % of reps ÷ credited of all",
    choices=("credit_by",),
    good=0,
    of=credited,
    also_by=("rep",),
    compute=_concentration,
    schema={
        "concentration": pa.float64(),
        "top": pa.decimal128(38, 4),
        "bottom": pa.decimal128(38, 4),
        "gini": pa.float64(),
        "reps": pa.int64(),
    },
)
