"""One component opened: its verdict in words, how its pay is spread, its notches, changes worth trying, its payouts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from charts.base import Chart, Style
from charts.lorenz import lorenz
from charts.pay_spread import Marks, pay_spread
from compensation.plan.model import Basis, Component, Plan
from compensation.plan.shape import Notch, axis, notches
from compensation.plan.words import component_says
from metrics.plan_return.cost import payout_cost, payout_index
from metrics.plan_return.spread import lorenz as lorenz_of
from metrics.plan_return.spread import payout_concentration, payout_distribution
from metrics.view import View
from ui import change_cards, component_payouts, explain, pictures, plan_words, verdict_words
from ui.address import choose, chosen
from ui.ask import ahead, ask, row
from ui.bars import alone
from ui.component_plans import having
from ui.desk import Desk
from ui.figures import Figure
from ui.plan_return import Score
from ui.private import private
from ui.question import Question
from ui.speech import _, bold, escape, language, style_of
from words import formats
from workflows.plan_return import ComponentVerdict
from workflows.plan_stakes import Typical, typical


def part(
    scores: Sequence[Score],
    plans: Sequence[Plan],
    judged: Sequence[ComponentVerdict],
    question: Question,
    desk: Desk,
) -> None:
    """The component the address names; nothing where it names none."""
    score = next((each for each in scores if each.key == chosen("component")), None)
    if score is None:
        return
    view = alone(question.scoped).filtered("component", score.key)
    with st.container(border=True, key="component"):
        _head(score)
        left, right = st.columns([3, 2], gap="medium")
        with left:
            _verdict(score)
        with right:
            _terms(score, plans, desk)
        ahead([(metric, by, view) for metric, by in _ASKED], desk)
        left, right = st.columns(2, gap="small")
        with left:
            _concentration(view, desk)
        with right:
            _distribution(view, desk)
    change_cards.part(score, plans, judged, desk)
    component_payouts.part(score, view, desk)


_ASKED = (
    (payout_cost, ("rep",)),
    (payout_index, ("rep",)),
    (payout_concentration, ()),
    (payout_distribution, ()),
)


def _head(score: Score) -> None:
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        mark = verdict_words.MARKS[score.outcome]
        st.subheader(escape(score.name), anchor="component", width="content")
        st.markdown(f"{mark} **{verdict_words.short(score.outcome)}**", width="content")
        st.button(
            _("Close"),
            key="close component",
            type="tertiary",
            icon=":material/close:",
            on_click=lambda: choose(component=None),
        )


def _verdict(score: Score) -> None:
    """The verdict in words, the smallest effect it would notice first."""
    if score.judged is None:
        st.caption(_("No plan that is known here names this component, so there is no verdict on it."))
        return
    verdict = score.judged.verdict
    says, changes = verdict_words.sentences(verdict)
    says += verdict_words.before_the_start(verdict)
    st.markdown(bold(_("What can be said")) + "\n" + "\n".join(f"- {escape(each)}" for each in says))
    st.markdown(bold(_("What would change it")) + "\n" + "\n".join(f"- {escape(each)}" for each in changes))
    st.caption(_("Evidence of grade {grade}", grade=_(verdict_words.GRADES[verdict.grade])))


def _terms(score: Score, plans: Sequence[Plan], desk: Desk) -> None:
    """What the plans in force say of it, and where its payout jumps."""
    today = desk.reading.version.as_of
    for plan, component in having(score.key, plans, today):
        st.markdown(bold(escape(plan.name)))
        said = [
            plan_words.sentence(each)
            for each in component_says(plan, component)
            if each.template != "rollout"
        ]
        found = private(
            "typical", desk, lambda plan=plan: typical(desk.reading, desk.viewer, plan.id), plan.id
        )  # type: ignore[misc]
        said += jumps(component, found, language())
        st.markdown("\n".join(f"- {escape(each)}" for each in said))


def jumps(component: Component, found: Typical, language_: str) -> list[str]:
    """Where one more cent pays a jump, for somebody in the middle; says so where there is no such place."""
    notched = notches(component, found.stake(component))
    if not notched:
        return [_("Its payout has no notches: nowhere does one more cent of sales pay a jump.")]
    return [_jump(each, component, found.currency, language_) for each in notched]


def _jump(notch: Notch, component: Component, currency: str, language_: str) -> str:
    share = axis(component) is Basis.ATTAINMENT
    at = formats.percent(notch.at, language_) if share else formats.number(notch.at, language_)
    amount = formats.money(notch.jump, currency, language_)
    return _(
        "Notch at {at}: one more cent of sales pays {amount} more to somebody in the middle.",
        at=at,
        amount=amount,
    )


def _concentration(view: View, desk: Desk) -> None:
    """Who gets it: the Lorenz curve."""
    found = row(payout_concentration, view=view, desk=desk)
    table = lorenz_of(ask(payout_cost, ["rep"], view=view, desk=desk))
    points = list(zip(table["people"].to_pylist(), table["pay"].to_pylist(), strict=True))
    with st.container(border=True, key="lorenz"):
        pictures.draw(concentration_chart(points, found, style_of(desk.settings.currency)), "lorenz chart")
        explain.button(Figure(payout_concentration.name, view, found), desk, place="lorenz")


def concentration_chart(
    points: Sequence[tuple[float, float]], found: dict[str, object], style: Style
) -> Chart:
    """The Lorenz curve with what it says."""
    share, gini = found.get("payout_concentration"), found.get("gini")
    takeaway = style.words(
        "The best paid tenth get {share} of it (Gini {gini})",
        share=style.figure(share, "percent"),  # type: ignore[arg-type]
        gini=style.figure(gini, "number"),  # type: ignore[arg-type]
    )
    return lorenz(points, takeaway=takeaway if points else "", style=style, gini=gini)  # type: ignore[arg-type]


def _distribution(view: View, desk: Desk) -> None:
    """How pay lies around the target."""
    found = row(payout_distribution, view=view, desk=desk)
    values = ask(payout_index, ["rep"], view=view, desk=desk)[payout_index.name].to_pylist()
    with st.container(border=True, key="pay spread"):
        pictures.draw(distribution_chart(values, found, style_of(desk.settings.currency)), "pay spread chart")
        explain.button(Figure(payout_distribution.name, view, found), desk, place="pay spread")


def distribution_chart(values: Sequence[float | None], found: dict[str, object], style: Style) -> Chart:
    """The histogram with what it says."""
    median = found.get("payout_distribution")
    if median is None:
        words = style.words("It has no target of its own, so nothing can be held against one")
        return replace(pay_spread([], takeaway=words, style=style), takeaway=words)
    takeaway = style.words(
        "Half of the people are paid {median} of target or more; {above} reach it",
        median=style.figure(median, "percent"),  # type: ignore[arg-type]
        above=style.figure(found.get("above_target"), "percent"),  # type: ignore[arg-type]
    )
    return pay_spread(values, takeaway=takeaway, style=style, marks=Marks(median, found["top"]))  # type: ignore[arg-type]
