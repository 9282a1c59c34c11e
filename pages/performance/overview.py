"""Will we make the number, what changed, and who needs attention? Each role's first answer."""

import streamlit as st

from ui import filters, overview, periods, pictures
from ui.shell import opened

desk = opened("overview")
question = filters.bar(desk)
page = overview.overview(question, desk)

st.caption(periods.standing(question))
with st.container(border=True, key="headline"):
    pictures.draw(page.bar, "headline bar")
overview.cards(page, question, desk)
if question.scope.kind == "rep":
    overview.trend_part(page)
else:
    left, right = st.columns([3, 2], gap="small")
    with left:
        overview.changed_part(page, question, desk)
    with right:
        overview.needs_part(page, question)
