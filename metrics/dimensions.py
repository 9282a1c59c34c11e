"""Dimensions: what a metric can be cut and filtered by, and how each fact knows it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import ibis.expr.types as ir

from metrics.periods import TIME_DIMENSIONS
from metrics.view import MetricError
from warehouse.access import UNASSIGNED
from warehouse.engine import token

if TYPE_CHECKING:
    from metrics.base import Asking


@dataclass(frozen=True, eq=False)
class Fact:
    """A table that is measured: its date, and the columns that hold dimension keys."""

    table: str
    day: str
    keys: Mapping[str, str]
    sums: tuple[str, ...] = ()  # further columns metrics sum or choose rows by
    finest: str = "day"  # finest time dimension it can be cut by
    stands: bool = False  # a stock: attributes are those of the day looked at, not of ``day``
    placed: str = ""  # the column of the day people are placed on, where it is not ``day``
    pay: bool = False  # its rows are chosen by, or tell, somebody's pay
    passes: tuple[str, ...] = ()  # filters that do not concern it and are passed over

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column a number can need; records show the others too."""
        return tuple(dict.fromkeys((self.day, *self.keys.values(), *self.sums)))

    @property
    def dimensions(self) -> tuple[str, ...]:
        """Every dimension the fact can be cut by."""
        reached = [name for name, (key, _) in ATTRIBUTES.items() if key in self.keys]
        times = (
            () if self.stands else TIME_DIMENSIONS if self.finest == "day" else ("month", "quarter", "year")
        )
        people = ["manager", "role"] if "rep" in self.keys else []
        return (*self.keys, *reached, *people, *times)


ATTRIBUTES: dict[str, tuple[str, str]] = {
    "family": ("product", "family_id"),
    "region": ("territory", "region_id"),
    "segment": ("account", "segment"),
    "industry": ("account", "industry"),
    "country": ("account", "country"),
}
"""Dimensions that are attributes of another: dimension → (the dimension it hangs on, its column)."""

_LOOKUP = {"product": "products", "territory": "territories", "account": "accounts"}

CREDITS = Fact(
    "credits",
    "credited_on",
    {
        "rep": "rep_id",
        "team": "team_id",
        "territory": "territory_id",
        "product": "product_id",
        "account": "account_id",
        "measure": "measure",
    },
    sums=("in_bookings", "amount_reporting"),
)
QUOTAS = Fact(
    "quota_months",
    "month_start",
    {
        "rep": "rep_id",
        "team": "team_id",
        "territory": "territory_id",
        "product": "product_id",
        "measure": "measure",
    },
    sums=("scope", "amount_reporting", "ramped_reporting"),
    finest="month",
)

PLACES = Fact(
    "assignments",
    "valid_from",
    {"rep": "rep_id", "team": "team_id", "territory": "territory_id"},
    sums=("valid_to",),
    stands=True,
)
"""Who is where: measured as a stock, on one day."""

DIMENSIONS: tuple[str, ...] = (
    "rep",
    "manager",
    "team",
    "territory",
    "region",
    "role",
    "product",
    "family",
    "account",
    "segment",
    "industry",
    "country",
    "plan",
    "component",
    "measure",
    *TIME_DIMENSIONS,
)


def check(fact: Fact, names: tuple[str, ...], metric: str) -> None:
    """Refuse dimensions a fact does not know.

    Raises:
        MetricError: naming the dimension, the metric and what it can be cut by.
    """
    for name in names:
        if name not in DIMENSIONS:
            raise MetricError(f"There is no dimension “{name}”; known are {', '.join(DIMENSIONS)}.")
        if name not in fact.dimensions:
            raise MetricError(
                f"{metric} does not know {name} (its {fact.table} carry none); "
                f"it can be cut by {', '.join(fact.dimensions)}."
            )


def with_dimensions(rows: ir.Table, fact: Fact, names: tuple[str, ...], asking: Asking) -> ir.Table:
    """The rows with one column for each dimension named, unknown keys as "unassigned"."""
    for name in names:
        rows = _add(rows, fact, name, asking)
    return rows


def _add(rows: ir.Table, fact: Fact, name: str, asking: Asking) -> ir.Table:
    special: dict[str, Callable[[ir.Table, Fact, Asking], ir.Table]] = {
        "manager": _with_manager,
        "role": _with_role,
        "team": _with_team,
    }
    if name in special and not (name == "role" and name in fact.keys):
        return special[name](rows, fact, asking)
    if name in TIME_DIMENSIONS:
        return _with_time(rows, fact, name, asking)
    if name in ATTRIBUTES:
        return _with_attribute(rows, fact, name, asking)
    return rows.mutate(**{name: rows[fact.keys[name]]})


