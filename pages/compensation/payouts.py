"""What does this month pay, what stands out, does it agree with what was recorded? And: close it."""

import streamlit as st

from ui import (
    payouts_close,
    payouts_compare,
    payouts_expense,
    payouts_parts,
    payouts_questions,
    statement_parts,
)
from ui.shell import opened

desk = opened("payouts")
statement_parts.not_on_a_wall()
with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="filters"):
    month = payouts_parts.month(desk)
    view = payouts_parts.view_switch(desk)
    payouts_parts.run_again()
found = payouts_parts.ran(desk, month)
payouts_close.standing(found, desk)

if view == "review":
    payees = payouts_parts.exceptional(found, desk)
    payouts_parts.headline(found, payees, desk)
    payouts_parts.controls(found, desk)
    payouts_parts.problems(found, desk)
    payouts_parts.table(found, payees, desk)
elif view == "compare":
    payouts_compare.part(found, desk)
elif view == "questions":
    payouts_questions.part(found, desk)
else:
    payouts_expense.part(month, desk)
