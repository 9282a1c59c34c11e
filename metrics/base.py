"""The shapes a metric can have, and how each becomes one expression.

A metric is a frozen description: name, unit, definition, source. Asked with some keys it gives an
Ibis expression with those keys and the columns ``value``, ``top`` and ``bottom``; nothing here knows
an engine or a screen.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from functools import reduce
from typing import TYPE_CHECKING

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from metrics.dimensions import Fact, check, filtered, of_measures, with_dimensions
from metrics.periods import TIME_DIMENSIONS, Calendar, calendar_of
from metrics.view import Compare, MetricError, View
from warehouse.access import Tables, Viewer
from warehouse.engine import Session, token

if TYPE_CHECKING:
    from warehouse.settings import Settings

AMOUNT_TYPE = "decimal(18, 4)"
"""Money of one row; summing it as it is costs a tenth less than widening every row first."""

MONEY_TYPE = "decimal(38, 4)"
"""Money summed; engines widen a sum by themselves."""

START, END, AS_OF, UNTIL = (token(name, "date") for name in ("start", "end", "as_of", "until"))


class Unit(StrEnum):
    """What a metric's number is."""

    MONEY = "money"
    PERCENT = "percent"  # 1.0 = 100 %
    TIMES = "times"
    COUNT = "count"
    DAYS = "days"
    NUMBER = "number"


@dataclass(frozen=True)
class Asking:
    """One question being answered: a view, through one viewer's tables."""

    view: View
    tables: Tables
    calendar: Calendar
    by: tuple[str, ...] = ()
    whole: bool = False  # rows with every column of their table, to be shown as records

    def rows(self, fact: Fact) -> ir.Table:
        """The fact's rows the viewer may see; only the columns a number can need, unless ``whole``."""
        rows = self.tables.table(fact.table)
        return rows if self.whole else rows.select(*fact.columns)

    @property
    def settings(self) -> Settings:
        """The settings of the version being read."""
        return self.tables.session.settings

    @property
    def credit_by(self) -> str:
        """Which reading of a mover's history the view takes."""
        return self.view.choice("credit_by", self.settings.definition("credit_by"))

    @property
    def measures(self) -> tuple[str, ...]:
        """The targets looked at; the default one when nobody filtered or grouped by measure."""
        named = self.view.values("measure")
        if not named and "measure" not in self.by:
            named = (self.settings.default_measure,)
        return named

    @property
    def values(self) -> dict[str, object]:
        """What the tokens in this question's expressions stand for."""
        view = self.view
        plain = {"start": view.start, "end": view.end, "as_of": view.as_of, "until": view.until}
        where = {f"where_{i}": value for i, (_, value) in enumerate(view.where)}
        targets = {f"measure_{i}": name for i, name in enumerate(self.measures)}
        counts = {f"counts_{i}": self.settings.measures[name].credits for i, name in enumerate(self.measures)}
        return {**self.tables.values, **plain, **where, **targets, **counts}

    @property
    def shape(self) -> tuple[object, ...]:
        """Everything but values that decides how an expression looks: the key of compiled SQL."""
        filters = tuple(name for name, _ in self.view.where)
        session = self.tables.session
        access = (type(self.tables), self.tables.viewer.roles, session.settings.manager_sees_pay)
        return (
            session.engine.dialect,
            self.by,
            filters,
            len(self.measures),
            self.credit_by,
            self.view.choices,
            access,
        )

    def wanted(self, dimension: str) -> list[ir.Scalar]:
        """The values a dimension is filtered to, as tokens."""
        return [token(f"where_{i}") for i, (name, _) in enumerate(self.view.where) if name == dimension]

    def at(self, view: View) -> Asking:
        """The same question of another view."""
        return replace(self, view=view, tables=replace(self.tables, as_of=view.as_of))


def asking(view: View, session: Session, viewer: Viewer, by: tuple[str, ...] = ()) -> Asking:
    """A question through a viewer's own tables.

    Raises:
        MetricError: the view is filtered to a target that does not exist.
    """
    unknown = set(view.values("measure")) - set(session.settings.measures)
    if unknown:
        known = ", ".join(session.settings.measures)
        raise MetricError(f"There is no measure “{min(unknown)}”; known are {known}.")
    return Asking(view, Tables(viewer, session, view.as_of), calendar_of(session), by)


