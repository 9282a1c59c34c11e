"""The leaderboard: places by attainment, value or improvement, and who rose since the comparison."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import streamlit as st

from charts.base import Chart
from charts.slope import Rank, slope
from metrics.attainment import credited, quota_attainment
from metrics.base import Unit
from ui import explain, exports, pictures
from ui.address import choose, chosen, query
from ui.desk import Desk
from ui.figures import Figure
from ui.model import Making, modelled
from ui.periods import before_name, period_name
from ui.question import Question
from ui.speech import _, escape, language, ngettext
from ui.stamp import stamp
from ui.standings import WAYS, Board, By, Place, board, board_view
from ui.tables import Column, config, frame, height
from words import formats

SLOPES = 20
"""Lines drawn at the most: the first places, and the reader's own."""


@dataclass(frozen=True)
class Leaders:
    """Everything on the page."""

    board: Board
    slope: Chart | None


def leaders(question: Question, desk: Desk, by: By) -> Leaders:
    """The model, computed once for each version, viewer and view."""
    return modelled("leaderboard", question, desk, lambda making: _model(making, by), by)


def _model(making: Making, by: By) -> Leaders:
    found = board(making, by)
    return Leaders(found, _slope(found, making) if by != "improvement" else None)


def _slope(found: Board, making: Making) -> Chart | None:
    if not making.question.compares:
        return None
    shown = [p for p in found.ranked if p.rank is not None and (p.rank <= SLOPES or p.mine)]
    rows = [Rank(p.key, p.name, p.rank_before, p.rank) for p in shown]
    return slope(
        rows,
        before=before_name(making),
        after=period_name(making),
        takeaway=_slope_takeaway(shown, making),
        style=making.style,
        highlight=making.desk.viewer.key if any(p.mine for p in shown) else "",
    )


def _slope_takeaway(shown: list[Place], making: Making) -> str:
    words = making.style.words
    risers = [p for p in shown if p.moved and p.moved > 0 and p.named]
    if not risers:
        return words("Ranks before and now")
    best = max(risers, key=lambda p: p.moved or 0)
    return words.ngettext(
        "{name} rose {n} place",
        "{name} rose {n} places",
        best.moved or 0,
        name=best.name,
    )


def way_switch() -> By:
    """What is ranked by, in the address."""
    names = {"attainment": _("Attainment"), "value": _("Credited sales"), "improvement": _("Improvement")}

    def write() -> None:
        wanted = st.session_state["rank by"]
        choose(rank=None if wanted == WAYS[0] else wanted)

    current = chosen("rank") if chosen("rank") in WAYS else WAYS[0]
    st.session_state["rank by"] = current
    st.segmented_control(
        _("Rank by"), WAYS, format_func=names.__getitem__, key="rank by", on_change=write, required=True
    )
    return current  # type: ignore[return-value]


def tv_link() -> None:
    """The way to the same board in large type."""
    st.page_link(
        "pages/performance/leaderboard.py",
        label=_("On a screen"),
        icon=":material/tv:",
        query_params=query(tv="1", rank=chosen("rank")),
        width="content",
        help=_("Large type, renewed every minute, for a screen on the wall"),
    )


def rank_text(place: Place) -> str:
    """“3”, “3=” for a tie, “—” for who is not ranked."""
    return "—" if place.rank is None else f"{place.rank}{'=' if place.tied else ''}"


def move_text(place: Place) -> str:
    """“▲ 2”, “▼ 1”, “=”; “new” for who had no rank before."""
    if place.rank is None:
        return ""
    if place.moved is None:
        return _("new")
    return "=" if not place.moved else f"▲ {place.moved}" if place.moved > 0 else f"▼ {-place.moved}"


