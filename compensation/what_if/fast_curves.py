"""What components pay, in floats, for very many outcomes at once: for simulation and charts, never for pay.

Each row of ``Rows`` is one payout line of the exact calculation: a person's component and period with what was
credited, the quota and what is at stake. It is evaluated at many *factors* of what was credited (1 = as it was),
all rows × all factors at once. At factor 1 the result is the exact line to within its rounding.

What a factor means where single deals matter: more or fewer deals of the same sizes. Then tiers each deal starts
anew earn their usual rate, deals never split have the row's usual size, and a cap on each deal takes its usual
share.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace

import numpy as np

from compensation.plan.model import Accumulate, Basis, Component, Edge, Modifier, Pays, Per, Reading
from compensation.what_if.assumptions import Ints
from compensation.what_if.hinges import (
    NEAR,
    Deals,
    Floats,
    Hinges,
    Knots,
    curve_hinges,
    step_hinges,
    tier_hinges,
)


@dataclass(frozen=True)
class Rows:
    """Payout lines of one component, all arrays of one length; money in each person's currency.

    Sorted by ``unit``, then ``window``, then time: rows of one window are one running total.
    """

    unit: Ints  # person and year, the number of its place in the population
    driver: Ints  # whose chance factor moves it
    window: Ints  # running total it belongs to; one a row where nothing accumulates
    pool: Ints  # period of a budget that is shared
    credited: Floats  # pay credit of the row's own period
    counted: Floats  # quota credit of the same
    quota: Floats  # of the running total so far, its own period included; 0: none
    target: Floats  # at stake in the component over the running total so far, its weight in it
    rate: Floats  # the one rate, the person's own or the target's; 1 where tiers say it all
    deal: Floats  # usual size of a deal
    usual: Floats  # paid per unit of pay credit: where each deal goes through the tiers by itself
    kept: Floats  # share that caps on single deals leave
    score: Floats  # of an objective
    local: Floats  # the person's currency per unit of the plan's, for caps
    reached: tuple[Floats, ...] = ()  # value each modifier looks at, in the modifiers' order; NaN: undefined

    def __len__(self) -> int:
        """How many lines."""
        return len(self.unit)

    def taken(self, which: slice) -> Rows:
        """Some of the rows, as views."""
        values = {
            spec.name: getattr(self, spec.name)[which] for spec in fields(self) if spec.name != "reached"
        }
        return Rows(**values, reached=tuple(values[which] for values in self.reached))


@dataclass
class Scratch:
    """Arrays used again and again; each is overwritten by whoever asks next for its name."""

    held: dict[str, Floats] = field(default_factory=dict)

    def get(self, name: str, rows: int, draws: int) -> Floats:
        """An array of this shape, with anything in it."""
        array = self.held.get(name)
        if array is None or array.size < rows * draws:
            array = self.held[name] = np.empty(rows * draws)
        return array[: rows * draws].reshape(rows, draws)


def pays(component: Component, rows: Rows, factors: Floats, scratch: Scratch | None = None) -> Floats:
    """What each row pays at each factor (rows × factors); ``factors`` as wide, one row or one for each row.

    Budgets of SPIFs and caps over a year are the population's (``compensation.what_if.simulate``), not a row's.
    """
    return Formula.of(component, rows)(factors, scratch or Scratch())


@dataclass(frozen=True)
class Formula:
    """A component made ready for some rows: everything that does not depend on the factors."""

    component: Component
    rows: Rows
    measured: Floats  # column: what goes into the function at factor 1
    scale: Floats  # column: what its result is multiplied by
    function: Hinges | None  # None: in proportion to the factor
    share: Floats | None  # column: of the running total's factor that is the row's own
    follows: tuple[int, ...]  # rows that continue the total of the row before

    @classmethod
    def of(cls, component: Component, rows: Rows) -> Formula:
        """Make ready."""
        follows = tuple((np.flatnonzero(rows.window[1:] == rows.window[:-1]) + 1).tolist())
        alone = _each_deal_alone(component) or component.pays is Pays.OBJECTIVE
        totals = rows if alone or not follows else _to_date(rows, follows)
        measured, scale = _measured(component, totals)
        return cls(
            component,
            rows,
            _column(measured),
            _column(scale),
            None if alone else _function(component, totals),
            _column(_own_share(rows, follows)) if follows and not alone else None,
            () if alone else follows,
        )

    def __call__(self, factors: Floats, scratch: Scratch) -> Floats:
        """What each row pays at each factor; overwritten by the next call with the same ``scratch``."""
        factors = np.broadcast_to(factors, (len(self.rows), factors.shape[-1]))
        totals = factors if self.share is None else self._running(factors, scratch)
        paid = self._by_function(totals, scratch)
        to_date = self.component.pays is Pays.TARGET
        if to_date:  # modifiers look at what is reached to date, and change all that was earned to date
            self._modify(totals, paid)
        for row in reversed(self.follows):
            paid[row] -= paid[row - 1]
        if not to_date:
            self._modify(factors, paid)
        return self._capped(paid)

    def _modify(self, factors: Floats, paid: Floats) -> None:
        for modifier, reached in zip(self.component.modifiers, self.rows.reached, strict=True):
            _modify(modifier, reached, factors, paid)

    def _by_function(self, factors: Floats, scratch: Scratch) -> Floats:
        out = scratch.get("paid", *factors.shape)
        if self.component.pays is Pays.OBJECTIVE:
            out[...] = self.scale
            return out
        if self.function is None:
            return np.multiply(factors, self.scale * self.measured, out=out)
        x, work = scratch.get("x", *factors.shape), scratch.get("work", *factors.shape)
        np.multiply(factors, self.measured, out=x)
        self.function(x, out, work)
        out *= self.scale
        return out

    def _running(self, factors: Floats, scratch: Scratch) -> Floats:
        """The factor of each running total: its periods' own, weighted by what they credited."""
        assert self.share is not None
        out = np.multiply(factors, self.share, out=scratch.get("running", *factors.shape))
        for row in self.follows:
            out[row] += out[row - 1] * (1.0 - self.share[row])
        return out

    def _capped(self, paid: Floats) -> Floats:
        caps = self.component.caps
        if caps.deal is not None:
            paid *= _column(self.rows.kept)
        if caps.period is not None:
            np.minimum(paid, _column(self.rows.local * float(caps.period)), out=paid)
        return paid


