"""Reckoned components as Arrow: payout lines and the trace of each."""

from __future__ import annotations

import hashlib
from datetime import date

import numpy as np
import pyarrow as pa

from compensation.earning.component import Account, of_rows
from compensation.earning.credit import Ground, in_pay_currency, rules_of
from compensation.earning.earn import NO_SALE, multiplier, pieces_of
from compensation.earning.lines import to_date
from compensation.earning.running import ends, on_attainment, total_at
from compensation.earning.sales import WHOLE
from compensation.money.exact import Exact, changes, running, times
from compensation.money.fine import Bools, Ints, dates, money, sums
from compensation.money.months import number
from compensation.money.rounding import divide
from compensation.plan.model import Pays
from compensation.run import LINES, TRACE

TO_DATE = "to_date"
"""The rule of a trace row without a transaction: what the line earned before its first one."""


def tables(ground: Ground, account: Account, as_of: date, start: int, end: int) -> tuple[pa.Table, pa.Table]:
    """LINES and TRACE of a component's lines paid with months from ``start`` until before ``end``."""
    kept = _given(ground, account, as_of, start, end)
    ids = _line_ids(ground, account)
    lines = _lines(ground, account, ids, as_of).filter(pa.array(kept))
    return lines, _trace(ground, account, ids, np.flatnonzero(kept[account.parts.line]))


def _given(ground: Ground, account: Account, as_of: date, start: int, end: int) -> Bools:
    """Lines of these months whose period has begun, for people whose team has the component."""
    lines, family = account.lines, account.family
    paid = ground.calendar.pay_month(lines.end)
    concerned = family.opens[lines.segment] < lines.end
    concerned[account.parts.line] = True
    return (paid >= start) & (paid < end) & (lines.start <= number(as_of)) & concerned


def _by_variant(account: Account, values: list[object]) -> pa.Array:
    return pa.array(values).take(pa.array(account.lines.variant))


def _line_ids(ground: Ground, account: Account) -> pa.Array:
    """Ids that follow from person, plan, component, period, the terms' first day and kind alone."""
    lines, family = account.lines, account.family
    variants = [f"{each.plan.id}\x1f{each.component.id}" for each in family.variants]
    names = ground.sales.people.names.to_pylist()
    rows = zip(
        lines.rep.tolist(),
        lines.variant.tolist(),
        lines.start.tolist(),
        lines.end.tolist(),
        family.segments.start[lines.segment].tolist(),
        strict=True,
    )
    keys = (
        f"{names[rep]}\x1f{variants[at]}\x1f{first}\x1f{last}\x1f{terms}\x1fearning"
        for rep, at, first, last, terms in rows
    )
    return pa.array([hashlib.blake2b(key.encode(), digest_size=10).hexdigest() for key in keys], pa.string())


def _lines(ground: Ground, account: Account, ids: pa.Array, as_of: date) -> pa.Table:
    lines, family = account.lines, account.family
    amount = account.amounts()
    earned_on = np.maximum(np.minimum(lines.end - 1, number(as_of)), lines.start)
    currency = pa.array(family.segments.currency, pa.string()).take(pa.array(lines.segment))
    columns = {
        "line_id": ids,
        "rep": ground.sales.people.names.take(pa.array(lines.rep)),
        "plan_id": _by_variant(account, [each.plan.id for each in family.variants]),
        "plan_version": _by_variant(account, [each.plan.version for each in family.variants]),
        "component_id": _by_variant(account, [each.component.id for each in family.variants]),
        "period_start": dates(lines.start),
        "period_end": dates(lines.end),
        "pay_start": dates(ground.calendar.pay_month(lines.end)),
        "earned_on": dates(earned_on),
        "kind": pa.array(["earning"]).take(pa.array(np.zeros(len(lines), np.int64))),
        "amount": money(amount),
        "currency": currency,
        "capped": money(account.before_caps - amount),
        "before_modifiers": money(account.unmodified),
        **_reading(account),
        **_factors(account),
        **_to_date(account),
    }
    found = [
        columns[each.name] if each.name in columns else pa.nulls(len(lines), each.type) for each in LINES
    ]
    return pa.table(found, schema=LINES)


