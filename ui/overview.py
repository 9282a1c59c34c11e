"""The overview's model and parts: each role's first answer, without a click."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from charts.base import Chart
from charts.progress import progress
from metrics.attainment import credited, quota_attainment, run_rate_attainment
from ui import ask, bars, changes, explain, periods, pictures, shapes, standings
from ui.address import query
from ui.attention import Attention, attention
from ui.cards import card, changed
from ui.desk import Desk
from ui.figures import Figure, Headline, figure, headline, leading
from ui.model import Making, modelled
from ui.question import Question
from ui.speech import _, escape, language, ngettext
from ui.standings import Board
from words import formats
from words.catalogue import translator


@dataclass(frozen=True)
class Overview:
    """Everything on the page."""

    head: Headline
    takeaway: str
    bar: Chart
    change: Chart | None
    change_by: str
    needs: Attention | None
    trend: Chart | None
    board: Board | None


def overview(question: Question, desk: Desk) -> Overview:
    """The model, computed once for each version, viewer and view."""
    return modelled("overview", question, desk, _model)


def _ahead(making: Making) -> None:
    """Everything the page will ask, at once."""
    view, alone = making.question.scoped, bars.alone(making.question.scoped)
    more = [
        (credited, ("team",), view),
        (quota_attainment, ("rep",), view),
        (run_rate_attainment, ("rep",), alone),
    ]
    ask.ahead(
        [*leading(making.question), *(more if making.question.scope.kind != "rep" else [])], making.desk
    )


def _model(making: Making) -> Overview:
    _ahead(making)
    head = headline(making.question, making.desk)
    alone = making.question.scope.kind == "rep"
    takeaway = takeaway_of(head, making)
    bar = progress(
        head.credited,
        head.quota,
        takeaway=takeaway,
        style=making.style,
        in_progress=making.question.in_progress,
        pace=head.expected if making.question.in_progress else None,
    )
    return Overview(
        head,
        takeaway,
        bar,
        changes.chart(making),
        changes.key_of(making),
        None if alone else attention(making),
        shapes.trend_chart(making) if alone else None,
        standings.board(making, "attainment") if alone else None,
    )


def takeaway_of(head: Headline, making: Making) -> str:
    """The first answer in a sentence: who, how far, and ahead or behind."""
    style, words = making.style, making.style.words
    whose = _whose(making)
    if head.quota is None or head.attainment.value is None:
        return words(
            "{who}: {value} credited, no quota", who=whose, value=style.figure(head.credited, "money")
        )
    at = style.figure(head.attainment.value, "percent")
    if not making.question.in_progress:
        return words("{who} ended at {value} of quota", who=whose, value=at)
    if head.to_pace is None:
        return words("{who}: {value} of quota", who=whose, value=at)
    money = style.figure(abs(head.to_pace), "money")
    if head.to_pace >= 0:
        return words(
            "{who}: {value} of quota, {money} ahead of the usual pace", who=whose, value=at, money=money
        )
    return words("{who}: {value} of quota, {money} behind the usual pace", who=whose, value=at, money=money)


def _whose(making: Making) -> str:
    scope = making.question.scope
    return making.names.of(scope.person) if scope.person else making.question.company


def cards(page: Overview, question: Question, desk: Desk) -> None:
    """The figures in a row that wraps, and a rep's rank beside them."""
    figures(page.head, question, desk, board=page.board)


def figures(head: Headline, question: Question, desk: Desk, *, board: Board | None = None) -> None:
    """The leading figures, one card each."""
    parts: list[Callable[[], None]] = [
        lambda: _attainment(head.attainment, question, desk),
        lambda: _pace(head, question, desk),
        lambda: _gap(head, question, desk),
    ]
    if question.scope.kind != "rep":
        parts += [lambda: _reached(head.at_quota, desk), lambda: _spread(head, question, desk)]
    elif board is not None:
        parts.append(lambda: rank_card(board))
    grid = st.grid(len(parts), min_column_width=168, gap="small", border=True)
    for part in parts:
        with grid.cell():
            part()


def _attainment(figure: Figure, question: Question, desk: Desk) -> None:
    text, good = changed(figure, desk)
    note = periods.compared_with(question, translator(language())) if text else ""
    card(_("Quota attainment"), figure, desk, change=text, good=good, note=note)


