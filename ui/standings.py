"""Places in a ranking as a reader may see them: ties share a rank, strangers wear a mask."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from metrics.attainment import credited, quota_attainment
from metrics.peers import Standing
from metrics.view import View
from ui.ask import ranking, small_quotas
from ui.bars import alone
from ui.model import Making
from ui.question import Question

By = Literal["attainment", "value", "improvement"]
WAYS: tuple[By, ...] = ("attainment", "value", "improvement")


@dataclass(frozen=True)
class Place:
    """One line of a leaderboard; ``name`` is plain text."""

    key: str
    name: str
    rank: int | None
    tied: bool
    rank_before: int | None
    value: float | None  # of what is ranked: a ratio, money, or points of improvement
    before: float | None
    change: float | None
    named: bool
    mine: bool
    small_quota: bool

    @property
    def moved(self) -> int | None:
        """Ranks gained since the comparison."""
        return None if self.rank is None or self.rank_before is None else self.rank_before - self.rank


@dataclass(frozen=True)
class Board:
    """A leaderboard: everybody ranked, then those who are not."""

    by: By
    places: tuple[Place, ...]
    withheld: bool
    minimum: int

    @property
    def ranked(self) -> tuple[Place, ...]:
        """Those with a rank."""
        return tuple(place for place in self.places if place.rank is not None)

    @property
    def mine(self) -> Place | None:
        """The reader's own place."""
        return next((place for place in self.places if place.mine), None)


def board(making: Making, by: By) -> Board:
    """Reps ranked over everybody the filters keep, whatever the reader may see of them."""
    view = board_view(making.question)
    small = small_quotas(view=alone(view), desk=making.desk) if by != "value" else frozenset()
    found = ranking(credited if by == "value" else quota_attainment, view=view, desk=making.desk, small=small)
    rows = list(found.rows)
    places = (
        _improving(rows, making, small) if by == "improvement" else [_place(r, making, small) for r in rows]
    )
    return Board(by, tuple(places), found.withheld, found.minimum)


def board_view(question: Question) -> View:
    """The view a leaderboard is ranked over: the filters', not the reader's own team."""
    return question.view.filtered("rep")


def _place(row: Standing, making: Making, small: frozenset[str]) -> Place:
    change = None if row.value is None or row.before is None else float(row.value) - float(row.before)
    return Place(
        row.rep,
        _name(row, making),
        row.rank,
        row.tied,
        row.rank_before,
        _float(row.value),
        _float(row.before),
        change,
        row.named,
        row.rep == making.desk.viewer.key,
        row.rep in small,
    )


def _float(value: Any) -> float | None:
    return None if value is None else float(value)


def _name(row: Standing, making: Making) -> str:
    return making.names.of(row.rep) if row.named else making.style.words("A colleague")


def _improving(rows: list[Standing], making: Making, small: frozenset[str]) -> list[Place]:
    """Ranked by points of attainment gained; who has nothing to compare with is not ranked."""
    plain = [_place(row, making, small) for row in rows]
    values = sorted((p.change for p in plain if _improves(p)), reverse=True)
    ranked = [
        _replaced(p, 1 + values.index(p.change), tied=values.count(p.change) > 1)
        if _improves(p)
        else _replaced(p, None)
        for p in plain
    ]
    return sorted(ranked, key=lambda p: (p.rank is None, p.rank or 0, not p.named, p.key))


def _improves(place: Place) -> bool:
    return place.rank is not None and place.change is not None


def _replaced(place: Place, rank: int | None, *, tied: bool = False) -> Place:
    from dataclasses import replace

    return replace(place, rank=rank, tied=tied, rank_before=None)
