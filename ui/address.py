"""The page's address: everything chosen is in its query, under ids that no translation changes."""

from __future__ import annotations

from collections.abc import Callable, Mapping

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
_WHERE = "address: version"


def chosen(name: str) -> str:
    """The value of a name in the query; empty when it is not there."""
    return st.query_params.get(name, "")


def choose(**changes: str | None) -> None:
    """Change the query; None or an empty value takes a name out."""
    for word, value in changes.items():
        name = word.rstrip("_")  # ``as_`` stands for ``as``
        if value:
            st.query_params[name] = value
        elif name in st.query_params:
            del st.query_params[name]


def follow(page: str) -> None:
    """Bring along what was chosen on the page before; call once a run, before anything is read.

    A click in the navigation drops the query. On the same page a name that is missing was taken out,
    by the person or by the back button, and stays out.
    """
    before = st.session_state.get(_SEEN, {})
    if st.session_state.get(_PAGE, page) != page:
        for name, value in before.items():
            if name not in st.query_params:
                st.query_params[name] = value
    st.session_state[_PAGE] = page
    remember()


def remember() -> None:
    """Keep what is in the query now for the next page."""
    st.session_state[_SEEN] = {name: chosen(name) for name in KEPT if chosen(name)}


def query(**changes: str | None) -> dict[str, str]:
    """The query of a link: what is kept, with changes."""
    kept = {name: chosen(name) for name in KEPT} | {n.rstrip("_"): v or "" for n, v in changes.items()}
    return {name: value for name, value in kept.items() if value}


def bound(name: str, key: str, encode: Mapping[object, str] | None = None) -> Callable[[], None]:
    """A callback that writes a widget's value into the query; ``encode`` gives the id of a value."""

    def write() -> None:
        value = st.session_state.get(key)
        text = encode.get(value, "") if encode is not None else str(value or "")
        choose(**{name: text})

    return write
