"""What changed: from one total to the next, part by part, balancing to the cent.

Each part is a floating bar that starts where the one above it ends. Where the totals are drawn as bars
the axis starts at zero; where the changes are small beside the totals, the axis shows only the stretch
they happen in, the totals become marks (not bars, whose length would lie), and a note says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from charts import base
from charts.base import Chart, Spec, Style
from charts.bullet import PICKED, step
from charts.scales import around, labelled

_COLUMN = 92
_ZOOM = 0.25  # below this share of the total, changes get an axis of their own


@dataclass(frozen=True)
class Part:
    """One contribution to the change, signed, exact."""

    key: str
    label: str
    change: Decimal


@dataclass(frozen=True)
class _Step:
    key: str
    label: str
    low: float
    high: float
    ends: float
    change: Decimal | None
    text: str


class Unbalanced(ValueError):
    """The parts do not add up to the difference of the totals; the message says by how much."""


def changes(
    parts: Sequence[Part],
    *,
    start: Decimal,
    end: Decimal,
    start_label: str,
    end_label: str,
    takeaway: str,
    style: Style,
    unit: str = "money",
    most: int = 14,
    note: str = "",
) -> Chart:
    """A waterfall from ``start`` to ``end``; raises Unbalanced unless start + Σ change = end exactly.

    Parts are drawn from the largest rise to the largest fall; beyond ``most`` the smallest are summed
    in one bar that says how many they are. A click selects a part (``picked``, field ``key``).
    """
    difference = start + sum((part.change for part in parts), Decimal(0)) - end
    if difference:
        raise Unbalanced(f"{start_label} plus the parts is not {end_label}: {difference} too much")
    if not parts:
        return base.nothing(style, takeaway)
    shown = ranked(parts, most, style)
    steps = _steps(shown, (start, start_label), (end, end_label), style, unit)
    zoomed = _is_zoomed(steps)
    notes = [note, style.words("The axis does not start at zero: bars show changes only.") if zoomed else ""]
    spec = base.layered(
        style, takeaway, " ".join(text for text in notes if text), _layers(steps, style, zoomed=zoomed),
        {"step": step(len(steps))}, data={"values": _data(steps, zoomed=zoomed)},
    )  # fmt: skip
    return base.chart(style, spec, takeaway, _alt(shown, start, end, start_label, end_label, style, unit))


def ranked(parts: Sequence[Part], most: int, style: Style) -> list[Part]:
    """Largest rise first, largest fall last, the smallest beyond ``most`` summed in one part."""
    by_size = sorted(parts, key=lambda part: (-abs(part.change), part.label))
    kept, rest = by_size[:most], by_size[most:]
    if rest:
        words = style.words.ngettext("{n} other", "{n} others", len(rest))
        kept.append(Part("", words, sum((part.change for part in rest), Decimal(0))))
    return sorted(kept, key=lambda part: -part.change)


def _steps(
    parts: Sequence[Part], start: tuple[Decimal, str], end: tuple[Decimal, str], style: Style, unit: str
) -> list[_Step]:
    running, label = start
    steps = [_total("start", label, running, style, unit)]
    for part in parts:
        after = running + part.change
        low, high = sorted((float(running), float(after)))
        text = f"{_sign(part.change)} {style.change(part.change, unit)}"
        steps.append(_Step(part.key, part.label, low, high, float(after), part.change, text))
        running = after
    return [*steps, _total("end", end[1], end[0], style, unit)]


def _sign(change: Decimal) -> str:
    return "▲" if change > 0 else "▼" if change < 0 else "="


def _total(key: str, label: str, value: Decimal, style: Style, unit: str) -> _Step:
    at = float(value)
    return _Step(key, label, min(0.0, at), max(0.0, at), at, None, style.figure(value, unit))


def _is_zoomed(steps: Sequence[_Step]) -> bool:
    ends = [step.ends for step in steps]
    largest = max(abs(end) for end in ends)
    return min(ends) * max(ends) > 0 and max(ends) - min(ends) < _ZOOM * largest


def _data(steps: Sequence[_Step], *, zoomed: bool) -> list[dict[str, object]]:
    return [
        {
            "row": i,
            "next": min(i + 1, len(steps) - 1),
            "key": step.key,
            "name": step.label,
            "low": step.ends if zoomed and step.change is None else step.low,
            "high": step.ends if zoomed and step.change is None else step.high,
            "ends": step.ends,
            "kind": "total" if step.change is None else "rise" if step.change > 0 else "fall",
            "text": step.text,
        }
        for i, step in enumerate(steps)
    ]


def _layers(steps: Sequence[_Step], style: Style, *, zoomed: bool) -> list[Spec]:
    total = "datum.value === 0 || datum.value === " + str(len(steps) - 1)
    weight = {"condition": {"test": total, "value": "bold"}, "value": "normal"}
    look = {"labelFontWeight": weight, "labelFontSize": 12, "labelColor": style.palette.text}
    y: Spec = {
        "field": "row",
        "type": "ordinal",
        "axis": labelled(range(len(steps)), [s.label for s in steps], **look) | {"labelOverlap": False},
        "scale": {"paddingInner": 0.35, "paddingOuter": 0.15},
    }
    domain = around([s.ends for s in steps] if zoomed else [0.0, *(s.ends for s in steps)])
    scale = {"domain": domain.ends, "zero": not zoomed, "nice": False, "range": [0, base.end_column(_COLUMN)]}
    x: Spec = {"field": "low", "type": "quantitative", "axis": None, "scale": scale}
    return [
        _links(y, x, style),
        _bars(y, x, style),
        *([_marks(y, style)] if zoomed else []),
        _figures(y),
        _target(y, style),
    ]


def _links(y: Spec, x: Spec, style: Style) -> Spec:
    return {
        "transform": [{"filter": "datum.next > datum.row"}],
        "mark": {"type": "rule", "color": style.palette.past, "strokeWidth": 1},
        "encoding": {
            "x": x | {"field": "ends"},
            "y": y | {"bandPosition": 0.5},
            "y2": {"field": "next", "bandPosition": 0.5},
        },
    }


def _bars(y: Spec, x: Spec, style: Style) -> Spec:
    palette = style.palette
    colour = {
        "condition": [
            {"test": "datum.kind === 'total'", "value": palette.plain},
            {"test": "datum.kind === 'rise'", "value": palette.good},
        ],
        "value": palette.poor,
    }
    dimmed = {"condition": {"param": PICKED, "value": 1}, "value": 0.35}
    return {
        "mark": {"type": "bar"},
        "encoding": {"y": y, "x": x, "x2": {"field": "high"}, "color": colour, "opacity": dimmed},
    }


def _marks(y: Spec, style: Style) -> Spec:
    """Totals as thick marks where a bar would not start at zero."""
    return {
        "transform": [{"filter": "datum.kind === 'total'"}],
        "mark": {"type": "tick", "thickness": 4, "color": style.palette.text, "height": {"band": 1}},
        "encoding": {"y": y, "x": {"field": "ends", "type": "quantitative", "axis": None}},
    }


def _figures(y: Spec) -> Spec:
    weight = {"expr": "datum.kind === 'total' ? 'bold' : 'normal'"}
    return {
        "mark": {"type": "text", "align": "right", "fontWeight": weight},
        "encoding": {"y": y, "x": base.from_right(), "text": {"field": "text"}},
    }


def _target(y: Spec, style: Style) -> Spec:
    """An unseen bar over each part's row, to click and to hover."""
    _ = style.words
    return {
        "params": [{"name": PICKED, "select": {"type": "point", "fields": ["key"], "toggle": False}}],
        "transform": [{"filter": "datum.kind !== 'total' && datum.key !== ''"}],
        "mark": {"type": "bar", "opacity": 0, "cursor": "pointer", "height": {"band": 1.5}},
        "encoding": {
            "y": y,
            "x": {"value": 0},
            "x2": {"value": {"expr": "width"}},
            "tooltip": base.fields(name=_("Name"), text=_("Change")),
        },
    }


def _alt(
    parts: Sequence[Part], start: Decimal, end: Decimal, start_label: str, end_label: str, style: Style, unit: str
) -> str:  # fmt: skip
    _ = style.words
    total = _(
        "From {start} ({start_label}) to {end} ({end_label}).",
        start=style.figure(start, unit), start_label=start_label, end=style.figure(end, unit), end_label=end_label,
    )  # fmt: skip
    listed = "; ".join(f"{part.label} {style.change(part.change, unit)}" for part in parts)
    return f"{total} {listed}."
