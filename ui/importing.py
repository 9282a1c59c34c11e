"""The import: drop files, look at them, check the mapping, try it, load it."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from ui import states
from ui.address import query
from ui.desk import OWN, Desk, beside, can_sit_beside, now
from ui.issue_words import field_name, sentence, table_name
from ui.speech import _, bold, escape, language, ngettext
from warehouse.issues import DataIssue
from words import formats
from workflows import importing
from workflows.importing import LoadFailed, Mapping, MappingError, Preview, Proposal, ValidationReport

TYPES = ("csv", "tsv", "txt", "xlsx", "xls", "xlsm", "ods", "parquet", "gz")
SENTENCES = 12
_FILES, _TEXT, _REPORT, _DONE = "import files", "import mapping", "import report", "import done"


@dataclass(frozen=True)
class Target:
    """The store an import goes into; ``switch`` when it is another than the one looked at."""

    root: Path
    switch: bool


def target_of(desk: Desk) -> Target | None:
    """Where imported files go: one's own store, never the demo company's; None when there is no such place."""
    if desk.place.store.kind == "own":
        return Target(desk.place.root, switch=False)
    if desk.local and can_sit_beside():
        return Target(beside(desk.place.root), switch=True)
    return None


def flow(desk: Desk) -> None:
    """Everything from the dropped files to the published version."""
    target = target_of(desk)
    if target is None:
        st.info(
            _(
                "This store holds the demo company, and your own data is never mixed with it. Start Attain with "
                "ATTAIN_STORE set to another folder to load your own files."
            )
        )
        return
    if target.switch:
        told = _(
            "Your files go into a store of their own, “{folder}”, beside the demo company. The two are never mixed.",
            folder=target.root.name,
        )
        st.info(escape(told), icon=":material/folder_special:")
    if _DONE in st.session_state:
        _done(target)
        return
    folder = _dropped()
    if folder is None:
        return
    shown, unreadable = importing.previews(folder)
    _look(shown, unreadable)
    if shown:
        _map(folder, shown, target)


def _dropped() -> Path | None:
    """The folder of the dropped files; None while there are none. It goes when the session ends."""
    files = st.file_uploader(
        _("1. Drop your files: sales, quotas, people"),
        type=TYPES,
        accept_multiple_files=True,
        key="dropped files",
        help=_("CSV, Excel or Parquet. People and their managers may be in one file with the quotas."),
    )
    if not files:
        for name in (_FILES, _TEXT, _REPORT):
            st.session_state.pop(name, None)
        return None
    ids = tuple(file.file_id for file in files)
    held = st.session_state.get(_FILES)
    if held is None or held[0] != ids:
        folder = tempfile.TemporaryDirectory(prefix="attain-import-")
        for file in files:
            importing.stage(Path(folder.name), file.name, file.getvalue())
        st.session_state[_FILES] = (ids, folder)
        for name in (_TEXT, _REPORT):
            st.session_state.pop(name, None)
    return Path(st.session_state[_FILES][1].name)


def _look(shown: list[Preview], unreadable: list[DataIssue]) -> None:
    st.markdown(bold(_("2. Look at them")))
    for issue in unreadable:
        st.error(escape(sentence(issue)))
    if not shown:
        return
    for tab, found in zip(st.tabs([escape(p.file) for p in shown]), shown, strict=True):
        with tab:
            frame = pd.DataFrame(list(found.rows), columns=_unique(found.columns))
            st.dataframe(frame, hide_index=True, height=220, key=f"preview {found.file}")
            for issue in found.issues:
                st.caption(escape(sentence(issue)))


def _unique(columns: tuple[str, ...]) -> list[str]:
    """Column names as a frame takes them: a name that comes again gets its place."""
    return [name if name not in columns[:at] else f"{name} ({at + 1})" for at, name in enumerate(columns)]


def _map(folder: Path, shown: list[Preview], target: Target) -> None:
    st.markdown(bold(_("3. Check what each column means")))
    proposal: Proposal | None = None
    if _TEXT not in st.session_state:
        proposal = importing.propose(folder, name="my-files")
        st.session_state[_TEXT] = importing.dump_mapping(proposal.mapping)
        st.session_state["import doubts"] = list(proposal.doubts)
    _saved()
    for doubt in st.session_state.get("import doubts", ()):
        st.warning(escape(doubt))
    try:
        mapping = importing.read_mapping(st.session_state[_TEXT])
    except MappingError as error:
        st.error(escape(str(error)), title=_("The mapping cannot be used"))
        _as_text()
        return
    _lacking(mapping)
    _columns(mapping, shown)
    _as_text()
    _try(mapping, folder, target)


def _lacking(mapping: Mapping) -> None:
    """Attainment needs sales and quotas; what the mapping fills neither from is said before loading."""
    if "opportunities" not in mapping.entities and "credits" not in mapping.entities:
        st.warning(
            _(
                "No file seems to hold sales: a day, an amount and a rep in each row. Drop one, or say in the "
                "mapping which it is."
            )
        )
    if "quotas" not in mapping.entities:
        st.warning(
            _("No file seems to hold quotas. Sales can be loaded without, but nobody has an attainment.")
        )


def _saved() -> None:
    """A mapping saved before, in place of the one proposed."""
    with st.expander(_("Use a mapping saved before")):
        file = st.file_uploader(
            _("Mapping"), type=("toml",), key="saved mapping", label_visibility="collapsed"
        )
        if file is not None and st.session_state.get("saved mapping id") != file.file_id:
            st.session_state["saved mapping id"] = file.file_id
            _put(file.getvalue().decode("utf-8-sig", errors="replace"))
            st.session_state["import doubts"] = []
            st.rerun()


def _put(text: str) -> None:
    st.session_state[_TEXT] = text
    st.session_state.pop(_REPORT, None)


def _columns(mapping: Mapping, shown: list[Preview]) -> None:
    """One editable table for each table that is filled."""
    files = importing.columns_of(mapping, shown)
    simple = importing.simple_columns(mapping)
    for number, table in enumerate(mapping.tables):
        rows = [c for c in simple if c.table == number]
        title = _("{table}, from {file}", table=table_name(table.fills), file=table.source)
        with st.expander(escape(title), expanded=table.fills in {"opportunities", "quotas"}):
            made = [name for name, spec in table.columns if not spec.column]
            if rows:
                _editor(mapping, number, rows, files.get(table.source, ()))
            if made:
                st.caption(
                    _(
                        "Filled in without a column of their own: {columns}",
                        columns=", ".join(map(field_name, made)),
                    )
                )


def _editor(mapping: Mapping, number: int, rows: list[importing.Simple], options: tuple[str, ...]) -> None:
    frame = pd.DataFrame(
        {"means": [field_name(row.column) for row in rows], "source": [row.source for row in rows]}
    )
    key = f"import table {number} {hash(st.session_state[_TEXT])}"
    known = list(dict.fromkeys([*options, *(row.source for row in rows)]))
    changed = st.data_editor(
        frame,
        hide_index=True,
        disabled=["means"],
        key=key,
        width="stretch",
        column_config={
            "means": st.column_config.TextColumn(_("Means")),
            "source": st.column_config.SelectboxColumn(
                _("Column of the file"), options=known, required=False
            ),
        },
    )
    wanted = {
        (number, row.column): (new or "")
        for row, new in zip(rows, changed["source"].tolist(), strict=True)
        if (new or "") != row.source
    }
    if wanted:
        _put(importing.dump_mapping(importing.with_sources(mapping, wanted)))
        st.rerun()


def _as_text() -> None:
    with st.expander(_("The whole mapping as text")):
        key = f"mapping text {hash(st.session_state[_TEXT])}"
        text = st.text_area(
            _("Mapping"), st.session_state[_TEXT], height=320, key=key, label_visibility="collapsed"
        )
        if text != st.session_state[_TEXT]:
            _put(text)
            st.rerun()
    st.download_button(
        _("Save the mapping"),
        data=st.session_state[_TEXT],
        file_name="mapping.toml",
        mime="application/toml",
        on_click="ignore",
        icon=":material/save:",
        key="save mapping",
    )


def _try(mapping: Mapping, folder: Path, target: Target) -> None:
    st.markdown(bold(_("4. Try it, then load")))
    if st.button(_("Try without loading"), key="try import", icon=":material/fact_check:"):
        bar = st.progress(0.0, _("Reading …"))
        st.session_state[_REPORT] = importing.validate(mapping, folder, now().date(), _watch(bar))
        bar.empty()
    report: ValidationReport | None = st.session_state.get(_REPORT)
    if report is None:
        return
    _report(report)
    if report.possible and st.button(_("Load"), type="primary", key="load import", icon=":material/publish:"):
        _load(mapping, folder, target)


def _watch(bar: Any) -> Any:
    """A progress callback: what is being done, and how far it is."""

    def watch(what: str, done: int, total: int | None) -> None:
        text = formats.number(done, language())
        bar.progress(
            min(1.0, done / total) if total else 0.0, _("Working on {what} · {n}", what=escape(what), n=text)
        )

    return watch


def _report(report: ValidationReport) -> None:
    rows = [
        {
            _("Table"): table_name(found.fills),
            _("File"): found.source,
            _("Rows in the file"): found.in_file,
            _("Used"): found.kept,
            _("Set aside"): found.set_aside,
        }
        for found in report.tables
    ]
    if rows:
        st.dataframe(pd.DataFrame(rows), hide_index=True, key="try report")
    if report.issue_count:
        told = ngettext("{n} thing to look at", "{n} things to look at", report.issue_count)
        with st.expander(told, expanded=not report.possible):
            for issue in report.issues[:SENTENCES]:
                st.markdown(f"- {escape(sentence(issue))}")
            if report.issue_count > SENTENCES:
                st.caption(
                    _("… and {n} more; all are listed after loading.", n=report.issue_count - SENTENCES)
                )
    if report.possible:
        st.success(_("This can be loaded. Rows that are set aside do not stop the others."))
    else:
        st.error(_("Nothing can be loaded like this; the sentences above say what to change."))


def _load(mapping: Mapping, folder: Path, target: Target) -> None:
    bar = st.progress(0.0, _("Loading …"))
    try:
        report = importing.import_files(mapping, folder, target.root, now(), _watch(bar))
    except LoadFailed as failed:
        bar.empty()
        for issue in failed.issues[:SENTENCES]:
            st.error(escape(sentence(issue)))
        st.caption(_("Nothing was loaded. The last version is untouched."))
        return
    except Exception as error:  # noqa: BLE001 - whatever broke, the last version stays and the person is told
        bar.empty()
        states.unexpected(error)
        return
    bar.empty()
    st.session_state[_DONE] = (
        sum(c["kept"] for c in report.counts.values()),
        sum(c["set_aside"] for c in report.counts.values()),
    )
    for name in (_FILES, _TEXT, _REPORT):
        st.session_state.pop(name, None)
    st.rerun()


def _done(target: Target) -> None:
    kept, aside = st.session_state[_DONE]
    told = ngettext("{n} row is loaded", "{n} rows are loaded", kept)
    if aside:
        told += "; " + ngettext("{n} row was set aside", "{n} rows were set aside", aside)
    st.success(f"{told}.", title=_("Done"))
    with st.container(horizontal=True):
        to = (
            query(store=OWN, as_=None, manager=None, region=None, team=None, period=None)
            if target.switch
            else query()
        )
        st.page_link(
            "pages/performance/overview.py",
            label=_("Open the overview"),
            icon=":material/home:",
            query_params=to,
        )
        if st.button(_("Load more files"), key="import again"):
            del st.session_state[_DONE]
            st.rerun()
