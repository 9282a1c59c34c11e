"""A measured figure: a value, its unit, what it should be, and whether it is."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass


@dataclass(frozen=True)
class Aim:
    """A bound of a figure; the bound itself still holds unless ``below`` is asked for."""

    bound: float
    below: bool = False

    def __str__(self) -> str:
        """As it is printed, such as ``≤ 1.10``."""
        return f"{'<' if self.below else '≤'} {self.bound:.2f}"

    def met(self, value: float) -> bool:
        """Whether a value keeps to the bound."""
        return value < self.bound if self.below else value <= self.bound


@dataclass(frozen=True)
class Figure:
    """One measured figure; without an aim there is nothing to hold to."""

    name: str
    value: float
    unit: str  # × for ratios within one run, else ms, s, MB, rows/s …
    aim: Aim | None = None

    @property
    def shown(self) -> float:
        """The value to five digits: what is printed, and what is held against the aim."""
        return float(f"{self.value:.5g}")

    @property
    def holds(self) -> bool | None:
        """Whether the aim is met; None without an aim."""
        return None if self.aim is None else self.aim.met(self.shown)

    def line(self) -> str:
        """The figure as one JSON object."""
        aim = None if self.aim is None else str(self.aim)
        fields = {"name": self.name, "value": self.shown, "unit": self.unit, "aim": aim, "holds": self.holds}
        return json.dumps(fields, ensure_ascii=False)


def at_most(bound: float) -> Aim:
    """The value may reach the bound."""
    return Aim(bound)


def less_than(bound: float) -> Aim:
    """The value must stay under the bound."""
    return Aim(bound, below=True)


def show(figure: Figure) -> Figure:
    """Print a figure at once: long runs are watched."""
    print(figure.line(), flush=True)
    return figure


def say(text: str) -> None:
    """What a person watching wants to know; never part of the figures."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()
