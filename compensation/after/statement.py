"""One payout line in words its payee can follow: what was credited, how it became money, and what happened after.

Every step is a ``Said`` of ``compensation.plan.saying``: the id of a template and its values, written out in a
language where it is shown (``TEMPLATES`` are the English ones).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from compensation.after.statement_tiers import tiers
from compensation.after.statement_words import TEMPLATES
from compensation.plan.model import Basis, Component, Modifier, Pays, Plan
from compensation.plan.saying import ENGLISH, Money, Number, Said, Style, Value, say, written

Row = Mapping[str, Any]
"""A row of LINES or TRACE, as ``to_pylist`` gives it."""

TO_DATE = "to_date"


@dataclass(frozen=True)
class Statement:
    """What a line says: its steps in order, and each transaction behind it."""

    steps: tuple[Said, ...]
    deals: tuple[Said, ...]


def sentence(said: Said, style: Style = ENGLISH, translate: Callable[[str], str] = str) -> str:
    """A step in words."""
    return written(said, TEMPLATES, style, translate)


def statement(
    line: Row, trace: Sequence[Row], plan: Plan | None = None, after: Sequence[Row] = ()
) -> Statement:
    """A line's statement.

    ``trace`` are the line's own rows of TRACE, in their order. ``plan`` is the version the line was reckoned with;
    without it the terms are not told, only what the line itself says. ``after`` are lines that follow from this
    one (held, released, taken back), whose ids start with this line's id and "|".
    """
    told = {
        "held": _held,
        "released": _released,
        "clawback": _clawback,
        "draw": _draw,
        "recovery": _recovery,
        "forgiveness": _forgiveness,
        "adjustment": _adjustment,
    }.get(line["kind"])
    component = component_of(plan, line["component_id"])
    steps = list(told(line, component)) if told else list(_earning(line, trace, component, after))
    steps.append(say("paid_with", amount=money(line, "amount"), month=line["pay_start"]))
    return Statement(tuple(steps), tuple(_deal(line, row) for row in trace))


def component_of(plan: Plan | None, name: str) -> Component | None:
    """The plan's component of that id."""
    return next((each for each in plan.components if each.id == name), None) if plan else None


def money(line: Row, name: str) -> Money:
    """A line's amount with its currency; NULL counts as 0."""
    return Money(line[name] or Decimal(0), line["currency"])


def _plain(value: Decimal | None) -> Money:
    """An amount without its currency, where many stand together."""
    return Money(value or Decimal(0))


def _earning(
    line: Row, trace: Sequence[Row], component: Component | None, after: Sequence[Row]
) -> Iterator[Said]:
    """Credit, what it earned, modifiers, caps, and what is held or came back."""
    yield from _credited(line)
    yield from _reckoned(line, trace, component)
    yield from _modified(line, component)
    if line["capped"]:
        yield say("capped", amount=money(line, "capped"))
    if line["to_date"] is not None and line["paid_before"]:
        yield say("to_date", total=money(line, "to_date"), before=money(line, "paid_before"))
    for each in after:
        yield from _followed(each, component)


def _credited(line: Row) -> Iterator[Said]:
    if line["quota"]:
        share = Fraction(line["quota_credited"] or 0) / Fraction(line["quota"])
        said = {"credited": _plain(line["quota_credited"]), "quota": _plain(line["quota"])}
        yield say("credited_of_quota", **said, attainment=share)
    elif line["credited"] is not None:
        yield say("credited", credited=_plain(line["credited"]))


def _reckoned(line: Row, trace: Sequence[Row], component: Component | None) -> Iterator[Said]:
    """How credit became money, before modifiers."""
    before = money(line, "before_modifiers")
    if component is None or line["rate"] is None:
        yield say("earned_before", amount=before)
    elif component.pays in (Pays.TARGET, Pays.OBJECTIVE):
        yield _of_target(line, before)
    elif component.tiers:
        yield from tiers(line, trace, component, before)
    elif component.pays == Pays.PER_UNIT:
        each = Money(Fraction(component.rate) if component.rate else Fraction(0), line["currency"])
        units = Number(Fraction(line["credited"] or 0))
        yield say("per_unit", each=each, units=units, amount=before)
    else:
        yield say("at_rate", rate=exact(line["rate"]), credited=_plain(line["credited"]), amount=before)


def _of_target(line: Row, before: Money) -> Said:
    """The curve's share of the target incentive; to date, where earlier periods paid part of it."""
    said: dict[str, Value] = {"rate": exact(line["rate"]), "target": money(line, "target")}
    if line["quota"]:
        return say("of_target_by_curve", **said, amount=before)
    return say("of_target", **said, amount=before)


def exact(value: float) -> Fraction:
    """A float for reading as the short fraction it stands for."""
    return Fraction(str(round(value, 6)))