@dataclass(frozen=True, kw_only=True, eq=False)
class Metric:
    """What every metric says of itself."""

    name: str
    title: str
    unit: Unit
    doc: str  # the definition in a sentence or two
    formula: str
    source: str = ""  # where the definition comes from
    choices: tuple[str, ...] = ()  # definitions of the settings that change it
    good: int = 1  # 1: more is better, -1: less is better, 0: neither

    @property
    def kind(self) -> str:
        """The shape: measure, ratio, derived, stock, report or pace."""
        shapes = (Measure, Ratio, Derived, Stock, Report, Study, Pace)
        name = next(shape.__name__.lower() for shape in shapes if isinstance(self, shape))
        return "report" if name == "study" else name

    @property
    def parts(self) -> tuple[Metric, ...]:
        """The metrics it is made of."""
        return ()

    @property
    def pay(self) -> bool:
        """Whether it tells somebody's pay, so that no answer may be kept for longer than it is shown."""
        return any(part.pay for part in self.parts)

    def row_values(self, asking: Asking) -> dict[str, object]:
        """Values of tokens that its rows have beside the question's own."""
        return {name: value for part in self.parts for name, value in part.row_values(asking).items()}

    def values(self, asking: Asking) -> dict[str, object]:
        """Values of tokens its expression has beside the question's own."""
        return {name: value for part in self.parts for name, value in part.values(asking).items()}

    def expression(self, by: tuple[str, ...], asking: Asking) -> ir.Table:
        """Keys, value, top and bottom."""
        raise NotImplementedError

    def fact_rows(self, by: tuple[str, ...], asking: Asking) -> ir.Table:
        """The records behind the number."""
        return self.parts[0].fact_rows(by, asking)

    def side(self, name: str) -> Metric:
        """The metric whose records stand behind ``top`` or ``bottom``."""
        return self.parts[-1] if name == "bottom" and self.parts else self


@dataclass(frozen=True, kw_only=True, eq=False)
class Measure(Metric):
    """A sum over the rows of a fact within the view's period, up to its as-of day."""

    fact: Fact
    value: Callable[[ir.Table, Asking], ir.Value]
    keep: Callable[[ir.Table, Asking], ir.BooleanValue] | None = None
    to_date: bool = True  # flows count up to the as-of day; targets count for the whole period
    combine: Callable[[ir.Value], ir.Value] = field(default=lambda column: column.sum())

    @property
    def pay(self) -> bool:
        """Whether its fact tells somebody's pay."""
        return self.fact.pay

    def origin(self, by: tuple[str, ...], asking: Asking) -> ir.Table:
        """The fact's rows, before any period or filter; ``by`` are the keys wanted."""
        del by
        return asking.rows(self.fact)

    def fact_rows(self, by: tuple[str, ...], asking: Asking) -> ir.Table:
        """The fact's rows in the view's period, through its filters, with the keys' columns."""
        check(self.fact, by, self.name)
        filters = (name for name, _ in asking.view.where if name not in self.fact.passes)
        check(self.fact, tuple(filters), self.name)
        rows = self._dated(self.origin(by, asking))
        if self.keep is not None:
            rows = rows.filter(self.keep(rows, asking))
        if "measure" in self.fact.keys:
            rows = of_measures(rows, self.fact, asking)
        rows = filtered(rows, self.fact, asking)
        return with_dimensions(rows, self.fact, tuple(n for n in by if n != "measure"), asking)

    def expression(self, by: tuple[str, ...], asking: Asking) -> ir.Table:
        """Keys, value, top (= value) and bottom (empty)."""
        total = self.totals(by, asking)
        return total.mutate(top=total.value, bottom=ibis.null(total.value.type()))

    def totals(self, by: tuple[str, ...], asking: Asking) -> ir.Table:
        """Keys and value alone."""
        rows = self.fact_rows(by, asking)
        return self.total_of(rows, by, asking)

    def total_of(self, rows: ir.Table, by: tuple[str, ...], asking: Asking) -> ir.Table:
        """Keys and value of rows already chosen."""
        value = self.combine(self.amount(rows, asking)).name("value")
        return rows.group_by(list(by)).aggregate(value) if by else rows.aggregate(value)

    def amount(self, rows: ir.Table, asking: Asking) -> ir.Value:
        """What one row counts."""
        return self.value(rows, asking)

    def _dated(self, rows: ir.Table) -> ir.Table:
        day = rows[self.fact.day]
        rows = rows.filter(day >= START, day < END)
        return rows.filter(rows[self.fact.day] <= AS_OF) if self.to_date else rows


@dataclass(frozen=True, kw_only=True, eq=False)
class Stock(Metric):
    """What stands on the as-of day; it never sums over days, so time is no key."""

    fact: Fact
    value: Callable[[ir.Table, Asking], ir.Value]
    standing: Callable[[ir.Table, ir.Scalar], ir.BooleanValue]

    @property
    def pay(self) -> bool:
        """Whether its fact tells somebody's pay."""
        return self.fact.pay

    def fact_rows(self, by: tuple[str, ...], asking: Asking) -> ir.Table:
        """The rows that stand on the view's last day."""
        timed = [name for name in by if name in TIME_DIMENSIONS]
        if timed:
            raise MetricError(f"{self.name} is a stock: ask it once for each day, not by {timed[0]}.")
        check(self.fact, (*by, *(name for name, _ in asking.view.where)), self.name)
        rows = asking.tables.table(self.fact.table)
        rows = rows.filter(self.standing(rows, UNTIL))
        return with_dimensions(filtered(rows, self.fact, asking), self.fact, by, asking)

    def expression(self, by: tuple[str, ...], asking: Asking) -> ir.Table:
        """Keys, value, top (= value) and bottom (empty)."""
        rows = self.fact_rows(by, asking)
        value = self.value(rows, asking).name("value")
        total = rows.group_by(list(by)).aggregate(value) if by else rows.aggregate(value)
        return total.mutate(top=total.value, bottom=ibis.null(total.value.type()))


