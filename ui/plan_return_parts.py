"""The parts of the plan return page on the screen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import streamlit as st

from compensation.plan.model import Plan
from metrics.base import Metric
from metrics.catalogue import CHOICES
from metrics.periods import calendar_of
from metrics.plan_return.cost import payout_cost, payout_index
from metrics.plan_return.sales import compensation_cost_of_sales, effective_rate
from ui import cards, exports, filters, pictures, plan_return, states
from ui.address import choose
from ui.ask import ahead
from ui.desk import Desk
from ui.figures import Figure, figure
from ui.plan_return import Score
from ui.private import known, private
from ui.question import Question
from ui.speech import _, bold, escape, language, ngettext, style_of
from ui.stamp import stamp
from ui.tables import config, frame, height
from words import formats
from words.catalogue import N_
from workflows.pay.inputs import book
from workflows.plan_return import ComponentVerdict, verdicts

FIGURES: tuple[Metric, ...] = (payout_cost, compensation_cost_of_sales, payout_index)
"""Figures at the top; of one plan its effective rate too, which means nothing over several."""
READINGS = ("pay_taken", "base_pay", "whose_pay")
"""What compensation cost of sales can be read as."""
SHORT_READINGS = {
    ("pay_taken", "actual"): N_("pay as paid"),
    ("pay_taken", "target"): N_("pay at target"),
    ("base_pay", "out"): N_("without base salary"),
    ("base_pay", "in"): N_("with base salary"),
    ("whose_pay", "sellers"): N_("of those who sell"),
    ("whose_pay", "leaders"): N_("of those who lead"),
}
"""The readings in two or three words."""


def book_of(desk: Desk) -> tuple[Plan, ...]:
    """Every version of every plan that can be read."""
    return private("plan book", desk, lambda: book(desk.reading, desk.viewer))[0]


def plans_of(desk: Desk) -> tuple[Plan, ...]:
    """The same; ends the page where there is none."""
    found = book_of(desk)
    if not found:
        states.empty(
            _("There is no plan yet."),
            _(
                "Publish a plan in the plan designer, or load plans with your files; then its return can be looked at."
            ),
        )
        st.stop()
    return found


def judged_of(desk: Desk, plans: Sequence[Plan]) -> tuple[ComponentVerdict, ...]:
    """The verdicts, made once a session with a word on what takes the time."""

    def work() -> tuple[ComponentVerdict, ...]:
        return tuple(verdicts(desk.reading, desk.viewer, plans=plans))

    if known("verdicts", desk):
        return private("verdicts", desk, work)
    components = len({component.id for plan in plans for component in plan.components})
    told = ngettext(
        "Judging {n} component on every finished quarter …",
        "Judging {n} components on every finished quarter …",
        components,
    )
    with st.spinner(told):
        return private("verdicts", desk, work)


def bar(desk: Desk, plans: Sequence[Plan]) -> Question:
    """The filter bar: period, plan, role, region."""
    names = {plan.id: plan.name for plan in plans}
    roles = sorted({role for plan in plans for role in plan.roles})
    said = {role: _(role.replace("_", " ").capitalize()) for role in roles}
    return filters.pay_bar(desk, plan_return.usual_period(desk), names, said)


def verdict_part(judged: Sequence[ComponentVerdict], desk: Desk) -> None:
    """The takeaway, the scatter, and beside it what has no place in it."""
    style = style_of(desk.settings.currency)
    finished = [
        q
        for q in calendar_of(desk.reading).all("quarter")
        if q.state(desk.reading.version.as_of) == "finished"
    ]
    if not judged or not finished:
        states.empty(
            _("Not enough data for a verdict."),
            _(
                "A verdict needs a finished quarter with sales, people on plans and payouts. The scorecard below needs only payouts."
            ),
        )
        return
    first = min((q.start for q in finished if q.end > _first_sale(judged, desk)), default=finished[0].start)
    note = plan_return.span_note(judged, first, finished[-1].end - timedelta(days=1), style)
    st.markdown(f"### {escape(plan_return.headline(judged, style))}.")
    left, right = st.columns([2, 1], gap="small")
    with left, st.container(border=True, key="verdicts", height="stretch"):
        picked = pictures.draw_and_pick(plan_return.scatter(judged, style, note), "cost return")
        st.caption(_("Click a component to open it."))
    with right, st.container(border=True, key="apart", height="stretch"):
        _apart(judged, desk)
    if picked:
        del st.session_state["cost return"]  # picked once; the address remembers
        choose(component=picked)
        st.rerun()


def _first_sale(judged: Sequence[ComponentVerdict], desk: Desk) -> object:
    """Where the verdicts begin: as many finished quarters back as they used."""
    used = max(each.verdict.sample.periods for each in judged)
    finished = [
        q
        for q in calendar_of(desk.reading).all("quarter")
        if q.state(desk.reading.version.as_of) == "finished"
    ]
    return finished[-used].start if 0 < used <= len(finished) else finished[0].start


def _apart(judged: Sequence[ComponentVerdict], desk: Desk) -> None:
    found = plan_return.apart(judged, language())
    st.markdown(bold(_("Not enough data")))
    if not found:
        st.caption(_("Every component has an estimate of what it brings."))
        return
    st.caption(
        _("These have no identified estimate, so they have no place in the picture. What would change that:")
    )
    lines = []
    for change in dict.fromkeys(each.change for each in found):
        items = [
            f"**{escape(each.name)}** {escape(formats.money(each.cost, desk.settings.currency, language(), compact=True))}"
            for each in found
            if each.change == change
        ]
        lines.append(f"{' · '.join(items)}  \n{escape(change)}")
    st.markdown("\n\n".join(lines))


def figures(question: Question, desk: Desk) -> None:
    """Cost, cost of sales with its reading, payout index and effective rate of the filters."""
    shown = (*FIGURES, effective_rate) if question.view.values("plan") else FIGURES
    ahead([(metric, question.by, question.scoped) for metric in shown], desk)
    with st.container(key="cards"):
        cells = st.columns(len(shown), gap="small", border=True)
    for cell, metric in zip(cells, shown, strict=True):
        with cell:
            found = figure(metric, question, desk)
            change, good = cards.changed(found, desk)
            cards.card(
                _(metric.title), found, desk, note=_note(found, question, desk), change=change, good=good
            )
            if metric is compensation_cost_of_sales:
                _readings(question, desk)


def _note(found: Figure, question: Question, desk: Desk) -> str:
    if found.metric is not compensation_cost_of_sales:
        return ""
    view = question.view
    said = [
        _(SHORT_READINGS[name, view.choice(name, filters.default_reading(desk, name))]) for name in READINGS
    ]
    return ", ".join(said)


def _readings(question: Question, desk: Desk) -> None:
    """The switch between readings of compensation cost of sales."""
    popover = st.popover(
        _("Read it as"), icon=":material/tune:", type="tertiary", key="readings", on_change="rerun"
    )
    if popover.open:
        with popover:
            for name in READINGS:
                current = question.view.choice(name, filters.default_reading(desk, name))
                filters.choice(desk, name, tuple(CHOICES[name]), current, place="ccos")


def scorecard_part(scores: Sequence[Score], question: Question, desk: Desk) -> None:
    """The table of components with its export; a row that is picked opens."""
    with st.container(border=True, key="scorecard"):
        st.subheader(_("Scorecard"), anchor=False)
        if not scores:
            states.empty(
                _("No payouts for this period and these filters."),
                _("Choose another period, or take out a filter."),
            )
            return
        wanted, found = plan_return.columns(), plan_return.rows(scores)
        key = f"components {hash(question.view)}"

        def open_picked() -> None:
            at = st.session_state[key]["selection"]["rows"]
            choose(component=found[at[0]]["key"] if at else None)

        st.dataframe(
            frame(found, wanted),
            hide_index=True,
            column_config=config(wanted, desk.settings.currency),
            on_select=open_picked,
            selection_mode="single-row",
            placeholder="—",
            alt=_("Cost and verdict of every component"),
            key=key,
            height=height(len(found), 420),
        )
        name = f"attain-plan-return-{question.view.start.isoformat()}-{question.view.until.isoformat()}"
        with st.container(horizontal=True, vertical_alignment="center"):
            exports.buttons("scorecard table", name, lambda: (_sheet(scores), stamp(question.scoped, desk)))
            st.caption(
                _("Pick a row to open a component. Cost and rates are of the period and filters above."),
                width="content",
            )


def _sheet(scores: Sequence[Score]) -> exports.Sheet:
    wanted = plan_return.columns()
    found = plan_return.rows(scores)
    return exports.Sheet(
        tuple(each.title for each in wanted.values()), [[row.get(name) for name in wanted] for row in found]
    )
