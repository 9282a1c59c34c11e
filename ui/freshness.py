"""How fresh and how whole the data is: said on every page, and different when it is stale."""

from __future__ import annotations

from datetime import datetime, timedelta

import pyarrow as pa
import pyarrow.compute as pc
import streamlit as st

from ui.ask import kept_for
from ui.desk import Desk, now
from ui.reasons import REASONS
from ui.speech import _, escape, language, local, ngettext
from words import formats


def loaded_at(desk: Desk) -> datetime:
    """When the newest of the sources was loaded."""
    states = desk.reading.version.sources.values()
    return max((state.loaded_at for state in states), default=desk.reading.version.made_at)


def is_stale(desk: Desk) -> bool:
    """Whether any source is older than the settings allow; a demo company never goes stale."""
    if desk.place.store.kind == "demo":
        return False
    limit = timedelta(hours=desk.settings.fresh_hours)
    return any(now() - state.loaded_at > limit for state in desk.reading.version.sources.values())


def set_aside(desk: Desk) -> int:
    """Rows set aside in all sources."""
    return sum(state.set_aside for state in desk.reading.version.sources.values())


def in_words(desk: Desk) -> str:
    """One line: sources, when they were loaded, and what was set aside; plain text."""
    sources = ", ".join(sorted(desk.reading.version.sources))
    text = _(
        "{sources}, loaded {when}", sources=sources, when=local(loaded_at(desk), desk.settings.time_zone)
    )
    aside = set_aside(desk)
    return f"{text}; {_rows_aside(aside)}" if aside else text


def _rows_aside(aside: int) -> str:
    return ngettext("{n} row set aside", "{n} rows set aside", aside)


def stamp(desk: Desk) -> None:
    """The line under a page's title, with the details behind a click."""
    version = desk.reading.version
    as_of = formats.date(version.as_of, language())
    ago = formats.ago(loaded_at(desk), now(), language())
    with st.container(
        horizontal=True, vertical_alignment="center", gap="small", width="content", key="freshness"
    ):
        if is_stale(desk):
            st.badge(_("Stale"), color="orange", icon=":material/schedule:")
        for source in desk.place.store.failures():
            st.badge(_("Last load of {source} failed", source=escape(source)), color="red")
        st.caption(_("Data as of {day} · loaded {ago}", day=as_of, ago=ago), width="content")
        _details(desk)


def _details(desk: Desk) -> None:
    aside = set_aside(desk)
    label = _rows_aside(aside) if aside else _("Sources")
    details = st.popover(label, type="tertiary", key="freshness details", on_change="rerun")
    if not details.open:
        return
    with details:
        for state in desk.reading.version.sources.values():
            when = local(state.loaded_at, desk.settings.time_zone)
            st.markdown(f"**{escape(state.source)}** · {escape(when)}")
        for sentence in reasons(desk):
            st.markdown(f"- {sentence}")
        if desk.may_administer:
            st.page_link("pages/administration/data_sources.py", label=_("Open data sources"))


def issue_table(desk: Desk) -> pa.Table:
    """Everything that is wrong with the present version's data; kept by version."""
    version = desk.reading.version
    return kept_for("issues", (str(desk.place.root), version.id), lambda: desk.place.store.issues(version))


def reasons(desk: Desk) -> list[str]:
    """Why rows were set aside, counted; no value of any row, for everybody may read it."""
    found = issue_table(desk)
    rows = found.filter(pc.equal(found["severity"], "row"))
    counted = rows.group_by("code").aggregate([([], "count_all")])
    pairs = zip(counted["code"].to_pylist(), counted["count_all"].to_pylist(), strict=True)
    return [
        f"{formats.number(n, language())} × {_(REASONS.get(code, REASONS['']))}" for code, n in sorted(pairs)
    ]