def _reading(account: Account) -> dict[str, pa.Array]:
    """What was credited and reached, against which quota and target, at which rate."""
    lines, rows, parts = account.lines, account.rows, account.parts
    last = ends(rows, lines)[1]
    held = total_at(rows.held, rows, lines, last).astype(np.int64)
    credit = sums(of_rows(rows.pay, parts.row), parts.line, len(lines))
    scored = _flags(account, [each.component.pays == Pays.OBJECTIVE for each in account.family.variants])
    weighed = _flags(account, [each.component.weight > 0 for each in account.family.variants])
    with np.errstate(divide="ignore", invalid="ignore"):
        attained = held / account.quota
    stake = (
        divide(account.stake.top, times(account.stake.bottom, lines.step), "half_up").astype(np.int64)
        * lines.step
    )
    return {
        "credited": money(credit, scored),
        "quota": money(account.quota, scored | ~account.quota_known),
        "quota_credited": money(held, scored),
        "attainment": pa.array(attained, mask=account.quota <= 0),
        "target": money(stake, ~weighed),
        "rate": _rates(account, credit),
    }


def _flags(account: Account, values: list[bool]) -> Bools:
    return np.array(values, bool)[account.lines.variant]


def _rates(account: Account, credit: Ints) -> pa.Array:
    """For reading: the base rate, what tiers came to, or the curve's share of the target incentive."""
    lines, rows = account.lines, account.rows
    found, missing = np.zeros(len(lines)), np.ones(len(lines), bool)
    reached = total_at(rows.after, rows, lines, ends(rows, lines)[1])
    for at, (variant, terms) in enumerate(zip(account.family.variants, account.terms, strict=True)):
        mine = lines.variant == at
        if variant.component.pays in (Pays.TARGET, Pays.OBJECTIVE):
            pieces = pieces_of(variant)
            top, bottom, known = pieces.value(reached, account.quota), account.quota, account.quota > 0
            bottom = bottom.astype(float) * pieces.bottom
        elif variant.component.tiers:
            top, bottom, known = account.unmodified, credit, credit != 0
        else:
            base = multiplier(variant, terms)
            top, bottom, known = base.top, base.bottom, np.ones(len(lines), bool)
        found = np.where(mine & known, _ratio(top, bottom), found)
        missing &= ~(mine & known)
    return pa.array(found, mask=missing)


def _ratio(top: Exact, bottom: Exact) -> Exact:
    with np.errstate(divide="ignore", invalid="ignore"):
        return top.astype(float) / bottom.astype(float)


def _factors(account: Account) -> dict[str, pa.Array]:
    lines = account.lines
    factor, words = np.ones(len(lines)), ["[]"] * len(lines)
    for at, terms in enumerate(account.terms):
        mine = lines.variant == at
        factor = np.where(mine, terms.factors.top.astype(float) / terms.factors.bottom, factor)
        words = terms.factors.words if len(account.terms) == 1 else _picked(words, terms.factors.words, mine)
    return {"factor": pa.array(factor), "modifiers": pa.array(words, pa.string())}


def _picked(words: list[str], own: list[str], mine: Bools) -> list[str]:
    return [b if m else a for a, b, m in zip(words, own, mine.tolist(), strict=True)]


def _to_date(account: Account) -> dict[str, pa.Array]:
    """Running totals of what the window's lines earned, before caps; NULL where nothing is paid to date."""
    lines = account.lines
    total = running(account.before_caps, changes(lines.group)).astype(np.int64)
    missing = ~_flags(account, [to_date(each.component) for each in account.family.variants])
    return {"to_date": money(total, missing), "paid_before": money(total - account.before_caps, missing)}


