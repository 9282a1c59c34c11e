"""The page's address: everything chosen is in its query, under ids that no translation changes."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

KEPT = (
    "lang",
    "as",
    "store",
    "period",
    "compare",
    "manager",
    "team",
    "region",
    "measure",
    "credit_by",
    "target_of",
    "as_of",
)
"""What follows a person from page to page; whatever else is in the query belongs to one page."""

_SEEN = "address: what was kept"
_PAGE = "address: page"


def chosen(name: str) -> str:
    """The value of a name in the query; empty when it is not there."""
    return st.query_params.get(name, "")


def choose(**changes: str | None) -> None:
    """Change the query in one step of the browser's history; None or an empty value takes a name out."""
    _put({name.rstrip("_"): value or "" for name, value in changes.items()})  # ``as_`` stands for ``as``


def _put(changes: Mapping[str, str]) -> None:
    before = st.query_params.to_dict()
    after = {name: value for name, value in (before | dict(changes)).items() if value}
    if after != before:
        st.query_params.from_dict(after)


def follow(page: str) -> None:
    """Bring along what was chosen on the page before; call once a run, before anything is read.

    A click in the navigation drops the query. On the same page a name that is missing was taken out,
    by the person or by the back button, and stays out.
    """
    before = st.session_state.get(_SEEN, {})
    if st.session_state.get(_PAGE, page) != page:
        _put(before | st.query_params.to_dict())
    st.session_state[_PAGE] = page
    remember()


def remember() -> None:
    """Keep what is in the query now for the next page."""
    st.session_state[_SEEN] = {name: chosen(name) for name in KEPT if chosen(name)}


def query(**changes: str | None) -> dict[str, str]:
    """The query of a link: what is kept, with changes."""
    kept = {name: chosen(name) for name in KEPT} | {n.rstrip("_"): v or "" for n, v in changes.items()}
    return {name: value for name, value in kept.items() if value}
