"""Who leads, by attainment, value or improvement, and who rose? Ranks among peers."""

import streamlit as st

from ui import filters, leaderboard, periods, tv
from ui.address import chosen
from ui.shell import opened
from ui.standings import WAYS

desk = opened("leaderboard")
if chosen("tv") == "1":
    way = chosen("rank") if chosen("rank") in WAYS else WAYS[0]
    tv.show(filters.asked(desk), desk, way)
    st.stop()

question = filters.bar(desk)
st.caption(periods.standing(question))
with st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"):
    way = leaderboard.way_switch()
    leaderboard.tv_link()
page = leaderboard.leaders(question, desk, way)
leaderboard.notes(page.board)
if page.slope is None:
    leaderboard.table_part(page, question, desk)
else:
    left, right = st.columns([3, 2], gap="small")
    with left:
        leaderboard.table_part(page, question, desk)
    with right:
        leaderboard.slope_part(page)
