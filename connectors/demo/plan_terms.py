"""The plans as a compensation analyst would write them down, and as the calculation reads them.

What a plan pays is worked out a second time in ``connectors.demo.pay``, from the same numbers.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from connectors.demo import plan_texts, truths
from connectors.demo.axis import FISCAL_START_MONTH, Axis

# Multiples of the person's commission rate, in hundredths.
HEALTHY_MULTIPLE = 41
DEAD_MULTIPLE = 222
ACCELERATOR_MULTIPLE = 100
COMMISSION_WEIGHT, HEALTHY_WEIGHT, DEAD_WEIGHT = 440_000, 110_000, 450_000  # millionths of the full target
COMMERCIAL, ENTERPRISE, LEADERSHIP = "commercial", "enterprise", "leadership"
PLANS = {
    COMMERCIAL: "Field Sales Plan",
    ENTERPRISE: "Enterprise Sales Plan",
    LEADERSHIP: "Leadership Plan",
}
_LEADERS = ("manager", "vice_president", "chief_revenue_officer", "product_specialist")
_BOTH_FROM = 1 + max(quarter for quarter in (*truths.HEALTHY_FROM, *truths.DEAD_FROM) if quarter)
_WITH_BOTH = {COMMERCIAL: "East Mid-Market", ENTERPRISE: "East Enterprise"}


def terms(axis: Axis, plan: str, version: int, start: date) -> str:
    """The terms of one version of a plan in force from ``start``, as TOML."""
    roles = _LEADERS if plan == LEADERSHIP else ("account_executive",)
    head = plan_texts.HEAD.format(
        plan=plan,
        name=PLANS[plan],
        version=version,
        start=start.isoformat(),
        roles=", ".join(f'"{role}"' for role in roles),
        first_month=FISCAL_START_MONTH,
    )
    days = {"first": start + timedelta(5), "second": start + timedelta(12), "hired": start - timedelta(10)}
    if plan == LEADERSHIP:
        parts = (plan_texts.BOOKINGS, plan_texts.LEADERSHIP, plan_texts.LEADERSHIP_CASES.format(**days))
        return head + "".join(parts)
    return head + _sellers(axis, plan, version, days)


def _sellers(axis: Axis, plan: str, version: int, days: dict[str, date]) -> str:
    """What the plans of those who sell have in common, and their differences."""
    weight = COMMISSION_WEIGHT / 1e6 if version > 1 else 1.0
    if plan == ENTERPRISE:
        body, cases = plan_texts.ENTERPRISE, plan_texts.ENTERPRISE_CASES
    else:
        body, cases = plan_texts.FIELD + plan_texts.GUARANTEE, plan_texts.FIELD_CASES
    own = body.format(weight=weight), cases.format(**days)
    if version == 1:
        return plan_texts.BOOKINGS + "".join(own)
    return (
        plan_texts.BOOKINGS
        + plan_texts.OF_BONUSES
        + own[0]
        + _bonuses(axis)
        + own[1]
        + _bonus_cases(axis, plan)
    )


def _bonuses(axis: Axis) -> str:
    return plan_texts.BONUSES.format(
        healthy_id=truths.HEALTHY_COMPONENT,
        dead_id=truths.DEAD_COMPONENT,
        healthy_teams=_starts(axis, truths.HEALTHY_FROM, truths.healthy_wave),
        dead_teams=_starts(axis, truths.DEAD_FROM, truths.dead_wave),
        healthy=HEALTHY_MULTIPLE / 100,
        dead=DEAD_MULTIPLE / 100,
        healthy_weight=HEALTHY_WEIGHT / 1e6,
        dead_weight=DEAD_WEIGHT / 1e6,
    )


def _bonus_cases(axis: Axis, plan: str) -> str:
    """Cases of a quarter in which the bonuses have reached every team they ever reach."""
    start = axis.day(int(axis.quarters[axis.first_quarter + _BOTH_FROM]))
    return plan_texts.BONUS_CASES.format(
        team=_WITH_BOTH[plan],
        first=start + timedelta(5),
        second=start + timedelta(12),
        commission="enterprise_commission" if plan == ENTERPRISE else "field_commission",
        healthy_id=truths.HEALTHY_COMPONENT,
        dead_id=truths.DEAD_COMPONENT,
        healthy=20_000 * 5 * HEALTHY_MULTIPLE // 10_000,
        dead=10_000 * 5 * DEAD_MULTIPLE // 10_000,
    )


def _starts(axis: Axis, quarters: tuple[int | None, ...], wave: Callable[[int], int]) -> str:
    """Start by team, for the teams that have it."""
    found = []
    for number, team in enumerate(truths.TEAMS):
        quarter = quarters[wave(number)]
        if quarter is not None:
            found.append(
                f'"{team}" = {axis.day(int(axis.quarters[axis.first_quarter + quarter])).isoformat()}'
            )
    return "{ " + ", ".join(found) + " }"
