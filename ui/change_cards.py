"""Recommendation cards of a component: one change each, tried on the past and by simulation when asked for."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from compensation.plan.model import Plan
from compensation.run import Problem
from ui import plan_words, told
from ui.component_plans import plans_with
from ui.desk import Desk
from ui.people import Names, names_of
from ui.plan_return import Score
from ui.private import known, private
from ui.speech import _, bold, escape, language
from words import formats
from words.catalogue import N_
from workflows.card_proposals import proposals
from workflows.cards import Card, card
from workflows.plan_return import ComponentVerdict
from workflows.what_if import before, plan_now
from workflows.what_if_past import NothingToTry

DRAWS = 4000
"""Simulated outcomes a card: the 95th percentile is then known to well under a per cent."""
_ASKED = "cards: asked"
LEVELS = {"low": N_("low"), "medium": N_("medium"), "high": N_("high")}


def part(score: Score, plans: Sequence[Plan], judged: Sequence[ComponentVerdict], desk: Desk) -> None:
    """Cards behind a button: trying changes takes some seconds."""
    having = plans_with(score.key, plans, desk.reading.version.as_of)
    if not having:
        return
    with st.container(border=True, key="changes"):
        st.subheader(_("Changes worth looking at"), anchor=False)
        st.caption(
            _(
                "One change each, tried on the last finished quarters and by simulation. Nobody is taken to behave otherwise; each card says what would turn it round."
            )
        )
        if not (known("cards", desk, score.key) or st.session_state.get(_ASKED) == score.key):
            st.button(
                _("Try them"),
                key="try changes",
                icon=":material/experiment:",
                on_click=lambda: st.session_state.update({_ASKED: score.key}),
            )
            return
        made = private("cards", desk, lambda: _made(score, having, judged, desk), score.key)
        for each in made:
            _card(each, desk)
        if not made:
            st.caption(_("Nothing was paid for it lately, so there is no change to try."))


def _made(score: Score, having: Sequence[Plan], judged: Sequence[ComponentVerdict], desk: Desk) -> list[Card]:
    made: list[Card] = []
    with st.status(_("Trying changes …"), expanded=False) as status:
        for plan in having:
            made += _of_plan(score, plan.id, judged, desk, status)
        status.update(label=_("Changes tried: {n}", n=len(made)), state="complete")
    return made


def _of_plan(
    score: Score, plan_id: str, judged: Sequence[ComponentVerdict], desk: Desk, status: object
) -> list[Card]:
    """Every card of one plan that is about the component."""
    session, viewer = desk.reading, desk.viewer
    try:
        plan = plan_now(session, viewer, plan_id)
        found = private("past", desk, lambda: before(session, viewer, plan), plan_id)
    except NothingToTry:
        return []
    verdicts = {one.component: one for one in judged if plan_id in one.plans}
    margin = next((one.verdict.money.margin for one in judged), None)
    wanted = [
        one for one in proposals(plan, verdicts, found) if score.key in (one.component_id, one.measured_by)
    ]
    made = []
    for number, one in enumerate(wanted, start=1):
        status.update(  # type: ignore[attr-defined]
            label=_("{plan}: trying change {n} of {all} …", plan=plan.name, n=number, all=len(wanted))
        )
        verdict = verdicts.get(one.component_id)
        made.append(card(session, viewer, plan, one, verdict, found, margin=margin, draws=DRAWS))
    return made


def _card(found: Card, desk: Desk) -> None:
    with st.container(
        border=True, key=f"card {found.plan.id} {found.proposal.action} {found.component_id}", gap="small"
    ):
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="top"):
            title = bold(escape(plan_words.card(found.proposal.title)))
            st.markdown(f"{title}  \n{escape(found.plan.name)}", width="content")
            st.subheader(escape(change_of(found, language())), anchor=False, width="content")
        lines = told_of(found, names_of(desk), language())
        st.markdown("\n".join(f"- **{what}**: {escape(text)}" for what, text in lines))


def change_of(found: Card, language_: str) -> str:
    """What it would have cost more or less on the past; plain text."""
    return formats.money(found.change, found.currency, language_, signed=True, whole=True)


def told_of(found: Card, names: Names, language_: str) -> list[tuple[str, str]]:
    """What a card says: heading and plain text of each line."""
    money = lambda value: formats.money(value, found.currency, language_, compact=True)  # noqa: E731
    said = [
        (_("Why"), " ".join(plan_words.card(each) for each in found.why)),
        (
            _("Cost"),
            _(
                "replayed {before} → {after}; simulated median {median} instead of {median_now}, one span in twenty above {p95} instead of {p95_now}",
                before=money(found.replayed[0]),
                after=money(found.replayed[1]),
                median=money(found.then.median),
                median_now=money(found.now.median),
                p95=money(found.then.p95),
                p95_now=money(found.now.p95),
            ),
        ),
        (_("Who"), _who(found, names, language_)),
        (_("What would flip it"), plan_words.card(found.flip.said)),
        (_("Gaming"), f"{_(LEVELS[found.gaming.level])} – " + " ".join(plan_words.card(each) for each in found.gaming.reasons)),
        (_("Cheapest test"), plan_words.card(found.test.said)),
    ]  # fmt: skip
    if found.left_out:
        said.append((_("Not simulated"), ", ".join(found.left_out)))
    if found.problems:
        said.append((_("Could not be computed"), " ".join(_problems(found.problems))))
    return said


def _who(found: Card, names: Names, language_: str) -> str:
    text = _("{gainers} would have gained, {losers} lost", gainers=found.gainers, losers=found.losers)
    most = [
        f"{names.of(rep)} {formats.money(change, found.currency, language_, signed=True, compact=True)}"
        for rep, change in found.most
    ]
    return f"{text}: {', '.join(most)}" if most else text


def _problems(found: Sequence[Problem]) -> list[str]:
    return [told.problem(each) for each in found[:3]]
