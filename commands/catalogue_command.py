"""``manage.py catalogue``: the metric catalogue as a page of the docs."""

from __future__ import annotations

import argparse
from pathlib import Path

from metrics.base import Metric
from metrics.catalogue import CHOICES, METRICS
from workflows.opening import PROJECT

PAGE = PROJECT / "docs" / "metric-catalogue.md"

_HEAD = """# Metric catalogue

Every number of Attain: what it means, how it is computed, and what can be chosen about it. This page is
generated from the definitions themselves (`python manage.py catalogue`); a test keeps it complete.

Ratios are computed from sums, never averaged. An undefined ratio is empty, never 0. Money is in the
company's reporting currency.
"""


def add(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument("--out", type=Path, default=PAGE)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Write the page."""
    arguments.out.write_text(page(), encoding="utf-8")
    return 0


def page() -> str:
    """The catalogue as Markdown."""
    rows = [f"| [{m.title}](#{m.name}) | `{m.name}` | {m.kind} | {m.unit} |" for m in METRICS.values()]
    table = "\n".join(["| metric | name | shape | unit |", "|---|---|---|---|", *rows])
    return "\n".join([_HEAD, table, "", *(_entry(m) for m in METRICS.values()), _choices()])


def _entry(metric: Metric) -> str:
    lines = [
        f'<a id="{metric.name}"></a>',
        f"## {metric.title}",
        "",
        f"`{metric.name}` · {metric.kind} · {metric.unit}",
    ]
    lines += ["", " ".join(metric.doc.split()), "", f"**Formula:** {metric.formula}"]
    if metric.choices:
        lines += ["", f"**Choices:** {', '.join(f'`{name}`' for name in metric.choices)}"]
    if metric.source:
        lines += ["", f"**Source:** {metric.source}"]
    return "\n".join([*lines, ""])


def _choices() -> str:
    lines = [
        "## Choices",
        "",
        "Where the field disagrees on a definition, both readings are here; the first is the default.",
        "",
    ]
    for name, readings in CHOICES.items():
        lines += [f"- `{name}`", *(f"  - `{reading}`: {words}" for reading, words in readings.items())]
    return "\n".join([*lines, ""])
