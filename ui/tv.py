"""TV mode: the leaderboard in large type, renewed by itself; no filters, no pay, nothing to click."""

from __future__ import annotations

from html import escape as html

import streamlit as st

from ui import freshness, periods
from ui.desk import Desk, now
from ui.leaderboard import Leaders, leaders, move_text, rank_text, written
from ui.looking import signed_in
from ui.question import Question
from ui.speech import _, language, local
from ui.standings import By
from words import formats

EVERY = 60  # seconds
PLACES = 10

STYLE = """<style>
header, [data-testid="stSidebar"], [data-testid="stSidebarCollapsedControl"] {display: none !important}
.block-container {padding: 2.5vh 3vw !important; max-width: none !important}
.tv {width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums}
.tv td {padding: .55vh 1vw; font-size: clamp(1.1rem, 4.1vh, 4rem); border-bottom: 1px solid rgba(128,128,128,.25)}
.tv .n {text-align: right; white-space: nowrap}
.tv .r {width: 2.2em; font-weight: 700}
.tv .m {width: 4em; opacity: .75; font-size: clamp(.9rem, 2.6vh, 2.4rem)}
.tv-head {display: flex; justify-content: space-between; align-items: baseline; flex-wrap: wrap; gap: 1rem}
.tv-head b {font-size: clamp(1.4rem, 5.2vh, 5rem)}
.tv-head span {font-size: clamp(.9rem, 2.4vh, 2.2rem); opacity: .8}
</style>"""


def show(question: Question, desk: Desk, by: By) -> None:
    """The board, drawn again every minute with whatever is published by then."""

    @st.fragment(run_every=EVERY)
    def board() -> None:
        present = signed_in()  # a new version, or somebody who may no longer look
        page = leaders(question, present, by)
        st.html(STYLE + _head(question, present, by) + _table(page, present))

    board()
    del desk


def _head(question: Question, desk: Desk, by: By) -> str:
    titles = {"attainment": _("Attainment"), "value": _("Credited sales"), "improvement": _("Improvement")}
    title = f"{desk.settings.company} · {titles[by]}"
    stale = " · " + _("Stale") if freshness.is_stale(desk) else ""
    as_of = formats.date(desk.reading.version.as_of, language())
    updated = local(now(), desk.settings.time_zone)
    told = _(
        "{period} · data as of {day} · last updated {moment}",
        period=periods.standing(question),
        day=as_of,
        moment=updated,
    )
    return f'<div class="tv-head"><b>{html(title)}</b><span>{html(told + stale)}</span></div>'


def _table(page: Leaders, desk: Desk) -> str:
    rows = [
        f'<tr><td class="r">{html(rank_text(p))}</td><td>{html(p.name)}</td>'
        f'<td class="m">{html(move_text(p))}</td><td class="n">{html(written(p, page.board, desk))}</td></tr>'
        for p in page.board.ranked[:PLACES]
    ]
    nobody = _("Nobody to rank in this period and with these filters.")
    empty = f"<tr><td>{html(nobody)}</td></tr>"
    return f'<table class="tv">{"".join(rows) or empty}</table>'
