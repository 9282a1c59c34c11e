"""The data sources page: what is loaded, when, from where, and what was set aside and why."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import streamlit as st

from ui import exports, states
from ui.address import choose, chosen
from ui.desk import Desk, now
from ui.exports import Sheet
from ui.freshness import is_stale, issue_table
from ui.issue_words import SEVERITIES, sentence, table_name
from ui.reasons import REASONS
from ui.speech import _, escape, language, local, ngettext
from ui.stamp import Line
from ui.tables import height
from warehouse.issues import DataIssue, from_table
from warehouse.versions import SourceState
from words import formats

SHOWN = 1000


def failures(desk: Desk) -> None:
    """Loads that failed since the last good one."""
    for source, failure in desk.place.store.failures().items():
        when = local(failure.failed_at, desk.settings.time_zone)
        told = _(
            "The load of {source} on {when} failed; what was loaded before stays in use.",
            source=source,
            when=when,
        )
        with st.container(border=True):
            st.error(escape(told), icon=":material/error:")
            for issue in from_table(failure.issues())[:10]:
                st.markdown(f"- {escape(sentence(issue))}")


def overview(desk: Desk) -> None:
    """One card for each source."""
    grid = st.grid("auto", min_column_width=260, gap="small", border=True)
    for state in desk.reading.version.sources.values():
        with grid.cell():
            _source(state, desk)


def _source(state: SourceState, desk: Desk) -> None:
    with st.container(gap="xsmall"):
        st.markdown(f"**{escape(state.source)}**")
        if is_stale(desk):
            st.badge(_("Stale"), color="orange", icon=":material/schedule:")
        kept = sum(state.rows.values())
        st.metric(_("Rows in use"), formats.number(kept, language()))
        ago = formats.ago(state.loaded_at, now(), language())
        when = local(state.loaded_at, desk.settings.time_zone)
        st.caption(escape(_("Loaded {when} ({ago})", when=when, ago=ago)))
        st.caption(escape(_("Stands at {day}", day=formats.date(state.as_of, language()))))
        st.caption(
            ngettext("{n} row set aside", "{n} rows set aside", state.set_aside)
            + " · "
            + ngettext("{n} remark", "{n} remarks", state.warnings)
        )


def tables(desk: Desk) -> None:
    """Rows of each table: sent by the last load, in use, set aside."""
    version = desk.reading.version
    aside = _by_table(issue_table(desk))
    rows = []
    for source, info in desk.place.store.landings(version).items():
        for table, kept in sorted(version.sources[source].rows.items()):
            counts = (info.read.get(table, 0), kept, aside.get((source, table), 0))
            if any(counts):
                rows.append((source, table_name(table), *counts))
    titles = [_("Source"), _("Table"), _("Read"), _("In use"), _("Set aside")]
    whole = st.column_config.NumberColumn(format="localized")
    with st.expander(_("Rows of each table")):
        st.dataframe(
            pd.DataFrame(rows, columns=titles),
            hide_index=True,
            key="source tables",
            column_config=dict.fromkeys(titles[2:], whole),
        )


def _by_table(found: pa.Table) -> dict[tuple[str, str], int]:
    rows = (
        found.filter(pc.equal(found["severity"], "row"))
        .group_by(["source", "table", "file", "row"])
        .aggregate([])
    )
    counted = rows.group_by(["source", "table"]).aggregate([([], "count_all")]).to_pylist()
    return {(row["source"], row["table"]): row["count_all"] for row in counted}


def set_aside(desk: Desk) -> None:
    """What was set aside or remarked on, each with its sentence, filtered in the address, with download."""
    found = issue_table(desk)
    st.subheader(_("Set aside and remarked"), anchor=False)
    if not found.num_rows:
        states.empty(_("Every row that was read is in use."), _("Nothing needs doing."))
        return
    chosen_rows = _filter(found)
    issues = from_table(chosen_rows.slice(0, SHOWN))
    told = formats.number(chosen_rows.num_rows, language())
    shown = formats.number(len(issues), language())
    if chosen_rows.num_rows > SHOWN:
        st.caption(_("{shown} of {all} shown; the download holds all.", shown=shown, all=told))
    st.dataframe(
        pd.DataFrame(
            {
                _("What happened"): [_(SEVERITIES[i.severity]) for i in issues],
                _("Why"): [sentence(i) for i in issues],
            }
        ),
        hide_index=True,
        key="issues",
        column_config={
            _("What happened"): st.column_config.TextColumn(width=120),
            _("Why"): st.column_config.TextColumn(width=900),
        },
        height=height(len(issues), 400),
        alt=_("Rows set aside and why"),
    )
    exports.buttons("set aside", "attain-set-aside", lambda: (_sheet(chosen_rows), _stamp(desk)))


def _filter(found: pa.Table) -> pa.Table:
    codes = sorted(set(found["code"].to_pylist()))

    def write() -> None:
        choose(why=st.session_state["issue filter"])

    st.session_state["issue filter"] = chosen("why") if chosen("why") in codes else ""
    picked = st.selectbox(
        _("Why"),
        ["", *codes],
        key="issue filter",
        on_change=write,
        width=340,
        format_func=lambda code: _(REASONS.get(code, REASONS[""])) if code else _("Every reason"),
    )
    return found.filter(pc.equal(found["code"], picked)) if picked else found


def _sheet(found: pa.Table) -> Sheet:
    titles = (
        _("What happened"),
        _("Why"),
        _("Source"),
        _("File"),
        _("Row"),
        _("Column"),
        _("Value"),
        _("Whole row"),
    )
    issues = from_table(found)
    rows = [
        (_(SEVERITIES[i.severity]), sentence(i), source, i.file, _row(i), i.field, i.value, i.raw)
        for i, source in zip(issues, found["source"].to_pylist(), strict=True)
    ]
    return Sheet(titles, rows)


def _row(issue: DataIssue) -> int | str:
    return "" if issue.row is None else issue.row


def _stamp(desk: Desk) -> list[Line]:
    when = local(desk.reading.version.made_at, desk.settings.time_zone)
    return [
        Line(_("Company"), desk.settings.company),
        Line(_("Loaded"), when),
        Line(_("Asked by"), desk.name),
    ]
