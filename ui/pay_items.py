"""Payout lines as a person reads them: what for, how much, why step by step, and the deals behind each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa
import streamlit as st

from compensation.plan.model import Plan
from compensation.run import Run
from metrics.base import Unit
from ui import exports, told
from ui.desk import Desk
from ui.speech import _, bold, escape, language, ngettext
from ui.stamp import Line, about
from ui.tables import Column, config, frame, height
from words import formats
from words.catalogue import N_
from workflows.pay.telling import statements

KINDS = {
    "earning": N_("Earned"),
    "draw": N_("Draw"),
    "recovery": N_("Draw paid back"),
    "forgiveness": N_("Draw forgiven"),
    "clawback": N_("Clawback"),
    "adjustment": N_("Adjustment"),
    "true_up": N_("True-up"),
    "held": N_("Held"),
    "released": N_("Released"),
}
"""What the kinds of lines are called."""
FIRST = 12
"""Lines shown before the rest is asked for."""

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Item:
    """One line; texts are plain and in the reader's language."""

    line_id: str
    kind: str
    component_id: str
    title: str
    period: str
    amount: Decimal
    currency: str
    steps: tuple[str, ...]
    deals: tuple[Row, ...]  # rows of the trace with a deal

    @property
    def paid(self) -> bool:
        """Whether the line moves money."""
        return self.kind not in ("held", "forgiveness")


def component_name(plans: Iterable[Plan], plan_id: str, component_id: str) -> str:
    """What the plan calls a component; its key where no plan says."""
    for plan in plans:
        for part in plan.components:
            if plan.id == plan_id and part.id == component_id:
                return part.name or part.id
    return _("Draw") if component_id == "draw" else component_id.replace("_", " ").capitalize()


def items(
    run: Run, plans: Sequence[Plan], language_: str, months: Mapping[date, str] | None = None
) -> list[Item]:
    """Every line that says something, what pays most first and what pays nothing last."""
    named = dict(months or {})
    found = []
    for line, trace, said in statements(run, plans):
        if not line["amount"] and line["kind"] != "earning":
            continue
        telling = [step for step in said.steps if step.template != "paid_with"] or said.steps
        steps = tuple(told.step(step, named, language_) for step in telling)
        deals = tuple(row for row in trace if row["deal_id"])
        name = component_name(plans, line["plan_id"], line["component_id"])
        period = told.span_name(line["period_start"], line["period_end"], language_)
        found.append(
            Item(
                line["line_id"],
                line["kind"],
                line["component_id"],
                name,
                period,
                line["amount"],
                line["currency"],
                steps,
                deals,
            )
        )
    return sorted(found, key=lambda item: (not item.amount, not item.paid, -abs(item.amount), item.title))


def title_of(item: Item) -> str:
    """The component, and what kind of line it is where it is not plainly earned; plain text."""
    return item.title if item.kind == "earning" else f"{item.title} – {_(KINDS[item.kind])}"


def part(
    item: Item,
    desk: Desk,
    names: Callable[[Iterable[str]], Mapping[str, tuple[str, str]]],
    *,
    under: Callable[[Item], None],
) -> None:
    """One line in a box: its amount, why, its deals behind a click, and whatever stands ``under`` it."""
    with st.container(border=True, key=f"line {item.line_id}", gap="small"):
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="top"):
            st.markdown(f"{bold(escape(title_of(item)))}  \n{escape(item.period)}", width="content")
            amount = formats.money(item.amount, item.currency, language())
            st.subheader(escape(amount), anchor=False, width="content", text_alignment="right")
        st.markdown("\n".join(f"- {escape(step)}" for step in item.steps))
        if item.deals:
            _deals_of(item, desk, names)
        under(item)


def _deals_of(
    item: Item, desk: Desk, names: Callable[[Iterable[str]], Mapping[str, tuple[str, str]]]
) -> None:
    label = ngettext("{n} deal behind it", "{n} deals behind it", len(item.deals))
    shown = st.expander(label, key=f"deals {item.line_id}", on_change="rerun", icon=":material/list:")
    if shown.open:
        with shown:
            deals_part(item, desk, names([row["deal_id"] for row in item.deals]))


