"""A plan's text read into a ``Plan``, or into everything that is wrong with it (docs/plans.md)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from compensation.plan.checks import check
from compensation.plan.model import OPEN_END, PAYEE_CURRENCY, Case, Draw, Plan, Policy
from compensation.plan.places import places
from compensation.plan.reading_components import component
from compensation.plan.reading_parts import assignment, credit_rules, measures
from compensation.plan.section import Notes, Section
from compensation.problems import problem, sentences
from compensation.run import Problem

_NO_DAY = date(1, 1, 1)
_PLACE = re.compile(r"\s*\(at (?:line (\d+), column \d+|end of document)\)")


class PlanError(ValueError):
    """A plan that cannot be used; ``problems`` holds everything found, not only the first."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(sentences(self.problems))


def plan_of(text: str, file: str = "plan.toml") -> Plan:
    """The plan a text says. Raises ``PlanError`` with every problem when it cannot be used."""
    plan, problems = read(text, file)
    if plan is None:
        raise PlanError(problems)
    return plan


def read(text: str, file: str = "plan.toml") -> tuple[Plan | None, list[Problem]]:
    """The plan a text says, or None and every problem, in the order of the lines."""
    text = text.removeprefix("\ufeff")
    try:
        values = tomllib.loads(text, parse_float=Decimal)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        return None, [_not_toml(str(error), text, file)]
    except ValueError as error:  # such as 2026-02-30, or a whole number of thousands of digits
        return None, [problem("bad_toml", file=file, line="?", detail=error)]
    notes = Notes(file, places(text))
    top = Section(values, (), notes)
    plan = _plan(top, text)
    top.finish()
    check(plan, notes)
    problems = sorted(notes.problems, key=lambda found: int(dict(found.fields).get("line", "0")))
    return (None if problems else plan), problems


def _not_toml(said: str, text: str, file: str) -> Problem:
    match = _PLACE.search(said)
    line = (match and match.group(1)) or str(text.count("\n") + 1)
    detail = _PLACE.sub("", said)
    return problem("bad_toml", file=file, line=line, detail=detail[:1].lower() + detail[1:])


def _plan(top: Section, text: str) -> Plan:
    start = _start(top)
    policy, draw = _policy(top.table("policy")), _draw(top.table("draw")) if top.has("draw") else None
    plan_id = top.name("plan", "field")
    return Plan(
        id=plan_id,
        version=top.whole("version", 1, 1) or 1,
        name=top.text("name", plan_id),
        valid_from=start,
        valid_to=top.day("valid_to") or OPEN_END,
        currency=_currency(top),
        roles=top.texts("roles"),
        measures=measures(top.table("measures")),
        credit_rules=credit_rules(top.table("credit_rules")),
        components=tuple(component(section) for section in top.tables("components")),
        draw=draw,
        policy=policy,
        assignments=tuple(assignment(each, None) for each in top.tables("assignments")),
        cases=tuple(_case(section) for section in top.tables("cases")),
        text=text,
    )


def _start(top: Section) -> date:
    """The effective date, without which there is no plan."""
    day = top.day("valid_from")
    if not top.has("valid_from"):
        top.notes.add("no_effective_date", ("valid_from",))
    return day or _NO_DAY


def _currency(section: Section) -> str:
    code = section.text("currency", PAYEE_CURRENCY)
    if code != PAYEE_CURRENCY and not re.fullmatch(r"[A-Z]{3}", code):
        section.bad("currency", f'a code of three capitals such as "USD", or "{PAYEE_CURRENCY}"')
    return code


def _policy(section: Section) -> Policy:
    policy = Policy(
        rounding=section.word("rounding", ("half_up", "half_even", "down", "up"), "half_up"),
        round_at=section.word("round_at", ("line", "transaction"), "line"),
        currency_on=section.word("currency_on", ("transaction", "period_end"), "transaction"),
        proration=section.word("proration", ("days", "none"), "days"),
        year_cap=section.money("year_cap"),
        first_month=section.whole("first_month", 1, 1, 12) or 1,
    )
    section.finish()
    return policy


def _draw(section: Section) -> Draw:
    draw = Draw(
        kind=section.word("kind", ("recoverable", "non_recoverable"), "recoverable"),
        amount=section.money("amount"),
        share=section.share("share"),
        months_after_hire=section.whole("months_after_hire", None, 1),
        components=section.texts("components"),
        recover_after=section.whole("recover_after", 0, 0) or 0,
        recover_share=section.positive("recover_share", Draw("").recover_share),
        recover_at_most=section.money("recover_at_most"),
        forgive_after=section.whole("forgive_after", None, 1),
    )
    if not section.has("kind"):
        section.missing("kind", 'kind = "recoverable" or "non_recoverable"')
    section.finish()
    return draw


_CASE_PAYS = ("component", "period", "month", "kind", "rep")


def _case(section: Section) -> Case:
    """A case; its deals stay as written, and are read as a file's rows when the case runs."""
    name = section.text("name") or f"case {int(section.path[-1]) + 1}"
    payees = [section.table("payee")] if section.has("payee") else section.tables("payees")
    if section.has("payees") and section.has("payee"):
        section.notes.add("no_use", section.at("payees"), detail="beside payee")
    for payee in payees:
        assignment(payee, _NO_DAY)
    expect = [_expected(each) for each in section.tables("pays")]
    if section.has("total"):
        expect.append({"kind": "payable", "amount": section.signed("total")})
    if not expect:
        section.missing("pays", "what the case pays, such as total = 164")
    deals = [each.values for each in section.tables("deals")]
    case = Case(
        name=name,
        given=tuple(deals),
        payee=payees[0].values if payees else {},
        expect=tuple(expect),
        line=section.notes.line(section.path),
        others=tuple(payee.values for payee in payees[1:]),
        start=section.day("from"),
        end=section.day("to"),
    )
    section.finish()
    return case


def _expected(section: Section) -> dict[str, object]:
    """One amount a case expects, with what it is summed over."""
    amount = section.signed("amount")
    if not section.has("amount"):
        section.missing("amount", "amount = 100")
    said: dict[str, object] = {name: section.text(name) for name in ("component", "rep") if section.has(name)}
    said |= {name: section.day(name) for name in ("period", "month") if section.has(name)}
    said["kind"] = section.word("kind", KINDS_OF_CASES, "earning")
    section.finish()
    return said | {"amount": amount}


KINDS_OF_CASES = (
    "earning", "payable", "draw", "recovery", "forgiveness", "clawback", "adjustment", "true_up", "held", "released",
)  # fmt: skip
"""Kinds of payout a case can expect; ``payable`` is everything that is paid, so all but what is held."""
