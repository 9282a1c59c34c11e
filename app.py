"""Attain's front door: headers around the pages, sign-in before them, one reference when one breaks."""

from __future__ import annotations

import streamlit as st

from ui.front import MIDDLEWARE
from ui.shell import main
from ui.states import unexpected

app = st.App(__file__, middleware=MIDDLEWARE, on_script_error=unexpected)

if __name__ == "__main__":
    main()
