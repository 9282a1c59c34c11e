"""Quotas of any stretch of time, from rows as they were handed out and from yearly ones in a plan's file."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from compensation.earning.lines import Family
from compensation.earning.sales import Codes
from compensation.earning.segments import year_share
from compensation.money.calendar import Span
from compensation.money.currency import Converter
from compensation.money.exact import LIMIT, Exact, narrow, peak, plus, times, wide
from compensation.money.fine import SCALE, Bools, Ints, codes_of, days, unit_of, units
from compensation.money.rounding import divide


@dataclass(frozen=True)
class Asked:
    """Stretches of time whose quota is wanted, in the payees' currencies.

    ``currency`` numbers ``names``; ``money`` is false for pieces, which have no currency.
    """

    rep: Ints
    start: Ints
    end: Ints
    currency: Ints
    names: list[str]
    money: bool

    def __len__(self) -> int:
        return len(self.rep)

    @property
    def step(self) -> Ints:
        """What quotas are rounded to."""
        if not self.money:
            return np.ones(len(self), np.int64)
        return np.array([unit_of(name) for name in self.names] or [1], np.int64)[self.currency]


@dataclass(frozen=True)
class Held:
    """Rows of quota of one scope and measure by person: ``top`` ÷ ``bottom`` ten-thousandths, for some days.

    ``currency`` numbers ``names``; one without a name is the payee's own.
    """

    rep: Ints
    start: Ints
    end: Ints
    top: Exact
    bottom: Ints
    currency: Ints
    names: list[str]

    def amounts(self, asked: Asked, converter: Converter) -> tuple[Ints, Bools]:
        """The quota of each stretch asked for, in whole minor units, and whether any row says one.

        A row counts by the share of its days that lie inside.
        """
        line, row = _pairs(self, asked)
        top, bottom = self._in_pay_currency(line, row, asked, converter)
        inside = np.minimum(asked.end[line], self.end[row]) - np.maximum(asked.start[line], self.start[row])
        length = self.end[row] - self.start[row]
        whole = (inside == length) & (bottom == 1)
        total = _summed(top[whole], line[whole], len(asked))
        part, shared = _shared(
            times(top, inside)[~whole], (bottom * length)[~whole], line[~whole], len(asked)
        )
        total = divide(plus(times(total, shared), part), times(asked.step, shared), "half_up") * asked.step
        known = np.zeros(len(asked), bool)
        known[line] = True
        return narrow(total).astype(np.int64), known

    def _in_pay_currency(
        self, line: Ints, row: Ints, asked: Asked, converter: Converter
    ) -> tuple[Exact, Ints]:
        """Each row's amount in the currency asked for, at the rate of the row's first day."""
        top, bottom = self.top[row], self.bottom[row]
        if not asked.money or not len(row):
            return top, bottom
        names = sorted({*self.names, *asked.names})
        of_row = np.array([names.index(name) for name in self.names], np.int64)[self.currency[row]]
        of_line = np.array([names.index(name) for name in asked.names], np.int64)[asked.currency[line]]
        away = np.flatnonzero((of_row != of_line) & np.array([name != "" for name in names])[of_row])
        if len(away):
            amount = narrow(divide(top[away], bottom[away], "half_up"))
            found, _ = converter.convert(amount, of_row[away], of_line[away], self.start[row[away]], names)
            top, bottom = top.copy(), bottom.copy()
            top[away], bottom[away] = found, 1
        return top, bottom


def _pairs(held: Held, asked: Asked) -> tuple[Ints, Ints]:
    """Every stretch with every row of the same person that overlaps it."""
    low = np.searchsorted(held.rep, asked.rep, "left")
    count = np.searchsorted(held.rep, asked.rep, "right") - low
    line = np.repeat(np.arange(len(asked)), count)
    row = np.arange(len(line)) - np.repeat(np.cumsum(count) - count, count) + np.repeat(low, count)
    touching = (held.start[row] < asked.end[line]) & (held.end[row] > asked.start[line])
    return line[touching], row[touching]


def _summed(values: Exact, line: Ints, lines: int) -> Exact:
    """Sums by line."""
    safe = peak(values) * len(values) < LIMIT
    found = np.zeros(lines, np.int64 if safe else object)
    np.add.at(found, line, narrow(values) if safe else wide(values))
    return found


def _shared(top: Exact, bottom: Ints, line: Ints, lines: int) -> tuple[Exact, int]:
    """Sums of fractions by line, over one denominator."""
    over = int(np.lcm.reduce(bottom.astype(object))) if len(bottom) else 1
    return _summed(times(top, over // bottom.astype(object)), line, lines), over


@dataclass
class Quotas:
    """All quotas of a calculation: the rows of QUOTAS, and the yearly quotas of assignments in a file."""

    table: pa.Table
    people: Codes
    known: dict[tuple[str, str], Held] = field(default_factory=dict)

    def held(self, scope: str, name: str, family: Family, kind: str, span: Span, *, by_days: bool) -> Held:
        """The rows of a scope and measure; a file's yearly quotas are cut into periods of ``kind``."""
        if (scope, name) not in self.known:
            self.known[scope, name] = self._rows(scope, name)
        handed = self.known[scope, name]
        if not any(name in each.quotas for each in family.segments.terms):
            return handed
        return _joined(handed, _yearly(family, name, kind, span, by_days=by_days))

    def _rows(self, scope: str, name: str) -> Held:
        """The rows of QUOTAS, by person."""
        of_scope = pa.compute.equal(self.table["scope"], scope)
        rows = self.table.filter(pa.compute.and_(of_scope, pa.compute.equal(self.table["measure"], name)))
        code, names = codes_of(rows["currency"])
        rep, amount = self.people.at(rows["rep"]), units(rows["amount"])
        start, end = days(rows["start"], 0), days(rows["end"], 0)
        order = np.argsort(rep, kind="stable")
        one = np.ones(len(rows), np.int64)
        return Held(rep[order], start[order], end[order], amount[order], one, code[order], names or [""])


