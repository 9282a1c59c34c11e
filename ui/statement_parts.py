"""The parts of a statement on the screen."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import streamlit as st

from charts.base import Chart
from metrics.periods import Period, calendar_of
from ui import exports, line_questions, pay_items, pictures, states, told
from ui.address import choose, chosen
from ui.desk import Desk
from ui.pay_items import Item
from ui.people import names_of
from ui.private import private
from ui.speech import _, bold, escape, language, ngettext, style_of
from ui.stamp import Line, about
from ui.statement import SHOWN, Difference, Page, State, months_of, page, strip, usual_month
from warehouse.access import AccessDenied
from words import formats
from words.catalogue import N_
from workflows.pay.personal import Personal, personal
from workflows.pay.questioning import Question
from workflows.pay.recorded import days_recorded, deal_names, payees, recorded

EVENTS = {
    "paid": N_("the invoice is paid"),
    "accepted": N_("the customer has accepted"),
    "delivered": N_("it is delivered"),
}
HEADS: dict[State, str] = {
    "paid": N_("Paid"),
    "computed": N_("Computed, not recorded yet"),
    "running": N_("So far"),
    "nothing": N_("Pay"),
}


def not_on_a_wall() -> None:
    """Pay is never shown on a screen on the wall."""
    if chosen("tv") == "1":
        st.warning(_("Pay is never shown in the large view for a wall."))
        st.stop()


def person(desk: Desk) -> str:
    """Whose statement: one's own, or the one chosen among those whose pay the viewer may see."""
    keys, names = private("payees", desk, lambda: payees(desk.reading, desk.viewer)), names_of(desk)
    own = desk.viewer.key
    others = sorted(keys - {own}, key=lambda key: (names.of(key).casefold(), key))
    asked = chosen("rep")
    if asked and asked != own and asked not in keys:
        st.info(_("The link named a person whose pay you do not see; it was left out."))
        asked = ""
    if not others:
        return own
    # Whoever is on no plan has no statement to begin with; nobody else's is opened unasked.
    everybody = ([own] if own in keys else [""]) + others
    current = asked or everybody[0]
    _choice(
        "rep", _("Whose statement"), everybody, current, lambda key: names.of(key) if key else _("Choose …")
    )
    return current


def nobody() -> None:
    """The page of somebody who is on no plan, before they chose whose statement to look at; it ends there."""
    states.empty(
        _("You are on no pay plan."), _("Choose above whose statement to look at, or open one from Payouts.")
    )
    st.stop()


def month(desk: Desk, rep: str) -> tuple[Period, list[Period]]:
    """The month looked at, and all there are."""
    days = private("days", desk, lambda: days_recorded(desk.reading, desk.viewer, rep), rep)
    months = months_of(calendar_of(desk.reading), days, desk.reading.version.as_of)
    known = {month.id: month for month in months}
    asked = chosen("month")
    if asked and asked not in known:
        st.info(_("The link named a month that is not known here; it was left out."))
    current = known.get(asked) or usual_month(months, days)
    _choice("month", _("Month"), list(known), current.id, lambda key: told.month_name(known[key]))
    return current, months


def _choice(name: str, label: str, ids: Sequence[str], current: str, text: Callable[[str], str]) -> None:
    key = f"statement {name}"

    def write() -> None:
        choose(**{name: st.session_state[key]})

    st.session_state[key] = current
    st.selectbox(label, ids, format_func=text, key=key, on_change=write, width=220)


def found(desk: Desk, rep: str, month: Period) -> Personal:
    """The month's pay, computed once a session; a person whose pay is closed to the viewer ends the page."""
    place = desk.place

    def work() -> Personal:
        with st.skeleton(height=420):
            return personal(place.root, place.database, desk.reading, desk.viewer, rep, month)

    try:
        return private("personal", desk, work, rep, month.id)
    except AccessDenied:
        st.warning(_("You do not see this person’s pay."))
        st.stop()


def model(desk: Desk, given: Personal, months: Sequence[Period]) -> Page:
    """The page's model in the reader's language."""
    names = {month.start: told.month_name(month) for month in months}
    return page(given, desk.reading.version.as_of, language(), names)


def head(shown: Page, given: Personal, months: Sequence[Period], desk: Desk) -> None:
    """What the month pays, and the months before it."""
    left, right = st.columns([2, 3], gap="small")
    with left, st.container(border=True, key="pay", height="stretch"):
        pending = shown.state == "paid" and not shown.paid_on
        word = _("To be paid") if pending else _(HEADS[shown.state])
        label = f"{word} · {told.month_name(given.month)}"
        st.metric(label, pay_items.written(shown.total) or formats.UNDEFINED)
        st.caption("  \n".join(escape(line) for line in notes(shown, desk)))
    with right, st.container(border=True, key="months", height="stretch"):
        picked = pictures.draw_and_pick(_strip(shown, given, months, desk), "month strip")
        if picked and picked != given.month.id and picked in {month.id for month in months}:
            choose(month=picked)
            del st.session_state["month strip"]
            st.rerun()


def notes(shown: Page, desk: Desk) -> list[str]:
    """Where the figure comes from; plain text."""
    if shown.state == "paid":
        sources = ", ".join(shown.sources)
        said = [_("As recorded by “{sources}”.", sources=sources)]
        days = [formats.date(day, language()) for day in shown.paid_on]
        said.append(_("Paid on {days}.", days=", ".join(days)) if days else _("Not paid out yet."))
        if not shown.differences:
            said.append(_("The plans give the same, to the cent."))
        return said
    if shown.state == "running":
        day = formats.date(desk.reading.version.as_of, language())
        return [
            _("What the plans give for sales up to {day}; it changes until the month is closed.", day=day)
        ]
    if shown.state == "computed":
        return [_("What the plans give. Nothing has been recorded as paid for this month.")]
    return [_("Nothing is paid for this month, and nothing was computed.")]


