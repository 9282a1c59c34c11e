"""What does every number mean, and where do the readings differ? All definitions, searchable."""

import streamlit as st

from ui import catalogue, states
from ui.shell import opened
from ui.speech import _

desk = opened("metric_catalogue", needs_data=False)
st.write(_("Every number on every page has one definition; here they all are."))
words = catalogue.search()
metrics = catalogue.found(words)
grid = st.grid(2, min_column_width=340, gap="small", border=True)
for metric in metrics:
    with grid.cell():
        catalogue.entry(metric)
if not metrics:
    states.empty(_("No metric matches these words."), _("Try a single word, such as “quota”."))
