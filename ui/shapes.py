"""How results are spread over reps, and how the period fills up beside earlier ones."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date
from decimal import Decimal

from charts.base import Chart
from charts.bullet import Bullet, bullet_bars
from charts.spread import Dot, Quartiles, spread
from charts.trend import Curve, trend
from metrics.attainment import credited, quota_attainment
from metrics.periods import Period, calendar_of
from ui.ask import ask
from ui.bars import alone, reps
from ui.figures import by_key, figure
from ui.model import Making
from words import formats

EARLIER = 4
"""Earlier periods drawn beside the one looked at."""


def spread_chart(making: Making) -> Chart:
    """Every rep with a quota as a dot on one scale."""
    from metrics.shape import attainment_spread

    rows = reps(making)
    found = figure(attainment_spread, making.question, making.desk, compare=False).row
    quartiles = None
    if found.get("median") is not None:
        quartiles = Quartiles(found["lower_quartile"], found["median"], found["upper_quartile"])
    dots = [Dot(row.key, row.label, row.attainment, row.small_quota) for row in rows]
    takeaway = _spread_takeaway(quartiles, making)
    return spread(
        dots, takeaway=takeaway, style=making.style, quartiles=quartiles, highlight=making.desk.viewer.key
    )


def _spread_takeaway(quartiles: Quartiles | None, making: Making) -> str:
    style = making.style
    if quartiles is None:
        return style.words("Nobody here carries a quota in this period")
    low, high = (style.figure(value, "percent") for value in (quartiles.lower, quartiles.upper))
    return style.words("The middle half of reps lies between {low} and {high}", low=low, high=high)


def trend_chart(making: Making) -> Chart | None:
    """Cumulative credited sales by day, beside earlier periods; None for days chosen by hand."""
    period = making.question.period
    if period is None:
        return None
    periods = _back(making, period)
    daily = _daily(making, periods)
    curves = [_curve(p, daily[p.id], making) for p in periods if daily[p.id] or p == period]
    target = figure(quota_attainment, making.question, making.desk).row["bottom"]
    return trend(
        curves,
        takeaway=_trend_takeaway(periods, daily, making),
        style=making.style,
        quota=target,
        days=period.length,
    )


def _back(making: Making, period: Period) -> list[Period]:
    calendar = calendar_of(making.desk.reading)
    found = [calendar.shift(period, -step) for step in range(EARLIER, -1, -1)]
    return [p for p in found if p is not None]


def _daily(making: Making, periods: list[Period]) -> dict[str, list[tuple[date, Decimal]]]:
    """Credited sales by day of each period, up to the as-of day."""
    view = replace(making.question.scoped, start=periods[0].start, end=periods[-1].end, compare="none")
    rows = ask(credited, ["day"], view=view, desk=making.desk).to_pylist()
    found: defaultdict[str, list[tuple[date, Decimal]]] = defaultdict(list)
    for row in rows:
        period = next(p for p in periods if p.start <= row["day"] < p.end)
        found[period.id].append((row["day"], row["credited"]))
    return found


def _curve(period: Period, rows: list[tuple[date, Decimal]], making: Making) -> Curve:
    points: list[tuple[int, Decimal]] = [(1, Decimal())]
    running = Decimal()
    for day, value in rows:
        running += value
        points.append(((day - period.start).days + 1, running))
    last = min(making.question.view.as_of, date.fromordinal(period.end.toordinal() - 1))
    points.append(((last - period.start).days + 1, running))
    if points[1][0] == 1:
        points = points[1:]
    current = period == making.question.period
    return Curve(period.id, formats.period(period.id, making.style.language), points, current)


def _trend_takeaway(
    periods: list[Period], daily: dict[str, list[tuple[date, Decimal]]], making: Making
) -> str:
    """This period so far beside the mean of the earlier ones at the same day."""
    day, style = making.question.day, making.style
    sums = [_by_day(p, daily[p.id], day) for p in periods]
    now, earlier = sums[-1], [s for p, s in zip(periods[:-1], sums[:-1], strict=True) if daily[p.id]]
    if not earlier or not sum(earlier):
        return style.words("{value} credited", value=style.figure(now, "money"))
    usual = sum(earlier, Decimal()) / len(earlier)
    change = float(now / usual) - 1
    text = formats.percent(abs(change), style.language)
    if abs(change) < 0.0005:
        return style.words("As much as in earlier periods by this day")
    if change > 0:
        return style.words("{change} more than in earlier periods by this day", change=text)
    return style.words("{change} less than in earlier periods by this day", change=text)


def _by_day(period: Period, rows: list[tuple[date, Decimal]], day: int) -> Decimal:
    return sum((value for at, value in rows if (at - period.start).days < day), Decimal())


def history(making: Making) -> Chart | None:
    """One rep's last eight quarters as bullet bars, oldest first."""
    calendar = calendar_of(making.desk.reading)
    last = calendar.of("quarter", making.question.view.until)
    first = next(p for step in range(7, -1, -1) if (p := calendar.shift(last, -step)) is not None)
    view = replace(alone(making.question.scoped), start=first.start, end=last.end)
    rows = by_key(quota_attainment, "quarter", view, making.desk)
    if not rows:
        return None
    bullets = [
        Bullet(key, _quarter(key, last, making), row["top"], row["bottom"])
        for key, row in sorted(rows.items())
    ]
    reached = sum(row.state == "reached" for row in bullets)
    words = making.style.words
    # The quarter that is not over is drawn and counted as reached only if it already is.
    takeaway = words(
        "Quota reached in {reached} of the last {all} quarters", reached=reached, all=len(bullets)
    )
    return bullet_bars(bullets, takeaway=takeaway, style=making.style, order="given")


def _quarter(key: str, last: Period, making: Making) -> str:
    """A quarter's name, and that it is not over where it is not."""
    text = formats.period(key, making.style.language)
    running = key == last.id and last.state(making.question.view.as_of) == "in_progress"
    return making.style.words("{period} so far", period=text) if running else text
