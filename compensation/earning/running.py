"""Credits brought onto their lines, in order, with the running totals before and after each."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import pyarrow.compute as pc

from compensation.earning.credit import Credits, Ground, credited
from compensation.earning.hierarchy import locate
from compensation.earning.lines import Family, Lines, Variant
from compensation.earning.sales import WHOLE
from compensation.money.exact import Exact, changes, running
from compensation.money.fine import Ints
from compensation.plan.model import Accumulate, Basis, Pays, Per


@dataclass(frozen=True)
class Rows:
    """Credits by group of lines and then transaction; arrays of one length.

    ``x`` is what goes through tiers or a curve: pay credit, or quota credit where attainment counts. ``before``
    and ``after`` are its running totals, ``held`` the running total of quota credit; all in ten-thousandths, an
    objective's in millionths of its share × millionths.
    """

    tx: Ints
    line: Ints
    rule: Ints
    pay: Ints
    quota: Ints
    x: Ints
    before: Exact
    after: Exact
    held: Exact

    def __len__(self) -> int:
        return len(self.tx)

    def take(self, rows: Ints) -> Rows:
        """Some rows, in the order given."""
        return Rows(*(getattr(self, each.name)[rows] for each in fields(self)))


def on_attainment(variant: Variant) -> bool:
    """Whether attainment, and so quota credit, decides what is earned."""
    component = variant.component
    if component.pays in (Pays.TARGET, Pays.OBJECTIVE):
        return True
    return bool(component.tiers) and component.basis == Basis.ATTAINMENT


def alone(variant: Variant) -> bool:
    """Whether each transaction goes through the tiers by itself."""
    component = variant.component
    return (
        component.accumulate == Accumulate.NONE and component.per == Per.TRANSACTION and bool(component.tiers)
    )


def rows_of(ground: Ground, family: Family, lines: Lines) -> Rows:
    """Everything credited to a family's lines."""
    parts = [_credits(ground, family, at) for at in range(len(family.variants))]
    found = Credits(*(np.concatenate([getattr(p, each.name) for p in parts]) for each in fields(Credits)))
    line = on_line(ground, family, lines, found.tx, found.segment)
    kept = np.flatnonzero(line >= 0)
    order = kept[np.lexsort((found.tx[kept], lines.group[line[kept]]))]
    line, pay, quota = line[order], found.pay[order], found.quota[order]
    variant = lines.variant[line]
    attained = np.array([on_attainment(each) for each in family.variants], bool)[variant]
    single = np.array([alone(each) for each in family.variants], bool)[variant]
    x = np.where(attained, quota, pay)
    group = changes(lines.group[line])
    total = running(x, group)
    return Rows(
        tx=found.tx[order],
        line=line,
        rule=found.rule[order],
        pay=pay,
        quota=quota,
        x=x,
        before=np.where(single, 0, total - x),
        after=np.where(single, x, total),
        held=running(quota, group),
    )


def on_line(ground: Ground, family: Family, lines: Lines, tx: Ints, segment: Ints) -> Ints:
    """The line each credit belongs to: its segment's, in the period of its day."""
    found = np.full(len(tx), -1, np.int64)
    variant = family.variant[segment]
    for at, each in enumerate(family.variants):
        rows = np.flatnonzero(variant == at)
        period = ground.calendar[each.component.period.value].at(ground.sales.day[tx[rows]])
        found[rows] = lines.of(segment[rows], period)
    return found


def _credits(ground: Ground, family: Family, at: int) -> Credits:
    variant = family.variants[at]
    if variant.component.pays == Pays.OBJECTIVE:
        found = _objectives(ground, family, variant)
    else:
        found = credited(ground, variant.plan, variant.component, variant.measure, family.segments)
    rows = np.flatnonzero(family.variant[found.segment] == at)
    return Credits(*(getattr(found, each.name)[rows] for each in fields(Credits)))


def _objectives(ground: Ground, family: Family, variant: Variant) -> Credits:
    """Scores of the component's objectives: ``pay`` is their share, ``quota`` the share × the score reached."""
    sales, segments = ground.sales, family.segments
    named = pc.fill_null(pc.equal(sales.table["component"], variant.component.id), fill_value=False)
    rows = np.flatnonzero(sales.of_kind("objective") & named.to_numpy().astype(bool))
    segment = locate(segments.rep, segments.start, segments.end, sales.rep[rows], sales.day[rows])
    rows, segment = rows[segment >= 0], segment[segment >= 0]
    share = sales.share[rows]
    reached = share * sales.number("score")[rows]
    return Credits(rows, segment, np.zeros(len(rows), np.int64), share * WHOLE, reached)


def ends(rows: Rows, lines: Lines) -> tuple[Ints, Ints]:
    """The first row of each line's cell, and the one after its last; both the place where they would be if none."""
    cell = lines.cell[rows.line]
    return np.searchsorted(cell, lines.cell, "left"), np.searchsorted(cell, lines.cell, "right")


def total_at(values: Exact, rows: Rows, lines: Lines, place: Ints) -> Exact:
    """A running total just before a place among the rows, within each line's group."""
    if not len(rows):
        return np.zeros(len(lines), np.int64)
    last = np.maximum(place - 1, 0)
    inside = (place > 0) & (lines.group[rows.line[last]] == lines.group)
    return np.where(inside, values[last], 0)
