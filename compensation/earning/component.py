"""One component of a plan, reckoned for everybody: its lines, their parts, and what is needed to read them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from compensation.earning import spif
from compensation.earning.caps import NO_CAP, capped, deal_capped
from compensation.earning.credit import Ground, rules_of
from compensation.earning.earn import NO_SALE, Parts, Terms, rated
from compensation.earning.lines import Family, Lines, Stakes, Variant, lines_of, stakes
from compensation.earning.modify import Factors, factors, in_total, quota_of
from compensation.earning.quotas import Quotas
from compensation.earning.running import Rows, ends, on_attainment, rows_of
from compensation.earning.targets import curved, to_date_stakes
from compensation.money.calendar import Calendar
from compensation.money.fine import SCALE, Bools, Ints, codes_of, sums
from compensation.plan.model import Pays
from compensation.problems import problem


@dataclass
class Account:
    """A reckoned component. Arrays by line but ``parts``; money in ten-thousandths.

    ``before_caps`` is what each line earned before caps and budgets, ``unmodified`` also before modifiers.
    """

    family: Family
    lines: Lines
    rows: Rows
    parts: Parts
    terms: list[Terms]
    quota: Ints
    quota_known: Bools
    stake: Stakes
    before_caps: Ints
    unmodified: Ints
    notes: list[str] = field(default_factory=list)

    def amounts(self) -> Ints:
        """What each line earns."""
        return sums(self.parts.earned, self.parts.line, len(self.lines))


def reckon(ground: Ground, family: Family, quotas: Quotas, start: int, end: int) -> Account:
    """Everything a component earns in periods that overlap ``start`` until before ``end``."""
    lines = lines_of(family, ground.calendar, start, end)
    rows = rows_of(ground, family, lines)
    quota, known = _quotas(ground, family, lines, rows, quotas)
    yearly = _yearly_targets(ground, family)
    stake = stakes(family, lines, ground.calendar, yearly, whole_window=False)
    window = stakes(family, lines, ground.calendar, yearly, whole_window=True)
    terms = [
        _terms(family, lines, quota, (stake, window), modifiers, at)
        for at, modifiers in enumerate(factors(ground, family, lines, quotas))
    ]
    parts = _parts(family, terms, rows)
    before = sums(parts.earned, parts.line, len(lines))
    plain = _unmodified(family, terms, rows, before)
    account = Account(family, lines, rows, parts, terms, quota, known, stake, before, plain)
    for at, variant in enumerate(family.variants):
        _limit(ground, account, variant, at)
    _note_quotas(ground, account)
    return account


def _terms(
    family: Family, lines: Lines, quota: Ints, stake: tuple[Stakes, Stakes], modifiers: Factors, at: int
) -> Terms:
    variant = family.variants[at]
    mine = np.flatnonzero(lines.variant == at)
    own = to_date_stakes(stake[0], lines, mine) if in_total(variant) else stake[0]
    rules = rules_of(variant.plan, variant.component)
    return Terms(lines, family.segments, quota, own, stake[1], modifiers, rules)


def _parts(family: Family, terms: list[Terms], rows: Rows) -> Parts:
    """The parts of every version, by line."""
    found = []
    for at, (variant, own) in enumerate(zip(family.variants, terms, strict=True)):
        if variant.component.pays in (Pays.TARGET, Pays.OBJECTIVE):
            found.append(curved(variant, own, rows, np.flatnonzero(own.lines.variant == at)))
        else:
            found.append(rated(variant, own, rows, np.flatnonzero(own.lines.variant[rows.line] == at)))
    if len(found) == 1:
        return found[0]
    joined = [np.concatenate([getattr(each, name) for each in found]) for name in Parts.__dataclass_fields__]
    order = np.argsort(joined[1], kind="stable")
    return Parts(*(each[order] for each in joined))


def _unmodified(family: Family, terms: list[Terms], rows: Rows, before: Ints) -> Ints:
    """What the lines would earn without modifiers."""
    if not any(variant.component.modifiers for variant in family.variants):
        return before
    ones = np.ones(len(before), np.int64)
    plain = [replace(each, factors=Factors(ones, 1, [])) for each in terms]
    parts = _parts(family, plain, rows)
    return sums(parts.earned, parts.line, len(before))


def _quotas(ground: Ground, family: Family, lines: Lines, rows: Rows, quotas: Quotas) -> tuple[Ints, Bools]:
    """The quota of each line's whole window; to the period's end where a curve is paid to date."""
    found, known = np.zeros(len(lines), np.int64), np.zeros(len(lines), bool)
    for at, variant in enumerate(family.variants):
        mine = lines.variant == at
        if variant.component.pays == Pays.OBJECTIVE:
            found = np.where(mine, _shares(rows, lines), found)
            continue
        end = lines.end if in_total(variant) else lines.window_end
        days = (lines.window_start, end)
        own = quota_of(ground, family, lines, quotas, variant, variant.component, variant.measure, days)
        found, known = np.where(mine, own[0], found), np.where(mine, own[1], known)
    return found, known


def _shares(rows: Rows, lines: Lines) -> Ints:
    """What the objectives of each line's period count for together."""
    first, last = ends(rows, lines)
    total = np.concatenate([[0], np.cumsum(rows.pay)])
    return total[last] - total[first]


