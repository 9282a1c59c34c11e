"""“Question this line”: asked in a dialog, answered on Payouts, and shown where the line is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import streamlit as st

from planning.refusals import Refused
from ui import told
from ui.desk import Desk, now
from ui.looking import signed_in
from ui.pay_items import Item, title_of
from ui.speech import _, escape, local
from warehouse.access import AccessDenied
from workflows.pay import questioning, rights
from workflows.pay.questioning import ANSWERED, OPEN, Question

LONGEST = 4000
_WENT = "question: how it went"


def about(desk: Desk, rep: str) -> dict[str, list[Question]]:
    """Questions about a person's lines by line, the latest first; none where the viewer may not read them."""
    found: defaultdict[str, list[Question]] = defaultdict(list)
    for each in _readable(desk, rep):
        if each.status in (OPEN, ANSWERED):
            found[each.line_id].append(each)
    return dict(found)


def _readable(desk: Desk, rep: str) -> list[Question]:
    if desk.viewer.key == rep:
        return questioning.own(desk.place.database, desk.viewer)
    if rights.reads_all(desk.viewer):
        every = questioning.everybodys(desk.place.database, desk.viewer)
        return [each for each in every if each.rep_id == rep]
    return []


def part(item: Item, desk: Desk, rep: str, asked: Sequence[Question]) -> None:
    """The way to ask about a line, and what was asked and answered about it."""
    waiting = [each for each in asked if each.status == OPEN]
    if desk.viewer.key == rep and not waiting:
        label = _("Question this line")
        if st.button(label, key=f"ask {item.line_id}", type="tertiary", icon=":material/help:"):
            open_dialog(item, rep)
    for each in asked:
        told_one(each, desk)


def told_one(each: Question, desk: Desk) -> None:
    """One question and its answer."""
    zone = desk.settings.time_zone
    if each.status == OPEN:
        text = _("You asked on {when}: {words}", when=local(each.asked_at, zone), words=each.text)
        if desk.viewer.key != each.asked_by:
            text = _("Asked on {when}: {words}", when=local(each.asked_at, zone), words=each.text)
        st.markdown(f":material/hourglass: {escape(text)}")
        if desk.viewer.key == each.asked_by:
            st.button(
                _("Take it back"), key=f"withdraw {each.question_id}", type="tertiary",
                on_click=_withdraw, args=(desk, each.question_id),
            )  # fmt: skip
        return
    when = local(each.answered_at, zone) if each.answered_at else ""
    st.markdown(
        f":material/help: {escape(each.text)}  \n"
        f":material/reply: {escape(_('Answered on {when}: {words}', when=when, words=each.answer or ''))}"
    )


def _withdraw(desk: Desk, question_id: str) -> None:
    try:
        questioning.withdraw(desk.place.database, signed_in().viewer, question_id, now())
    except Refused as refused:
        st.toast(escape(told.refusal(refused)))


def open_dialog(item: Item, rep: str) -> None:
    """Ask about a line."""

    @st.dialog(_("Question this line"))
    def shown() -> None:
        st.markdown(escape(f"{title_of(item)}, {item.period}"))
        st.text_area(
            _("What looks wrong?"),
            max_chars=LONGEST,
            key="question words",
            help=_("Whoever runs pay reads it and answers here."),
        )
        st.button(_("Send"), type="primary", key="send question", on_click=_send, args=(rep, item.line_id))
        went = st.session_state.pop(_WENT, None)
        if went == "":
            st.rerun()
        elif went:
            st.error(escape(went))

    shown()


def _send(rep: str, line_id: str) -> None:
    present = signed_in()  # the dialog runs on its own while it is open
    words = st.session_state.get("question words", "")
    try:
        questioning.ask(present.place.database, present.viewer, rep, line_id, words, now())
    except Refused as refused:
        st.session_state[_WENT] = told.refusal(refused)
    except AccessDenied:
        st.session_state[_WENT] = _("Everybody asks about their own pay.")
    else:
        st.session_state[_WENT] = ""
