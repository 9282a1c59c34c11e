"""What a reviewer should look at before a month is closed: payee by payee, against the period before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal

import pyarrow as pa

from compensation.after.payroll import GROUPS
from workflows.pay.reviewing import Review

Code = Literal["new", "gone", "changed", "capped", "negative", "zero", "differs", "problem"]
CODES: tuple[Code, ...] = ("problem", "negative", "differs", "changed", "new", "gone", "capped", "zero")
"""The gravest first. ``zero``: a quota and nothing to pay; ``differs``: other pay was recorded."""

Row = Mapping[str, Any]
NOTHING = Decimal(0)


@dataclass(frozen=True)
class Payee:
    """One person's month in one currency; ``before`` and ``recorded`` are None where there is nothing."""

    rep: str
    currency: str
    plans: tuple[str, ...]
    payable: Decimal
    held: Decimal
    before: Decimal | None
    recorded: Decimal | None
    lines: int
    codes: tuple[Code, ...]

    @property
    def change(self) -> float | None:
        """Against the period before; None where that was nothing."""
        return float(self.payable / self.before - 1) if self.before else None


@dataclass
class _Side:
    """Sums over somebody's lines."""

    payable: Decimal = NOTHING
    held: Decimal = NOTHING
    lines: int = 0
    capped: bool = False
    quota: bool = False
    plans: set[str] = field(default_factory=set)

    def take(self, row: Row) -> None:
        self.lines += 1
        self.plans.add(row["plan_id"])
        self.capped |= bool(row["capped"])
        self.quota |= bool(row["quota"])
        if row["kind"] == "held":
            self.held += row["amount"]
        elif row["kind"] in GROUPS:
            self.payable += row["amount"]


Key = tuple[str, str]


def payees(found: Review, *, threshold: float = 1.0, least: Decimal = Decimal(500)) -> list[Payee]:
    """Everybody paid this month or the period before, with what stands out about each; sorted by key.

    A change stands out when the larger of the two is more than the smaller by ``threshold`` of it (1: at least
    doubled or halved), and the two are at least ``least`` of the payee's own money apart.
    """
    now, before = _sides(found.run.lines), _sides(found.before)
    recorded = _recorded(found)
    troubled = {value for each in found.run.problems for name, value in each.fields if name == "rep"}
    differing = _differing(found)
    keys = sorted({*now, *before, *recorded})
    return [
        _payee(
            key,
            now.get(key),
            before.get(key),
            recorded.get(key),
            threshold,
            least,
            troubled,
            differing,
        )
        for key in keys
    ]


def counted(payees: Iterable[Payee]) -> dict[Code, int]:
    """How many payees each code is about, the gravest code first."""
    found: dict[Code, int] = dict.fromkeys(CODES, 0)
    for payee in payees:
        for code in payee.codes:
            found[code] += 1
    return found


def _sides(lines: pa.Table) -> dict[Key, _Side]:
    found: defaultdict[Key, _Side] = defaultdict(_Side)
    names = ["rep", "currency", "plan_id", "capped", "quota", "kind", "amount"]
    for row in lines.select(names).to_pylist():
        found[row["rep"], row["currency"]].take(row)
    return dict(found)


def _recorded(found: Review) -> dict[Key, Decimal]:
    sums: defaultdict[Key, Decimal] = defaultdict(Decimal)
    for row in found.recorded.select(["rep_id", "currency", "amount"]).to_pylist():
        sums[row["rep_id"], row["currency"]] += row["amount"]
    return dict(sums)


def _differing(found: Review) -> set[Key]:
    """Payees with a line that another source recorded otherwise; nobody where no other source pays the month."""
    if not found.paid_elsewhere:
        return set()
    rows = found.compared.rows.select(["rep", "currency", "status"]).to_pylist()
    return {(row["rep"], row["currency"]) for row in rows if row["status"] != "equal"}


def _payee(
    key: Key, now: _Side | None, before: _Side | None, recorded: Decimal | None,
    threshold: float, least: Decimal, troubled: Collection[str], differing: Collection[Key],
) -> Payee:  # fmt: skip
    side, was = now or _Side(), before.payable if before else None
    tests: dict[Code, bool] = {
        "problem": key[0] in troubled,
        "negative": side.payable < 0,
        "differs": key in differing,
        "changed": bool(was) and now is not None and _moved(side.payable, was, threshold, least),
        "new": before is None and side.payable != 0,
        "gone": now is None and bool(was),
        "capped": side.capped,
        "zero": side.quota and not side.payable and not side.held,
    }
    plans = side.plans or (before.plans if before else set())
    codes = tuple(code for code in CODES if tests[code])
    return Payee(*key, tuple(sorted(plans)), side.payable, side.held, was, recorded, side.lines, codes)


def _moved(now: Decimal, before: Decimal | None, threshold: float, least: Decimal) -> bool:
    if not before or abs(now - before) < least:
        return False
    small, large = sorted((abs(now), abs(before)))
    return (now < 0) != (before < 0) or float(large) >= float(small) * (1 + threshold)