def deal_columns(item: Item) -> dict[str, Column]:
    """Columns of a line's deals; what is the same everywhere is left out."""
    rows = item.deals
    made = {
        "date": Column(_("Day"), width=110),
        "deal": Column(_("Deal")),
        "account": Column(_("Account")),
        "amount": Column(_("Amount"), Unit.MONEY),
    }
    if any(row["share"] != 1 for row in rows):
        made["share"] = Column(_("Share"), Unit.PERCENT)
    if item.kind in ("earning", "true_up"):
        made["credited"] = Column(_("Credited"), Unit.MONEY)
    if any(row["attainment_after"] is not None for row in rows):
        made["after"] = Column(_("Attainment after"), Unit.PERCENT)
    if any(row["tier_to"] is not None for row in rows):
        made["tier"] = Column(_("Tier"))
    made["earned"] = Column(_("Earned"), Unit.MONEY)
    return made


def deal_rows(item: Item, names: Mapping[str, tuple[str, str]]) -> list[dict[str, Any]]:
    """A line's deals as the table shows them."""
    return [
        {
            "date": row["date"].isoformat(),
            "deal": names.get(row["deal_id"], ("", ""))[0] or row["deal_id"],
            "account": names.get(row["deal_id"], ("", ""))[1],
            "amount": row["amount"],
            "share": Decimal(str(row["share"])),
            "credited": row["credited"],
            "after": row["attainment_after"],
            "tier": _tiers(row),
            "earned": row["earned"],
        }
        for row in item.deals
    ]


def _tiers(row: Row) -> str:
    first, last = ("" if row[name] is None else str(row[name] + 1) for name in ("tier_from", "tier_to"))
    return last if first == last else f"{first} → {last}".strip()


def deals_part(item: Item, desk: Desk, names: Mapping[str, tuple[str, str]]) -> None:
    """The deals behind a line: a table and its exports."""
    wanted, rows = deal_columns(item), deal_rows(item, names)
    st.dataframe(
        frame(rows, wanted),
        hide_index=True,
        placeholder="—",
        column_config=config(wanted, item.currency),
        height=height(len(rows), 320),
        alt=_("Deals behind this line"),
        key=f"deal table {item.line_id}",
    )
    downloads(
        f"deals {item.line_id}",
        f"attain-pay-{item.component_id}",
        sheet(rows, wanted),
        [*about(desk), Line(_("Line"), f"{title_of(item)}, {item.period}")],
    )


def sheet(rows: Sequence[Mapping[str, Any]], wanted: Mapping[str, Column]) -> exports.Sheet:
    """Rows of a table as a file has them: exact."""
    titles = tuple(column.title for column in wanted.values())
    return exports.Sheet(titles, [[row.get(name) for name in wanted] for row in rows])


def downloads(key: str, file: str, sheet: exports.Sheet, stamp: Sequence[Line]) -> None:
    """Download buttons; words are written now, because a file is built where no language is chosen."""
    exports.buttons(key, file, lambda: (sheet, stamp))


def line_columns() -> dict[str, Column]:
    """Columns of an export of lines."""
    return {
        "title": Column(_("Component")),
        "kind": Column(_("Kind")),
        "period": Column(_("Period")),
        "amount": Column(_("Amount"), Unit.MONEY),
        "currency": Column(_("Currency")),
        "why": Column(_("Why")),
    }


def line_rows(found: Iterable[Item]) -> list[dict[str, Any]]:
    """Lines as a file has them."""
    return [
        {
            "title": item.title, "kind": _(KINDS[item.kind]), "period": item.period, "amount": item.amount,
            "currency": item.currency, "why": " ".join(item.steps),
        }
        for item in found
    ]  # fmt: skip


def total(found: Iterable[Row] | pa.Table, name: str = "amount") -> dict[str, Decimal]:
    """Sums by currency of rows with an amount and a currency."""
    rows = found.select([name, "currency"]).to_pylist() if isinstance(found, pa.Table) else found
    sums: dict[str, Decimal] = {}
    for row in rows:
        sums[row["currency"]] = sums.get(row["currency"], Decimal(0)) + (row[name] or Decimal(0))
    return sums


def written(sums: Mapping[str, Decimal], *, compact: bool = False) -> str:
    """Amounts in one or more currencies, the largest first; plain text."""
    ordered = sorted(sums.items(), key=lambda each: (-abs(each[1]), each[0]))
    return " + ".join(
        formats.money(amount, currency, language(), compact=compact) for currency, amount in ordered
    )