def of_rows(values: Ints, row: Ints) -> Ints:
    """Values of the rows behind parts; 0 where a part has no transaction."""
    if not len(values):
        return np.zeros(len(row), np.int64)
    return np.where(row == NO_SALE, 0, values[np.maximum(row, 0)])


def _yearly_targets(ground: Ground, family: Family) -> Ints:
    """A year's target incentive of each segment in the currency it is paid in, at the rate of its first day."""
    segments = family.segments
    own = [each.currency or paid for each, paid in zip(segments.terms, segments.currency, strict=True)]
    names = sorted({*own, *segments.currency})
    place = {name: at for at, name in enumerate(names)}
    source, target = (np.array([place[name] for name in each], np.int64) for each in (own, segments.currency))
    return ground.converter.convert(segments.target, source, target, segments.start, names)[0]


def _limit(ground: Ground, account: Account, variant: Variant, at: int) -> None:
    """Caps of the component, then its budget."""
    lines, caps = account.lines, variant.component.caps
    mine = lines.variant == at

    def most(value: object) -> Ints:
        cap = int(value * SCALE) if value is not None else 0  # type: ignore[operator]
        return np.where(mine, cap, NO_CAP)

    if caps.deal is not None:
        account.parts = deal_capped(account.parts, _deals(ground, account), most(caps.deal))
    if caps.period is not None:
        line = account.parts.line
        account.parts = capped(account.parts, lines.cell[line], most(caps.period)[line])
    if caps.year is not None:
        line = account.parts.line
        account.parts = capped(account.parts, year_keys(ground.calendar, lines)[line], most(caps.year)[line])
    if variant.component.spif:
        _budget(ground, account, variant, mine)


def year_keys(calendar: Calendar, lines: Lines) -> Ints:
    """One number a person and fiscal year."""
    return lines.rep * 10_000 + calendar["year"].at(lines.start)


def _deals(ground: Ground, account: Account) -> Ints:
    deal = codes_of(ground.sales.table["deal_id"])[0]
    return of_rows(deal[account.rows.tx], account.parts.row)


def _budget(ground: Ground, account: Account, variant: Variant, mine: Bools) -> None:
    """The SPIF's budget, of each of its periods."""
    terms, lines = variant.component.spif, account.lines
    assert terms is not None
    paid_in = {account.family.segments.currency[at] for at in np.unique(lines.segment[mine]).tolist()}
    if len(paid_in) > 1:
        ground.note(
            problem("budget_currencies", component=variant.component.id, detail=", ".join(sorted(paid_in)))
        )
        account.parts = replace(
            account.parts, earned=np.where(mine[account.parts.line], 0, account.parts.earned)
        )
        return
    pool = np.where(mine, lines.start, -(10**9))
    if terms.share == "rank":
        account.parts = _prized(account, mine, pool, [int(prize * SCALE) for prize in terms.prizes])
    if terms.budget is None:
        return
    most = np.where(mine, int(terms.budget * SCALE), NO_CAP)
    if terms.share == "pro_rata":
        account.parts = spif.pro_rata(account.parts, pool, most, lines.step)
    else:
        order = of_rows(account.rows.tx, account.parts.row)
        account.parts = spif.first_come(account.parts, order, pool, most)


def _prized(account: Account, mine: Bools, pool: Ints, prizes: list[int]) -> Parts:
    """Prizes instead of what was earned, spread over the winners' transactions by what was credited."""
    lines, rows, parts = account.lines, account.rows, account.parts
    credit = np.where(mine[parts.line], of_rows(rows.pay, parts.row), parts.earned)
    amount = sums(credit, parts.line, len(lines))
    prize = spif.ranked(pool, np.where(mine, amount, 0), prizes, lines.step)
    due = np.where(mine, prize, amount)
    account.before_caps = account.unmodified = due
    return spif.scaled(replace(parts, earned=credit), amount, due, lines.step)


def _note_quotas(ground: Ground, account: Account) -> None:
    """A problem for each line that needs a quota nobody gave and has something to lose by it."""
    family, lines = account.family, account.lines
    needs = np.array([_needs_quota(variant) for variant in family.variants], bool)[lines.variant]
    has = np.zeros(len(lines), bool)
    has[account.rows.line] = True
    names = ground.sales.people.names
    for at in np.flatnonzero(needs & ~account.quota_known & has).tolist():
        component = family.variants[lines.variant[at]].component
        ground.note(
            problem(
                "quota_missing",
                rep=names[int(lines.rep[at])].as_py(),
                component=component.id,
                day=np.datetime64(int(lines.start[at]), "D"),
            )
        )


def _needs_quota(variant: Variant) -> bool:
    objective = variant.component.pays == Pays.OBJECTIVE
    return not objective and (on_attainment(variant) or variant.component.rate == "target")
