"""Around every page: navigation, who is looking, language, and the page's own head."""

from __future__ import annotations

from pathlib import Path
from threading import local

import streamlit as st

from ui import freshness, states
from ui.address import choose, chosen, follow, query
from ui.desk import OWN, Desk, beside, can_sit_beside
from ui.looking import signed_in
from ui.screens import open_to, pages_for, screen_named
from ui.speech import _, escape, language
from words.catalogue import LANGUAGES, N_, spoken
from workflows.opening import store_root
from workflows.who import DEMO_VIEWERS

ICON = Path(__file__).parent / "brand" / "icon.png"
LOGO = Path(__file__).parent / "brand" / "logo.png"
ROLE_NAMES = {
    "rep": N_("Rep"),
    "manager": N_("Manager"),
    "executive": N_("Executive"),
    "compensation_admin": N_("Compensation admin"),
    "administrator": N_("Administrator"),
    "owner": N_("Local owner"),
}


_present = local()
"""Who was found to be looking in this run: a run is one thread from the front door to the page's end."""


def main() -> None:
    """Everything the front door does; what breaks is logged without its words, which may hold data."""
    _present.desk = None
    try:
        _opened()
    except Exception as error:  # noqa: BLE001 - the last stop before the server writes all of it to its log
        states.unexpected(error)
    finally:
        _present.desk = None


def _opened() -> None:
    tv = chosen("tv") == "1"
    st.set_page_config(
        page_title="Attain",
        page_icon=str(ICON),
        layout="wide",
        initial_sidebar_state="collapsed" if tv else "auto",
    )
    desk = _present.desk = signed_in()
    page = st.navigation(pages_for(desk), position="hidden" if tv else "sidebar")
    follow(page.url_path or "overview")
    if not tv:
        _sidebar(desk)
    page.run()


def opened(name: str, *, needs_data: bool = True) -> Desk:
    """The first line of every page: who looks, whether they may, and the page's head."""
    # A page that runs without the front door finds nobody here, and asks again.
    desk, screen = getattr(_present, "desk", None) or signed_in(), screen_named(name)
    if not open_to(desk, screen):
        st.title(_(screen.title))
        st.warning(_("This page is not open to your role. Ask an administrator if you need it."))
        st.stop()
    if chosen("tv") != "1":
        with st.container(
            horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom", key="head"
        ):
            st.title(_(screen.title), anchor=False, width="content")
            if desk.session is not None:
                freshness.stamp(desk)
    if needs_data and desk.session is None:
        states.nothing_loaded(may_import=desk.may_administer)
    return desk


def _sidebar(desk: Desk) -> None:
    st.logo(str(LOGO), size="large", icon_image=str(ICON))
    with st.sidebar:
        if desk.way == "demo":
            _viewer_switch()
        elif desk.way == "owner":
            st.info(
                _("You see everything as the local owner. Set up sign-in before others use it."),
                icon=":material/key:",
            )
        else:
            st.caption(escape(desk.name))
            st.button(_("Sign out"), on_click=st.logout, key="sign out", type="tertiary")
        _store_switch(desk)
        _language()
        _start_with_my_data(desk)


def _viewer_switch() -> None:
    keys = {viewer.key: viewer for viewer in DEMO_VIEWERS}
    executive = next(viewer.key for viewer in DEMO_VIEWERS if viewer.role == "executive")

    def write() -> None:
        # A team or person somebody else filtered to may not be theirs to see.
        choose(as_=st.session_state["demo viewer"], manager=None, rep=None)

    st.session_state["demo viewer"] = chosen("as") if chosen("as") in keys else executive
    st.selectbox(
        _("Look as"),
        list(keys),
        key="demo viewer",
        on_change=write,
        format_func=lambda key: f"{keys[key].name} – {_(ROLE_NAMES[keys[key].role])}",
        help=_("A demo company: look through the eyes of any of these people."),
    )


def _store_switch(desk: Desk) -> None:
    """From the demo company to one's own store and back; two folders, never mixed."""
    own = beside(store_root())
    if not desk.local or not can_sit_beside() or not (own / "store.json").exists() or store_root() == own:
        return
    names = {"": _("Demo"), OWN: _("My data")}

    def write() -> None:
        choose(
            store=st.session_state["store switch"] or None,
            period=None,
            manager=None,
            rep=None,
            team=None,
            region=None,
            measure=None,
            as_of=None,
            as_=None,
        )

    st.session_state["store switch"] = OWN if chosen("store") == OWN else ""
    st.segmented_control(
        _("Data"),
        list(names),
        format_func=names.__getitem__,
        key="store switch",
        on_change=write,
        required=True,
    )


def _start_with_my_data(desk: Desk) -> None:
    """From the demo company to loading one's own files, through the eyes of its administrator."""
    if desk.way == "demo" and can_sit_beside():
        administrator = next(viewer.key for viewer in DEMO_VIEWERS if viewer.role == "administrator")
        st.page_link(
            "pages/administration/data_sources.py",
            label=_("Start with my data"),
            icon=":material/upload_file:",
            query_params=query(as_=administrator),
        )


def _language() -> None:
    def write() -> None:
        choose(lang=st.session_state["language"])

    st.session_state["language"] = language()
    st.selectbox(
        _("Language"),
        spoken(),
        format_func=lambda code: LANGUAGES[code].name,
        key="language",
        on_change=write,
    )
