"""The commission expense schedule: what is expensed at once, and the asset that is amortised month by month.

Sources: FASB ASC 340-40-25-1 to 25-4 (which costs become an asset), 35-1 (amortised as the goods or services are
transferred), 35-3 (impairment); IFRS 15 paragraphs 91 to 104 say the same.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from compensation.after.expense_costs import Policy
from compensation.inputs import MONEY
from compensation.money import exact
from compensation.money.fine import Bools, Ints, codes_of, dates, days, money, units, units_of
from compensation.money.months import NEVER, Months
from compensation.money.rounding import divide

MOVEMENTS = ("capitalised", "recovered", "amortised", "impaired")
SCHEDULE = pa.schema(
    [
        pa.field("month_start", pa.date32(), nullable=False),
        pa.field("plan_id", pa.string(), nullable=False),
        pa.field("component_id", pa.string(), nullable=False),
        pa.field("currency", pa.string(), nullable=False),
        pa.field("opening", MONEY, nullable=False),  # the asset at the month's start
        pa.field("capitalised", MONEY, nullable=False),
        pa.field("recovered", MONEY, nullable=False),  # came back, up to what was left of the asset
        pa.field("amortised", MONEY, nullable=False),
        pa.field("impaired", MONEY, nullable=False),  # written off because the deal was lost
        pa.field("closing", MONEY, nullable=False),
        pa.field("expensed", MONEY, nullable=False),  # at once; negative: came back beyond the asset
        pa.field("expense", MONEY, nullable=False),  # of the month: expensed + amortised + impaired
    ]
)
"""opening + capitalised − recovered − amortised − impaired = closing, and closing is the next month's opening."""


def schedule(costs: pa.Table, periods: pa.Table, policy: Policy | None = None) -> pa.Table:
    """The schedule (SCHEDULE) of ``costs`` (COSTS) over all months of ``periods``, by plan, component and currency.

    The months have to start no later than the first cost; months after the last cost show how the asset runs off.
    A cost with a benefit is spread evenly over that many months, its own month being the first, rounded so that
    the months add up. A reversal takes the place of what it reverses, so it also takes back what was amortised of
    it. When a deal is lost, or something of it comes back, nothing more is amortised from that month on: what came back lowers the asset, and
    the rest is impaired.

    Raises:
        ValueError: a cost lies outside the months.
    """
    months = Months.of(periods)
    book = _book(costs, months)
    flows = _flows(book, months, policy or Policy())
    return _table(book, flows, months)


@dataclass(frozen=True)
class _Book:
    """Costs as arrays: rows, the positions (payee × component × deal) they belong to, and the groups of those."""

    month: Ints
    amount: Ints
    benefit: Ints  # 0: at once
    back: Bools
    step: Ints
    position: Ints
    first: Ints  # by position: month of its first positive cost
    lost: Ints  # by position: month it was lost in, NEVER
    group: Ints  # by position
    names: list[tuple[str, ...]]  # by group: plan, component, currency


def _book(costs: pa.Table, months: Months) -> _Book:
    month = months.at(days(costs["month_start"], NEVER))
    if ((month < 0) | (month >= len(months))).any():
        raise ValueError("A cost lies outside the schedule's months.")
    group, names = _numbered(costs, ["plan_id", "component_id", "currency"])
    position, _ = _numbered(costs, ["rep", "plan_id", "component_id", "currency", "deal_id"])
    count = int(position.max()) + 1 if len(position) else 0
    amount, back = units(costs["amount"]), np.asarray(costs["comes_back"]).astype(bool)
    first = _earliest(np.where(amount > 0, month, NEVER), position, count)
    gone = days(costs["lost_on"], NEVER)
    gone = np.where(gone < NEVER, np.maximum(months.at(gone), 0), NEVER)
    lost = _earliest(np.where(back, np.minimum(gone, month), gone), position, count)
    groups = np.zeros(count, np.int64)
    groups[position] = group
    return _Book(
        month=month,
        amount=amount,
        benefit=np.asarray(costs["benefit_months"]).astype(np.int64),
        back=back,
        step=units_of(costs["currency"]),
        position=position,
        first=first,
        lost=np.where((lost < NEVER) & (first < NEVER), np.maximum(lost, first), lost),
        group=groups,
        names=names,
    )


def _earliest(month: Ints, position: Ints, count: int) -> Ints:
    """The first month of each position."""
    out = np.full(count, NEVER, np.int64)
    np.minimum.at(out, position, month)
    return out


