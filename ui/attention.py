"""Who needs attention: reps furthest behind the usual pace by money, each with the reason."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from metrics.attainment import quota_attainment, run_rate_attainment
from ui.ask import small_quotas
from ui.bars import alone
from ui.figures import Row, by_key
from ui.model import Making
from ui.periods import before_name

MOST = 5


@dataclass(frozen=True)
class Needs:
    """One person behind pace, and why they are named; texts are plain, not yet escaped."""

    key: str
    name: str
    behind: Decimal
    headline: str
    reason: str


@dataclass(frozen=True)
class Attention:
    """The people named, and how many are behind in all."""

    rows: tuple[Needs, ...]
    behind: int
    carrying: int


def attention(making: Making) -> Attention:
    """Reps behind pace, furthest first; quotas too small to compare are left out."""
    view = alone(making.question.scoped)
    reps = by_key(quota_attainment, "rep", making.question.scoped, making.desk)
    pace = by_key(run_rate_attainment, "rep", view, making.desk)
    small = small_quotas(view=view, desk=making.desk)
    carrying = [rep for rep, row in reps.items() if row["bottom"] and rep not in small]
    behind = {rep: short for rep in carrying if (short := _short(reps[rep], pace.get(rep))) > 0}
    worst = sorted(behind, key=lambda rep: -behind[rep])[:MOST]
    rows = tuple(_needs(rep, behind[rep], reps[rep], pace[rep], making) for rep in worst)
    return Attention(rows, len(behind), len(carrying))


def _short(row: Row, pace: Row | None) -> Decimal:
    if pace is None or pace["bottom"] is None:
        return Decimal()
    return pace["bottom"] - (row["top"] or Decimal())


def _needs(rep: str, short: Decimal, row: Row, pace: Row, making: Making) -> Needs:
    style, words = making.style, making.style.words
    money = style.figure(short, "money")
    running = making.question.in_progress
    headline = (
        words("{money} behind pace", money=money) if running else words("{money} short of quota", money=money)
    )
    return Needs(rep, making.names.of(rep), short, headline, _reason(row, pace, making))


def _reason(row: Row, pace: Row, making: Making) -> str:
    """Why: nothing sold, or where they are beside where people usually are, and beside before."""
    style, words = making.style, making.style.words
    if not row["top"]:
        return words(
            "No sales in this period yet, on a quota of {quota}.", quota=style.figure(row["bottom"], "money")
        )
    sentences = [_where(row, pace, making)]
    before = row.get("quota_attainment_before")
    if before is not None:
        fields = {"value": style.figure(before, "percent"), "period": before_name(making)}
        sentences.append(words("{period}: {value}.", **fields))
    return " ".join(sentences)


def _where(row: Row, pace: Row, making: Making) -> str:
    style, words = making.style, making.style.words
    value = style.figure(row["quota_attainment"], "percent")
    if not making.question.in_progress:
        return words("Ended at {value} of quota.", value=value)
    usual = float(pace["bottom"]) / float(row["bottom"])
    return words(
        "{value} of quota; usual by now is {usual}.", value=value, usual=style.figure(usual, "percent")
    )
