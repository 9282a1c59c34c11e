"""Bullet bars of an attainment page: the people or teams directly below whose number leads."""

from __future__ import annotations

from dataclasses import dataclass, replace

from charts.base import Chart
from charts.bullet import Bullet, bullet_bars, sort
from metrics.attainment import quota_attainment, run_rate_attainment
from metrics.view import View
from ui.ask import small_quotas
from ui.figures import Row, by_key
from ui.model import Making
from ui.people import lines_of

MOST = 40
"""Bars drawn at the most: the first and the last half of them; the table below holds everybody."""


@dataclass(frozen=True)
class Bars:
    """The bars and what a click on one filters: each key's dimension."""

    chart: Chart
    drills: dict[str, str]  # key → manager or rep
    left_out: int


def bars(making: Making, level: str) -> Bars:
    """Bars of the teams directly below, or of every rep in scope."""
    rows = teams_below(making) if level == "teams" else reps(making)
    shown = ends(sort(rows, "attainment"), MOST)
    chart = bullet_bars(
        shown,
        takeaway=_takeaway(rows, making),
        style=making.style,
        in_progress=making.question.in_progress,
        highlight=making.desk.viewer.key,
    )
    lines = lines_of(making.desk)
    drills = {row.key: "manager" if level == "teams" and lines.leads(row.key) else "rep" for row in shown}
    return Bars(chart, drills, len(rows) - len(shown))


def ends(rows: list[Bullet], most: int) -> list[Bullet]:
    """The first and the last of too many rows: whoever leads, and whoever needs help."""
    return rows if len(rows) <= most else rows[: most // 2] + rows[-(most - most // 2) :]


def children(making: Making) -> tuple[str, ...]:
    """Managers directly below whose number leads; below the one on top for the company."""
    lines, scope = lines_of(making.desk), making.question.scope
    if scope.kind == "company":
        below = lines.roots if len(lines.roots) != 1 else lines.direct.get(lines.roots[0], ())
    else:
        below = lines.direct.get(scope.person, ())
    return tuple(person for person in below if lines.leads(person))


def teams_below(making: Making) -> list[Bullet]:
    """One row for each team directly below that sold or carries a target."""
    wanted = set(children(making))
    view = making.question.view
    now = by_key(quota_attainment, "manager", alone(view), making.desk)
    pace = by_key(run_rate_attainment, "manager", alone(view), making.desk)
    return [_bullet(key, row, pace.get(key), making) for key, row in now.items() if key in wanted]


def reps(making: Making) -> list[Bullet]:
    """One row for each rep in scope with sales or a quota of their own."""
    view = alone(making.question.scoped)
    now = by_key(quota_attainment, "rep", view, making.desk)
    pace = by_key(run_rate_attainment, "rep", view, making.desk)
    small = small_quotas(view=view, desk=making.desk)
    return [_bullet(key, row, pace.get(key), making, small=key in small) for key, row in now.items()]


def alone(view: View) -> View:
    """The view without its comparison."""
    return replace(view, compare="none")


def _bullet(key: str, row: Row, pace: Row | None, making: Making, *, small: bool = False) -> Bullet:
    expected = pace["bottom"] if pace else None
    return Bullet(key, making.names.of(key), row["top"], row["bottom"], expected, small)


def _takeaway(rows: list[Bullet], making: Making) -> str:
    words = making.style.words
    known = [row for row in rows if row.attainment is not None and not row.small_quota]
    if not known:
        return words("Nobody here carries a quota in this period")
    if making.question.in_progress:
        behind = sum(row.state == "behind" for row in known)
        return words("{behind} of {all} are behind the usual pace", behind=behind, all=len(known))
    reached = sum(row.state == "reached" for row in known)
    return words("{reached} of {all} reached their quota", reached=reached, all=len(known))
