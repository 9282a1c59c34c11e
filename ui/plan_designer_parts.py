"""The parts of the plan designer on the screen: what is edited, whether it holds, and what becomes of it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import streamlit as st

from compensation.plan.diff import changes
from compensation.plan.model import Component, Plan
from compensation.plan.reading import read
from compensation.plan.words import component_says, plan_says
from compensation.what_if.sliders import Kind
from planning.plans import plan_drafts
from ui import plan_designer, plan_words, told
from ui.address import choose, chosen
from ui.desk import Desk
from ui.people import names_of
from ui.plan_designer import FILE, Examined, Knob, Source
from ui.private import private
from ui.speech import _, bold, escape, language, ngettext
from words import formats
from words.catalogue import N_

WAYS = {"words": N_("In words"), "sliders": N_("Sliders"), "text": N_("Text")}
KINDS = {
    Kind.RATE: N_("Rate"),
    Kind.THRESHOLD: N_("Threshold"),
    Kind.ACCELERATOR: N_("Accelerator"),
    Kind.CAP: N_("Cap"),
}
HEIGHT = 560
"""Pixels the editor and what stands beside it take."""
_TEXT, _OWNER = "designer: text", "designer: owner"


def chosen_source(plans: Sequence[Plan], desk: Desk) -> Source | None:
    """The text that is worked on: the one in the address, else the first in force."""
    found = {
        each.id: each
        for each in plan_designer.sources(plans, plan_drafts(desk.place.database), desk.reading.version.as_of)
    }
    if not found:
        return None
    asked = chosen("text")
    if asked and asked not in found:
        st.info(_("The link named a draft or version that is not there any more; it was left out."))
    usual = next((each.id for each in found.values() if not each.draft_id), next(iter(found)))
    current = asked if asked in found else usual

    def write() -> None:
        choose(text=st.session_state["designer source"])

    st.session_state["designer source"] = current
    st.selectbox(
        _("Plan version or draft"), list(found), key="designer source", on_change=write,
        format_func=lambda key: found[key].label,
    )  # fmt: skip
    return found[current]


def text_of(source: Source, desk: Desk) -> str:
    """The text as it stands in this session; what another viewer left is dropped."""
    owner = (str(desk.place.root), desk.viewer.key, source.id, source.made_at)
    if st.session_state.get(_OWNER) != owner:
        st.session_state[_OWNER], st.session_state[_TEXT] = owner, source.text
    return str(st.session_state[_TEXT])


def put(text: str) -> None:
    """Go on with another text."""
    st.session_state[_TEXT] = text


def looked_at(text: str, desk: Desk) -> Examined:
    """What the text says and whether it holds."""
    return private("examined", desk, lambda: plan_designer.examined(text), mark(text))


def mark(text: str) -> str:
    """A short mark of a text, to keep what was found of it under."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def editor(text: str, source: Source, found: Examined) -> None:
    """What the plan says: in words, on sliders, or as text."""
    way = st.segmented_control(
        _("Show the plan"), list(WAYS), default="words", format_func=lambda name: _(WAYS[name]), key="designer way",
        label_visibility="collapsed", required=True,
    )  # fmt: skip
    with st.container(height=HEIGHT, border=True, key="editor"):
        if way == "text":
            _text(text)
        elif found.plan is None:
            st.caption(
                _("The text cannot be read as a plan, so there is nothing to show of it. Correct it as text.")
            )
        elif way == "sliders":
            _sliders(text, found.plan, source)
        else:
            _words(found.plan)


def _words(plan: Plan) -> None:
    said = [plan_words.sentence(each) for each in plan_says(plan)]
    lines = [bold(escape(plan.name)), "\n".join(f"- {escape(each)}" for each in said)]
    for component in plan.components:
        lines.append(bold(escape(component.name or component.id)))
        lines.append("\n".join(f"- {escape(each)}" for each in component_lines(plan, component)))
    st.markdown("\n\n".join(lines))