def _pace(head: Headline, question: Question, desk: Desk) -> None:
    if not question.in_progress:
        card(
            _("Credited sales"),
            head.attainment,
            desk,
            value=_money(head.credited, desk),
            place="credited",
            note=_("of {quota} quota", quota=_money(head.quota, desk)),
        )
        return
    even = formats.percent(head.even.value, language())
    note = _(
        "{money} was expected by today; at an even pace {even}", money=_money(head.expected, desk), even=even
    )
    card(_("Against usual pace"), head.pace, desk, note=escape(note))


def _money(value: object, desk: Desk) -> str:
    return formats.money(value, desk.settings.currency, language(), compact=True)  # type: ignore[arg-type]


def _gap(head: Headline, question: Question, desk: Desk) -> None:
    note = _(
        "{credited} credited of {quota}", credited=_money(head.credited, desk), quota=_money(head.quota, desk)
    )
    if question.in_progress and head.gap.value is not None and head.gap.value > 0:
        left = question.days - question.day
        note += " · " + ngettext("{n} day left", "{n} days left", left)
    card(_("Gap to quota"), head.gap, desk, note=escape(note))


def _reached(figure: Figure, desk: Desk) -> None:
    text, good = changed(figure, desk)
    note = _(
        "{reached} of {all} who carry a quota",
        reached=int(figure.row["top"] or 0),
        all=int(figure.row["bottom"] or 0),
    )
    card(_("Reps at quota"), figure, desk, change=text, good=good, note=note)


def _spread(head: Headline, question: Question, desk: Desk) -> None:
    figure = head.spread
    median = figure.row.get("median")
    note = ""
    if median is not None and question.in_progress and head.expected and head.quota:
        usual = formats.percent(head.expected / head.quota, language())
        note = _("Half of the reps are below; usual by today is {usual}", usual=usual)
    elif median is not None:
        within = formats.percent(figure.row.get("within_80_120"), language(), places=0)
        note = _("{share} of reps within 80–120 %", share=within)
    card(_("Median rep"), figure, desk, value=formats.percent(median, language()), note=note)


def rank_card(board: Board) -> None:
    """The reader's own rank among peers, nobody else named."""
    mine = board.mine
    shown = "—" if mine is None or mine.rank is None else f"{mine.rank}{'=' if mine.tied else ''}"
    moved = mine.moved if mine else None
    change = "" if not moved else (f"+{moved}" if moved > 0 else f"{formats.MINUS}{-moved}")
    with st.container(gap="xsmall"):
        st.metric(
            _("Rank among peers"),
            shown,
            change or None,
            delta_color="green" if (moved or 0) > 0 else "red",
            delta_arrow="up" if (moved or 0) > 0 else "down",
        )
        if board.withheld:
            st.caption(_("Shown among {n} people or more.", n=board.minimum))
        else:
            st.caption(
                ngettext("of {n} person with a quota", "of {n} people with a quota", len(board.ranked))
            )
        st.page_link(
            "pages/performance/leaderboard.py", label=_("Open the leaderboard"), query_params=query()
        )


def changed_part(page: Overview, question: Question, desk: Desk) -> None:
    """What changed against the comparison."""
    if page.change is None:
        return
    with st.container(border=True, key="changes"):
        pictures.draw(page.change, "changes chart")
        explain.button(figure(credited, question, desk), desk, place="changes", label=_("Explain these bars"))


def needs_part(page: Overview, question: Question) -> None:
    """Who needs attention, each with the reason and a way in."""
    needs = page.needs
    if needs is None:
        return
    with st.container(border=True, key="attention"):
        st.markdown(f"##### {_attention_title(page, question)}")
        if not needs.rows:
            st.caption(_("Everybody with a quota is on or ahead of the usual pace."))
        for row in needs.rows:
            with st.container(gap=None):
                st.page_link(
                    "pages/performance/attainment.py",
                    label=f"**{escape(row.name)}** :red[▼ {escape(row.headline)}]",
                    query_params=query(rep=row.key),
                )
                st.caption(escape(row.reason))


def _attention_title(page: Overview, question: Question) -> str:
    assert page.needs is not None
    fields = {"behind": page.needs.behind, "all": page.needs.carrying}
    if question.in_progress:
        return _("{behind} of {all} reps are behind the usual pace", **fields)
    return _("{behind} of {all} reps ended short of quota", **fields)


def trend_part(page: Overview) -> None:
    """How the period fills up beside earlier ones."""
    if page.trend is not None:
        with st.container(border=True, key="trend"):
            pictures.draw(page.trend, "trend chart")