def _modified(line: Row, component: Component | None) -> Iterator[Said]:
    """Each modifier that changed something, with what was reached: a share, or a value of the measure."""
    plain = {_name(each) for each in component.modifiers if each.basis == Basis.VALUE} if component else set()
    for name, reached, factor in json.loads(line["modifiers"] or "[]"):
        said: dict[str, Value] = {"name": str(name), "factor": Number(exact(factor))}
        if factor != 1 and reached is None:
            yield say("modified_unknown", **said)
        elif factor != 1:
            value = exact(reached)
            yield say("modified", **said, reached=Number(value) if name in plain else value)


def _name(modifier: Modifier) -> str:
    return modifier.name or modifier.measure or modifier.component


def _followed(line: Row, component: Component | None) -> Iterator[Said]:
    """What became of a part of the line."""
    until = component.hold.until if component and component.hold else ""
    amount, month = money(line, "amount"), line["pay_start"]
    if line["kind"] == "held" and line["amount"] > 0:
        yield say("part_held", amount=amount, until=event(until))
    elif line["kind"] == "released":
        yield say("part_released", amount=amount, month=month)
    elif line["kind"] == "clawback":
        yield say("part_taken_back", amount=Money(-line["amount"], line["currency"]), month=month)


def event(until: str) -> Said | str:
    """What a hold waits for; a plan's own word where it is not one of the usual ones."""
    return say(f"until_{until}") if f"until_{until}" in TEMPLATES else until or say("until_paid")


def _held(line: Row, component: Component | None) -> Iterator[Said]:
    until = component.hold.until if component and component.hold else ""
    if line["amount"] < 0:
        yield say("forfeited", amount=Money(-line["amount"], line["currency"]))
    else:
        yield say("held", until=event(until), **_earned_for(line))


def _earned_for(line: Row) -> dict[str, date]:
    return {"start": line["period_start"], "end": date.fromordinal(line["period_end"].toordinal() - 1)}


def _released(line: Row, component: Component | None) -> Iterator[Said]:
    until = component.hold.until if component and component.hold else ""
    yield say("released", until=event(until), **_earned_for(line))


def _clawback(line: Row, component: Component | None) -> Iterator[Said]:
    yield say("taken_back", **_earned_for(line))
    if component and component.clawback:
        yield say(f"taken_back_{component.clawback.kind}")


def _figures(line: Row) -> dict[str, Money]:
    """The month's figures a draw line keeps in its reason."""
    return {name: Money(Decimal(value)) for name, value in json.loads(line["reason"] or "{}").items()}


def _draw(line: Row, _: Component | None) -> Iterator[Said]:
    figures = _figures(line)
    said = {"guaranteed": figures["guaranteed"], "earned": figures["earned"], "drawn": figures["drawn"]}
    yield say("drawn", **said)
    if figures["owed"].amount:
        yield say("owed", owed=figures["owed"])


def _recovery(line: Row, _: Component | None) -> Iterator[Said]:
    figures = _figures(line)
    above = Money(Fraction(figures["earned"].amount) - Fraction(figures["guaranteed"].amount))
    said = {"earned": figures["earned"], "above": above, "recovered": figures["recovered"]}
    yield say("recovered", **said, before=figures["before"])
    yield say("owed" if figures["owed"].amount else "owed_nothing", owed=figures["owed"])


def _forgiveness(line: Row, _: Component | None) -> Iterator[Said]:
    yield say("forgiven", amount=_figures(line)["forgiven"])


def _adjustment(line: Row, _: Component | None) -> Iterator[Said]:
    reason = json.loads(line["reason"] or "{}")
    yield say("adjusts", month=line["adjusts"], **_earned_for(line))
    for each in reason.get("transactions", ()):
        code = "late_clawback" if (each["what"], each["kind"]) == ("late", "clawback") else each["what"]
        yield say(code, transaction=each["transaction"], deal=each["deal"])
    if reason.get("moved"):
        yield say("moved", count=int(reason["moved"]))
    elif not reason.get("transactions"):
        yield say("terms_changed")


def _deal(line: Row, row: Row) -> Said:
    """One transaction's part."""
    earned = _plain(row["earned"])
    if row["rule"] == TO_DATE or not row["transaction_id"]:
        return say("to_date_part", earned=earned)
    said = {"day": row["date"], "deal": row["deal_id"], "earned": earned}
    if line["kind"] not in ("earning", "true_up"):
        return say("deal_after", **said)
    share = exact(row["share"])
    amounts = {"amount": _plain(row["amount"]), "credited": _plain(row["credited"])}
    code = "deal" if row["amount"] == row["credited"] else "deal_shared"
    more = {"share": share, "rule": row["rule"]} if code == "deal_shared" else {}
    return say(code, **said, **amounts, **more)