def _strip(shown: Page, given: Personal, months: Sequence[Period], desk: Desk) -> Chart:
    first, last = months[-1].start, months[0].end
    rows = private(
        "recorded",
        desk,
        lambda: recorded(desk.reading, desk.viewer, first, last, given.rep),
        given.rep,
        first,
        last,
    )
    open_ = shown.total if shown.state in ("computed", "running") else {}
    return strip(rows, months, given.month, open_, style_of(desk.settings.currency))


def remarks(shown: Page) -> None:
    """What does not agree, and what could not be computed."""
    if shown.differences:
        rows = [_difference(each) for each in shown.differences[:SHOWN]]
        rest = len(shown.differences) - len(rows)
        if rest:
            rows.append(ngettext("{n} other", "{n} others", rest))
        text = _("What was recorded as paid counts. The plans and deals known here give something else:")
        st.warning(
            text + "\n" + "\n".join(f"- {escape(row)}" for row in rows),
            title=_("Recorded and computed pay differ"),
        )
    if shown.problems:
        text = "\n".join(f"- {escape(sentence)}" for sentence in shown.problems)
        st.warning(text, title=_("Some of it could not be computed"))


def _difference(each: Difference) -> str:
    here, there = (
        formats.money(value, each.currency, language()) for value in (each.modelled, each.recorded)
    )
    what = f"{each.title}, {each.period}"
    if each.modelled is None:
        return _("{what}: {there} was recorded, the plans give nothing.", what=what, there=there)
    if each.recorded is None:
        return _("{what}: nothing was recorded, the plans give {here}.", what=what, here=here)
    return _("{what}: {there} was recorded, the plans give {here}.", what=what, there=there, here=here)


def lines(shown: Page, given: Personal, desk: Desk) -> None:
    """Every line with its trace, its deals and the way to ask about it."""
    if not shown.items:
        states.empty(
            _("No lines for this month."),
            _(
                "Nobody put you on a plan in this month, or the plan pays at another time. Choose another month."
            ),
        )
        return
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.subheader(_("Why it is this much"), anchor=False, width="content")
        file = f"attain-statement-{given.month.start.isoformat()}"
        pay_items.downloads("statement", file, _sheet(shown.items), _stamp(desk, given))
    asked = line_questions.about(desk, given.rep)
    first, rest = shown.items[: pay_items.FIRST], shown.items[pay_items.FIRST :]
    every = first
    if rest and st.toggle(ngettext("Show {n} more line", "Show {n} more lines", len(rest)), key="more lines"):
        every = shown.items
    for item in every:
        one(item, desk, given.rep, asked)


def one(item: Item, desk: Desk, rep: str, asked: Mapping[str, Sequence[Question]]) -> None:
    """One line."""

    def under(item: Item) -> None:
        line_questions.part(item, desk, rep, asked.get(item.line_id, ()))

    def names(deals: Iterable[str]) -> Mapping[str, tuple[str, str]]:
        keys = sorted(set(deals))
        return private("deal names", desk, lambda: deal_names(desk.reading, desk.viewer, keys), tuple(keys))

    pay_items.part(item, desk, names, under=under)


def _sheet(items: Iterable[Item]) -> exports.Sheet:
    return pay_items.sheet(pay_items.line_rows(items), pay_items.line_columns())


def _stamp(desk: Desk, given: Personal) -> list[Line]:
    whose = Line(_("Statement of"), names_of(desk).of(given.rep))
    return [whose, Line(_("Month"), told.month_name(given.month)), *about(desk)]


def carried(shown: Page, given: Personal, desk: Desk) -> None:
    """Draw balances, and what is held with what it waits for."""
    if not shown.balances and not shown.waiting:
        return
    with st.container(border=True, key="carried"):
        st.markdown(bold(_("Carried on")))
        for each in shown.balances:
            if each.draw:
                amount = formats.money(each.draw, each.currency, language())
                told_ = _(
                    "Draw balance of {plan}: {amount} is to be earned back.", plan=each.plan, amount=amount
                )
                st.markdown(escape(told_))
        if shown.waiting:
            _held(shown, given, desk)


def _held(shown: Page, given: Personal, desk: Desk) -> None:
    keys = tuple(sorted({each.deal_id for each in shown.waiting if each.deal_id}))
    names = private("deal names", desk, lambda: deal_names(desk.reading, desk.viewer, keys), keys)
    held = pay_items.total([{"amount": each.amount, "currency": each.currency} for each in shown.waiting])
    st.markdown(escape(_("Earned and held: {amount}", amount=pay_items.written(held))))
    rows = []
    for each in shown.waiting[:50]:
        amount = formats.money(each.amount, each.currency, language())
        deal = names.get(each.deal_id, ("", ""))[0] or each.deal_id
        what = pay_items.component_name(given.plans, each.plan_id, each.component_id)
        event = _(EVENTS[each.until]) if each.until in EVENTS else each.until or _(EVENTS["paid"])
        rows.append(
            _(
                "{amount} of {what} for {deal}, until {event}",
                amount=amount,
                what=what,
                deal=deal,
                event=event,
            )
        )
    st.markdown("\n".join(f"- {escape(row)}" for row in rows))
    if len(shown.waiting) > len(rows):
        st.caption(ngettext("{n} other", "{n} others", len(shown.waiting) - len(rows)))