def component_lines(plan: Plan, component: Component) -> list[str]:
    """What a component says; its rollout in one sentence."""
    said = component_says(plan, component)
    lines = [plan_words.sentence(each) for each in said if each.template != "rollout"]
    teams = [plan_words.sentence(each) for each in said if each.template == "rollout"]
    return lines + ([" ".join(teams)] if teams else [])


def _text(text: str) -> None:
    def write() -> None:
        put(st.session_state["plan text"])

    st.session_state["plan text"] = text
    st.text_area(
        _("The plan's text"), key="plan text", on_change=write, height=HEIGHT - 80, label_visibility="collapsed",
        help=_("TOML, as docs/plans.md explains it. It is checked when you leave the field."),
    )  # fmt: skip


def _sliders(text: str, plan: Plan, source: Source) -> None:
    first, _problems = read(source.text, FILE)
    found = plan_designer.knobs(plan, first or plan)
    if not found:
        st.caption(_("This plan has no number a slider could move. Change it as text."))
    shown = ""
    for knob in found:
        if knob.slider.component_id != shown:
            shown = knob.slider.component_id
            st.markdown(bold(escape(_component_name(plan, shown))))
        _slider(text, knob)


def _component_name(plan: Plan, key: str) -> str:
    return next((each.name or each.id for each in plan.components if each.id == key), _("Whole plan"))


def _slider(text: str, knob: Knob) -> None:
    key = f"slide {knob.slider.path}"

    def write() -> None:
        put(plan_designer.turned(text, knob, st.session_state[key]))

    st.session_state[key] = knob.value
    place = plan_designer.place_of(knob.slider)
    st.slider(
        f"{_(KINDS[knob.slider.kind])} · {place}", knob.low, knob.high, step=knob.step, key=key, on_change=write,
        format=knob.format,
    )  # fmt: skip


# Whether it holds ----------------------------------------------------------------------------------


def take_over(text: str, found: Examined) -> None:
    """For a change that is meant: the cases expect what the plan pays now, which shows among the changes."""
    if not any(case.differences for case in found.cases):
        return
    st.button(
        _("Let the cases expect what the plan pays now"),
        key="take over",
        type="tertiary",
        icon=":material/rule:",
        help=_("Only if the change is meant: the cases are there to catch what is not."),
        on_click=lambda: put(plan_designer.accepted(text, found)),
    )


def check(found: Examined) -> None:
    """What is wrong with the text, by line and field, and its cases."""
    if found.problems:
        count = ngettext("{n} thing to put right", "{n} things to put right", len(found.problems))
        st.error("\n".join(f"- {escape(told.problem(each))}" for each in found.problems), title=count)
    if found.plan is None:
        return
    failed = found.failed
    if failed:
        passed = sum(case.passed for case in found.cases)
        title = _("{passed} of {all} cases pass", passed=passed, all=len(found.cases))
        st.warning("\n".join(f"- {escape(told.problem(each))}" for each in failed), title=title)
    elif not found.problems:
        cases = ngettext("its {n} case passes", "all its {n} cases pass", len(found.cases))
        text = (
            _("The text holds, and {cases}.", cases=cases)
            if found.cases
            else _("The text holds. It carries no cases yet.")
        )
        st.success(text, icon=":material/check:")


def differences(now: Plan | None, draft: Plan | None) -> None:
    """The changes against the plan in force, in words."""
    st.markdown(bold(_("What changes against the plan in force")))
    if draft is None:
        st.caption(_("Correct the text first."))
    elif now is None:
        st.caption(_("No version of this plan is in force, so everything in it is new."))
    else:
        said = list(dict.fromkeys(plan_words.change(each) for each in changes(now, draft)))
        st.markdown("\n".join(f"- {escape(each)}" for each in said) if said else _("Nothing."))


# What becomes of it --------------------------------------------------------------------------------


def origin(source: Source, desk: Desk) -> None:
    """Where the text comes from, and that it touches nothing."""
    if source.draft_id and source.made_at is not None:
        by, day = names_of(desk).of(source.made_by), formats.date(source.made_at.date(), language())
        st.caption(escape(_("Saved by {person} on {day}. A draft is in force nowhere.", person=by, day=day)))
    else:
        st.caption(_("Change it as you like: nobody is paid by it until it is published."))