def columns(found: Board, question: Question) -> dict[str, Column]:
    """Columns of the table of places."""
    top = max((p.value or 0 for p in found.ranked), default=0.0)
    unit = Unit.MONEY if found.by == "value" else Unit.PERCENT
    title = _("Credited") if found.by == "value" else _("Attainment")
    made = {
        "rank": Column(_("Rank"), width=58),
        "name": Column(_("Name"), width=150),
        "value": Column(title, unit, bar=top or 1.0, width=170),
    }
    if question.compares:
        told = _("Against the same day of the period compared with")
        points = unit is Unit.PERCENT
        made["change"] = Column(
            _("Change, points") if points else _("Change"), unit, points=points, help=told, width=112
        )
        if found.by != "improvement":
            made["move"] = Column(_("Places"), width=70, help=_("Places gained or lost since the comparison"))
    if any(p.small_quota for p in found.places):
        made["remark"] = Column(_("Remark"))
    return made


def row_of(place: Place) -> dict[str, Any]:
    """One line of the table."""
    name = f"{place.name} ◀" if place.mine else place.name
    return {
        "rank": rank_text(place),
        "name": name,
        "value": place.value,
        "change": place.change,
        "move": move_text(place),
        "remark": _("Quota too small to rank") if place.small_quota else "",
    }


def shown(found: Board) -> list[Place]:
    """Everybody who belongs in the table: the ranked, then those who sold but are not ranked."""
    return [p for p in found.places if p.rank is not None or p.named]


def notes(found: Board) -> None:
    """What a reader should know before comparing."""
    if found.withheld:
        st.caption(_("Peers are left out: fewer than {n} people you do not see take part.", n=found.minimum))
    small = sum(p.small_quota for p in found.places)
    if small:
        st.caption(
            ngettext(
                "{n} person is not ranked: the quota is too small to compare.",
                "{n} people are not ranked: their quotas are too small to compare.",
                small,
            )
        )


def table_part(page: Leaders, question: Question, desk: Desk) -> None:
    """The places; a row that is picked can be opened."""
    places = shown(page.board)
    if not places:
        st.caption(_("Nobody to rank in this period and with these filters."))
        return
    wanted = columns(page.board, question)
    with st.container(border=True, key="places"):
        state = st.dataframe(
            frame([row_of(p) for p in places], wanted),
            hide_index=True,
            placeholder="—",
            column_config=config(wanted, desk.settings.currency),
            on_select="rerun",
            selection_mode="single-row",
            height=height(len(places), 620),
            alt=_("Places in the leaderboard"),
            key=f"places {page.board.by} {question.view.start} {question.view.end}",
        )
        with st.container(horizontal=True, vertical_alignment="center"):
            explain.button(
                _figure(page, question, desk), desk, place="board", label=_("Explain this ranking")
            )
            name = f"attain-leaderboard-{question.view.start.isoformat()}-{question.view.until.isoformat()}"
            exports.buttons(
                "leaderboard", name, lambda: (_sheet(places, wanted), stamp(board_view(question), desk))
            )
    picked = state["selection"]["rows"]
    if picked:
        opened_place(places[picked[0]])


def _figure(page: Leaders, question: Question, desk: Desk) -> Figure:
    from ui.figures import figure

    return figure(credited if page.board.by == "value" else quota_attainment, question, desk)


def opened_place(place: Place) -> None:
    """The way from a place to the person's own page."""
    if not place.named:
        st.info(_("You do not see this colleague’s numbers."))
        return
    st.page_link(
        "pages/performance/attainment.py",
        label=_("Open {name}", name=escape(place.name)),
        query_params=query(rep=place.key),
        icon=":material/arrow_forward:",
    )


def _sheet(places: list[Place], wanted: dict[str, Column]) -> exports.Sheet:
    rows = [[row_of(place)[name] for name in wanted] for place in places]
    return exports.Sheet(tuple(column.title for column in wanted.values()), rows)


def slope_part(page: Leaders) -> None:
    """Who rose and who fell."""
    if page.slope is not None:
        with st.container(border=True, key="slope"):
            pictures.draw(page.slope, "slope chart")


def written(place: Place, found: Board, desk: Desk) -> str:
    """What a place is ranked by, as text."""
    if found.by == "improvement":
        return formats.points(place.change, language())
    unit = "money" if found.by == "value" else "percent"
    return formats.figure(place.value, unit, desk.settings.currency, language(), compact=True)
