"""Designed states: nothing loaded, nothing found, not allowed, something broke."""

from __future__ import annotations

import logging
import secrets
from typing import NoReturn

import streamlit as st

from ui.speech import _, escape
from workflows.who import Decision

_LOG = logging.getLogger("attain")


def refused(decision: Decision) -> NoReturn:
    """The page for somebody who may not look, or not yet."""
    st.title(_("Attain"))
    if decision.way == "sign_in":
        if decision.reason == "expired":
            st.info(_("Your sign-in has ended. Sign in again to go on."))
        st.write(_("Sign in with your company account to see your numbers."))
        st.button(_("Sign in"), type="primary", on_click=st.login, key="sign in")
        st.stop()
    reasons = {
        "no_email": _("Your identity provider sent no e-mail address. Ask an administrator to release it."),
        "unverified": _("Your e-mail address is not verified. Verify it with your identity provider."),
    }
    away = _(
        "Attain answers on this machine only until sign-in is set up. To open it to others, fill in "
        ".streamlit/secrets.toml (an example lies beside it) and start it again."
    )
    st.error(reasons.get(decision.reason, away), title=_("Sign-in needed"))
    st.stop()


def stranger(email: str) -> NoReturn:
    """The page for somebody who signed in and has no role."""
    st.title(_("Attain"))
    if email:
        st.warning(
            _(
                "{email} is signed in but has no access. Ask an administrator for a role.",
                email=escape(email),
            ),
            title=_("No access yet"),
        )
        st.button(_("Sign out"), on_click=st.logout, key="sign out")
    else:
        st.warning(_("Nobody with that name is known here."), title=_("No access yet"))
    st.stop()


def no_store() -> NoReturn:
    """The page before anything was ever loaded."""
    st.title(_("Attain"))
    st.info(_("There is no data yet. On the command line, load the demo company or your own files:"))
    st.code("python manage.py demo\npython manage.py import MAPPING --data FOLDER", language="bash")
    st.stop()


def store_problem(problem: Exception) -> NoReturn:
    """The page when the store cannot be read; its sentence says what to do."""
    st.title(_("Attain"))
    reference = logged(problem)
    st.error(escape(str(problem)), title=_("The store cannot be read"))
    st.caption(_("Reference {reference}", reference=reference))
    st.stop()


def nothing_loaded(*, may_import: bool) -> NoReturn:
    """The page of a store without a version."""
    st.info(_("Nothing has been loaded into this store yet."), title=_("Start with your files"))
    if may_import:
        st.write(
            _("Drop your sales, quota and people files, check the mapping that is proposed, and import them.")
        )
        st.page_link("pages/administration/data_sources.py", label=_("Load files"))
    else:
        st.write(_("Ask an administrator to load your company's data."))
    st.stop()


def empty(title: str, next_step: str) -> None:
    """A quiet box where there is nothing to show, with what can be done about it."""
    with st.container(border=True):
        st.markdown(f"**{title}**")
        st.caption(next_step)


def unexpected(error: Exception) -> bool:
    """What is shown when a page breaks: a reference, never the error's own words or data."""
    reference = logged(error)
    st.error(
        _("This page could not be shown. Nothing was changed, and the last good data is still in place."),
        title=_("Something went wrong"),
    )
    st.caption(_("Tell whoever looks after Attain this reference: {reference}", reference=reference))
    return True


def logged(error: Exception) -> str:
    """Write where an error happened to the server's log, without the values in it; its reference."""
    reference = secrets.token_hex(4)
    places: list[str] = []
    step = error.__traceback__
    while step is not None:
        code = step.tb_frame.f_code
        places.append(f"{code.co_filename.rpartition('/')[2]}:{step.tb_lineno} {code.co_name}")
        step = step.tb_next
    _LOG.error("reference %s: %s at %s", reference, type(error).__name__, " < ".join(reversed(places[-12:])))
    return reference
