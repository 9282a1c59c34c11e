"""Trying a draft: payout curves at once; the past and chance when asked for."""

from __future__ import annotations

from typing import Any

import streamlit as st

from compensation.plan.model import Plan
from ui import exports, pictures, plan_compare, states, told
from ui.desk import Desk
from ui.people import names_of
from ui.plan_designer_parts import mark
from ui.private import known, private
from ui.speech import _, bold, escape, language, ngettext, style_of
from ui.stamp import about
from ui.tables import config, frame, height
from words import formats
from workflows.plan_stakes import Typical, typical
from workflows.what_if import WhatIf, before, plan_now, what_if
from workflows.what_if_past import NothingToTry

_ASKED = "designer: tried"


def in_force_of(plan: Plan | None, desk: Desk) -> Plan | None:
    """The version of a plan in force today; None where there is none."""
    if plan is None:
        return None
    try:
        return plan_now(desk.reading, desk.viewer, plan.id)
    except NothingToTry:
        return None


def curves(now: Plan | None, draft: Plan, desk: Desk) -> None:
    """One component's payout, with the plan in force and with the draft."""
    pairs = {pair.id: pair for pair in plan_compare.pairs(now, draft)}
    changing = " ".join(pair.id for pair in pairs.values() if pair.differs)  # what changes is shown at once
    found = private("typical", desk, lambda: typical(desk.reading, desk.viewer, draft.id), draft.id)
    with st.container(border=True, key="curves"):
        at = st.segmented_control(
            _("Component"), list(pairs), default=next(iter(pairs)), format_func=lambda key: pairs[key].name,
            key=f"curve of {draft.id} {changing}", required=True, label_visibility="collapsed",
        )  # fmt: skip
        pair = pairs[at] if at in pairs else next(iter(pairs.values()))
        pictures.draw(
            plan_compare.curve(pair, found, style_of(desk.settings.currency), desk.settings.currency),
            "payout curve",
        )
        st.caption(escape(_middle(found)))


def _middle(found: Typical) -> str:
    money = (
        formats.money(value, found.currency, language(), whole=True)
        for value in (float(found.quota), float(found.target))
    )
    return _(
        "For somebody in the middle of {n} people on the plan: a quota of {quota} and a target incentive of {target} a year. Multipliers and gates are left out.",
        n=found.people, **dict(zip(("quota", "target"), money, strict=True)),
    )  # fmt: skip


def trial(now: Plan | None, draft: Plan, text: str, desk: Desk) -> None:
    """The past paid with both plans, and chance; behind a button, as it takes some seconds."""
    with st.container(border=True, key="trial"):
        st.subheader(_("What would it cost, and whom would it touch?"), anchor=False)
        if now is None:
            states.empty(
                _("There is nothing to compare with."),
                _("No version of this plan is in force. Publish one first."),
            )
            return
        key = mark(text)
        if not (known("what if", desk, key) or st.session_state.get(_ASKED) == key):
            st.button(
                _("Try it on the past and by chance"),
                key="try draft",
                type="primary",
                icon=":material/experiment:",
                on_click=lambda: st.session_state.update({_ASKED: key}),
            )
            st.caption(
                _(
                    "Pays the last finished quarters with both plans, to the cent, and ten thousand simulated outcomes."
                )
            )
            return
        tried = private("what if", desk, lambda: _tried(draft, desk), key)
        if tried is None:
            states.empty(_("There is no past to try it on."), _("No fiscal quarter is finished yet."))
        else:
            _results(tried, now, draft, desk)


def _tried(draft: Plan, desk: Desk) -> WhatIf | None:
    session, viewer = desk.reading, desk.viewer
    with st.status(_("Step {n} of {all}: reading what was sold …", n=1, all=2), expanded=False) as status:
        try:
            found = private("past", desk, lambda: before(session, viewer, draft), draft.id)
            status.update(
                label=_("Step {n} of {all}: paying it with both plans, and drawing chances …", n=2, all=2)
            )
            tried = what_if(session, viewer, draft, found=found)
        except NothingToTry:
            return None
        status.update(label=_("Tried"), state="complete")
    return tried


def _results(tried: WhatIf, now: Plan, draft: Plan, desk: Desk) -> None:
    style = style_of(desk.settings.currency)
    st.markdown(f"#### {escape(plan_compare.replay_says(tried, style))}")
    days = (formats.date(day, language()) for day in (tried.span.start, date_before(tried)))
    st.caption(
        _("Sales from {first} to {last}, as they were. No behaviour change: everybody is taken to sell exactly what they sold.",
          **dict(zip(("first", "last"), days, strict=True)))
    )  # fmt: skip
    left, right = st.columns(2, gap="medium")
    with left:
        names = {each.id: each.name for plan in (now, draft) for each in plan.components}
        _table(
            "parts",
            plan_compare.parts(tried, names),
            plan_compare.part_columns(),
            desk,
            _("Cost by component"),
        )
    with right:
        pictures.draw(plan_compare.chance(tried, style), "cost spread")
        st.caption(escape(assumed(tried)))
    _people(tried, desk)
    _remarks(tried)


def date_before(tried: WhatIf) -> Any:
    """The last day of the span."""
    end = tried.span.end
    return type(end).fromordinal(end.toordinal() - 1)


def assumed(tried: WhatIf) -> str:
    """What the simulation assumes, in a sentence or two; plain text."""
    made = tried.assumptions
    said = _(
        "{draws} draws, the same for both plans. A person’s quarters vary by {spread}, {market} of that shared by all.",
        draws=formats.number(made.draws, language()),
        spread=formats.percent(made.spread, language(), places=0),
        market=formats.percent(made.market, language(), places=0),
    )
    if tried.left_out:
        said += " " + _("Not simulated: {names}.", names=", ".join(tried.left_out))
    return said


def _people(tried: WhatIf, desk: Desk) -> None:
    """Winners and losers."""
    rows = plan_compare.people(tried, names_of(desk))
    gain, lose, same = plan_compare.moved(rows)
    words = [
        ngettext("{n} person gains", "{n} people gain", gain),
        ngettext("{n} loses", "{n} lose", lose),
        ngettext("{n} stays where they are", "{n} stay where they are", same),
    ]
    st.markdown(bold(escape(", ".join(words))))
    wanted = plan_compare.people_columns()
    _table("people", rows, wanted, desk, _("Winners and losers"))
    exports.buttons(
        "winners table", "attain-plan-draft-people",
        lambda: (exports.Sheet(tuple(each.title for each in wanted.values()), [[row[name] for name in wanted] for row in rows]), about(desk)),
    )  # fmt: skip


def _table(name: str, rows: list[dict[str, Any]], wanted: Any, desk: Desk, alt: str) -> None:
    st.dataframe(
        frame(rows, wanted), hide_index=True, column_config=config(wanted, desk.settings.currency), placeholder="—",
        alt=alt, key=f"trial {name}", height=height(len(rows), 360),
    )  # fmt: skip


def _remarks(tried: WhatIf) -> None:
    if tried.problems:
        text = "\n".join(f"- {escape(told.problem(each))}" for each in tried.problems[:5])
        st.warning(text, title=_("Some of it could not be computed"))
