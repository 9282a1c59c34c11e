"""A number in full: its definition, and its formula with its own numbers in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from metrics.base import Metric
from metrics.catalogue import CHOICES
from metrics.view import View


@dataclass(frozen=True)
class Explanation:
    """What a person is shown who asks where a number comes from."""

    name: str
    title: str
    doc: str
    formula: str
    value: Decimal | float | int | None
    top: Decimal | float | int | None
    bottom: Decimal | float | int | None
    filters: tuple[tuple[str, str], ...]
    readings: tuple[tuple[str, str], ...]  # definition → the reading taken
    source: str


def explain(
    metric: Metric, row: Mapping[str, Any], view: View, readings: Mapping[str, str] | None = None
) -> Explanation:
    """Explain one row of an answer.

    Args:
        metric: the metric asked.
        row: one row of its answer (name, top, bottom).
        view: the view it was asked with.
        readings: definitions the store's settings choose; the view's own choices go before them.
    """
    chosen = {name: _reading(name, view, readings or {}) for name in metric.choices}
    return Explanation(
        name=metric.name,
        title=metric.title,
        doc=" ".join(metric.doc.split()),
        formula=metric.formula,
        value=row.get(metric.name),
        top=row.get("top"),
        bottom=row.get("bottom"),
        filters=view.where,
        readings=tuple(chosen.items()),
        source=metric.source,
    )


def _reading(name: str, view: View, readings: Mapping[str, str]) -> str:
    default = next(iter(CHOICES[name]))
    return view.choice(name, readings.get(name, default))
