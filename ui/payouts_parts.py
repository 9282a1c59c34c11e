"""The parts of the payouts page on the screen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

import streamlit as st

from metrics.periods import Period, calendar_of
from planning.periods import closed_periods
from ui import pay_items, payouts, payouts_questions, statement_parts, states, told
from ui.address import choose, chosen, query
from ui.desk import Desk
from ui.people import names_of
from ui.private import forget, known, private
from ui.speech import _, escape, language, ngettext
from ui.stamp import Line, about
from ui.tables import config, frame, height
from warehouse.access import UNASSIGNED
from words import formats
from workflows.pay import exceptions
from workflows.pay.exceptions import CODES, Code, Payee
from workflows.pay.reviewing import Review, review
from workflows.pay.run import own, plans_in_force

THRESHOLDS = {0.5: "50%", 1.0: "100%", 2.0: "200%"}
VIEWS = ("review", "compare", "questions", "expense")
PROBLEMS = 20
"""Problem sentences on the page; all of them are in the export."""


def month(desk: Desk) -> Period:
    """The month looked at, chosen in the address; a page without plans says the next step and ends."""
    plans = private("plans", desk, lambda: plans_in_force(desk.reading, desk.viewer)[0])
    if not plans:
        states.empty(
            _("No pay plan is in force."),
            _("Write one in the plan designer and bring it into force, then run the month here."),
        )
        st.stop()
    as_of = desk.reading.version.as_of
    months = payouts.months_of(calendar_of(desk.reading), plans, as_of)
    closed = closed_periods(desk.place.database)
    ids = {month.id: month for month in months}
    if chosen("month") and chosen("month") not in ids:
        st.info(_("The link named a month that is not known here; it was left out."))
    current = ids.get(chosen("month")) or payouts.usual_month(
        months, closed[-1].period_end if closed else None, as_of
    )

    def write() -> None:
        choose(month=st.session_state["payouts month"])

    st.session_state["payouts month"] = current.id
    st.selectbox(
        _("Month"), list(ids), format_func=lambda key: told.month_name(ids[key]), key="payouts month",
        on_change=write, width=220,
    )  # fmt: skip
    return current


def view_switch(desk: Desk) -> str:
    """Which part of the page is looked at, in the address."""
    open_ = payouts_questions.waiting(desk)
    names = {
        "review": _("Review"),
        "compare": _("Compare"),
        "questions": _("Questions") + (f" · {formats.number(open_, language())}" if open_ else ""),
        "expense": _("Expense"),
    }

    def write() -> None:
        wanted = st.session_state["payouts view"]
        choose(show=None if wanted == VIEWS[0] else wanted)

    current = chosen("show") if chosen("show") in VIEWS else VIEWS[0]
    st.session_state["payouts view"] = current
    st.segmented_control(
        _("Show"), VIEWS, format_func=names.__getitem__, key="payouts view", on_change=write, required=True
    )
    return current


def ran(desk: Desk, month: Period) -> Review:
    """The month, computed with progress the first time it is looked at in a session."""
    names = {
        "reading": _("Reading deals, quotas and plans"),
        "calculating": _("Calculating everybody’s pay"),
        "comparing": _("Comparing with what was recorded"),
    }

    def work(progress: Callable[[str], None]) -> Review:
        return review(desk.place.root, desk.place.database, desk.reading, desk.viewer, month, progress)

    if known("review", desk, month.id):
        return private("review", desk, lambda: work(lambda _step: None), month.id, most=2)
    place = st.empty()
    with place.status(_("Running {month}", month=told.month_name(month)), expanded=True) as status:

        def progress(step: str) -> None:
            status.write(names[step])

        made = private("review", desk, lambda: work(progress), month.id, most=2)
    place.empty()
    return made


def run_again() -> None:
    """The way to compute everything anew."""
    st.button(
        _("Run again"), key="run again", type="tertiary", icon=":material/refresh:", on_click=forget,
        help=_("Computes the month anew from what is loaded now"),
    )  # fmt: skip


def headline(found: Review, payees: Sequence[Payee], desk: Desk) -> None:
    """What the month pays: totals by group, and the control totals behind a click."""
    sums = payouts.totals(found, payees)
    cards = [
        (_("Payable"), sums.payable, _people(sums)),
        (_("Held"), sums.held, _("earned, and not paid yet")),
        (_("Draws"), sums.draws, _("paid on top, less what is earned back")),
        (_("Clawbacks"), sums.clawbacks, _("taken back for cancelled deals")),
        (_("Adjustments"), sums.adjustments, _("correcting months that are closed")),
    ]
    grid = st.grid(len(cards), min_column_width=168, gap="small", border=True)
    for title, amounts, note in cards:
        with grid.cell(), st.container(gap="xsmall"):
            first, rest = _main(amounts, desk)
            moved = _moved(sums, desk) if amounts is sums.payable else None
            told_ = _("vs period before") if moved else None
            st.metric(title, first, moved, delta_color="off", delta_arrow="off", delta_description=told_)
            st.caption(escape(f"{rest} · {note}" if rest else note))


def _people(sums: payouts.Totals) -> str:
    people = ngettext("{n} payee", "{n} payees", sums.payees)
    return f"{people}, {ngettext('{n} line', '{n} lines', sums.lines)}"


def _main(amounts: payouts.Sums, desk: Desk) -> tuple[str, str]:
    """The company's own currency large, the others small."""
    usual = desk.settings.currency
    if usual not in amounts and amounts:
        usual = max(amounts, key=lambda currency: abs(amounts[currency]))
    first = formats.money(amounts.get(usual, Decimal(0)), usual, language(), whole=True)
    rest = {currency: amount for currency, amount in amounts.items() if currency != usual and amount}
    return first, f"+ {pay_items.written(rest)}" if rest else ""


