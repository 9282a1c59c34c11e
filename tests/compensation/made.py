"""Plans, deals and inputs for tests of the calculation: small ones by hand, random ones by hypothesis."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any

import pyarrow as pa

from compensation.calculate import calculate
from compensation.inputs import TRANSACTIONS, Inputs, Order
from compensation.periods import periods, settings_of
from compensation.plan.model import (
    Accumulate,
    Assignment,
    Basis,
    Caps,
    Component,
    Condition,
    CreditRule,
    Curve,
    Edge,
    Measure,
    Modifier,
    Pays,
    Per,
    Period,
    Plan,
    Point,
    Policy,
    Reading,
    Step,
    Tier,
)
from compensation.run import Run
from tests.compensation.oracle import Deal

START, END = date(2026, 1, 1), date(2027, 1, 1)
MEASURES = {
    "bookings": Measure("bookings"),
    "new": Measure("new", where=(Condition("type", ("new",)),), quota="bookings"),
    "units": Measure("units", of="units"),
    "deals": Measure("deals", of="count"),
}


def tiers(*pairs: tuple[object, object], reading: Reading = Reading.MARGINAL) -> tuple[Tier, ...]:
    """Tiers from (start, rate), or from (start, end, amount) for interpolated ones."""
    if reading == Reading.INTERPOLATED:
        return tuple(Tier(Fraction(a), amount=Decimal(str(m)), end=Fraction(b)) for a, b, m in pairs)
    return tuple(Tier(Fraction(start), Fraction(rate)) for start, rate in pairs)


def curve(*points: tuple[object, object], beyond: object = 0) -> Curve:
    return Curve(tuple(Point(Fraction(at), Fraction(pays)) for at, pays in points), Fraction(beyond))


def component(**changes: Any) -> Component:
    plain = {"id": "pay", "name": "Pay", "pays": Pays.RATE, "measure": "bookings", "period": Period.QUARTER}
    return Component(**{**plain, **changes})


def ana(**changes: Any) -> Assignment:
    plain = {
        "rep": "ana",
        "start": START,
        "target_incentive": Decimal(60_000),
        "quotas": {"bookings": Decimal(1_200_000)},
    }
    return Assignment(**{**plain, **changes})


def plan(*components: Component, people: Iterable[Assignment] | None = None, **changes: Any) -> Plan:
    plain = {
        "id": "field",
        "version": 1,
        "name": "Field",
        "valid_from": START,
        "currency": "USD",
        "measures": MEASURES,
        "components": components,
        "assignments": tuple(people) if people is not None else (ana(),),
    }
    return Plan(**{**plain, **changes})


def table(deals: Iterable[Deal], currency: str = "USD", **columns: Mapping[str, Any]) -> pa.Table:
    """Deals as TRANSACTIONS; ``columns`` gives more by transaction id."""
    rows = []
    for deal in deals:
        row = dict.fromkeys(TRANSACTIONS.names) | {
            "transaction_id": deal.id,
            "deal_id": deal.deal or deal.id,
            "rep": deal.rep,
            "kind": deal.kind,
            "date": deal.day,
            "amount": deal.amount,
            "share": Decimal(deal.share.numerator) / Decimal(deal.share.denominator),
            "currency": currency,
            "units": deal.units,
            "type": deal.type,
            "score": None if deal.score is None else Decimal(deal.score.numerator) / deal.score.denominator,
            "component": deal.component or None,
        }
        rows.append(row | {name: values.get(deal.id) for name, values in columns.items()})
    return pa.Table.from_pylist(rows, schema=TRANSACTIONS)


def sold(*deals: tuple[object, ...], rep: str = "ana") -> list[Deal]:
    """Deals of one person from (day, amount); a day is a date or its text."""
    days = [d if isinstance(d, date) else date.fromisoformat(str(d)) for d, _ in deals]
    return [
        Deal(f"t{n:03}", rep, day, Decimal(str(a)))
        for n, (day, (_, a)) in enumerate(zip(days, deals, strict=True))
    ]


def inputs(deals: Iterable[Deal] | pa.Table, **more: Any) -> Inputs:
    given = deals if isinstance(deals, pa.Table) else table(deals)
    return Inputs(given, periods(settings_of(Policy()), START, START), **more)


def order(*plans: Plan, start: date = START, end: date = END, as_of: date = date(2026, 12, 31)) -> Order:
    return Order(plans, start, end, as_of)


def run(one: Plan, deals: Iterable[Deal] | pa.Table, **more: Any) -> Run:
    return calculate(order(one), inputs(deals, **more))


def amounts(found: Run) -> list[Decimal]:
    """Amounts of the lines by period."""
    rows = sorted(
        found.lines.to_pylist(), key=lambda row: (row["component_id"], row["rep"], row["period_start"])
    )
    return [row["amount"] for row in rows]


def earned(found: Run) -> list[Decimal]:
    """What each transaction earned, in their order."""
    rows = sorted(found.trace.to_pylist(), key=lambda row: row["transaction_id"])
    return [row["earned"] for row in rows if row["transaction_id"]]


# --------------------------------------------------------------------------- random ones

PEOPLE = ("ana", "ben", "cho")


def a_day(dice: Random) -> date:
    return START + timedelta(days=dice.randrange(365))


def a_rate(dice: Random) -> Fraction:
    return Fraction(dice.randrange(200), 1000)


def some_deals(dice: Random, most: int = 30) -> list[Deal]:
    """Deals of three people: whole, shared and overlays, some of them reversals."""
    found = []
    for number in range(dice.randrange(most)):
        share = dice.choice([Fraction(1), Fraction(1), Fraction(1, 2), Fraction("0.333333"), Fraction("0.7")])
        whole = share == 1
        kind = dice.choice(["direct", "direct", "overlay"] if whole else ["split", "split", "overlay"])
        cents = dice.choice(
            [dice.randrange(3_000_000), dice.randrange(3_000_000), -dice.randrange(400_000), 100_000]
        )
        one = Deal(
            id=f"t{number:03}",
            rep=dice.choice(PEOPLE),
            day=a_day(dice),
            amount=Decimal(cents) / 100,
            share=share,
            kind=kind,
            units=Decimal(dice.randrange(200)) / 4,
            type=dice.choice(["new", "new", "renewal"]),
            deal=f"d{dice.randrange(6)}" if whole else f"s{number:03}",
        )
        found.append(one)
        if kind == "split":
            other = dice.choice([name for name in PEOPLE if name != one.rep])
            found.append(replace(one, rep=other, share=1 - share))
    return found


def some_scores(dice: Random) -> list[Deal]:
    """Scores of objectives of the component c0."""
    return [
        Deal(
            id=f"o{number}",
            rep=dice.choice(PEOPLE),
            day=a_day(dice),
            amount=Decimal(0),
            kind="objective",
            score=Fraction(dice.randrange(1_500_000), 1_000_000),
            component="c0",
        )
        for number in range(dice.randrange(8))
    ]


def some_tiers(dice: Random, reading: Reading, basis: Basis) -> tuple[Tier, ...]:
    attained = basis == Basis.ATTAINMENT
    scale = Fraction(1, 100) if attained else Fraction(200)
    starts = [scale * each for each in sorted(dice.sample(range(150), dice.randint(1, 4)))]
    starts[0] = dice.choice([Fraction(0), starts[0]])
    ends: list[Fraction | None] = [*starts[1:], None]
    if reading == Reading.INTERPOLATED or dice.random() < 0.3:
        ends[-1] = starts[-1] + (Fraction(1, 2) if attained else 5_000)
    return tuple(
        Tier(
            start,
            a_rate(dice),
            Decimal(dice.randrange(90_000)) / 100 if reading == Reading.INTERPOLATED else None,
            end,
        )
        for start, end in zip(starts, ends, strict=True)
    )


def a_curve(dice: Random) -> Curve:
    at = sorted(dice.choices(range(160), k=dice.randint(1, 4)))
    at = [each for n, each in enumerate(at) if n < 2 or at[n - 2] != each]
    pays = sorted(dice.choices(range(300), k=len(at)))
    points = tuple(Point(Fraction(a, 100), Fraction(p, 100)) for a, p in zip(at, pays, strict=True))
    return Curve(points, dice.choice([Fraction(0), Fraction(3, 2)]))


def some_modifiers(dice: Random) -> tuple[Modifier, ...]:
    steps = (
        Step(Fraction(0), Fraction(4, 5)),
        Step(Fraction(1, 2), Fraction(1)),
        Step(Fraction(11, 10), Fraction(2)),
    )
    known = [
        Modifier("gate", measure="new", at_least=Fraction(dice.randrange(120), 100)),
        Modifier("gate", measure="deals", basis=Basis.VALUE, at_least=Fraction(2), times=Fraction(1, 3)),
        Modifier("multiplier", measure="bookings", steps=steps),
        Modifier("linkage", component="c0", at_least=Fraction(1, 2), times=Fraction(1, 4)),
    ]
    return tuple(dice.sample(known, dice.choice([0, 0, 1, 2])))


def some_caps(dice: Random) -> Caps:
    def one() -> Decimal | None:
        return Decimal(dice.randrange(1, 200_000)) / 100 if dice.random() < 0.2 else None

    return Caps(one(), one(), one())


def a_component(dice: Random, number: int) -> Component:
    pays = dice.choice(
        [Pays.RATE, Pays.RATE, Pays.RATE, Pays.TARGET, Pays.TARGET, Pays.PER_UNIT, Pays.OBJECTIVE]
    )
    common: dict[str, Any] = {
        "id": f"c{number}",
        "name": "",
        "pays": pays,
        "measure": dice.choice(["bookings", "bookings", "new", "deals"])
        if pays != Pays.PER_UNIT
        else "units",
        "period": dice.choice(list(Period)),
        "weight": Fraction(dice.randint(1, 10), 10),
        "credits": dice.choice([("direct", "split"), ("direct", "split", "overlay"), ("team",), ("boss",)]),
        "accumulate": dice.choice(list(Accumulate)),
        "modifiers": some_modifiers(dice),
        "caps": some_caps(dice),
        "edge": dice.choice(list(Edge)),
    }
    if pays in (Pays.TARGET, Pays.OBJECTIVE):
        bare = pays == Pays.OBJECTIVE and dice.random() < 0.5
        return Component(**common, curve=None if bare else a_curve(dice))
    if dice.random() < 0.25:
        rate = dice.choice(["payee", "target", Fraction("0.0375")]) if pays == Pays.RATE else Fraction("12.5")
        return Component(**common, rate=rate, times=dice.choice([Fraction(1), Fraction("0.41")]))
    reading, basis = dice.choice(list(Reading)), dice.choice(list(Basis))
    return Component(
        **common,
        tiers=some_tiers(dice, reading, basis),
        rate=dice.choice(["", "", "payee"]),
        reading=reading,
        basis=basis,
        per=dice.choice(list(Per)),
        rate_at=dice.choice(["after", "before"]),
    )


def some_people(dice: Random) -> tuple[Assignment, ...]:
    """Three people, of whom some start, leave or get new terms inside the year; ana reports to somebody."""
    found = []
    for name in PEOPLE:
        measures = [each for each in ("bookings", "units", "deals") if dice.random() < 0.85]
        first = Assignment(
            name,
            date(2025, 6, 1),
            manager="cho" if name == "ana" else "",
            target_incentive=Decimal(dice.randrange(90_000)),
            rate=a_rate(dice) if dice.random() < 0.8 else None,
            quotas={measure: Decimal(dice.randrange(60_000)) for measure in measures},
            hired=a_day(dice) if dice.random() < 0.2 else None,
            left=a_day(dice) if dice.random() < 0.2 else None,
        )
        if dice.random() < 0.6:
            found.append(first)
            continue
        cut, manager = a_day(dice), "ben" if name == "ana" else ""
        raised = replace(first, start=cut, target_incentive=first.target_incentive + 1_001, manager=manager)
        found += [replace(first, end=cut), raised]
    return tuple(found)


def a_plan(dice: Random) -> Plan:
    """A plan of one or two components with everything a component can say but SPIFs, holds and clawback."""
    pay, quota = Fraction(dice.choice(["1", "0.5", "0"])), Fraction(dice.choice(["1", "0.3", "0"]))
    rules = {
        "overlay": CreditRule("overlay", "overlay", pay, quota),
        "team": CreditRule("team", "roll_up", Fraction(dice.choice(["1", "0.1"]))),
        "boss": CreditRule("boss", "roll_up", levels=1),
    }
    policy = Policy(
        rounding=dice.choice(["half_up", "half_up", "half_even", "down", "up"]),
        round_at=dice.choice(["line", "line", "transaction"]),
        proration=dice.choice(["days", "days", "none"]),
    )
    parts = tuple(a_component(dice, number) for number in range(dice.randint(1, 2)))
    return plan(*parts, people=some_people(dice), credit_rules=rules, policy=policy)
