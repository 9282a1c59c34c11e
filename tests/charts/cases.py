"""One of each chart, made of the rows a real page would send."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

from charts.base import Chart, Style
from charts.bullet import Bullet, bullet_bars
from charts.changes import Part, changes
from charts.concentration import concentration
from charts.cost_return import Judged, cost_return
from charts.cost_spread import Costs, cost_spread
from charts.lorenz import lorenz as lorenz_of_pay
from charts.pay_months import Month, pay_months
from charts.pay_spread import Marks, pay_spread
from charts.payout_curve import Line, payout_curve
from charts.progress import progress
from charts.reach import Reach, reach
from charts.slope import Rank, slope
from charts.spread import Dot, Quartiles, spread
from charts.trend import Curve, small_multiples, sparkline, trend

TAKEAWAY = "West is 6 points behind pace"
LONG = (
    "A takeaway that is long enough to need several lines on a phone and perhaps two on a desk as well, truly"
)

BULLETS = [
    Bullet("a", "Jae Pak", Decimal(900), Decimal(1000), Decimal(600)),
    Bullet("b", "Shu Ito", Decimal(1200), Decimal(1000), Decimal(600)),
    Bullet("c", "Lynn <b>Tsoflias</b>", Decimal(300), Decimal(1000), Decimal(600)),
    Bullet("d", "New [rep](http://x.example)", Decimal(50), None),
    Bullet("e", "Syed Abbas", Decimal(1720), Decimal(10), Decimal(6), small_quota=True),
]
CURVES = [
    Curve("q4", "Q4 FY2025", [(day, Decimal(day * 10)) for day in range(1, 93)]),
    Curve("q1", "Q1 FY2026", [(day, Decimal(day * 11)) for day in range(1, 46)], current=True),
]
RANKS = [
    Rank("a", "Jae Pak", 1, 2),
    Rank("b", "Shu Ito", 2, 1),
    Rank("c", "Peer 1", 2, 3),
    Rank("d", "New", None, 4),
    Rank("e", "Gone", 4, None),
]
PARTS = [Part("w", "West", Decimal("320.10")), Part("e", "East", Decimal("-120.05"))]
DOTS = [Dot(str(i), f"Rep {i}", 0.5 + i / 40) for i in range(40)] + [Dot("x", "No quota", None)]


def bullets(style: Style, **rest: Any) -> Chart:
    return bullet_bars(BULLETS, **{"takeaway": TAKEAWAY, "style": style, "in_progress": True} | rest)


def dots(style: Style) -> Chart:
    return spread(DOTS, takeaway=TAKEAWAY, style=style, quartiles=Quartiles(0.7, 0.95, 1.2), highlight="7")


def curves(style: Style) -> Chart:
    expected = [(day, Decimal(day * 9)) for day in range(1, 91)]
    return trend(CURVES, takeaway=TAKEAWAY, style=style, expected=expected, quota=Decimal(1000), days=90)


def ranks(style: Style) -> Chart:
    return slope(RANKS, before="Q4", after="Q1", takeaway=TAKEAWAY, style=style, highlight="b")


def waterfall(style: Style, start: str = "500.00", end: str = "700.05") -> Chart:
    return changes(
        PARTS, start=Decimal(start), end=Decimal(end), start_label="Q4", end_label="Q1", takeaway=TAKEAWAY, style=style
    )  # fmt: skip


def lorenz(style: Style) -> Chart:
    values = [Decimal(i * i) for i in range(1, 31)]
    return concentration(values, takeaway=TAKEAWAY, style=style, top_share=0.45)


def bar(style: Style) -> Chart:
    return progress(
        Decimal(510), Decimal(1000), pace=Decimal(600), takeaway=TAKEAWAY, style=style, in_progress=True
    )


def panel(style: Style) -> Chart:
    panels = [("West", CURVES[:1]), (TAKEAWAY, CURVES)]
    return small_multiples(panels, style=style, unit="money", quota=Decimal(1000), days=90)[1]


def line(style: Style) -> Chart:
    return sparkline([Decimal(1), None, Decimal(3)], style=style, alt=TAKEAWAY)


def months(style: Style) -> Chart:
    bars = [
        Month("m1", "Jan", "January 2026", Decimal("900.10")),
        Month("m2", "Feb", "February 2026", Decimal(-50)),
        Month("m3", "Mar", "March 2026", None),
        Month("m4", "Apr", "April 2026", Decimal(400), open=True),
    ]
    return pay_months(bars, chosen="m4", takeaway=TAKEAWAY, style=style)


def reached(style: Style) -> Chart:
    rows = [
        Reach("Accelerator", 0.6, 1.1, (0.5, 1.0, 1.5), Decimal(300)),
        Reach(LONG, 0.1, 0.2, (1.0,), Decimal(0)),
    ]
    return reach(rows, takeaway=TAKEAWAY, style=style)


def returns(style: Style) -> Chart:
    rows = [
        Judged("a", "Bundle bonus", Decimal(900), -0.4, -1.0, 0.2, "costs", "costs without return"),
        Judged("b", "New <b>logo</b> bonus", Decimal(100), 4.5, 2.7, 6.2, "earns", "earns its cost"),
        Judged("c", "Other", Decimal(300), 1.1, -1.0, 3.0, "unknown", "not enough data"),
    ]
    return cost_return(rows, takeaway=TAKEAWAY, style=style, note="Everybody")


def pay_curve(style: Style) -> Chart:
    points = [(step / 10, (step / 10) ** 2) for step in range(11)]
    return lorenz_of_pay(points, takeaway=TAKEAWAY, style=style, gini=0.33)


def pay_bars(style: Style) -> Chart:
    values = [Decimal(step) / 20 for step in range(60)] + [None, Decimal(12)]
    return pay_spread(values, takeaway=TAKEAWAY, style=style, marks=Marks(0.94, 1.28))


def payouts(style: Style) -> Chart:
    rows = [
        Line("In force", [(0, 0), (1, 100), (2, 300)]),
        Line("Draft", [(0, 0), (1, 90), (2, 350)], main=True),
    ]
    return payout_curve(rows, takeaway=TAKEAWAY, style=style, unit="percent", over="Attainment", target=1.0)


def costs(style: Style) -> Chart:
    rows = [
        Costs("In force", [float(900 + i % 17) for i in range(400)]),
        Costs("Draft", [800.0 + i % 13 for i in range(400)], main=True),
    ]
    return cost_spread(rows, takeaway=TAKEAWAY, style=style)


EVERY: dict[str, Callable[[Style], Chart]] = {
    "bullets": bullets,
    "spread": dots,
    "trend": curves,
    "pay months": months,
    "reach": reached,
    "cost and return": returns,
    "Lorenz": pay_curve,
    "pay against target": pay_bars,
    "payout curves": payouts,
    "cost by chance": costs,
    "slope": ranks,
    "changes": waterfall,
    "changes, zoomed": lambda style: waterfall(style, "500000.00", "500200.05"),
    "concentration": lorenz,
    "progress": bar,
    "small multiples": panel,
    "sparkline": line,
}


def layers(spec: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every layer that has a mark, with the encoding it inherits."""
    for layer in spec.get("layer", []):
        inherited = {**spec.get("encoding", {}), **layer.get("encoding", {})}
        if "layer" in layer:
            yield from layers({**layer, "encoding": inherited})
        else:
            yield {**layer, "encoding": inherited}


def marks(chart: Chart, kind: str) -> list[dict[str, Any]]:
    """The layers of a chart that draw one kind of mark."""
    return [layer for layer in layers(chart.spec) if layer["mark"]["type"] == kind]


def rows(chart: Chart) -> list[dict[str, Any]]:
    """The chart's own rows."""
    values: list[dict[str, Any]] = chart.spec["data"]["values"]
    return values


def note(chart: Chart) -> str:
    """The note below the title, on one line."""
    expression: str = chart.spec["title"]["subtitle"]["expr"]
    return " ".join(json.loads(expression.split(" ? ")[1].split(" : [", maxsplit=1)[0]))


def names(chart: Chart, side: int) -> list[dict[str, Any]]:
    """The names at the left (0) or right (1) of a slope, from the top."""
    found = [layer["data"]["values"] for layer in chart.spec["layer"] if "place" in str(layer.get("data"))]
    return sorted(found[side], key=lambda row: row["place"])
