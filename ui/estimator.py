"""“If these open deals close, I earn …”: picked on the page, computed exactly, with the marks they cross."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal

import streamlit as st

from charts.base import Chart, Style
from charts.reach import Reach, reach
from compensation.plan.model import Basis
from compensation.what_if.estimate import Change, DealPart, NextStep
from metrics.base import Unit
from metrics.periods import calendar_of
from ui import pay_items, pictures, told
from ui.desk import Desk
from ui.looking import signed_in
from ui.people import Names, names_of
from ui.private import private
from ui.speech import _, bold, escape, language, ngettext, style_of
from ui.tables import Column, config, frame, height
from warehouse.access import AccessDenied
from words import formats
from words.catalogue import translator
from workflows.pay.estimating import OpenDeal, Outlook, open_deals, outlook

Pick = Literal["commit", "quarter", "all", "none"]
PICKS: tuple[Pick, ...] = ("commit", "quarter", "all", "none")
STEPS = 6
"""Sentences about marks crossed or near, at the most."""


@dataclass(frozen=True)
class Told:
    """What an estimate says; texts plain and in the reader's language."""

    more: dict[str, Decimal]
    headline: str
    rows: tuple[dict[str, Any], ...]
    chart: Chart | None
    steps: tuple[str, ...]
    problems: tuple[str, ...]


def picked(deals: Sequence[OpenDeal], pick: Pick, quarter_end: date) -> list[int]:
    """Places of the deals a quick choice means."""
    tests: dict[Pick, Callable[[OpenDeal], bool]] = {
        "commit": lambda deal: deal.category == "commit",
        "quarter": lambda deal: deal.close_on < quarter_end,
        "all": lambda _deal: True,
        "none": lambda _deal: False,
    }
    return [at for at, deal in enumerate(deals) if tests[pick](deal)]


def said(found: Outlook, deals: Sequence[OpenDeal], style: Style) -> Told:
    """An estimate in words, figures and one chart."""
    words = translator(style.language)
    estimate = found.estimate
    changes = [change for change in estimate.changes if change.more or change.before or change.after]
    more = {
        currency: amount for currency, amount in estimate.more.items() if amount or len(estimate.more) == 1
    }
    headline = words.ngettext(
        "If this deal closes, it pays {more} more.",
        "If these {n} deals close, they pay {more} more.",
        len(deals),
        more=pay_items.written(more) or formats.money(0, style.currency, style.language),
    )
    return Told(
        more,
        headline,
        tuple(_row(change, found, style.language) for change in changes),
        _chart(estimate.changes, found, style, headline),
        tuple(_steps(found, deals, style)),
        tuple(dict.fromkeys(told.problem(each, style.language) for each in estimate.problems)),
    )


def _name(found: Outlook, component_id: str) -> str:
    part = found.component(component_id)
    return part.name if part and part.name else component_id


def _row(change: Change, found: Outlook, language_: str) -> dict[str, Any]:
    return {
        "component": _name(found, change.component_id),
        "period": told.span_name(change.period_start, change.period_end, language_),
        "before": change.before,
        "after": change.after,
        "more": change.more,
        "currency": change.currency,
        "attainment_before": change.attainment_before,
        "attainment_after": change.attainment_after,
    }


def _chart(changes: Sequence[Change], found: Outlook, style: Style, headline: str) -> Chart | None:
    """Only components whose pay depends on attainment have marks to cross."""
    rows = [
        Reach(
            _name(found, change.component_id),
            change.attainment_before or 0.0,
            change.attainment_after,
            edges,
            change.more,
        )
        for change in changes
        if (edges := found.edges(change.component_id)) and change.attainment_after is not None
    ]
    return reach(rows, takeaway=headline, style=style) if rows else None


def _steps(found: Outlook, deals: Sequence[OpenDeal], style: Style) -> list[str]:
    """Which deal crosses which mark, and how far the next one is."""
    by_id = {deal.deal_id: deal for deal in deals}
    crossing = [_crossing(part, by_id, found, style) for part in found.estimate.parts]
    return [
        *(text for text in crossing if text),
        *(_next(step, found, style) for step in found.estimate.next_steps),
    ][:STEPS]


def _crossing(part: DealPart, deals: Mapping[str, OpenDeal], found: Outlook, style: Style) -> str:
    words, name = style.words, _name(found, part.component_id)
    deal = deals[part.deal_id].name or part.deal_id if part.deal_id in deals else part.deal_id
    if part.attainment_before is not None and part.attainment_after is not None:
        edges = found.edges(part.component_id)
        over = [edge for edge in edges if part.attainment_before < edge <= part.attainment_after]
        if over:
            share = style.figure(max(over), "percent")
            return words(
                "“{deal}” takes {component} over {share} of quota.", deal=deal, component=name, share=share
            )
    if part.tier_to is not None and part.crosses:
        return words(
            "“{deal}” takes {component} into tier {tier}.", deal=deal, component=name, tier=part.tier_to + 1
        )
    return ""