def _trace(ground: Ground, account: Account, ids: pa.Array, picked: Ints) -> pa.Table:
    """The trace of some parts."""
    parts, rows = account.parts, account.rows
    row, line = parts.row[picked], parts.line[picked]
    blank = row == NO_SALE
    tx = of_rows(rows.tx, row)
    columns = {
        "line_id": ids.take(pa.array(line)),
        **_sale(ground, account, tx, line, blank),
        "rule": _rules(account, row, line),
        "credited": money(of_rows(rows.pay, row)),
        **_totals(account, row, line, blank),
        "tier_from": _tier(parts.tier_from[picked]),
        "tier_to": _tier(parts.tier_to[picked]),
        "earned": money(parts.earned[picked]),
    }
    return pa.table([columns[name] for name in TRACE.names], schema=TRACE)


def _tier(values: Ints) -> pa.Array:
    return pa.array(values, mask=values < 0)


def _sale(ground: Ground, account: Account, tx: Ints, line: Ints, blank: Bools) -> dict[str, pa.Array]:
    """What the transactions say; blanks for the row without one."""
    sales, lines = ground.sales, account.lines
    at = pa.array(tx, mask=blank)
    payee = sales.people.names.take(pa.array(lines.rep[line]))
    amount = sales.number("amount")[tx] if len(sales) else np.zeros(len(tx), np.int64)
    if len(sales):
        amount, _, _ = in_pay_currency(
            ground, account.family.segments, amount, tx, lines.segment[line], sales.day[tx]
        )
    day = sales.day[tx] if len(sales) else np.zeros(len(tx), np.int64)
    share = sales.share[tx] / WHOLE if len(sales) else np.zeros(len(tx))
    return {
        "transaction_id": _texts(sales.table["transaction_id"], at, ""),
        "deal_id": _texts(sales.table["deal_id"], at, ""),
        "credited_rep": pa.compute.coalesce(_texts(sales.table["rep"], at, None), payee),
        "date": dates(np.where(blank, lines.start[line], day)),
        "amount": money(np.where(blank, 0, amount)),
        "share": pa.array(np.where(blank, 0.0, share)),
    }


def _texts(column: pa.ChunkedArray, at: pa.Array, missing: str | None) -> pa.Array:
    found = column.combine_chunks().take(at)
    return pa.compute.fill_null(found, missing) if missing is not None and found.null_count else found


def _rules(account: Account, row: Ints, line: Ints) -> pa.Array:
    """Names of the credit rules; ``objective`` for a score."""
    names: list[str] = [TO_DATE]
    starts = []
    for variant in account.family.variants:
        starts.append(len(names))
        objective = variant.component.pays == Pays.OBJECTIVE
        names += (
            ["objective"] if objective else [each.name for each in rules_of(variant.plan, variant.component)]
        )
    rule = of_rows(account.rows.rule, row) + np.array(starts, np.int64)[account.lines.variant[line]]
    return pa.array(names, pa.string()).take(pa.array(np.where(row == NO_SALE, 0, rule)))


def _totals(account: Account, row: Ints, line: Ints, blank: Bools) -> dict[str, pa.Array]:
    """Running totals before and after, and as attainment where that decides."""
    variants, quota = account.family.variants, account.quota[line]
    scored = _flags(account, [each.component.pays == Pays.OBJECTIVE for each in variants])[line] | blank
    attained = _flags(account, [on_attainment(each) for each in variants])[line] & (quota > 0) & ~blank
    found: dict[str, pa.Array] = {}
    for name in ("before", "after"):
        value = of_rows(getattr(account.rows, name), row).astype(np.int64)
        found[name] = money(value, scored)
        with np.errstate(divide="ignore", invalid="ignore"):
            found[f"attainment_{name}"] = pa.array(value / quota, mask=~attained)
    return found
