"""What a plan can say, once its text has been read: frozen, exact, and free of files and engines.

Shares, rates and attainments are exact ``Fraction`` values (1 = 100 %); money is a ``Decimal`` in the
plan's currency. ``docs/plans.md`` explains each term with an example; ``compensation.plan.reading``
makes a ``Plan`` from text and says what is wrong with one that cannot be made.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

OPEN_END = date(9999, 12, 31)
"""``valid_to`` of terms that are still in force."""

PAYEE_CURRENCY = "payee"
"""A plan's currency when everybody is paid in their own."""


class Pays(StrEnum):
    """How a component turns what was measured into money."""

    RATE = "rate"  # a rate, or tiers of rates, on the measured value
    TARGET = "target"  # target incentive × a curve of attainment
    PER_UNIT = "per_unit"  # an amount a unit, or tiers of amounts
    OBJECTIVE = "objective"  # MBO: target incentive × the score of an objective
    SPIF = "spif"  # an amount or rate out of a budget


class Reading(StrEnum):
    """The four things a table of tiers can mean."""

    MARGINAL = "marginal"  # each tier's rate on the part inside it (step)
    WHOLE = "whole"  # the reached tier's rate on everything (retroactive)
    INTERPOLATED = "interpolated"  # each tier is worth an amount, earned pro rata inside it
    UNSPLIT = "unsplit"  # each deal whole, at the rate of the tier its running total reaches


class Basis(StrEnum):
    """What tier edges and curve points are measured in."""

    VALUE = "value"  # the measure's own unit: money, or pieces
    ATTAINMENT = "attainment"  # share of the quota


class Per(StrEnum):
    """What goes through the tiers at once."""

    TRANSACTION = "transaction"  # individual
    PERIOD = "period"  # grouped


class Accumulate(StrEnum):
    """Over which time the running total runs before it starts again at zero."""

    NONE = "none"  # each transaction, or each period's group, by itself
    PERIOD = "period"
    QUARTER = "quarter"
    YEAR = "year"  # year to date: pays f(to date) − what the earlier periods paid


class Period(StrEnum):
    """Fiscal periods a component is reckoned for."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


class Edge(StrEnum):
    """Which tier a value exactly on an edge belongs to."""

    UPPER = "upper"
    LOWER = "lower"


@dataclass(frozen=True)
class Condition:
    """Which transactions count: one field against values, or against bounds."""

    field: str
    values: tuple[str, ...] = ()
    at_least: Decimal | None = None
    below: Decimal | None = None


@dataclass(frozen=True)
class Measure:
    """What is counted: ``of`` is amount, margin, units or count, of transactions that meet every condition."""

    name: str
    of: str = "amount"
    where: tuple[Condition, ...] = ()
    quota: str = ""  # the target it is held against; empty = the measure's own name


@dataclass(frozen=True)
class CreditRule:
    """Who is credited with what: factors of the transaction's value, for pay and for quota apart."""

    name: str
    kind: str  # direct, split, overlay or roll_up
    pay: Fraction = Fraction(1)
    quota: Fraction = Fraction(1)
    roles: tuple[str, ...] = ()  # only payees with these roles; empty = all
    levels: int = 0  # roll_up: how many levels up the hierarchy; 0 = all
    where: tuple[Condition, ...] = ()


@dataclass(frozen=True)
class Tier:
    """One tier: from ``start`` (inclusive unless the plan says lower) up to the next tier's start."""

    start: Fraction
    rate: Fraction = Fraction(0)  # marginal, whole, unsplit; money a unit for per_unit
    amount: Decimal | None = None  # interpolated: what the whole tier is worth
    end: Fraction | None = None  # None: no upper end


@dataclass(frozen=True)
class Point:
    """One point of a payout curve; two points at the same attainment make a cliff."""

    at: Fraction
    pays: Fraction


@dataclass(frozen=True)
class Curve:
    """Payout share by attainment: 0 below the first point, straight between points, ``beyond`` after the last.

    ``beyond`` is the slope after the last point (0: capped there).
    """

    points: tuple[Point, ...]
    beyond: Fraction = Fraction(0)


@dataclass(frozen=True)
class Step:
    """A multiplier's step: from ``at`` on, times ``times``."""

    at: Fraction
    times: Fraction


@dataclass(frozen=True)
class Modifier:
    """Something that changes what a component earned, in the order written.

    ``multiplier``: times the step its measure's value (``basis`` value, or attainment) reaches;
    ``gate``: nothing unless the measure reaches ``at_least``;
    ``linkage``: times ``times`` (0 unless given) unless another component's attainment reaches ``at_least``.
    """

    kind: str
    name: str = ""
    measure: str = ""
    component: str = ""
    basis: Basis = Basis.ATTAINMENT
    at_least: Fraction | None = None
    times: Fraction = Fraction(0)
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True)
class Caps:
    """What a component earns at most, in the plan's currency; None: no cap."""

    deal: Decimal | None = None  # one transaction
    period: Decimal | None = None  # one component period
    year: Decimal | None = None


@dataclass(frozen=True)
class Hold:
    """Earned now, payable once the event has happened."""

    until: str = "paid"  # the event's name, such as paid (invoice paid)