@dataclass(frozen=True, kw_only=True, eq=False)
class Ratio(Metric):
    """Top over bottom, from sums; empty where the bottom is empty or zero."""

    top: Metric
    bottom: Metric

    @property
    def parts(self) -> tuple[Metric, ...]:
        """Top and bottom."""
        return (self.top, self.bottom)

    def expression(self, by: tuple[str, ...], asking: Asking) -> ir.Table:
        """Each side aggregated, then joined on coalesced keys."""
        sides = joined({"top": self.top, "bottom": self.bottom}, by, asking)
        # A target nobody sold against is 0 %, not unknown; sales without a target stay undefined.
        top = ibis.ifelse(sides.bottom.notnull(), sides.top.fill_null(0), sides.top)
        sides = sides.mutate(top=top)
        value = sides.top.cast("float64") / sides.bottom.cast("float64").nullif(0.0)
        return sides.mutate(value=value).select(*by, "value", "top", "bottom")


@dataclass(frozen=True, kw_only=True, eq=False)
class Derived(Metric):
    """An expression over other metrics asked with the same keys."""

    of: Mapping[str, Metric]
    value: Callable[[ir.Table], ir.Value]
    top: str
    bottom: str

    @property
    def parts(self) -> tuple[Metric, ...]:
        """The metrics it is computed from."""
        return tuple(self.of.values())

    def side(self, name: str) -> Metric:
        """The metric that stands for ``top`` or ``bottom``."""
        return self.of[self.top if name == "top" else self.bottom]

    def expression(self, by: tuple[str, ...], asking: Asking) -> ir.Table:
        """Keys, value and the two metrics that stand for top and bottom."""
        sides = joined(self.of, by, asking)
        return sides.select(*by, value=self.value(sides), top=sides[self.top], bottom=sides[self.bottom])


Row = dict[str, Decimal | float | int | str | None]
"""One group's columns in a report."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Report(Metric):
    """Takes frames the engine aggregated and gives a frame with a declared schema."""

    of: Metric
    also_by: tuple[str, ...]  # keys the inner question is asked with, beside the outer ones
    compute: Callable[[pa.Table], Row]
    schema: Mapping[str, pa.DataType]  # columns after the keys; the first three: name, top, bottom

    @property
    def parts(self) -> tuple[Metric, ...]:
        """The metric it reports on."""
        return (self.of,)


@dataclass(frozen=True, kw_only=True, eq=False)
class Study(Metric):
    """Several frames the engine aggregated, worked on together: a report whose rows need one another."""

    reads: tuple[Metric, ...]  # what it asks; the records behind it are those of the first
    work: Callable[[Asking], list[Row]]  # rows with the keys and the schema's columns
    schema: Mapping[str, pa.DataType]  # columns after the keys; the first three: name, top, bottom

    @property
    def parts(self) -> tuple[Metric, ...]:
        """The metrics it asks."""
        return self.reads


@dataclass(frozen=True, kw_only=True, eq=False)
class Pace(Metric):
    """A measure so far over the same measure at the same day of an earlier period."""

    of: Metric
    against: Compare

    @property
    def parts(self) -> tuple[Metric, ...]:
        """The measure whose pace it is."""
        return (self.of,)


def joined(sides: Mapping[str, Metric], by: tuple[str, ...], asking: Asking) -> ir.Table:
    """Metrics side by side, one column each, outer joined on their keys (no row of any is lost)."""
    tables = [_side(name, metric, by, asking) for name, metric in sides.items()]
    return reduce(lambda left, right: _outer(left, right, by), tables)


def _side(name: str, metric: Metric, by: tuple[str, ...], asking: Asking) -> ir.Table:
    table = metric.expression(by, asking)
    return table.select(*by, **{name: table.value})


def _outer(left: ir.Table, right: ir.Table, by: tuple[str, ...]) -> ir.Table:
    values = [c for c in (*left.columns, *right.columns) if c not in by]
    if not by:
        return left.cross_join(right)
    both = left.outer_join(right, list(by), rname="{name}_right")
    keys = {name: ibis.coalesce(both[name], both[f"{name}_right"]) for name in by}
    return both.select(**keys, **{name: both[name] for name in values})


__all__ = [
    "Asking",
    "Derived",
    "Measure",
    "Metric",
    "MetricError",
    "Pace",
    "Ratio",
    "Report",
    "Stock",
    "Study",
    "Unit",
    "View",
    "asking",
    "joined",
]
