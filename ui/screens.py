"""The pages there are, under which section, for whom."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from ui.desk import Desk
from ui.speech import _
from words.catalogue import N_

PERFORMANCE, COMPENSATION, ADMINISTRATION = N_("Performance"), N_("Compensation"), N_("Administration")
EVERYBODY = frozenset({"rep", "manager", "executive", "compensation_admin", "administrator", "owner"})
KEEPERS = frozenset({"administrator", "owner"})
PAYERS = frozenset({"compensation_admin", "executive", "administrator", "owner"})
"""Whoever sees everybody's pay."""
DESIGNERS = PAYERS - {"executive"}
"""Whoever decides plans."""


@dataclass(frozen=True)
class Screen:
    """A page: its id in the address, its script, and the roles that may open it."""

    id: str
    title: str
    section: str
    roles: frozenset[str]
    icon: str

    @property
    def path(self) -> str:
        """The script, from the project's folder."""
        return f"pages/{self.section.lower()}/{self.id}.py"


SCREENS: tuple[Screen, ...] = (
    Screen("overview", N_("Overview"), PERFORMANCE, EVERYBODY, ":material/home:"),
    Screen("attainment", N_("Attainment"), PERFORMANCE, EVERYBODY, ":material/target:"),
    Screen("leaderboard", N_("Leaderboard"), PERFORMANCE, EVERYBODY, ":material/leaderboard:"),
    Screen("my_statement", N_("My statement"), COMPENSATION, EVERYBODY, ":material/receipt_long:"),
    Screen("payouts", N_("Payouts"), COMPENSATION, PAYERS, ":material/payments:"),
    Screen("plan_return", N_("Plan return"), COMPENSATION, PAYERS, ":material/balance:"),
    Screen("plan_designer", N_("Plan designer"), COMPENSATION, DESIGNERS, ":material/design_services:"),
    Screen("data_sources", N_("Data sources"), ADMINISTRATION, KEEPERS, ":material/database:"),
    Screen("metric_catalogue", N_("Metric catalogue"), ADMINISTRATION, EVERYBODY, ":material/menu_book:"),
)


def open_to(desk: Desk, screen: Screen) -> bool:
    """Whether the viewer may open a page."""
    return bool(desk.viewer.roles & screen.roles)


def screen_named(name: str) -> Screen:
    """The page with this id."""
    return next(screen for screen in SCREENS if screen.id == name)


def pages_for(desk: Desk) -> dict[str, list[st.Page]]:
    """Streamlit's navigation for one viewer."""
    sections: dict[str, list[st.Page]] = {}
    for screen in SCREENS:
        page = st.Page(
            screen.path,
            title=_(screen.title),
            icon=screen.icon,
            url_path=screen.id,
            default=screen is SCREENS[0],
            # A page that is not open says so itself when somebody follows a link to it.
            visibility="visible" if open_to(desk, screen) else "hidden",
        )
        sections.setdefault(_(screen.section), []).append(page)
    return sections
