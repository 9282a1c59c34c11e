"""What does a plan say, and what if it said something else? Drafts are tried here and touch nothing."""

import streamlit as st

from ui import plan_decisions, plan_trial, states
from ui import plan_designer_parts as parts
from ui.plan_return_parts import book_of
from ui.shell import opened
from ui.speech import _
from ui.statement_parts import not_on_a_wall

desk = opened("plan_designer")
not_on_a_wall()
plan_decisions.said()
source = parts.chosen_source(book_of(desk), desk)
if source is None:
    states.empty(
        _("There is no plan yet."), _("Load plans with your files, or publish one as docs/plans.md explains.")
    )
    st.stop()
parts.origin(source, desk)
text = parts.text_of(source, desk)
found = parts.looked_at(text, desk)
now = plan_trial.in_force_of(found.plan, desk)
left, right = st.columns([3, 2], gap="medium")
with left:
    parts.editor(text, source, found)
with right:
    plan_decisions.buttons(text, source, found, desk)
    parts.check(found)
    parts.take_over(text, found)
    parts.differences(now, found.plan)
if found.plan is not None:
    plan_trial.curves(now, found.plan, desk)
    plan_trial.trial(now, found.plan, text, desk)
