"""Targets: reps' quotas summed, or the number whoever is looked at carries; and what of it is due."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

import ibis
import ibis.expr.types as ir

from metrics.base import AMOUNT_TYPE, END, START, Asking, Measure
from metrics.dimensions import check, filtered, of_measures, with_dimensions
from metrics.periods import TIME_DIMENSIONS, grain_of
from metrics.view import MetricError
from warehouse.engine import token

_DAY = timedelta(days=1)
_PLACE_KEYS = {"territory": "territory", "region": "territory", "manager": "team"}
"""Keys a quota can be carried at directly → the scope of such a quota."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Target(Measure):
    """A target: reps' quotas summed, unless whoever is looked at carries a number of their own.

    A manager or a territory can carry a number that is not the sum of the reps' quotas below. With the
    choice ``target_of = carried`` (the default) that number counts, month by month, wherever there is one;
    with ``sum_of_reps`` the reps' quotas are summed always. It counts by manager, territory or region, and
    when one manager is looked at; a total over several managers is a sum of reps.
    """

    def fact_rows(self, by: tuple[str, ...], asking: Asking) -> ir.Table:
        """The quota rows that count: carried ones, and reps' own for the months nothing is carried."""
        scope = carrying_scope(by, asking)
        if scope is None:
            return super().fact_rows(by, asking)
        check(self.fact, by, self.name)
        # Who carries decides which rows count; what else they are cut by is looked up once, after that.
        tree = tuple(name for name in by if name == "manager")
        rows, own = super().fact_rows(tree, asking), carried_rows(self, scope, by, asking)
        carrier = "territory_id" if scope == "territory" else "manager" if tree else None
        on = ["month_start", "measure", *([carrier] if carrier else [])]
        counting = ibis.union(rows.anti_join(own, on), own.select(rows.columns))
        return with_dimensions(counting, self.fact, cuts(by), asking)

    def values(self, asking: Asking) -> dict[str, object]:
        """No tokens of its own; refuses a view that cuts through a month.

        Raises:
            MetricError: quotas are kept by fiscal month, and the view does not hold whole ones.
        """
        view, calendar = asking.view, asking.calendar
        first, last = calendar.of("month", view.start), calendar.of("month", view.end - _DAY)
        if (first.start, last.end) != (view.start, view.end):
            raise MetricError(
                f"{self.name} is kept by fiscal month: look at whole ones, such as {first.start} to {last.end - _DAY}."
            )
        return {}


def carrying_scope(by: tuple[str, ...], asking: Asking) -> str | None:
    """Which carried quotas count for these keys: ``team``, ``territory`` or none."""
    if "rep" in by or asking.view.choice("target_of", "carried") == "sum_of_reps":
        return None
    keyed = next((_PLACE_KEYS[name] for name in by if name in _PLACE_KEYS), None)
    plain = set(by) <= {"measure", *TIME_DIMENSIONS}
    return keyed or ("team" if plain and len(asking.view.values("manager")) == 1 else None)


def carried_rows(target: Target, scope: str, by: tuple[str, ...], asking: Asking) -> ir.Table:
    """Quota rows a manager (scope ``team``) or territory (scope ``territory``) carries itself."""
    rows = asking.rows(target.fact)
    rows = rows.filter(rows.scope == scope, rows.month_start >= START, rows.month_start < END)
    rows = of_measures(rows, target.fact, asking)
    if scope == "team" and "manager" not in by:  # one manager is looked at, not the managers below
        rows = rows.filter(rows.rep_id == asking.wanted("manager")[0])
    rows = filtered(rows, target.fact, asking)
    return rows.mutate(manager=rows.rep_id) if "manager" in by else rows


def cuts(by: tuple[str, ...]) -> tuple[str, ...]:
    """The keys that carried rows do not have yet."""
    return tuple(name for name in by if name not in {"manager", "measure"})


@dataclass(frozen=True, kw_only=True, eq=False)
class Due(Target):
    """The part of a target that is due by the as-of day: past periods whole, the present one in part."""

    share: Callable[[Asking], Decimal]

    def values(self, asking: Asking) -> dict[str, object]:
        """The period in progress, and the share of it that is due."""
        super().values(asking)
        today = asking.calendar.of(grain_of(asking.calendar, asking.view, asking.by), asking.view.as_of)
        return {"today_start": today.start, "today_end": today.end, f"share_{self.name}": self.share(asking)}

    def amount(self, rows: ir.Table, asking: Asking) -> ir.Value:
        """What is due of a month's target."""
        share = token(f"share_{self.name}", "float64")
        today_start, today_end = token("today_start", "date"), token("today_end", "date")
        part = ibis.cases(
            (rows.month_start < today_start, 1.0), (rows.month_start < today_end, share), else_=0.0
        )
        return (super().amount(rows, asking).cast("float64") * part).round(4).cast(AMOUNT_TYPE)
