"""The filter bar: one row above every page, its state in the address."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date

import streamlit as st

from metrics.catalogue import CHOICES, COMMON_CHOICES
from metrics.periods import Grain, calendar_of
from ui import codec
from ui.address import choose, chosen, remember
from ui.codec import RANGE, Read
from ui.desk import Desk
from ui.options import GRAINS, Options, options_of
from ui.people import Names, lines_of, names_of
from ui.question import Question, Scope
from ui.speech import _, language
from words import formats
from words.catalogue import N_

CUSTOM = "custom"
GRAIN_NAMES = {"quarter": N_("Quarter"), "year": N_("Year"), "month": N_("Month"), CUSTOM: N_("Days")}
COMPARE_NAMES = {"previous": N_("Previous period"), "last_year": N_("Last year")}
CHOICE_NAMES = {
    "credit_by": N_("Sales of a rep who moved"),
    "target_of": N_("Quota of a manager or territory"),
    "overlays": N_("Overlay credits"),
    "pay_taken": N_("Pay taken"),
    "base_pay": N_("Base salary"),
    "whose_pay": N_("Whose pay"),
}
FILTER_NAMES = {
    "period": N_("period"),
    "manager": N_("team"),
    "team": N_("sales team"),
    "region": N_("region"),
    "rep": N_("rep"),
    "measure": N_("target"),
    "compare": N_("comparison"),
    "as_of": N_("as-of day"),
    "credit_by": N_("definition"),
    "target_of": N_("definition"),
}
WIDTH = 168


def bar(desk: Desk, *, rep: bool = False) -> Question:
    """The filter bar, and what it asks; ``rep`` lets the page look at one person."""
    options, names, found = options_of(desk), names_of(desk), _read(desk, rep=rep)
    _notices(found)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="filters"):
        _period(desk, found, options)
        _comparison(found)
        _people(found, options, names, led=bool(lines_of(desk).direct))
        _pick("region", _("Region"), options.regions, _first(found, "region"), str, _("All regions"))
        _more(desk, found, options)
    remember()
    return _question(desk, found)


def pay_bar(desk: Desk, period: str, plans: Mapping[str, str], roles: Mapping[str, str]) -> Question:
    """The bar of pages about pay: period, plan, role and region.

    ``period`` is looked at when nobody chose one; ``plans`` and ``roles`` are names by id.
    """
    options, query = options_of(desk), st.query_params.to_dict()
    query = {"period": period} | {name: value for name, value in query.items() if name not in _OF_PEOPLE}
    found = codec.read(query, calendar_of(desk.reading), options)
    _notices(found)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="filters"):
        _period(desk, found, options)
        _comparison(found)
        _pick(
            "plan", _("Plan"), tuple(plans), chosen_of("plan", plans), plans.__getitem__, _("All plans"), 145
        )
        _pick(
            "role", _("Role"), tuple(roles), chosen_of("role", roles), roles.__getitem__, _("All roles"), 145
        )
        _pick("region", _("Region"), options.regions, _first(found, "region"), str, _("All regions"), 140)
    remember()
    question = _question(desk, found)
    where = {"plan": chosen_of("plan", plans), "role": chosen_of("role", roles)}
    more = tuple((name, value) for name, value in where.items() if value)
    return replace(question, view=replace(question.view, where=(*question.view.where, *more)))


def chosen_of(name: str, known: Collection[str]) -> str:
    """The id chosen in the address; empty where it is not one of those known."""
    return chosen(name) if chosen(name) in known else ""


_OF_PEOPLE = frozenset({"manager", "team", "rep"})


def asked(desk: Desk) -> Question:
    """What the address asks for, without a bar."""
    return _question(desk, _read(desk, rep=False))


def _read(desk: Desk, *, rep: bool) -> Read:
    query = st.query_params.to_dict() | ({} if rep else {"rep": ""})
    return codec.read(query, calendar_of(desk.reading), options_of(desk), reps=lines_of(desk).visible)


def _question(desk: Desk, found: Read) -> Question:
    measure = _first(found, "measure") or desk.settings.default_measure
    return Question(found.view, found.period, scope_of(desk, found), measure, desk.settings.company)


def scope_of(desk: Desk, found: Read) -> Scope:
    """Whose number leads: the one person filtered to, else the viewer's own, else the company's."""
    if rep := _first(found, "rep"):
        return Scope("rep", rep)
    if manager := _first(found, "manager"):
        return Scope("manager", manager)
    roles = desk.viewer.roles
    if roles & {"owner", "executive", "administrator", "compensation_admin"}:
        return Scope("company")
    return Scope("manager" if "manager" in roles else "rep", desk.viewer.key)


def _first(found: Read, dimension: str) -> str:
    return next(iter(found.view.values(dimension)), "")


def _notices(found: Read) -> None:
    for name in dict.fromkeys(found.unknown):
        st.info(
            _("The link named a {what} that is not known here; it was left out.", what=_(FILTER_NAMES[name]))
        )
    if found.nothing_before:
        st.caption(_("There is no earlier period to compare with."))


def _period(desk: Desk, found: Read, options: Options) -> None:
    calendar, day = calendar_of(desk.reading), found.view.as_of
    grain = found.period.grain if found.period and found.period.grain in GRAINS else CUSTOM

    def regrain() -> None:
        wanted = st.session_state["filter grain"]
        at = min(found.view.until, day)
        first, last = found.view.start.isoformat(), found.view.until.isoformat()
        choose(period=f"{first}{RANGE}{last}" if wanted == CUSTOM else calendar.of(wanted, at).id)

    st.session_state["filter grain"] = grain
    st.selectbox(
        _("Show"),
        (*GRAINS, CUSTOM),
        format_func=lambda g: _(GRAIN_NAMES[g]),
        key="filter grain",
        on_change=regrain,
        width=112,
    )
    if grain == CUSTOM:
        _days(found, options)
    else:
        _named_period(found, options, grain)  # type: ignore[arg-type]


def _named_period(found: Read, options: Options, grain: Grain) -> None:
    assert found.period is not None
    periods = options.periods[grain]
    if found.period.id not in periods:
        periods = (found.period.id, *periods)
    _select("period", _("Period"), periods, found.period.id, lambda p: formats.period(p, language()))


def _days(found: Read, options: Options) -> None:
    def write() -> None:
        days = st.session_state["filter days"]
        if len(days) == 2:
            choose(period=f"{days[0].isoformat()}{RANGE}{days[1].isoformat()}")

    last = date.fromordinal(found.view.end.toordinal() - 1)
    st.session_state["filter days"] = (found.view.start, last)
    st.date_input(
        _("Days"),
        key="filter days",
        on_change=write,
        max_value=max(options.latest, last),
        format="YYYY-MM-DD",
        width=230,
    )


def _comparison(found: Read) -> None:
    if found.nothing_before:
        return
    current = found.view.compare if found.view.compare in COMPARE_NAMES else codec.DEFAULT_COMPARE
    _select("compare", _("Compare with"), tuple(COMPARE_NAMES), current, lambda c: _(COMPARE_NAMES[c]))


def _people(found: Read, options: Options, names: Names, *, led: bool) -> None:
    """A manager's team; sales teams only where nobody is known to lead anybody."""
    depths = dict(options.managers)

    def written(key: str) -> str:
        return "\u2003" * depths[key] + names.of(key)

    _pick("manager", _("Team of"), tuple(depths), _first(found, "manager"), written, _("Everybody"))
    if not led:
        _pick("team", _("Sales team"), options.teams, _first(found, "team"), str, _("All sales teams"))


