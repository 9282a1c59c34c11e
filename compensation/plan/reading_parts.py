"""The parts of a plan's text that stand beside its components: measures, credit rules, assignments."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from compensation.plan.model import OPEN_END, Assignment, Condition, CreditRule, Measure
from compensation.plan.section import Section, exact_number

OF = ("amount", "margin", "units", "count")
RULE_KINDS = ("direct", "split", "overlay", "roll_up")
BUILT_IN = {kind: CreditRule(kind, kind) for kind in RULE_KINDS}
"""Credit rules of a plan that writes none: each kind credits the whole for pay and for quota."""

_ONE = Fraction(1)


def measures(section: Section) -> dict[str, Measure]:
    """``[measures.NAME]``."""
    found = {name: _measure(section.table(name), name) for name in section.values}
    section.finish()
    return found


def _measure(section: Section, name: str) -> Measure:
    measure = Measure(
        name=name,
        of=section.word("of", OF, "amount"),
        where=conditions(section),
        quota=section.text("quota"),
    )
    section.finish()
    return measure


def conditions(section: Section) -> tuple[Condition, ...]:
    """``where``: a value, a list of values or bounds for each column."""
    where = section.table("where")
    return tuple(found for name in where.values if (found := _condition(where, name)))


def _condition(where: Section, name: str) -> Condition | None:
    value = where.take(name)
    if isinstance(value, dict):
        return _bounds(where.table(name), name)
    listed = value if isinstance(value, list) else [value]
    if listed and all(isinstance(item, (str, int, Decimal)) for item in listed):
        return Condition(name, tuple(_plain(item) for item in listed))
    where.bad(name, "a value, a list of values, or bounds such as { at_least = 2 }")
    return None


def _plain(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _bounds(section: Section, name: str) -> Condition:
    at_least, below = (_number(section, key) for key in ("at_least", "below"))
    if not section.values:
        section.missing("at_least", "at_least = 2, below = 5, or both")
    section.finish()
    return Condition(name, at_least=at_least, below=below)


def _number(section: Section, key: str) -> Decimal | None:
    value = section.take(key)
    number = exact_number(value)
    if value is not None and number is None:
        section.bad(key, "a number")
    return number


def credit_rules(section: Section) -> dict[str, CreditRule]:
    """``[credit_rules.NAME]``, beside the built-in ones, which a plan may write anew."""
    found = {name: _credit_rule(section.table(name), name) for name in section.values}
    section.finish()
    return BUILT_IN | found


def _credit_rule(section: Section, name: str) -> CreditRule:
    rule = CreditRule(
        name=name,
        kind=section.word("kind", RULE_KINDS, name if name in RULE_KINDS else ""),
        pay=section.positive("pay", _ONE),
        quota=section.positive("quota", _ONE),
        roles=section.texts("roles"),
        levels=section.whole("levels", 0, 0) or 0,
        where=conditions(section),
    )
    if not rule.kind and not section.has("kind"):
        section.missing("kind", f"one of {', '.join(RULE_KINDS)}")
    section.finish()
    return rule


def assignment(section: Section, default_start: date | None) -> Assignment:
    """``[[assignments]]``, or the payee of a case, whose rep and start may be left out."""
    rep = section.text("rep")
    start = section.day("from") or default_start
    if default_start is None and not section.has("rep"):
        section.missing("rep", 'rep = "ana"')
    if start is None and not section.has("from"):
        section.missing("from", "from = 2026-02-01")
    found = Assignment(
        rep=rep,
        start=start or date(1, 1, 1),
        end=section.day("to") or OPEN_END,
        currency=_currency(section),
        base_salary=section.money("base_salary") or Decimal(0),
        target_incentive=section.money("target_incentive") or Decimal(0),
        rate=section.positive("rate", _ONE) if section.has("rate") else None,
        quotas=_quotas(section.table("quotas")),
        hired=section.day("hired"),
        left=section.day("left"),
        **_texts(section),
    )
    section.finish()
    return found


def _texts(section: Section) -> Mapping[str, Any]:
    return {name: section.text(name) for name in ("role", "team", "manager")}


def _currency(section: Section) -> str:
    code = section.text("currency")
    if code and not re.fullmatch(r"[A-Z]{3}", code):
        section.bad("currency", 'a code of three capitals such as "USD"')
    return code


def _quotas(section: Section) -> dict[str, Decimal]:
    amounts = {name: section.money(name) for name in section.values}
    return {name: amount for name, amount in amounts.items() if amount is not None}
