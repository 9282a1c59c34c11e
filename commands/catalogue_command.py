"""``manage.py catalogue``: the metrics there are, and what one of them means."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from metrics.base import Measure, Metric, Stock
from metrics.catalogue import CHOICES, METRICS, metric_named


def add(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument("metric", nargs="?", help="say what this one means (default: list all of them)")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """List the metrics, or describe one."""
    if arguments.metric:
        print("\n".join(described(metric_named(arguments.metric))))
        return 0
    for name, metric in METRICS.items():
        print(f"{name:<30}{metric.unit.value:<10}{metric.title}")
    return 0


def described(metric: Metric) -> Iterator[str]:
    """A metric in lines: meaning, formula, keys, readings."""
    yield f"{metric.title} ({metric.name}, {metric.kind}, {metric.unit.value})"
    yield " ".join(metric.doc.split())
    yield f"Formula: {metric.formula}"
    yield f"Keys: {', '.join(keys_of(metric))}"
    for name in metric.choices:
        yield from (f"{name} = {reading}: {words}" for reading, words in CHOICES[name].items())
    if metric.source:
        yield f"Source: {metric.source}"


def keys_of(metric: Metric) -> tuple[str, ...]:
    """What a metric can be cut and filtered by: what every part of it knows."""
    if isinstance(metric, Measure | Stock):
        return metric.fact.dimensions
    first, *others = (keys_of(part) for part in metric.parts)
    return tuple(key for key in first if all(key in other for other in others))