def _pick(
    name: str,
    label: str,
    ids: Sequence[str],
    current: str,
    text: Callable[[str], str],
    all_: str,
    width: int = WIDTH,
) -> None:
    """A choice with "all" on top; nothing is shown where there is nothing to choose."""
    if ids:
        _select(name, label, ("", *ids), current, lambda value: text(value) if value else all_, width)


def _select(
    name: str, label: str, ids: Sequence[str], current: str, text: Callable[[str], str], width: int = WIDTH
) -> None:
    key = f"filter {name}"

    def write() -> None:
        choose(**{name: st.session_state[key]})

    st.session_state[key] = current
    st.selectbox(label, ids, format_func=text, key=key, on_change=write, width=width)


def _more(desk: Desk, found: Read, options: Options) -> None:
    """Rarely changed: which target, which day, which reading of a definition."""
    changed = any(chosen(name) for name in ("measure", "as_of", *CHOICES))
    look = "primary" if changed else "secondary"
    more = st.popover(_("More"), icon=":material/tune:", type=look, key="filter more", on_change="rerun")
    if not more.open:
        return
    with more:
        if len(options.measures) > 1:
            current = _first(found, "measure") or desk.settings.default_measure
            _select(
                "measure", _("Target"), options.measures, current, lambda m: measure_name(desk, m), width=260
            )
        _as_of(found, options)
        for name in COMMON_CHOICES:
            choice(desk, name, tuple(CHOICES[name]), found.view.choice(name, default_reading(desk, name)))
        if changed:
            st.button(_("Back to the usual"), key="filter reset", on_click=_usual)


def _usual() -> None:
    choose(measure=None, as_of=None, **dict.fromkeys(CHOICES))


def _as_of(found: Read, options: Options) -> None:
    def write() -> None:
        day = st.session_state["filter as_of"]
        choose(as_of=None if day is None or day == options.latest else day.isoformat())

    st.session_state["filter as_of"] = found.view.as_of
    st.date_input(
        _("As of"),
        key="filter as_of",
        on_change=write,
        max_value=options.latest,
        min_value=date(1900, 1, 1),
        format="YYYY-MM-DD",
        help=_("Look back: the page as it would have stood at the end of that day."),
    )


def choice(desk: Desk, name: str, readings: Sequence[str], current: str, place: str = "filter") -> None:
    """The switch between the readings of one definition."""
    key = f"{place} {name}"

    def write() -> None:
        wanted = st.session_state[key]
        choose(**{name: None if wanted == default_reading(desk, name) else wanted})

    st.session_state[key] = current
    st.radio(
        _(CHOICE_NAMES[name]), readings, format_func=lambda r: _(CHOICES[name][r]), key=key, on_change=write
    )


def default_reading(desk: Desk, name: str) -> str:
    """The reading taken when nobody chose: the settings' where they say one."""
    return desk.settings.definitions.get(name) or next(iter(CHOICES[name]))


def measure_name(desk: Desk, measure: str) -> str:
    """What a target is called: the settings' title, else its id made readable."""
    given = desk.settings.measures.get(measure)
    return (given.title if given else "") or _(measure.replace("_", " ").capitalize())
