"""Questions people ask about their pay, and the way to answer them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from planning.refusals import Refused
from ui import line_questions, pay_items, states, told
from ui.address import query
from ui.desk import Desk, now
from ui.looking import signed_in
from ui.people import names_of
from ui.speech import _, bold, escape, language, local
from words import formats
from workflows.pay import questioning, rights
from workflows.pay.questioning import ANSWERED, OPEN, Question
from workflows.pay.reviewing import Review

SHOWN = 20
"""Open questions, and answered ones, on the page."""


def waiting(desk: Desk) -> int:
    """How many questions nobody answered yet."""
    return len(questioning.everybodys(desk.place.database, desk.viewer, OPEN))


def part(found: Review, desk: Desk) -> None:
    """Open questions with a field for the answer, then those answered."""
    every = questioning.everybodys(desk.place.database, desk.viewer)
    open_ = [each for each in every if each.status == OPEN]
    lines = {row["line_id"]: row for row in _lines(found)}
    if not open_:
        states.empty(
            _("No open questions."), _("People ask about a line on their own statement; it appears here.")
        )
    for each in open_[:SHOWN]:
        _one(each, lines, found, desk)
    if len(open_) > SHOWN:
        st.caption(_("{n} more are answered after these.", n=len(open_) - SHOWN))
    _answered([each for each in every if each.status == ANSWERED], desk)


def _lines(found: Review) -> Sequence[Mapping[str, Any]]:
    table = found.computed.run.lines if found.computed else found.run.lines
    names = ["line_id", "plan_id", "component_id", "period_start", "period_end", "amount", "currency", "kind"]
    return table.select(names).to_pylist()


def line_words(line: Mapping[str, Any] | None, found: Review) -> str:
    """Which line a question is about; plain text, empty when it is of a month not computed here."""
    if line is None:
        return ""
    name = pay_items.component_name(found.plans, line["plan_id"], line["component_id"])
    period = told.span_name(line["period_start"], line["period_end"])
    amount = formats.money(line["amount"], line["currency"], language())
    return f"{name}, {period}: {amount}"


def _one(each: Question, lines: Mapping[str, Mapping[str, Any]], found: Review, desk: Desk) -> None:
    with st.container(border=True, key=f"question {each.question_id}"):
        head = _(
            "{who} on {when}",
            who=names_of(desk).of(each.rep_id),
            when=local(each.asked_at, desk.settings.time_zone),
        )
        about = line_words(lines.get(each.line_id), found)
        st.markdown(bold(escape(head)) + (f"  \n{escape(about)}" if about else ""))
        st.markdown(escape(each.text))
        if rights.runs(desk.viewer):
            st.text_area(
                _("Answer"), key=f"answer {each.question_id}", max_chars=line_questions.LONGEST, height=80
            )
        with st.container(horizontal=True):
            if rights.runs(desk.viewer):
                st.button(
                    _("Answer"),
                    type="primary",
                    key=f"send {each.question_id}",
                    on_click=_answer,
                    args=(each.question_id,),
                )
            st.page_link(
                "pages/compensation/my_statement.py", label=_("Open the statement"), icon=":material/arrow_forward:",
                query_params=query(rep=each.rep_id, month=found.month.id),
            )  # fmt: skip


def _answer(question_id: str) -> None:
    present = signed_in()
    words = st.session_state.get(f"answer {question_id}", "")
    try:
        questioning.answer(present.place.database, present.viewer, question_id, words, now())
    except Refused as refused:
        st.toast(escape(told.refusal(refused)), icon=":material/error:")
    else:
        st.toast(_("Your answer was sent."), icon=":material/check:")


def _answered(done: Sequence[Question], desk: Desk) -> None:
    if not done:
        return
    box = st.expander(_("Answered"), key="answered", on_change="rerun")
    if box.open:
        with box:
            for each in done[:SHOWN]:
                st.markdown(bold(escape(names_of(desk).of(each.rep_id))))
                line_questions.told_one(each, desk)
