"""Pay for performance: whether those who reach more of their quota are paid more, and what else could explain it."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from metrics.ask import answer
from metrics.attainment import quota_attainment
from metrics.base import Asking, Metric, Row, Study, Unit, asking
from metrics.plan_return.cost import payout_cost
from metrics.plan_return.facts import places
from metrics.plan_return.sales import plan_credited
from metrics.view import View
from warehouse.access import Viewer
from warehouse.engine import Session

FEWEST = 8
"""With fewer people a correlation of ranks says nothing."""

_90 = 1.6448536269514722  # two-sided 90 % of a normal distribution
_OF_PAY = {"plan", "component"}

Values = npt.NDArray[np.float64]


def attainments(
    view: View, session: Session, viewer: Viewer, keys: tuple[str, ...] = ("rep",)
) -> dict[tuple[str, ...], float]:
    """People's attainment by the keys, whatever pay the view is filtered to."""
    return attained(asking(view, session, viewer, keys))


def attained(question: Asking) -> dict[tuple[str, ...], float]:
    """Attainment by the question's keys; filters that only pay knows are left out."""
    view = question.view
    where = tuple(pair for pair in view.where if pair[0] not in _OF_PAY)
    plain = replace(question.at(replace(view, where=where, compare="none")), by=question.by)
    rows = answer(quota_attainment, plain).to_pylist()
    found = {tuple(row[key] for key in question.by): row["quota_attainment"] for row in rows}
    return {key: value for key, value in found.items() if value is not None}


def _by(question: Asking, *keys: str) -> Asking:
    return replace(question, by=tuple(dict.fromkeys((*question.by, *keys))))


def _study(question: Asking) -> list[Row]:
    view = replace(question.view, compare="none")
    question = replace(question, view=view)
    pay = answer(payout_cost, _by(question, "rep")).to_pylist()
    sold = answer(plan_credited, _by(question, "rep")).to_pylist()
    keys = (*question.by, "rep") if "rep" not in question.by else question.by
    credited = {tuple(row[key] for key in keys): row["plan_credited"] for row in sold}
    reached = attained(replace(question, by=("rep",)))
    about = _about(question)
    groups: defaultdict[tuple[Any, ...], list[tuple[float, ...]]] = defaultdict(list)
    for row in pay:
        group = tuple(row[key] for key in question.by)
        found = groups[group]
        if (row["rep"],) in reached and row["payout_cost"] is not None:
            sales = credited.get(tuple(row[key] for key in keys)) or 0
            person = about.get(row["rep"], (math.nan, math.nan))
            found.append((float(row["payout_cost"]), reached[row["rep"],], float(sales), *person))
    if not question.by:
        groups = groups or defaultdict(list, {(): []})
    return [
        {**dict(zip(question.by, group, strict=True)), **related(rows)}
        for group, rows in sorted(groups.items())
    ]


def _about(question: Asking) -> dict[str, tuple[float, float]]:
    """For each visible person the potential of their territory and the days since they came."""
    tables, last = question.tables, question.view.until
    at = places(question)
    lands = tables.lookup("territories")
    reps = tables.when_theirs("reps")
    on = [
        at["territory_id"] == lands.territory_id,
        at["_from"] < lands.valid_to,
        at["_until"] > lands.valid_from,
    ]
    joined = at.left_join(lands, on).select(
        *(at[name] for name in ("_rep", "_from", "_until")),
        _since=lands.valid_from,
        _to=lands.valid_to,
        potential=lands.potential.cast("float64"),
    )
    rows = tables.run(joined.inner_join(reps.select("rep_id", "hire_date"), joined["_rep"] == reps.rep_id))
    return {row["rep_id"]: _person(row, last) for row in rows.to_pylist() if _holds(row, last)}


def _holds(row: dict[str, Any], last: date) -> bool:
    placed = row["_from"] <= last < row["_until"]
    return placed and (row["_since"] is None or row["_since"] <= last < row["_to"])


