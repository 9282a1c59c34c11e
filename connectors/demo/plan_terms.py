"""The plans as a compensation analyst would write them down."""

from __future__ import annotations

from connectors.demo import truths
from connectors.demo.axis import Axis

# Multiples of the person's commission rate, in hundredths.
HEALTHY_MULTIPLE = 41
DEAD_MULTIPLE = 222
ACCELERATOR_MULTIPLE = 100
_HEAD = """\
plan = "{plan}"
version = {version}
currency = "the person's"
conversion = "rate of the day of the credit"
rounding = "to the cent, half up, once a person, component and period"
"""
_FIELD = """
[commission]
component = "field_commission"
period = "month"
pays = "the person's rate × bookings credited in the month"

[guarantee]
applies_to = "the first three full months after hire"
pays = "up to half of a twelfth of the target incentive, not recovered"
"""
_ENTERPRISE = """
[commission]
component = "enterprise_commission"
period = "quarter"
pays = "the person's rate × bookings credited in the quarter"

[accelerator]
component = "accelerator"
period = "quarter"
from_attainment = 1.0
pays = "once more the person's rate × bookings credited above the quarter's quota"
"""
_BONUSES = """
[new_logo_bonus]
component = "new_logo_bonus"
period = "quarter"
pays = "{healthy_multiple} × the person's rate × bookings credited from deals of type new"
starts = {healthy}

[bundle_bonus]
component = "bundle_bonus"
period = "quarter"
pays = "{dead_multiple} × the person's rate × bookings credited from deals with two or more product families"
starts = {dead}
"""
_LEADERSHIP = """
[team_bonus]
component = "team_bonus"
roles = ["manager", "vice_president", "chief_revenue_officer"]
period = "quarter"
pays = "a quarter of the target incentive × the curve at the team's attainment"
curve = [[0.0, 0.0], [0.7, 0.0], [0.7, 0.4], [1.0, 1.0], [1.6667, 2.0]]

[overlay_commission]
component = "overlay_commission"
roles = ["product_specialist"]
period = "month"
pays = "the person's rate × overlay credits of the month"
"""


def terms(axis: Axis, plan: str, version: int) -> str:
    """The terms of one version of a plan, as TOML."""
    head = _HEAD.format(plan=plan, version=version)
    if plan == "leadership":
        return head + _LEADERSHIP
    body = _ENTERPRISE if plan == "enterprise" else _FIELD
    return head + body + (_bonuses(axis) if version > 1 else "")


def _bonuses(axis: Axis) -> str:
    healthy = _starts(axis, truths.HEALTHY_FROM, truths.healthy_wave)
    dead = _starts(axis, truths.DEAD_FROM, truths.dead_wave)
    return _BONUSES.format(
        healthy=healthy,
        dead=dead,
        healthy_multiple=HEALTHY_MULTIPLE / 100,
        dead_multiple=DEAD_MULTIPLE / 100,
    )


def _starts(axis: Axis, quarters: tuple[int | None, ...], wave: object) -> str:
    """Start by team, for the teams that have it."""
    found = []
    for number, team in enumerate(truths.TEAMS):
        quarter = quarters[wave(number)]  # type: ignore[operator]
        if quarter is not None:
            found.append(
                f'"{team}" = {axis.day(int(axis.quarters[axis.first_quarter + quarter])).isoformat()}'
            )
    return "{ " + ", ".join(found) + " }"
