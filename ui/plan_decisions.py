"""What becomes of a plan's text: kept as a draft, withdrawn, or brought into force after a confirmation."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import streamlit as st

from compensation.plan.writing import NoSuchPlace
from metrics.periods import calendar_of
from planning.plans import discard_draft
from planning.refusals import Refused
from ui import plan_designer, told
from ui.address import choose
from ui.desk import Desk, now
from ui.looking import signed_in
from ui.plan_designer import Examined, Source
from ui.plan_designer_parts import check, looked_at
from ui.private import forget
from ui.speech import _, escape, language
from words import formats
from workflows.pay import deciding, rights

_SAID, _BACK = "designer: said", "designer: withdrawn"


def said() -> None:
    """What was done a moment ago, once; a withdrawn draft can be put back."""
    if text := st.session_state.pop(_SAID, ""):
        st.toast(text, icon=":material/check:")


def buttons(text: str, source: Source, found: Examined, desk: Desk) -> None:
    """Save, withdraw, publish, start over."""
    if not rights.runs(desk.viewer):
        return
    altered = text != source.text
    with st.container(horizontal=True, key="decisions"):
        if st.button(
            _("Save as draft"),
            key="save draft",
            icon=":material/save:",
            disabled=not (altered or not source.draft_id),
        ):
            _done(lambda: _save(text, source, desk))
        if source.draft_id and st.button(_("Withdraw draft"), key="withdraw draft", icon=":material/undo:"):
            _done(lambda: _withdraw(source, desk))
        ready = found.plan is not None and not found.problems
        if st.button(
            _("Publish …"), key="publish", type="primary", icon=":material/publish:", disabled=not ready
        ):
            _confirm(text, source, desk)
        if altered and st.button(
            _("Start over"), key="start over", type="tertiary", icon=":material/restart_alt:"
        ):
            st.session_state.pop("designer: owner", None)
            st.rerun()
    _put_back(desk)


def _done(act: Callable[[], str]) -> None:
    """Do it and say so, or say why not."""
    try:
        st.session_state[_SAID] = act()
    except Refused as refused:
        st.error(escape(told.refusal(refused)))
        return
    st.rerun()


def _save(text: str, source: Source, desk: Desk) -> str:
    saved = deciding.save_draft(
        desk.place.database, desk.viewer, text, now(), draft_id=source.draft_id, seen=source.made_at
    )
    choose(text=saved.draft.draft_id)
    st.session_state.pop(_BACK, None)
    return _("Saved as a draft; nothing in force has changed.")


def _withdraw(source: Source, desk: Desk) -> str:
    rights.require_run(desk.viewer, "Withdrawing a plan’s draft")
    discard_draft(desk.place.database, source.draft_id, by=desk.viewer.key, now=now())
    st.session_state[_BACK] = (desk.viewer.key, source.text)
    choose(text=None)
    return _("The draft is withdrawn.")


def _put_back(desk: Desk) -> None:
    whose, text = st.session_state.get(_BACK, ("", ""))
    if (
        text
        and whose == desk.viewer.key
        and st.button(
            _("Put the withdrawn draft back"), key="put back", type="tertiary", icon=":material/history:"
        )
    ):
        _done(lambda: _save(text, Source("", "", "", ""), desk))


def _confirm(text: str, source: Source, desk: Desk) -> None:
    """Ask once more, with the day it comes into force and what that means."""

    @st.dialog(_("Bring this plan into force"), width="large")
    def asked() -> None:
        present = signed_in()  # the dialog runs on its own while it is open
        if present.viewer == desk.viewer and rights.runs(present.viewer):
            _confirmed(text, source, present)

    asked()


def _confirmed(text: str, source: Source, desk: Desk) -> None:
    plan = looked_at(text, desk).plan
    if plan is None:
        return
    newest = deciding.newest_version(desk.place.database, desk.reading, plan.id)
    final, start = text, plan.valid_from
    if plan.version <= newest:
        start = st.date_input(
            _("In force from"), value=_next_start(desk), format="YYYY-MM-DD", key="in force from"
        )
        final = _renewed(text, newest + 1, start)
    found = looked_at(final, desk)
    day = formats.date(start, language())
    st.markdown(
        _("**{plan}**, version {version}, from {day}. The version before it holds until then.",
          plan=escape(plan.name), version=newest + 1, day=day)
    )  # fmt: skip
    check(found)
    reason = st.text_input(_("Why (kept in the audit trail)"), key="publish reason", max_chars=500)
    if st.button(
        _("Publish version {version}", version=newest + 1),
        key="publish now",
        type="primary",
        disabled=not found.ready,
    ):
        _publish(final, newest, reason, source, desk)


def _next_start(desk: Desk) -> date:
    quarters = [(quarter.start, quarter.end) for quarter in calendar_of(desk.reading).all("quarter")]
    return plan_designer.next_start(quarters, desk.reading.version.as_of)


def _renewed(text: str, version: int, start: date) -> str:
    """The next version's text; as it is where its place cannot be changed, so that the check says why."""
    try:
        return plan_designer.next_version(text, version, start)
    except NoSuchPlace:
        return text


def _publish(text: str, seen: int, reason: str, source: Source, desk: Desk) -> None:
    try:
        with st.spinner(_("Publishing …")):
            row = deciding.publish_plan(
                desk.place.store, desk.place.database, desk.reading, desk.viewer, text, now(),
                seen=seen, reason=reason, draft_id=source.draft_id,
            )  # fmt: skip
    except Refused as refused:
        st.error(escape(told.refusal(refused)))
        return
    forget()
    day = formats.date(row.valid_from, language())
    st.session_state[_SAID] = _(
        "Version {version} is published and in force from {day}.", version=row.version, day=day
    )
    choose(text=f"{row.plan_id}.{row.version}")
    st.rerun()
