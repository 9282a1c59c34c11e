"""Who is on track to quota, how evenly, and how the period fills up? From teams to people."""

import streamlit as st

from ui import attainment, filters, overview, periods, pictures
from ui.shell import opened

desk = opened("attainment")
question = filters.bar(desk, rep=True)
attainment.crumbs(question, desk)
st.caption(periods.standing(question))
level = attainment.level_switch(question, desk)
page = attainment.attainment(question, desk, level)

if question.scope.kind != "company":
    with st.container(border=True, key="headline"):
        pictures.draw(page.bar, "headline bar")
if question.scope.kind == "rep":
    overview.figures(page.head, question, desk)
    left, right = st.columns(2, gap="small")
    with left:
        attainment.trend_part(page, question, desk)
    with right:
        attainment.history_part(page)
else:
    attainment.bars_part(page, question, desk, level)
    left, right = st.columns(2, gap="small")
    with left:
        attainment.spread_part(page, question, desk)
    with right:
        attainment.trend_part(page, question, desk)
    attainment.table_part(page, question, desk)
