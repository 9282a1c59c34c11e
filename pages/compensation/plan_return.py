"""What does each plan component cost, and what does it bring back? With how sure that is."""

import streamlit as st

from ui import component_detail, periods, plan_return, statement_parts
from ui import plan_return_parts as parts
from ui.shell import opened

desk = opened("plan_return")
statement_parts.not_on_a_wall()
plans = parts.plans_of(desk)
question = parts.bar(desk, plans)
st.caption(periods.standing(question))
judged = parts.judged_of(desk, plans)
parts.verdict_part(judged, desk)
parts.figures(question, desk)
scores = plan_return.scorecard(question.scoped, desk, judged)
parts.scorecard_part(scores, question, desk)
component_detail.part(scores, plans, judged, question, desk)