@dataclass(frozen=True)
class Clawback:
    """What comes back when a deal is cancelled: ``full`` within ``months``, or ``pro_rata`` of its unused term."""

    kind: str  # full or pro_rata
    months: int = 0  # full: cancelled within so many months; pro_rata: the term where a deal has none


@dataclass(frozen=True)
class Spif:
    """How a budget is shared out: ``first_come``, ``pro_rata`` or ``rank`` with ``prizes``."""

    budget: Decimal | None = None
    share: str = "first_come"
    prizes: tuple[Decimal, ...] = ()


@dataclass(frozen=True)
class Component:
    """One way the plan pays."""

    id: str
    name: str
    pays: Pays
    measure: str
    period: Period
    weight: Fraction = Fraction(0)  # share of the target incentive
    credits: tuple[str, ...] = ("direct", "split")  # names of the credit rules that count
    rate: str | Fraction = (
        ""  # one rate; "payee": the person's own; "target": target incentive × weight ÷ quota
    )
    times: Fraction = Fraction(1)  # a factor on the rate
    tiers: tuple[Tier, ...] = ()
    reading: Reading = Reading.MARGINAL
    basis: Basis = Basis.VALUE
    per: Per = Per.TRANSACTION
    accumulate: Accumulate = Accumulate.PERIOD
    rate_at: str = "after"  # unsplit: the running total before or after the deal decides
    edge: Edge = Edge.UPPER
    curve: Curve | None = None
    modifiers: tuple[Modifier, ...] = ()
    caps: Caps = Caps()
    hold: Hold | None = None
    clawback: Clawback | None = None
    spif: Spif | None = None
    roles: tuple[str, ...] = ()  # only these roles of the plan; empty = all
    rollout: Mapping[str, date] = field(
        default_factory=dict
    )  # team → first day in force; empty = always, all
    pilot: str = ""  # how the rollout was decided: "random" or "staggered"; empty = not a trial
    valid_from: date | None = None  # inside the plan's own validity
    valid_to: date | None = None
    group: str = ""  # kind of component for analysis: commission, bonus, accelerator, spif, mbo, overlay


@dataclass(frozen=True)
class Draw:
    """A minimum a month, paid against later earnings or for good.

    ``amount`` a full month, or ``share`` of a twelfth of the yearly target incentive. ``recoverable`` draws
    leave a balance; recovery starts ``recover_after`` months after it arose, takes at most ``recover_share``
    of what is earned above the draw, and what is older than ``forgive_after`` months is forgiven.
    """

    kind: str  # recoverable or non_recoverable
    amount: Decimal | None = None
    share: Fraction | None = None
    months_after_hire: int | None = None  # only the first so many full months after hire; None: always
    components: tuple[str, ...] = ()  # what counts against it; empty = everything earned
    recover_after: int = 0
    recover_share: Fraction = Fraction(1)
    recover_at_most: Decimal | None = None  # a month
    forgive_after: int | None = None  # months


@dataclass(frozen=True)
class Policy:
    """How the plan rounds, converts and prorates."""

    rounding: str = "half_up"  # half_up, half_even, down, up
    round_at: str = "line"  # line: once a person, component and period; transaction: each
    currency_on: str = "transaction"  # day whose rate converts: transaction, or period_end
    proration: str = "days"  # of target incentive and the file's quotas: days, or none
    year_cap: Decimal | None = None  # of the whole plan, a fiscal year
    first_month: int = 1  # of the fiscal year, where no store's calendar says


@dataclass(frozen=True)
class Assignment:
    """A person on the plan: what is at stake, in force from ``start`` until before ``end``."""

    rep: str
    start: date
    end: date = OPEN_END
    role: str = ""
    team: str = ""
    manager: str = ""
    currency: str = ""
    base_salary: Decimal = Decimal(0)
    target_incentive: Decimal = Decimal(0)
    rate: Fraction | None = None
    quotas: Mapping[str, Decimal] = field(default_factory=dict)  # measure → a year's quota
    hired: date | None = None
    left: date | None = None


@dataclass(frozen=True)
class Case:
    """A test the plan carries: deals in, payout out, in the file's own words (see ``compensation.plan.cases``)."""

    name: str
    given: tuple[Mapping[str, object], ...]  # transactions, as a CSV's rows would say them
    payee: Mapping[str, object]  # an assignment, as the file would say it
    expect: tuple[Mapping[str, object], ...]  # payouts: component, period, amount, kind
    line: int = 0
    others: tuple[Mapping[str, object], ...] = ()  # further payees
    start: date | None = None  # first month reckoned; None: from the deals and what is expected
    end: date | None = None  # exclusive


@dataclass(frozen=True)
class Plan:
    """One version of a plan."""

    id: str
    version: int
    name: str
    valid_from: date
    valid_to: date = OPEN_END
    currency: str = PAYEE_CURRENCY
    roles: tuple[str, ...] = ()
    measures: Mapping[str, Measure] = field(default_factory=dict)
    credit_rules: Mapping[str, CreditRule] = field(default_factory=dict)
    components: tuple[Component, ...] = ()
    draw: Draw | None = None
    policy: Policy = Policy()
    assignments: tuple[Assignment, ...] = ()
    cases: tuple[Case, ...] = ()
    text: str = ""
