"""Streamlit parts the pages are made of."""