def _numbered(table: pa.Table, names: list[str]) -> tuple[Ints, list[tuple[str, ...]]]:
    """Numbers of the combinations of some columns, in order, and what they stand for."""
    columns = [codes_of(table[name]) for name in names]
    key = np.zeros(len(table), np.int64)
    for codes, texts in columns:
        key = np.unique(key * max(len(texts), 1) + codes, return_inverse=True)[1]
    first = np.unique(key, return_index=True)[1]
    return key, list(
        zip(*([texts[at] for at in codes[first].tolist()] for codes, texts in columns), strict=True)
    )


@dataclass(frozen=True)
class _Flows:
    """Groups × months of each movement, and what was expensed at once."""

    moved: dict[str, Ints]
    expensed: Ints


def _flows(book: _Book, months: Months, policy: Policy) -> _Flows:
    """Month by month for all costs at once."""
    shape = (len(book.names), len(months))
    moved = {name: np.zeros(shape, np.int64) for name in MOVEMENTS}
    expensed = np.zeros(shape, np.int64)
    balance = np.zeros(len(book.first), np.int64)
    before = np.zeros(len(book.amount), np.int64)
    asset = (book.benefit > 0) & ~book.back
    for month in range(len(months)):
        spent, capitalised = _new(book, month, ~asset & ~book.back), _new(book, month, asset)
        reached = _amortised(book, asset, month, policy.rounding)
        alive = np.where(book.lost[book.position] > month, reached - before, 0)
        before += alive
        amortised = _by_position(book, alive)
        came_back = -_new(book, month, book.back)
        balance += capitalised - amortised
        recovered = np.clip(came_back, 0, np.maximum(balance, 0))
        balance -= recovered
        impaired = np.where(book.lost <= month, balance, 0)
        balance -= impaired
        for name, values in zip(MOVEMENTS, (capitalised, recovered, amortised, impaired), strict=True):
            np.add.at(moved[name][:, month], book.group, values)
        np.add.at(expensed[:, month], book.group, spent + recovered - came_back)
    return _Flows(moved, expensed)


def _new(book: _Book, month: int, which: Bools) -> Ints:
    """What some costs of the month come to, by position."""
    rows = np.flatnonzero(which & (book.month == month))
    out = np.zeros(len(book.first), np.int64)
    np.add.at(out, book.position[rows], book.amount[rows])
    return out


def _by_position(book: _Book, values: Ints) -> Ints:
    out = np.zeros(len(book.first), np.int64)
    np.add.at(out, book.position, values)
    return out


def _amortised(book: _Book, asset: Bools, month: int, rounding: str) -> Ints:
    """What of each cost is amortised by a month's end, whole minor units; a reversal as if it came with its deal."""
    begins = np.where(book.amount < 0, np.minimum(book.first[book.position], book.month), book.month)
    months = np.clip(month - begins + 1, 0, book.benefit)
    months = np.where(asset & (book.month <= month), months, 0)
    part = (
        divide(exact.times(book.amount, months), np.maximum(book.benefit, 1) * book.step, rounding)
        * book.step
    )
    return np.where(months == book.benefit, book.amount, part).astype(np.int64) * (months > 0)


def _table(book: _Book, flows: _Flows, months: Months) -> pa.Table:
    """Groups × months as rows; months before a group's first movement and after its last are left out."""
    moved = flows.moved
    change = moved["capitalised"] - moved["recovered"] - moved["amortised"] - moved["impaired"]
    closing = np.cumsum(change, axis=1)
    opening = closing - change
    expense = flows.expensed + moved["amortised"] + moved["impaired"]
    columns = moved | {"opening": opening, "closing": closing, "expensed": flows.expensed, "expense": expense}
    any_moved = np.any([values != 0 for values in columns.values()], axis=0)
    group, month = np.nonzero(any_moved) if any_moved.size else np.zeros((2, 0), np.int64)
    texts = {
        name: pa.array([book.names[at][place] for at in group.tolist()], pa.string())
        for place, name in enumerate(("plan_id", "component_id", "currency"))
    }
    values = {name: money(values[group, month]) for name, values in columns.items()}
    found = texts | values | {"month_start": dates(months.starts[month])}
    rows = pa.table([found[each.name] for each in SCHEDULE], schema=SCHEDULE)
    return rows.sort_by([(name, "ascending") for name in SCHEDULE.names[:4]])