def _person(row: dict[str, Any], last: date) -> tuple[float, float]:
    potential = math.nan if row["potential"] is None else row["potential"]
    return potential, math.nan if row["hire_date"] is None else float((last - row["hire_date"]).days)


def related(people: Iterable[tuple[float, ...]]) -> Row:
    """Correlations of pay over people.

    Args:
        people: pay, attainment, credited value, potential of the territory, days of tenure; NaN where unknown.

    Returns:
        ``pay_for_performance`` (Spearman of pay and attainment), ``top`` (the same given potential and tenure), ``bottom``
        (Spearman of pay and credited value: mechanical), ``lower`` and ``upper`` (90 % interval of the first), ``people``
        and ``people_given``. Empty with fewer than ``FEWEST`` people.
    """
    values = np.array(list(people), dtype=float).reshape(-1, 5)
    found: Row = {"people": len(values), "people_given": 0}
    if len(values) < FEWEST:
        return found
    pay, attainment, sales = values[:, 0], values[:, 1], values[:, 2]
    raw = spearman(pay, attainment)
    lower, upper = interval(raw, len(values))
    full = values[~np.isnan(values).any(axis=1)]
    given = partial_spearman(full[:, 0], full[:, 1], full[:, 3:]) if len(full) >= FEWEST else None
    found |= {"pay_for_performance": raw, "top": given, "bottom": spearman(pay, sales)}
    return found | {"lower": lower, "upper": upper, "people_given": len(full)}


def ranks(values: Values) -> Values:
    """Ranks from 1, ties sharing their mean rank."""
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    return np.asarray((ends - (counts - 1) / 2.0)[place], dtype=float)


def spearman(one: Values, other: Values) -> float | None:
    """Correlation of ranks; None when either is all alike."""
    return _correlation(ranks(one), ranks(other))


def partial_spearman(one: Values, other: Values, given: Values) -> float | None:
    """Correlation of what is left of two ranks once the ranks of others (columns) are taken out linearly."""
    controls = np.column_stack([np.ones(len(one)), *(ranks(column) for column in given.T)])
    left = [
        values - controls @ np.linalg.lstsq(controls, values, rcond=None)[0]
        for values in map(ranks, (one, other))
    ]
    return _correlation(*left)


def _correlation(one: Values, other: Values) -> float | None:
    one, other = one - one.mean(), other - other.mean()
    size = math.sqrt(float(one @ one) * float(other @ other))
    return float(one @ other) / size if size > 1e-9 else None


def interval(rho: float | None, people: int) -> tuple[float | None, float | None]:
    """90 % interval of a Spearman correlation: Fisher's z, with the variance 1.06 ÷ (n − 3) for ranks.

    Source: Fieller, Hartley and Pearson (1957).
    """
    if rho is None:
        return None, None
    rho = max(min(rho, 0.999999), -0.999999)
    width = _90 * math.sqrt(1.06 / (people - 3))
    return math.tanh(math.atanh(rho) - width), math.tanh(math.atanh(rho) + width)


pay_for_performance = Study(
    name="pay_for_performance",
    title="Pay for performance",
    unit=Unit.NUMBER,
    doc="""Whether people who reach more of their quota are paid more: the rank correlation of pay with attainment, from −1 to
    1, with its 90 % interval. The first figure beside it is the same once the territory's potential and the person's
    tenure are taken out. The second, pay with value credited, is mechanical: commission is computed from sales, and says nothing
    of whether pay rewards performance.""",
    formula="Spearman correlation of the cost of pay with attainment over people",
    source="Spearman's rank correlation and its partial form; interval by Fieller, Hartley and Pearson (1957).",
    choices=("credit_by",),
    good=1,
    reads=(payout_cost, plan_credited, quota_attainment),
    work=_study,
    schema={
        "pay_for_performance": pa.float64(),
        "top": pa.float64(),
        "bottom": pa.float64(),
        "lower": pa.float64(),
        "upper": pa.float64(),
        "people": pa.int64(),
        "people_given": pa.int64(),
    },
)

PEOPLE: tuple[Metric, ...] = (pay_for_performance,)
