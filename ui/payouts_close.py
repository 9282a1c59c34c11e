"""Closing a month, for good and once; and handing it to payroll."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from compensation.after.payroll import Titles
from compensation.problems import problem
from planning.periods import closed_period
from planning.refusals import Refused
from ui import exports, pay_items, payouts, states, told
from ui.desk import Desk, now
from ui.looking import signed_in
from ui.people import names_of
from ui.private import forget
from ui.speech import _, escape, language, local, ngettext
from warehouse.access import AccessDenied
from warehouse.problems import StoreProblem
from workflows.pay import close as closing
from workflows.pay import exporting, rights
from workflows.pay.exporting import Payroll
from workflows.pay.problems import CannotPay
from workflows.pay.reviewing import Review
from workflows.pay.totals import totals

_AGREED, _DONE, _CLOSED = "payouts: agreed", "payouts: how it went", "closed"


def standing(found: Review, desk: Desk) -> None:
    """Whether the month is closed, and what can be done about it."""
    _close_if_agreed(found)
    went = st.session_state.pop(_DONE, "")
    if went == _CLOSED:
        st.toast(_("The month is closed."), icon=":material/lock:")
    elif went:
        st.error(escape(went), title=_("Nothing was closed"))
    status = payouts.status_of(found)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="standing"):
        if status == "closed":
            _closed(found, desk)
            return
        st.badge(_("Open"), color="blue")
        reason = payouts.why_not(found, language())
        if reason:
            st.caption(escape(reason), width="content")
        elif rights.runs(desk.viewer):
            label = _("Close {month} …", month=told.month_name(found.month))
            if st.button(escape(label), key="close month", icon=":material/lock:"):
                confirm(found)
        else:
            st.caption(_("Whoever runs pay can close it."), width="content")


def _closed(found: Review, desk: Desk) -> None:
    row = closed_period(desk.place.database, found.month.start)
    st.badge(_("Closed"), color="green", icon=":material/lock:")
    if row is not None:
        who = names_of(desk).of(row.closed_by)
        when = local(row.closed_at, desk.settings.time_zone)
        text = _("by {who} on {when}; what changes later is paid as an adjustment", who=who, when=when)
        st.caption(escape(text), width="content")
    if rights.runs(desk.viewer):
        _payroll(found, desk)


def _payroll(found: Review, desk: Desk) -> None:
    """Downloads for payroll, built when they are pressed; always of what was frozen."""
    name = f"attain-payroll-{found.month.start.isoformat()}-{found.digest[:8]}"
    # A file is built outside of any run of the page, where nobody is looking and no language is chosen.
    place, viewer, titles = desk.place, desk.viewer, _titles()

    def made() -> Payroll:
        names = place.people.names()
        return exporting.payroll_of(place.root, place.database, viewer, found.month.start, names=names)

    def download(label: str, suffix: str, mime: str, key: str, data: Callable[[], bytes]) -> None:
        st.download_button(
            label,
            data=data,
            file_name=f"{name}{suffix}",
            mime=mime,
            key=key,
            on_click="ignore",
            icon=":material/download:",
        )

    download(_("Payroll CSV"), ".csv", "text/csv", "payroll csv", lambda: exporting.as_csv(made(), titles)[0])
    download(
        _("Totals CSV"),
        "-totals.csv",
        "text/csv",
        "payroll totals",
        lambda: exporting.as_csv(made(), titles)[1],
    )
    download(
        _("Payroll Excel"),
        ".xlsx",
        exports.XLSX,
        "payroll xlsx",
        lambda: exporting.as_excel(made(), titles),
    )


def _titles() -> Titles:
    return Titles(
        (_("Month"), _("Payee"), _("Name"), _("Currency"), _("Group"), _("Amount"), _("Lines")),
        (_("Currency"), _("Group"), _("Payees"), _("Rows"), _("Lines"), _("Amount")),
        (_("Payroll"), _("Control totals")),
    )


def confirm(found: Review) -> None:
    """Ask once more, naming what will happen."""

    @st.dialog(_("Close {month}?", month=told.month_name(found.month)))
    def shown() -> None:
        _close_if_agreed(found)
        st.markdown("\n".join(f"- {escape(line)}" for line in consequences(found)))
        with st.container(horizontal=True):
            st.button(
                _("Close for good"),
                type="primary",
                key="close for good",
                on_click=_agreed,
                args=(found.digest,),
            )
            if st.button(_("Not yet"), key="close not yet"):
                st.rerun()

    shown()


def consequences(found: Review) -> list[str]:
    """What closing the month does, sentence by sentence; plain text."""
    sums = totals(found.run)
    said = [
        _(
            "{amount} for {payees} in {lines} is frozen, with everything it was computed from.",
            amount=pay_items.written({total.currency: total.amount}),
            payees=ngettext("{n} payee", "{n} payees", total.payees),
            lines=ngettext("{n} line", "{n} lines", total.lines),
        )
        for total in sums
    ] or [_("Nobody is paid anything; the month is closed empty.")]
    if found.paid_elsewhere:
        said.append(
            _(
                "Another source pays this month: its payouts go on counting, these are kept to compare with them."
            )
        )
    else:
        said.append(_("The payouts are published, and everybody sees theirs on their statement."))
    said.append(_("It cannot be opened again. What arrives late is paid as an adjustment in the next month."))
    return said


def _agreed(digest: str) -> None:
    """What pressing the button of the dialog does: the page or the dialog, whichever runs next, closes the month."""
    st.session_state[_AGREED] = digest


def _close_if_agreed(found: Review) -> None:
    """Close the month somebody has just agreed to close; then the page is drawn anew, with how it went."""
    agreed = st.session_state.pop(_AGREED, "")
    if not agreed:
        return
    if agreed == found.digest:
        with st.spinner(_("Computing once more, and closing")):
            refused = _close(found)
    else:
        refused = told.problem(problem("pay_changed", start=found.month.start))
    forget()
    st.session_state[_DONE] = refused or _CLOSED
    st.rerun()


def _close(found: Review) -> str:
    """Close the month; why it was not, in plain text, empty when it was."""
    present = signed_in()  # the dialog runs on its own while it is open
    place = present.place
    try:
        closing.close(
            place.store,
            place.database,
            present.reading,
            present.viewer,
            found.month.start,
            now(),
            seen=found.digest,
        )
    except Refused as refused:
        return told.refusal(refused)
    except CannotPay as cannot:
        return " ".join(told.problem(each) for each in cannot.problems)
    except AccessDenied:
        return _("Closing a month is for people who run pay.")
    except StoreProblem as broken:
        reference = states.logged(broken)
        return _("The store was busy or could not be written. Reference {reference}", reference=reference)
    return ""