def _moved(sums: payouts.Totals, desk: Desk) -> str | None:
    usual = desk.settings.currency
    before = sums.before.get(usual)
    if not before or usual not in sums.payable:
        return None
    return formats.percent(sums.payable[usual] / before - 1, language(), signed=True)


def controls(found: Review, desk: Desk) -> None:
    """Control totals: what payroll checks its import by."""
    box = st.expander(
        _("Control totals"), key="control totals", on_change="rerun", icon=":material/checklist:"
    )
    if not box.open:
        return
    with box:
        wanted, rows = payouts.control_columns(), payouts.control_rows(found.payroll.totals)
        st.dataframe(
            frame(rows, wanted), hide_index=True, column_config=config(wanted, ""), key="controls",
            alt=_("Control totals"),
        )  # fmt: skip
        st.caption(escape(_("Digest of the lines: {digest}", digest=found.digest[:16])))
        pay_items.downloads(
            "controls", _file("controls", found), pay_items.sheet(rows, wanted), stamp(desk, found)
        )


def stamp(desk: Desk, found: Review) -> list[Line]:
    """What an export of the month says of itself."""
    return [
        Line(_("Month"), told.month_name(found.month)),
        Line(_("Digest"), found.digest[:16]),
        *about(desk),
    ]


def _file(what: str, found: Review) -> str:
    return f"attain-payouts-{what}-{found.month.start.isoformat()}"


def exceptional(found: Review, desk: Desk) -> list[Payee]:
    """Everybody paid, with what stands out at the threshold chosen."""
    threshold = st.session_state.get("payouts threshold", 1.0)
    return private(
        "payees of", desk, lambda: exceptions.payees(found, threshold=threshold), found.month.id, threshold
    )


def problems(found: Review, desk: Desk) -> None:
    """What could not be computed in full, sentence by sentence."""
    given = [told.problem(each) for each in found.run.problems]
    if not given:
        return
    with st.container(border=True, key="problems"):
        st.markdown(
            f":material/warning: **{ngettext('{n} thing could not be computed in full', '{n} things could not be computed in full', len(given))}**"
        )
        names = names_of(desk)
        st.markdown(
            "\n".join(
                f"- {escape(_with_names(text, each, names.known))}"
                for text, each in list(zip(given, found.run.problems, strict=True))[:PROBLEMS]
            )
        )
        if len(given) > PROBLEMS:
            st.caption(ngettext("{n} other", "{n} others", len(given) - PROBLEMS))


def _with_names(text: str, each: object, names: dict[str, str]) -> str:
    """The sentence with the person's name beside the key."""
    key = dict(getattr(each, "fields", ())).get("rep", "")
    return text.replace(key, names[key], 1) if key and key != UNASSIGNED and key in names else text


def table(found: Review, payees: Sequence[Payee], desk: Desk) -> None:
    """Everybody paid: filtered by what stands out, with the way to each one's lines."""
    code = _filter(payees)
    rows = payouts.shown(payees, code)
    if not rows:
        states.empty(
            _("Nobody is paid in this month."), _("Nobody is on a plan that pays now. Choose another month.")
        )
        return
    currencies = len({payee.currency for payee in payees}) > 1
    wanted = payouts.payee_columns(rows, currencies=currencies, recorded=bool(len(found.recorded)))
    names, plans = names_of(desk), {plan.id: plan.name for plan in found.plans}
    cells = payouts.payee_rows(rows, names, plans)
    state = st.dataframe(
        frame(cells, wanted),
        hide_index=True,
        placeholder="—",
        column_config=config(wanted, "" if currencies else rows[0].currency),
        on_select="rerun",
        selection_mode="single-row",
        height=height(len(rows), 480),
        alt=_("Payees"),
        key=f"payees {found.month.id} {code}",
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        pay_items.downloads(
            "payees", _file("payees", found), pay_items.sheet(cells, wanted), stamp(desk, found)
        )
        st.caption(_("Pick a row to see its lines, steps and deals."))
    picked = state["selection"]["rows"]
    if picked and picked[0] < len(rows):
        drilled(found, rows[picked[0]], desk)


def _filter(payees: Sequence[Payee]) -> Code | None:
    counts = {code: n for code, n in exceptions.counted(payees).items() if n}
    with st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"):
        picked = st.pills(
            _("What stands out"),
            [code for code in CODES if code in counts],
            format_func=lambda code: (
                f"{_(payouts.CODE_NAMES[code])} {formats.number(counts[code], language())}"
            ),
            key="payouts code",
        )
        st.selectbox(
            _("A change is large from"), list(THRESHOLDS), index=1, key="payouts threshold", width=160,
            format_func=lambda share: formats.percent(share, language(), places=0),
            help=_("How much larger the larger of the two has to be: 100% is doubled or halved."),
        )  # fmt: skip
    return picked


def drilled(found: Review, payee: Payee, desk: Desk) -> None:
    """One payee's lines, as they read them on their own statement."""
    mine = own(found.run, payee.rep)
    names = names_of(desk)
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom"):
        st.subheader(escape(names.of(payee.rep)), anchor=False, width="content")
        st.page_link(
            "pages/compensation/my_statement.py", label=_("Open the statement"), icon=":material/arrow_forward:",
            query_params=query(rep=payee.rep, month=found.month.id),
        )  # fmt: skip
    items = pay_items.items(mine, found.plans, language())
    if not items:
        st.caption(_("No lines in this month."))
    for item in items[: pay_items.FIRST]:
        statement_parts.one(item, desk, payee.rep, {})
    if len(items) > pay_items.FIRST:
        st.caption(ngettext("{n} other", "{n} others", len(items) - pay_items.FIRST))
