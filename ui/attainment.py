"""The attainment page's model and parts: who is where, how evenly, and how the period fills up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import streamlit as st

from charts.base import Chart
from charts.progress import progress
from metrics.attainment import credited, quota_attainment, quota_gap, run_rate_attainment
from metrics.base import Unit
from ui import ask, explain, exports, pictures, shapes
from ui.address import choose, chosen
from ui.ask import small_quotas
from ui.bars import Bars, alone, bars, children
from ui.desk import Desk
from ui.figures import Headline, by_key, figure, headline, leading
from ui.model import Making, modelled
from ui.overview import takeaway_of
from ui.people import lines_of, names_of
from ui.question import Question
from ui.speech import _, escape, ngettext
from ui.stamp import stamp
from ui.tables import Column, config, frame, height

LEVELS = ("teams", "reps")


@dataclass(frozen=True)
class Attainment:
    """Everything on the page."""

    head: Headline
    bar: Chart
    takeaway: str
    bars: Bars | None
    spread: Chart | None
    trend: Chart | None
    history: Chart | None
    rows: list[dict[str, Any]]


def attainment(question: Question, desk: Desk, level: str) -> Attainment:
    """The model, computed once for each version, viewer and view."""
    return modelled("attainment", question, desk, lambda making: _model(making, level), level)


def _ahead(making: Making, level: str) -> None:
    """Everything the page will ask, at once."""
    view, alone_ = making.question.scoped, alone(making.question.scoped)
    people = [(metric, ("rep",), alone_) for metric in (quota_attainment, run_rate_attainment, quota_gap)]
    more = [(quota_attainment, ("rep",), view), *people] if making.question.scope.kind != "rep" else []
    if level == "teams":
        whole = alone(making.question.view)
        more += [(quota_attainment, ("manager",), whole), (run_rate_attainment, ("manager",), whole)]
    ask.ahead([*leading(making.question), *more], making.desk)


def _model(making: Making, level: str) -> Attainment:
    _ahead(making, level)
    head = headline(making.question, making.desk)
    alone_ = making.question.scope.kind == "rep"
    takeaway = takeaway_of(head, making)
    running = making.question.in_progress
    bar = progress(
        head.credited,
        head.quota,
        takeaway=takeaway,
        style=making.style,
        in_progress=running,
        pace=head.expected if running else None,
    )
    return Attainment(
        head,
        bar,
        takeaway,
        None if alone_ else bars(making, level),
        None if alone_ else shapes.spread_chart(making),
        shapes.trend_chart(making),
        shapes.history(making) if alone_ else None,
        [] if alone_ else _rows(making),
    )


def levels_of(question: Question, desk: Desk) -> tuple[str, ...]:
    """What the bars can show: teams only where there are any directly below."""
    if question.scope.kind == "rep":
        return ()
    making = Making(question, desk, names_of(desk), None)  # type: ignore[arg-type]
    return LEVELS if children(making) else ("reps",)


def level_switch(question: Question, desk: Desk) -> str:
    """Teams or reps, in the address."""
    levels = levels_of(question, desk)
    current = chosen("level") if chosen("level") in levels else next(iter(levels), "reps")
    if len(levels) > 1:
        names = {"teams": _("Teams"), "reps": _("Reps")}

        def write() -> None:
            choose(level=st.session_state["level"])

        st.session_state["level"] = current
        st.segmented_control(
            _("Show"),
            levels,
            format_func=names.__getitem__,
            key="level",
            on_change=write,
            required=True,
            label_visibility="collapsed",
        )
    return current


def crumbs(question: Question, desk: Desk) -> None:
    """The way back up from a team or person: everybody above who can be seen."""
    person = question.scope.person
    if not person or person == desk.viewer.key:
        return
    lines, names = lines_of(desk), names_of(desk)
    chain = [p for p in lines.chain(person) if p not in lines.roots or p == person]
    with st.container(horizontal=True, gap="xxsmall", vertical_alignment="center", key="crumbs"):
        st.button(
            desk.settings.company if _sees_all(desk) else _("My team"),
            key="crumb top",
            type="tertiary",
            on_click=choose,
            kwargs={"manager": None, "rep": None},
        )
        for step in chain:
            st.markdown("›", width="content")
            if step == person:
                st.markdown(f"**{escape(names.of(step))}**", width="content")
            elif step != desk.viewer.key:
                st.button(
                    escape(names.of(step)),
                    key=f"crumb {step}",
                    type="tertiary",
                    on_click=choose,
                    kwargs={"manager": step, "rep": None},
                )


def _sees_all(desk: Desk) -> bool:
    return bool(desk.viewer.roles & {"owner", "executive", "administrator", "compensation_admin"})


def bars_part(page: Attainment, question: Question, desk: Desk, level: str) -> None:
    """Bullet bars; a click on one opens it."""
    if page.bars is None:
        return
    with st.container(border=True, key="bars"):
        key = f"bars {level} {question.scope} {question.view.start} {question.view.end}"
        picked = pictures.draw_and_pick(page.bars.chart, key)
        if page.bars.left_out:
            st.caption(
                ngettext(
                    "{n} in between is in the table below.",
                    "{n} in between are in the table below.",
                    page.bars.left_out,
                )
            )
        with st.container(horizontal=True, vertical_alignment="center"):
            explain.button(page.head.attainment, desk, place="bars", label=_("Explain these bars"))
            if not page.bars.chart.empty:
                st.caption(_("Click a bar to open it."), width="content")
    if dimension := page.bars.drills.get(picked):
        _drill(dimension, picked)


def _drill(dimension: str, key: str) -> None:
    choose(**({"manager": key, "rep": None} if dimension == "manager" else {"rep": key}), level=None)
    st.rerun()


def spread_part(page: Attainment, question: Question, desk: Desk) -> None:
    """Every rep as a dot; a click opens one."""
    if page.spread is None:
        return
    with st.container(border=True, key="spread"):
        key = f"spread {question.scope} {question.view.start} {question.view.end}"
        picked = pictures.draw_and_pick(page.spread, key)
        explain.button(page.head.spread, desk, place="spread chart", label=_("Explain this spread"))
    if picked:
        _drill("rep", picked)


def trend_part(page: Attainment, question: Question, desk: Desk) -> None:
    """The period filling up beside earlier ones."""
    if page.trend is None:
        return
    with st.container(border=True, key="trend"):
        pictures.draw(page.trend, "trend chart")
        explain.button(figure(credited, question, desk), desk, place="trend", label=_("Explain this trend"))


def history_part(page: Attainment) -> None:
    """A rep's last quarters."""
    if page.history is not None:
        with st.container(border=True, key="history"):
            pictures.draw(page.history, "history chart")


