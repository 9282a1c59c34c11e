"""Bullet bars: how far each one has come against the quota and against the pace.

One row a rep or team. The bar starts at zero, a firm line is the quota, a short tick is what was
expected by now. While the period runs the bars are light with a broken edge, so that nobody reads a
half-way mark as a result.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from charts import base
from charts.base import Chart, Number, Spec, Style, finite
from charts.scales import labelled, usual_limit

PICKED = "picked"
"""Name of the point selection; its field is ``key``."""

Order = Literal["attainment", "value", "given"]
SIGNS = {"reached": "●", "ahead": "▲", "behind": "▼", "short": "▼", "unknown": ""}
SMALL_QUOTA = "†"
BEYOND = "»"
_NARROW, _WIDE, _AMOUNTS = 98, 238, 138
"""Pixels kept at the right for the values on a phone, on a desk, and for the amounts among the latter."""
CUT = 2.5  # attainment from which a bar leaves the scale when others do not


@dataclass(frozen=True)
class Bullet:
    """One bar. ``pace`` is the value expected by now, in the unit of ``credited``; None when unknown."""

    key: str
    label: str
    credited: Number | None
    quota: Number | None
    pace: Number | None = None
    small_quota: bool = False

    @property
    def attainment(self) -> float | None:
        """Credited over quota; None without a quota."""
        credited, quota = finite(self.credited), finite(self.quota)
        return None if credited is None or not quota or quota < 0 else credited / quota

    @property
    def state(self) -> str:
        """``reached``, ``ahead`` or ``behind`` of pace, ``short`` (no pace known) or ``unknown``."""
        attainment, pace = self.attainment, finite(self.pace)
        if attainment is None:
            return "unknown"
        if attainment >= 1:
            return "reached"
        if pace is None:
            return "short"
        return "ahead" if (finite(self.credited) or 0.0) >= pace else "behind"


def bullet_bars(
    rows: Sequence[Bullet],
    *,
    takeaway: str,
    style: Style,
    in_progress: bool = False,
    order: Order = "attainment",
    highlight: str = "",
    note: str = "",
) -> Chart:
    """Attainment of each row on one scale where 100 % is everybody's quota.

    ``order``: best attainment first, with rows whose quota is too small to compare, and then rows
    without a quota, after the others; or by credited value; or as given. A click selects a row: the
    parameter ``picked`` holds its ``key``. No rows give a chart that says so.
    """
    if not rows:
        return base.nothing(style, takeaway)
    ordered = sort(rows, order)
    limit = _limit(ordered)
    data = [_datum(i, row, limit, style) for i, row in enumerate(ordered)]
    low = min([0.0, *(d["end"] for d in data if d["end"] is not None)])
    layers = _layers(ordered, style, (low, limit), in_progress=in_progress, highlight=highlight)
    spec = base.layered(
        style, takeaway, _note(ordered, style, note, in_progress=in_progress), layers,
        {"step": step(len(ordered))}, data={"values": data},
    )  # fmt: skip
    return base.chart(style, spec, takeaway, alt_text(ordered, style, in_progress=in_progress))


def sort(rows: Sequence[Bullet], order: Order) -> list[Bullet]:
    """The rows in the order they are drawn."""
    if order == "given":
        return list(rows)
    if order == "value":
        return sorted(rows, key=lambda row: -(finite(row.credited) or 0.0))
    return sorted(rows, key=_rank)


def _rank(row: Bullet) -> tuple[int, float]:
    if row.attainment is None:
        return 2, -(finite(row.credited) or 0.0)
    return int(row.small_quota), -row.attainment


def step(count: int) -> int:
    """Height of a row in pixels: long lists are denser."""
    if count <= 15:
        return 30
    return 24 if count <= 40 else 19


def _limit(rows: Sequence[Bullet]) -> float:
    """The right end of the scale; bars far beyond the others are cut there and say so."""
    comparable = [row.attainment for row in rows if row.attainment is not None and not row.small_quota]
    paces = [pace for row in rows if (pace := _share(row, row.pace)) is not None]
    return usual_limit(comparable, least=max([1.0, *(pace for pace in paces if pace <= CUT)]), cut=CUT) * 1.04


def _share(row: Bullet, value: Number | None) -> float | None:
    number, quota = finite(value), finite(row.quota)
    return None if number is None or not quota or quota < 0 else number / quota


def _datum(index: int, row: Bullet, limit: float, style: Style) -> dict[str, Any]:
    attainment, pace = row.attainment, _share(row, row.pace)
    gap = None if attainment is None or pace is None else attainment - pace
    return {
        "row": index,
        "key": row.key,
        "name": row.label,
        "start": max(0.0, attainment or 0.0),
        "end": None if attainment is None else min(attainment, limit),
        "pace": None if pace is None else min(pace, limit),
        "state": row.state,
        "small": row.small_quota,
        "beyond": BEYOND if attainment is not None and attainment > limit else "",
        "sign": SIGNS[row.state],
        "text": _value_text(row, style),
        "money": _money_text(row, style),
        "attainment": style.figure(attainment, "percent"),
        "credited": style.figure(row.credited, "money", compact=False),
        "quota": style.figure(row.quota, "money", compact=False),
        "to_pace": style.change(gap, "percent"),
    }


def _value_text(row: Bullet, style: Style) -> str:
    return style.figure(row.attainment, "percent") + (SMALL_QUOTA if row.small_quota else "")


def _money_text(row: Bullet, style: Style) -> str:
    credited = style.figure(row.credited, "money")
    if row.attainment is None:
        return credited
    return style.words("{credited} of {quota}", credited=credited, quota=style.figure(row.quota, "money"))


def _note(rows: Sequence[Bullet], style: Style, note: str, *, in_progress: bool) -> str:
    _ = style.words
    parts = [note] if note else []
    if in_progress:
        parts.append(_("Period in progress: light bars are not final."))
    if any(row.small_quota for row in rows):
        parts.append(_("† quota too small to compare."))
    if any(row.state == "unknown" for row in rows):
        parts.append(_("— no quota."))
    return " ".join(parts)


def _layers(
    rows: Sequence[Bullet], style: Style, ends: tuple[float, float], *, in_progress: bool, highlight: str
) -> list[Spec]:
    y = _rows_axis(rows, highlight, style)
    x_scale = {"domain": list(ends), "range": [0, _plot_end()], "nice": False, "zero": True}
    return [
        _track(y, x_scale, style),
        _bars(y, style, in_progress=in_progress),
        _quota_line(style),
        *_pace(rows, y, style),
        _beyond(y, style),
        *_texts(y, style),
        _target(y, style),
    ]


def _plot_end() -> Spec:
    return {"expr": f"width - (width < {base.WIDE} ? {_NARROW} : {_WIDE})"}


def _rows_axis(rows: Sequence[Bullet], highlight: str, style: Style) -> Spec:
    bold = [i for i, row in enumerate(rows) if highlight and row.key == highlight]
    weight: object = "normal"
    if bold:
        weight = {"condition": {"test": f"datum.value === {bold[0]}", "value": "bold"}, "value": "normal"}
    look = {"labelFontWeight": weight, "labelFontSize": 12, "labelColor": style.palette.text}
    labels = labelled(range(len(rows)), [row.label for row in rows], **look)
    return {
        "field": "row",
        "type": "ordinal",
        "axis": labels | {"labelOverlap": False, "minExtent": 40},
        "scale": {"paddingInner": 0.38, "paddingOuter": 0.2},
    }


def _x(field: str) -> Spec:
    return {"field": field, "type": "quantitative", "axis": None, "title": None}


def _dimmed() -> Spec:
    """Rows that are not picked step back once one is."""
    return {"condition": {"param": PICKED, "value": 1}, "value": 0.45}


def _track(y: Spec, scale: Spec, style: Style) -> Spec:
    """A faint line from the bar to the quota: how far there is to go."""
    return {
        "transform": [{"filter": "isValid(datum.end) && datum.start < 1"}],
        "mark": {"type": "bar", "color": style.palette.grid, "height": {"band": 0.28}},
        "encoding": {"y": y, "x": _x("start") | {"scale": scale}, "x2": {"datum": 1}},
    }


def _bars(y: Spec, style: Style, *, in_progress: bool) -> Spec:
    colour = {
        "condition": [
            {"test": "datum.state === 'reached' || datum.state === 'ahead'", "value": style.palette.good},
            {"test": "datum.state === 'behind'", "value": style.palette.poor},
        ],
        "value": style.palette.plain,
    }
    fill = {
        "condition": {"test": "datum.small", "value": 0.12},
        "value": 0.5 if in_progress else 0.95,
    }
    mark: Spec = {"type": "bar", "cornerRadiusEnd": 2, "strokeWidth": 1.2}
    if in_progress:
        mark["strokeDash"] = [4, 2]
    return {
        "mark": mark,
        "encoding": {
            "y": y,
            "x": _x("end"),
            "x2": {"datum": 0},
            "fill": colour,
            "stroke": colour,
            "fillOpacity": fill,
            "opacity": _dimmed(),
        },
    }


def _quota_line(style: Style) -> Spec:
    return {
        "data": base.one(),
        "layer": [
            {"mark": {"type": "rule", "color": style.palette.line, "strokeWidth": 1.5}},
            {
                "mark": {"type": "text", "align": "left", "baseline": "bottom", "dx": -1, "fontSize": 11},
                "encoding": {"y": {"value": -3}, "text": {"value": style.words("Quota")}},
            },
        ],
        "encoding": {"x": {"datum": 1, "type": "quantitative", "axis": None}},
    }


def _pace(rows: Sequence[Bullet], y: Spec, style: Style) -> list[Spec]:
    paces = {round(pace, 6) for row in rows if (pace := _share(row, row.pace)) is not None}
    if not paces:
        return []
    tick = {
        "transform": [{"filter": "isValid(datum.pace)"}],
        "mark": {"type": "tick", "thickness": 2.5, "color": style.palette.line, "height": {"band": 1.25}},
        "encoding": {"y": y, "x": _x("pace")},
    }
    label = {
        "data": base.one(),
        "mark": {"type": "text", "align": "right", "baseline": "bottom", "dx": 1, "fontSize": 11},
        "encoding": {
            "x": {"datum": min(paces), "type": "quantitative", "axis": None},
            "y": {"value": -3},
            "text": {"value": style.words("Expected by now")},
            "color": {"value": style.palette.soft},
        },
    }
    return [tick, label]


def _beyond(y: Spec, style: Style) -> Spec:
    mark = {"type": "text", "align": "right", "dx": -3, "fontWeight": "bold", "color": style.palette.text}
    return {
        "transform": [{"filter": "datum.beyond !== ''"}],
        "mark": mark,
        "encoding": {"y": y, "x": _x("end"), "text": {"field": "beyond"}},
    }


def _texts(y: Spec, style: Style) -> list[Spec]:
    """The sign, the attainment and, where there is room, the amounts: three columns at the right."""
    return [
        _column("sign", y, "left", f"width - (width < {base.WIDE} ? {_NARROW - 14} : {_WIDE - 16})"),
        _column("text", y, "right", f"width - (width < {base.WIDE} ? 0 : {_AMOUNTS})"),
        {
            "mark": {"type": "text", "align": "right", "fontSize": 11, "color": style.palette.soft},
            "encoding": {
                "y": y,
                "x": base.from_right(),
                "text": {"field": "money"},
                "opacity": {"value": {"expr": f"width < {base.WIDE} ? 0 : 1"}},
            },
        },
    ]


def _column(field: str, y: Spec, align: str, place: str) -> Spec:
    return {
        "mark": {"type": "text", "align": align},
        "encoding": {
            "y": y,
            "x": {"value": {"expr": place}},
            "text": {"field": field},
            "opacity": _dimmed(),
        },
    }


def _target(y: Spec, style: Style) -> Spec:
    """An unseen bar over the whole row: easy to click and to hover, however short the bar is."""
    _ = style.words
    return {
        "params": [{"name": PICKED, "select": {"type": "point", "fields": ["key"], "toggle": False}}],
        "mark": {"type": "bar", "opacity": 0, "cursor": "pointer", "height": {"band": 1.5}},
        "encoding": {
            "y": y,
            "x": {"value": 0},
            "x2": {"value": {"expr": "width"}},
            "tooltip": base.fields(
                name=_("Name"), attainment=_("Attainment"), credited=_("Credited"), quota=_("Quota"),
                to_pace=_("Against pace"),
            ),
        },
    }  # fmt: skip


def alt_text(rows: Sequence[Bullet], style: Style, *, in_progress: bool) -> str:
    """The chart in words: how many, the ends, how many are there, and whether the period runs."""
    _ = style.words
    known = [row for row in rows if row.attainment is not None]
    parts = [_.ngettext("Bullet bars of {n} row.", "Bullet bars of {n} rows.", len(rows))]
    if known:
        best = max(known, key=lambda row: row.attainment or 0.0)
        last = min(known, key=lambda row: row.attainment or 0.0)
        reached = sum(row.state == "reached" for row in known)
        parts += [
            _("Highest: {name}, {value}.", name=best.label, value=style.figure(best.attainment, "percent")),
            _("Lowest: {name}, {value}.", name=last.label, value=style.figure(last.attainment, "percent")),
            _("{reached} of {all} reached the quota.", reached=reached, all=len(known)),
        ]
    if in_progress:
        parts.append(_("The period is still in progress."))
    return " ".join(parts)