def _yearly(family: Family, name: str, kind: str, span: Span, *, by_days: bool) -> Held:
    """A year's quota as one row a period: the period's share of the year × the share of its days in force."""
    segments = family.segments
    has = np.array([name in each.quotas for each in segments.terms], bool)
    rows = np.flatnonzero(has & (family.opens < segments.end))
    opens, closes = family.opens[rows], segments.end[rows]
    first, last = span.first_ending_after(opens), span.first_starting_from(closes)
    count = np.maximum(last - first, 0)
    which = np.repeat(np.arange(len(rows)), count)
    period = np.arange(len(which)) - np.repeat(np.cumsum(count) - count - first, count)
    top, bottom = year_share(kind, span, period, opens[which], closes[which], by_days=by_days)
    yearly = np.array([int(segments.terms[at].quotas[name] * SCALE) for at in rows.tolist()], np.int64)
    names = sorted({segments.terms[at].currency for at in rows.tolist()})
    code = np.array([names.index(segments.terms[at].currency) for at in rows.tolist()], np.int64)
    start, end = span.starts[period], span.ends[period]
    return Held(segments.rep[rows][which], start, end, times(yearly[which], top), bottom, code[which], names)


def _joined(first: Held, second: Held) -> Held:
    """All rows of both, by person."""
    currency = np.concatenate([first.currency, second.currency + len(first.names)])
    rep = np.concatenate([first.rep, second.rep])
    order = np.argsort(rep, kind="stable")
    return Held(
        rep[order],
        np.concatenate([first.start, second.start])[order],
        np.concatenate([first.end, second.end])[order],
        np.concatenate([first.top, second.top])[order],
        np.concatenate([first.bottom, second.bottom])[order],
        currency[order],
        [*first.names, *second.names],
    )
