"""What was I paid this month, and why? Line by line, with what my open deals would bring."""

import streamlit as st

from ui import estimator, statement_parts
from ui.shell import opened

desk = opened("my_statement")
statement_parts.not_on_a_wall()
with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="filters"):
    rep = statement_parts.person(desk)
    month, months = statement_parts.month(desk, rep)
if not rep:
    statement_parts.nobody()
given = statement_parts.found(desk, rep, month)
page = statement_parts.model(desk, given, months)
statement_parts.head(page, given, months, desk)
statement_parts.remarks(page)
statement_parts.lines(page, given, desk)
statement_parts.carried(page, given, desk)
estimator.part(desk, rep)
