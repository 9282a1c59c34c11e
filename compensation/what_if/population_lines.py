"""Columns of payout lines as float arrays, for populations."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from compensation.money.fine import days
from compensation.plan.model import Component
from compensation.what_if.assumptions import Ints
from compensation.what_if.hinges import Floats


class Deals(Protocol):
    """Knows the deals of a line."""

    def deals_of(self, line: int) -> Floats:
        """What each deal of a line was credited with."""


@dataclass(frozen=True)
class Lines:
    """Some lines of one component; money in each payee's currency, NULL as 0. Days are numbers."""

    rep: list[str]
    start: Ints
    end: Ints
    terms: Ints  # order in which lines of one period follow each other
    credited: Floats
    counted: Floats  # quota credit, to the period's end
    quota: Floats
    target: Floats
    unmodified: Floats
    words: list[str]

    def __len__(self) -> int:
        """How many lines."""
        return len(self.rep)

    def taken(self, order: Ints) -> Lines:
        """The lines in another order, or some of them."""
        values: list[Any] = [_taken(getattr(self, spec.name), order) for spec in fields(self)]
        return Lines(*values)

    def reached(self, modifiers: int) -> Iterator[Floats]:
        """The value each modifier looked at, NaN where it is not defined."""
        read = [json.loads(words) for words in self.words]
        for number in range(modifiers):
            values = [entry[number][1] if number < len(entry) else None for entry in read]
            yield np.array([np.nan if value is None else value for value in values], np.float64)


def _taken(values: Any, order: Ints) -> Any:
    """Some entries of an array or a list."""
    return values[order] if isinstance(values, np.ndarray) else [values[at] for at in order.tolist()]


def read(lines: pa.Table) -> Lines:
    """Lines in the order they come."""
    return Lines(
        rep=lines["rep"].to_pylist(),
        start=days(lines["period_start"], 0),
        end=days(lines["period_end"], 0),
        terms=np.arange(lines.num_rows),
        credited=_floats(lines, "credited"),
        counted=_floats(lines, "quota_credited"),
        quota=_floats(lines, "quota"),
        target=_floats(lines, "target"),
        unmodified=_floats(lines, "before_modifiers"),
        words=lines["modifiers"].to_pylist(),
    )


def _floats(lines: pa.Table, name: str) -> Floats:
    column = pc.fill_null(pc.cast(lines[name], pa.float64()), 0.0)
    return np.asarray(column.to_numpy(), np.float64)


def usual_deals(
    component: Component, lines: Lines, earned: Floats, sold: Deals, picked: Ints
) -> tuple[Floats, Floats]:
    """The mean size of each line's deals, and the share of pay that the cap on a deal leaves.

    A line without deals takes everybody's mean size; ``earned`` is what a unit of credit earns.
    """
    size, kept = np.zeros(len(lines)), np.ones(len(lines))
    cap = None if component.caps.deal is None else float(component.caps.deal)
    for at, line in enumerate(picked.tolist()):
        deals = sold.deals_of(line)
        if len(deals):
            size[at] = deals.mean()
            pay = deals * earned[at]
            if cap is not None and pay.sum() > 0:
                kept[at] = np.minimum(pay, cap).sum() / pay.sum()
    usual = size[size > 0].mean() if (size > 0).any() else 1.0
    return np.where(size > 0, size, usual), kept
