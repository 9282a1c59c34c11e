"""A share of the whole is what was credited, for whoever looks at however many of those who share a deal."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from compensation.calculate import calculate
from compensation.inputs import MONEY, PERIODS, SHARE, TRANSACTIONS, Inputs, Order
from compensation.plan.model import Assignment
from compensation.plan.reading import plan_of
from warehouse.build.currency import minor
from workflows.pay.wholes import exact

DAY = date(2026, 3, 1)
MILLION = 1_000_000


def credited(amount: int, shares: list[int]) -> list[int]:
    """Minor units by largest remainder, as deals are shared out when they are loaded."""
    exact_parts = [divmod(amount * share, sum(shares)) for share in shares]
    parts = [whole for whole, _ in exact_parts]
    order = sorted(range(len(shares)), key=lambda n: (-exact_parts[n][1], -shares[n], n))
    for n in order[: amount - sum(parts)]:
        parts[n] += 1
    return parts


def found(rows: list[dict[str, Any]], currency: str) -> pa.Table:
    columns = {
        name: pa.array([row[name] for row in rows], MONEY)
        for name in ("credited", "whole", "margin", "units")
    }
    share = pa.array([row["share"] for row in rows], SHARE)
    return pa.table({**columns, "share": share, "currency": pa.array([currency] * len(rows))})


PLAN = plan_of("""
plan = "all"
name = "Everything measured"
valid_from = 2026-03-01
currency = "payee"
[measures.amount]
[measures.margin]
of = "margin"
[measures.units]
of = "units"
[[components]]
id = "amount"
pays = "rate"
measure = "amount"
rate = 1
credits = ["split", "overlay"]
[[components]]
id = "margin"
pays = "rate"
measure = "margin"
rate = 1
credits = ["split", "overlay"]
[[components]]
id = "units"
pays = "per_unit"
measure = "units"
rate = 10000
credits = ["split", "overlay"]
""")


def paid(
    made: dict[str, Any], chosen: tuple[int, ...], currency: str, kind: str
) -> dict[tuple[str, str], Decimal]:
    """What the calculation makes of some of the rows: by person and measure."""
    columns = {name: made[name] for name in ("amount", "share", "margin", "units")}
    fixed = {"transaction_id": "D", "deal_id": "D", "kind": kind, "currency": currency, "date": DAY}
    count = len(made["share"])
    given = columns | {name: pa.array([value] * count) for name, value in fixed.items()}
    given["rep"] = pa.array([f"rep{n}" for n in range(count)])
    people = [Assignment(f"rep{n}", DAY, currency=currency) for n in chosen]
    order = Order((replace(PLAN, assignments=tuple(people)),), DAY, date(2026, 4, 1), date(2026, 4, 1))
    rows = pa.table(
        {field.name: given.get(field.name, pa.nulls(count, field.type)) for field in TRANSACTIONS}
    ).take(list(chosen))
    run = calculate(order, Inputs(rows, PERIODS.empty_table()))
    assert run.problems == ()
    return {(row["rep"], row["component_id"]): row["amount"] for row in run.lines.to_pylist()}


@settings(deadline=None, max_examples=15)
@given(
    amount=st.integers(1, 10**12),
    margin=st.integers(-(10**9), 10**12),
    pieces=st.integers(0, 10**6),
    weights=st.lists(st.integers(1, 1_000), min_size=2, max_size=4),
    currency=st.sampled_from(["USD", "JPY", "KWD"]),
    kind=st.sampled_from(["split", "overlay"]),
)
@example(amount=10**6, margin=10_001, pieces=7, weights=[1, 1, 1, 1, 1, 1], currency="USD", kind="split")
def test_everybody_gets_what_was_credited_alone_or_together(
    amount: int, margin: int, pieces: int, weights: list[int], currency: str, kind: str
) -> None:
    unit = Decimal(1).scaleb(-minor(currency))
    parts = credited(amount, weights)
    shares = [round(MILLION * weight / sum(weights)) for weight in weights]
    rows = [
        {
            "credited": part * unit,
            "whole": amount * unit,
            "share": Decimal(share) / MILLION,
            "margin": margin * unit,
            "units": Decimal(pieces),
        }
        for part, share in zip(parts, shares, strict=True)
    ]
    made = exact(found(rows, currency))
    everybody = tuple(range(len(rows)))
    together = paid(made, everybody, currency, kind)
    assert [together[f"rep{n}", "amount"] for n in everybody] == [part * unit for part in parts]
    for chosen in [*((n,) for n in everybody), everybody[:2]]:
        for key, own in paid(made, chosen, currency, kind).items():
            assert own == together[key], key


def test_a_share_that_is_exact_says_the_deal_as_it_is() -> None:
    row = {
        "credited": Decimal(70),
        "whole": Decimal(100),
        "share": Decimal("0.7"),
        "margin": Decimal(30),
        "units": Decimal(5),
    }
    made = exact(found([row], "USD"))
    assert [made[name].to_pylist() for name in ("amount", "share", "margin", "units")] == [
        [Decimal(100)], [Decimal("0.7")], [Decimal(30)], [Decimal(5)],
    ]  # fmt: skip


@pytest.mark.parametrize("share", [None, Decimal(0), Decimal("1.5"), Decimal("-0.5"), Decimal(1)])
def test_a_share_that_is_none_is_all_of_what_was_credited(share: Decimal | None) -> None:
    row = {
        "credited": Decimal(70),
        "whole": Decimal(100),
        "share": share,
        "margin": Decimal(30),
        "units": None,
    }
    made = exact(found([row], "USD"))
    assert made["amount"].to_pylist() == [Decimal(70)]
    assert made["share"].to_pylist() == [Decimal(1)]
    assert made["margin"].to_pylist() == [Decimal(21)]
    assert made["units"].to_pylist() == [None]


def test_a_tiny_share_of_what_it_is_not_keeps_the_credited_amount() -> None:
    row = {
        "credited": Decimal(10) ** 12, "whole": Decimal(10) ** 12, "share": Decimal("0.000001"),
        "margin": Decimal(10) ** 9, "units": Decimal(2),
    }  # fmt: skip
    made = exact(found([row], "USD"))
    assert made["amount"].to_pylist() == [Decimal(10) ** 12]
    assert made["share"].to_pylist() == [Decimal(1)]


def test_nothing_is_known_of_a_whole_nobody_knows() -> None:
    row = {
        "credited": Decimal(70),
        "whole": None,
        "share": Decimal("0.5"),
        "margin": Decimal(30),
        "units": Decimal(2),
    }
    made = exact(found([row], "USD"))
    assert made["amount"].to_pylist() == [Decimal(140)]
    assert made["margin"].to_pylist() == made["units"].to_pylist() == [None]


def test_a_credit_of_nothing_stays_nothing() -> None:
    rows = [
        {
            "credited": credited_,
            "whole": whole,
            "share": Decimal("0.5"),
            "margin": Decimal(3),
            "units": Decimal(2),
        }
        for credited_, whole in ((None, None), (Decimal(0), Decimal(0)))
    ]
    made = exact(found(rows, "USD"))
    assert made["amount"].to_pylist() == [0, 0]
