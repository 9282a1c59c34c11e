"""What is loaded, when, from where, and what was set aside and why? And: load my own files."""

import streamlit as st

from ui import importing, sources
from ui.shell import opened
from ui.speech import _

desk = opened("data_sources", needs_data=False)
if desk.session is not None:
    sources.failures(desk)
    sources.overview(desk)
    sources.tables(desk)
    sources.set_aside(desk)
st.subheader(_("Load your own files"), anchor=False)
with st.container(border=True, key="import"):
    importing.flow(desk)