def _day(rows: ir.Table, fact: Fact) -> ir.Value:
    return token("until", "date") if fact.stands else rows[fact.placed or fact.day]


def _with_time(rows: ir.Table, fact: Fact, name: str, asking: Asking) -> ir.Table:
    if name == "day":
        return rows.mutate(day=rows[fact.day])
    calendar = asking.tables.lookup("days")
    calendar = calendar.select(_date=calendar.date, **{name: calendar[name]})
    dated = rows.left_join(calendar, rows[fact.day] == calendar["_date"])
    return dated.select(*[rows[column] for column in rows.columns if column != name], calendar[name])


def _with_attribute(rows: ir.Table, fact: Fact, name: str, asking: Asking) -> ir.Table:
    owner, column = ATTRIBUTES[name]
    lookup = asking.tables.lookup(_LOOKUP[owner])
    on = [rows[fact.keys[owner]] == lookup[f"{owner}_id"]]
    if "valid_from" in lookup.columns:
        on += [_day(rows, fact) >= lookup.valid_from, _day(rows, fact) < lookup.valid_to]
    chosen = lookup[column].fill_null(UNASSIGNED).name(name)
    return rows.left_join(lookup, on).select(*[rows[c] for c in rows.columns if c != name], chosen)


def _with_team(rows: ir.Table, fact: Fact, asking: Asking) -> ir.Table:
    if asking.credit_by == "effective":
        return rows.mutate(team=rows[fact.keys["team"]])
    places = asking.tables.placements()
    places = places.select(_rep=places.rep_id, team=places.team_id)
    joined = rows.left_join(places, rows.rep_id == places["_rep"]).drop("_rep")
    return joined.mutate(team=joined.team.fill_null(UNASSIGNED))


def _with_role(rows: ir.Table, fact: Fact, asking: Asking) -> ir.Table:
    """The rep's role on the view's date."""
    del fact
    places = asking.tables.placements()
    places = places.select(_rep=places.rep_id, role=places.role)
    joined = rows.left_join(places, rows.rep_id == places["_rep"]).drop("_rep")
    return joined.mutate(role=joined.role.fill_null(UNASSIGNED))


def _with_manager(rows: ir.Table, fact: Fact, asking: Asking) -> ir.Table:
    """One row for each person the rep rolled up to: the fan-out is the roll-up, never a total."""
    tree = asking.tables.hierarchy()
    on = [rows.rep_id == tree["rep_id"], *_in_force(rows, fact, tree, asking)]
    return rows.inner_join(tree, on).select(*[rows[c] for c in rows.columns], manager=tree.viewer_id)


def _in_force(rows: ir.Table, fact: Fact, tree: ir.Table, asking: Asking) -> list[ir.BooleanValue]:
    if asking.credit_by == "effective":
        return [_day(rows, fact) >= tree.valid_from, _day(rows, fact) < tree.valid_to]
    today = token("seen_on", "date")  # the view's own day, in a comparison too
    return [tree.valid_from <= today, tree.valid_to > today]


def of_measures(rows: ir.Table, fact: Fact, asking: Asking) -> ir.Table:
    """Rows of the targets looked at; ``measure`` is the target, also where the fact says what it counts."""
    wanted = [token(f"measure_{i}") for i in range(len(asking.measures))]
    if fact.table != "credits":
        return rows.filter(rows.measure.isin(wanted)) if wanted else rows
    if len(wanted) == 1:  # what one target counts is known, so nothing need be joined
        return rows.filter(rows.measure == token("counts_0")).mutate(measure=wanted[0])
    targets = asking.tables.lookup("measures")
    targets = targets.select(_counts=targets.credits_measure, _target=targets.measure)
    joined = rows.inner_join(targets, rows.measure == targets["_counts"]).drop("_counts", "measure")
    rows = joined.rename(measure="_target")
    return rows.filter(rows.measure.isin(wanted)) if wanted else rows


def filtered(rows: ir.Table, fact: Fact, asking: Asking) -> ir.Table:
    """Rows that pass the view's filters; a manager filter keeps each row once."""
    over = {"measure", *fact.passes}
    for name in dict.fromkeys(name for name, _ in asking.view.where if name not in over):
        values = asking.wanted(name)
        if name == "manager":
            rows = _below(rows, fact, values, asking)
            continue
        columns = rows.columns
        cut = with_dimensions(rows, fact, (name,), asking)
        rows = cut.filter(cut[name].cast(str).isin(values)).select(*columns)
    return rows


def _below(rows: ir.Table, fact: Fact, managers: list[ir.Scalar], asking: Asking) -> ir.Table:
    tree = asking.tables.hierarchy().filter(lambda t: t.viewer_id.isin(managers))
    return rows.semi_join(tree, [rows.rep_id == tree.rep_id, *_in_force(rows, fact, tree, asking)])
