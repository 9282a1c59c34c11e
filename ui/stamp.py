"""What every page and export says of itself: as of when, from which load, filtered how, for whom."""

from __future__ import annotations

from dataclasses import dataclass

from metrics.catalogue import CHOICES
from metrics.view import View
from ui.desk import Desk, now
from ui.people import names_of
from ui.speech import _, language, local
from words import formats
from words.catalogue import N_

DIMENSION_NAMES = {
    "rep": N_("Rep"),
    "manager": N_("Team of"),
    "team": N_("Sales team"),
    "territory": N_("Territory"),
    "region": N_("Region"),
    "measure": N_("Target"),
    "product": N_("Product"),
    "family": N_("Product family"),
    "account": N_("Account"),
    "segment": N_("Segment"),
    "role": N_("Role"),
    "plan": N_("Plan"),
    "component": N_("Component"),
    "industry": N_("Industry"),
    "country": N_("Country"),
    "day": N_("Day"),
    "week": N_("Week"),
    "month": N_("Month"),
    "quarter": N_("Quarter"),
    "year": N_("Year"),
}


@dataclass(frozen=True)
class Line:
    """One line of a stamp: what, and its value; plain text."""

    what: str
    value: str


def filters_of(view: View, desk: Desk) -> list[Line]:
    """The filters of a view, in words."""
    names = names_of(desk)
    return [
        Line(_(DIMENSION_NAMES[name]), names.of(value) if name in {"rep", "manager"} else value)
        for name, value in view.where
    ]


def days_of(view: View) -> str:
    """The days a view counts: from its start to the as-of day."""
    first, last = formats.date(view.start, language()), formats.date(view.until, language())
    return _("{first} to {last}", first=first, last=last)


def stamp(view: View, desk: Desk) -> list[Line]:
    """Everything an export says of where it came from."""
    readings = [Line(_("Definition"), _(CHOICES[name][value])) for name, value in view.choices]
    return [
        Line(_("Company"), desk.settings.company),
        Line(_("Days"), days_of(view)),
        Line(_("As of"), formats.date(view.as_of, language())),
        *filters_of(view, desk),
        *readings,
        *_asked(desk),
    ]


def about(desk: Desk) -> list[Line]:
    """What an export without a view says of where it came from."""
    as_of = Line(_("As of"), formats.date(desk.reading.version.as_of, language()))
    return [Line(_("Company"), desk.settings.company), as_of, *_asked(desk)]


def _asked(desk: Desk) -> list[Line]:
    who = desk.name if desk.way != "demo" else _("{name} (demo)", name=desk.name)
    return [
        Line(_("Loaded"), local(desk.reading.version.made_at, desk.settings.time_zone)),
        Line(_("Asked by"), who),
        Line(_("Asked at"), local(now(), desk.settings.time_zone)),
    ]