def _measured(component: Component, rows: Rows) -> tuple[Floats, Floats]:
    """What goes into tiers or curve at factor 1, and what its result is multiplied by."""
    if _each_deal_alone(component):
        return rows.credited, rows.usual
    if component.pays is Pays.OBJECTIVE:
        return rows.score, rows.target * rows.score
    attainment = _ratio(rows.counted, rows.quota)
    if component.pays is Pays.TARGET:
        return attainment, np.where(rows.quota > 0, rows.target, 0.0)
    by_attainment = component.basis is Basis.ATTAINMENT and bool(component.tiers)
    if component.reading is Reading.INTERPOLATED:
        return (attainment if by_attainment else rows.credited), rows.rate
    if by_attainment:
        return attainment, rows.rate * rows.quota * _ratio(rows.credited, rows.counted)
    return rows.credited, rows.rate


def _function(component: Component, rows: Rows) -> Hinges | None:
    """The component's tiers or curve; with edges a row where deals are never split."""
    if component.curve is not None:
        return curve_hinges(component.curve, component.edge)
    if not component.tiers:
        return None
    unit = _ratio(rows.deal, rows.quota) if component.basis is Basis.ATTAINMENT else rows.deal
    deals = Deals(_column(np.where(unit > 0, unit, 1.0)), component.rate_at, component.edge)
    return tier_hinges(component.tiers, _reading(component), component.edge, deals)


def _reading(component: Component) -> Reading:
    """Deals of a period that go through the tiers together, unsplit, are all paid the rate their total reaches."""
    together = component.reading is Reading.UNSPLIT and component.per is Per.PERIOD
    return Reading.WHOLE if together else component.reading


def _each_deal_alone(component: Component) -> bool:
    """Whether every deal goes through the tiers by itself."""
    alone = component.per is Per.TRANSACTION and component.accumulate is Accumulate.NONE
    return alone and bool(component.tiers)


def _column(values: Floats) -> Floats:
    return values[:, None]


def _ratio(top: Floats, bottom: Floats) -> Floats:
    """Top over bottom, 0 where there is no bottom."""
    return np.divide(top, bottom, out=np.zeros_like(top), where=bottom > 0)


# Running totals ------------------------------------------------------------------------------------


def _to_date(rows: Rows, follows: Sequence[int]) -> Rows:
    """The rows with what was credited so far instead of in their own period."""
    return replace(rows, credited=_summed(rows.credited, follows), counted=_summed(rows.counted, follows))


def _own_share(rows: Rows, follows: Sequence[int]) -> Floats:
    """How much of each running total is its last period's own, by quota credit where there is any."""
    own = rows.counted if rows.counted.any() else rows.credited
    return np.where(own > 0, _ratio(own, _summed(own, follows)), 0.0)


def _summed(values: Floats, follows: Sequence[int]) -> Floats:
    sums = values.copy()
    for row in follows:
        sums[row] += sums[row - 1]
    return sums


# Modifiers -----------------------------------------------------------------------------------------


def _modify(modifier: Modifier, reached: Floats, factors: Floats, paid: Floats) -> None:
    """Multiply what is paid by what the modifier's own value, moving with the same factors, reaches.

    A value that is not defined (NaN) reaches nothing.
    """
    value = factors * _column(reached)
    if modifier.kind == "multiplier":
        steps = step_hinges(modifier.steps, 1.0, Edge.UPPER)
        paid *= 1.0 + steps(value, np.empty_like(value), np.empty_like(value))
    else:
        least = float(modifier.at_least or 0)
        paid *= np.where(value >= least * (1 - NEAR), 1.0, float(modifier.times))


# Curves to draw ------------------------------------------------------------------------------------


def function_of(component: Component) -> Hinges:
    """Tiers or curve as a function of their own basis: rate × value, amount, or share of target.

    For tiers whose deals are never split this is the limit of very small deals.
    """
    if component.curve is not None:
        return curve_hinges(component.curve, component.edge)
    reading = Reading.MARGINAL if component.reading is Reading.UNSPLIT else component.reading
    if not component.tiers:
        return Knots({0.0: [0.0, 1.0]}).hinges()
    return tier_hinges(component.tiers, reading, component.edge)


def rows_of(count: int, values: dict[str, Sequence[float] | Floats | Ints]) -> Rows:
    """Rows from some columns; what is not given is neutral: nothing credited, no quota, rate and shares 1."""
    ones = {"rate", "kept", "local", "score", "deal"}
    found: dict[str, object] = {}
    for spec in fields(Rows):
        if spec.name in ("unit", "driver", "window", "pool"):
            default = np.arange(count) if spec.name != "pool" else np.zeros(count, np.int64)
            found[spec.name] = np.asarray(values.get(spec.name, default), np.int64)
        elif spec.name != "reached":
            neutral = np.full(count, float(spec.name in ones))
            found[spec.name] = np.asarray(values.get(spec.name, neutral), np.float64)
    return Rows(**found, reached=tuple(values.get("reached", ())))  # type: ignore[arg-type]