def _next(step: NextStep, found: Outlook, style: Style) -> str:
    words, name = style.words, _name(found, step.component_id)
    to_go = formats.money(step.to_go, step.currency, style.language)
    if step.basis is Basis.ATTAINMENT:
        edge = style.figure(float(step.edge), "percent")
        return words(
            "{component}: another {to_go} reaches {edge} of quota, where its pay changes.",
            component=name, to_go=to_go, edge=edge,
        )  # fmt: skip
    edge = formats.number(float(step.edge), style.language)
    return words(
        "{component}: another {to_go} reaches {edge}, where the next tier begins.",
        component=name, to_go=to_go, edge=edge,
    )  # fmt: skip


# The part on the page -------------------------------------------------------------------------------


def part(desk: Desk, rep: str) -> None:
    """Open deals to pick from and what they would pay; nothing for who has none or is not to be seen today."""
    try:
        deals, without = private("open deals", desk, lambda: open_deals(desk.reading, desk.viewer, rep), rep)
    except AccessDenied:
        return
    if not deals:
        return

    @st.fragment
    def shown() -> None:
        present = signed_in()  # a fragment runs on its own
        if present.viewer == desk.viewer and present.session is not None:
            with st.container(border=True, key="estimator"):
                _estimate(present, rep, deals, without)

    shown()


def _estimate(desk: Desk, rep: str, deals: Sequence[OpenDeal], without: int) -> None:
    st.subheader(
        _("What would my open deals bring?")
        if rep == desk.viewer.key
        else _("What would these open deals bring?"),
        anchor=False,
    )
    quarter = calendar_of(desk.reading).of("quarter", desk.reading.version.as_of)
    names = {
        "commit": _("Committed"),
        "quarter": formats.period(quarter.id, language()),
        "all": _("All"),
        "none": _("No deal"),
    }
    pick: Pick = st.segmented_control(
        _("Deals that close"),
        PICKS,
        format_func=names.__getitem__,
        default="quarter",
        key="estimate pick",
        required=True,
    )
    chosen = _table(desk, rep, deals, picked(deals, pick, quarter.end), pick)
    st.caption(_remark(without))
    if not chosen:
        st.info(_("Tick the deals you expect to win."))
        return
    _result(desk, rep, chosen)


def _remark(without: int) -> str:
    text = _(
        "Each deal counts with its whole amount on its expected day, shared as it is shared today; an expected day that has passed counts as today."
    )
    if without:
        text += " " + ngettext(
            "{n} open deal has no amount and is left out.",
            "{n} open deals have no amount and are left out.",
            without,
        )
    return text


def _table(desk: Desk, rep: str, deals: Sequence[OpenDeal], chosen: list[int], pick: Pick) -> list[OpenDeal]:
    names = names_of(desk)
    wanted = {
        "deal": Column(_("Deal")),
        "amount": Column(_("Amount"), Unit.MONEY),
        "close_on": Column(_("Expected"), width=110),
        "probability": Column(_("Probability"), Unit.PERCENT),
    }
    if any(deal.owner != rep for deal in deals):
        wanted["owner"] = Column(_("Rep"))
    currency = deals[0].currency
    state = st.dataframe(
        frame([_deal_row(deal, names) for deal in deals], wanted),
        hide_index=True,
        placeholder="—",
        column_config=config(wanted, currency),
        on_select="rerun",
        selection_mode="multi-row",
        selection_default={"selection": {"rows": chosen, "columns": [], "cells": []}},
        height=height(len(deals), 320),
        alt=_("Open deals"),
        key=f"open deals {rep} {pick}",
    )
    return [deals[at] for at in state["selection"]["rows"] if at < len(deals)]


def _deal_row(deal: OpenDeal, names: Names) -> dict[str, Any]:
    return {
        "deal": deal.name or deal.account or deal.deal_id,
        "close_on": deal.close_on.isoformat() + (" ⚠" if deal.overdue else ""),
        "amount": deal.amount,
        "probability": deal.probability,
        "owner": names.of(deal.owner),
    }


def _result(desk: Desk, rep: str, chosen: Sequence[OpenDeal]) -> None:
    keys = tuple(sorted(deal.deal_id for deal in chosen))
    with st.spinner(_("Computing")):
        found = private("outlook", desk, lambda: outlook(desk.reading, desk.viewer, rep, chosen), rep, keys)
    shown = said(found, chosen, style_of(desk.settings.currency))
    if shown.chart is not None:
        pictures.draw(shown.chart, "reach")
    else:
        st.markdown(bold(escape(shown.headline)))
    if shown.steps:
        st.markdown("\n".join(f"- {escape(text)}" for text in shown.steps))
    _changes(shown)
    if shown.problems:
        st.warning(
            "\n".join(f"- {escape(text)}" for text in shown.problems),
            title=_("Some of it could not be computed"),
        )


def _changes(shown: Told) -> None:
    currency = shown.rows[0]["currency"] if shown.rows else ""
    wanted = {
        "component": Column(_("Component")),
        "period": Column(_("Period")),
        "more": Column(_("More"), Unit.MONEY),
        "before": Column(_("Without"), Unit.MONEY),
        "after": Column(_("With them"), Unit.MONEY),
        "attainment_before": Column(_("Attainment without"), Unit.PERCENT),
        "attainment_after": Column(_("Attainment with"), Unit.PERCENT),
    }
    st.dataframe(
        frame(list(shown.rows), wanted),
        hide_index=True,
        placeholder="—",
        column_config=config(wanted, currency),
        alt=_("What the deals change, by component"),
        key="estimate changes",
    )
