"""Demo companies drawn in memory as panels of teams and quarters, with what their two bonuses cost."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from unittest.mock import patch

import numpy as np

from connectors.demo import outcomes, truths
from connectors.demo.company import DEFAULT_AS_OF, DEFAULT_OPPORTUNITIES, Company
from connectors.demo.deals import deals
from connectors.demo.ledger import Ledger
from connectors.demo.outcomes import component_starts
from connectors.demo.pay import Pay
from connectors.demo.plans import Plans
from connectors.demo.quotas import Quotas
from metrics.evidence.money import Money
from metrics.evidence.panel import Flags, Floats, Panel

MARGIN = 0.34  # left of a line after its cost: docs/demo-company.md
HEALTHY, DEAD = truths.HEALTHY_COMPONENT, truths.DEAD_COMPONENT


@dataclass(frozen=True, eq=False)
class Drawn:
    """One company: grids of teams and finished quarters, money in cents of the team's own currency."""

    seed: int
    outcome: Floats  # log of bookings a seat
    booked: Floats
    having: dict[str, Flags]
    cost: dict[str, Floats]

    def panel(self, component: str) -> Panel:
        """The panel of one of the two bonuses, beside the other."""
        other = HEALTHY if component == DEAD else DEAD
        return self.beside(self.having[component], (other,))

    def beside(self, treated: Flags, others: tuple[str, ...]) -> Panel:
        """A panel of any rollout beside real components."""
        quarters = tuple(f"{n:02d}" for n in range(self.outcome.shape[1]))
        held = np.stack([self.having[name].astype(np.float64) for name in others])
        return Panel(truths.TEAMS, quarters, self.outcome, treated, held, others)

    def money(self, component: str) -> Money:
        """What a bonus costs where it is in force, and what is sold there."""
        here = self.having[component]
        return Money(float(self.cost[component][here].sum()), float(self.booked[here].sum()), MARGIN)


def drawn(seed: int, *, paid: bool = True) -> Drawn:
    """The default company of a seed; without ``paid`` costs stay empty, which is quicker."""
    company = Company(seed, DEFAULT_OPPORTUNITIES, DEFAULT_AS_OF)
    ledger = Ledger(company)
    for month in company.months:
        ledger.add(deals(company, month))
    booked, seats = _grids(company, ledger)
    having = {name: _having(company, healthy=name == HEALTHY) for name in (HEALTHY, DEAD)}
    cost = _cost(company, ledger) if paid else {}
    return Drawn(seed, np.log(booked / seats), booked, having, cost)


@contextmanager
def without_effect() -> Iterator[None]:
    """Companies in which the healthy bonus changes nothing, all chance being the same."""
    with patch.object(outcomes, "_HEALTHY_POWER", 1.0):
        yield


def _grids(company: Company, ledger: Ledger) -> tuple[Floats, Floats]:
    axis, people = company.axis, company.people
    days = int(axis.quarters[axis.quarter_now])
    team = people.team_of[:, :days].astype(np.int64)
    seller = people.segment_of[:, :days] >= 0
    place = ((team + 1) * axis.quarter_now + axis.quarter_of[:days]).ravel()
    size = (len(truths.TEAMS) + 1) * axis.quarter_now

    def grid(values: Floats) -> Floats:
        found = np.bincount(place, values.ravel(), size).reshape(-1, axis.quarter_now)
        return np.asarray(found[1:, axis.first_quarter :])

    return grid(ledger.own[:, :days].astype(np.float64)), grid(seller.astype(np.float64))


def _having(company: Company, *, healthy: bool) -> Flags:
    axis = company.axis
    starts = axis.quarters[axis.first_quarter : axis.quarter_now]
    return np.asarray(starts >= component_starts(axis, healthy=healthy)[:, None])


def _cost(company: Company, ledger: Ledger) -> dict[str, Floats]:
    """Cents of each bonus by team and quarter; the team is that of the quarter's last day."""
    axis, quotas = company.axis, Quotas(company, ledger)
    pay = Pay(company, ledger, quotas, Plans(company, quotas, ledger.own_overlay))
    shape = (len(truths.TEAMS), axis.quarter_now - axis.first_quarter)
    found = {name: np.zeros(shape) for name in (HEALTHY, DEAD)}
    for one in pay.payouts():
        if one.component in found:
            team = company.people.team_of[one.rep, one.start : one.end]
            quarter = int(axis.quarter_of[one.start]) - axis.first_quarter
            found[one.component][team[team >= 0][-1], quarter] += one.cents
    return found