def _rows(making: Making) -> list[dict[str, Any]]:
    """One row for each rep in scope, largest gap to pace first."""
    view = making.question.scoped
    now = by_key(quota_attainment, "rep", view, making.desk)
    pace = by_key(run_rate_attainment, "rep", alone(view), making.desk)
    gaps = by_key(quota_gap, "rep", alone(view), making.desk)
    small = small_quotas(view=alone(view), desk=making.desk)
    rows = [
        {
            "key": rep,
            "name": making.names.of(rep),
            "attainment": row["quota_attainment"],
            "credited": row["top"],
            "quota": row["bottom"],
            "gap": gaps[rep]["quota_gap"] if rep in gaps else None,
            "pace": pace[rep]["run_rate_attainment"] if rep in pace else None,
            "before": row.get("quota_attainment_before"),
            "change": row.get("change"),
            "remark": making.style.words("Quota too small to compare")
            if rep in small
            else _no_quota(row, making),
        }
        for rep, row in now.items()
    ]
    return sorted(rows, key=lambda row: (row["attainment"] is None, -(row["attainment"] or 0), row["name"]))


def _no_quota(row: Any, making: Making) -> str:
    return "" if row["bottom"] else making.style.words("No quota")


def columns(question: Question) -> dict[str, Column]:
    """Columns of the table, the comparison only where there is one."""
    found = {
        "name": Column(_("Name"), width="medium"),
        "attainment": Column(_("Attainment"), Unit.PERCENT),
        "credited": Column(_("Credited"), Unit.MONEY),
        "quota": Column(_("Quota"), Unit.MONEY),
        "gap": Column(
            _("Gap"), Unit.MONEY, help=_("What is still missing; negative once the quota is passed")
        ),
        "pace": Column(_("At usual pace"), Unit.PERCENT, help=_("100 % is just as far as usual by this day")),
        "before": Column(_("Before"), Unit.PERCENT, help=_("At the same day of the period compared with")),
        "change": Column(_("Change, points"), Unit.PERCENT, points=True),
        "remark": Column(_("Remark")),
    }
    dropped = set() if question.in_progress else {"pace"}
    dropped |= set() if question.compares else {"before", "change"}
    return {name: column for name, column in found.items() if name not in dropped}


def table_part(page: Attainment, question: Question, desk: Desk) -> None:
    """Everybody, sortable and searchable, with export; a row that is picked opens."""
    if not page.rows:
        return
    wanted = columns(question)
    with st.container(border=True, key="table"):
        st.subheader(_("Every rep"), anchor=False)
        state = st.dataframe(
            frame(page.rows, wanted),
            hide_index=True,
            column_config=config(wanted, desk.settings.currency),
            on_select="rerun",
            selection_mode="single-row",
            placeholder="—",
            alt=_("Attainment of every rep"),
            key=f"reps {question.scope} {question.view.start} {question.view.end}",
            height=height(len(page.rows), 480),
        )
        name = f"attain-attainment-{question.view.start.isoformat()}-{question.view.until.isoformat()}"
        exports.buttons(
            "attainment table", name, lambda: (_sheet(page, wanted), stamp(question.scoped, desk))
        )
    if state["selection"]["rows"]:
        _drill("rep", page.rows[state["selection"]["rows"][0]]["key"])


def _sheet(page: Attainment, wanted: dict[str, Column]) -> exports.Sheet:
    rows = [[row[name] for name in wanted] for row in page.rows]
    return exports.Sheet(tuple(column.title for column in wanted.values()), rows)
