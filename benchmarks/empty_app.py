"""An empty Streamlit app: the floor every page is measured against."""

import streamlit as st

st.empty()
