"""What each person is credited with on each day, summed over all deals: quotas, calls and pay follow."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from connectors.demo.births import NEW
from connectors.demo.columns import Flags, Ints
from connectors.demo.company import Company
from connectors.demo.deals import Deals


@dataclass(frozen=True)
class Credits:
    """Credits of one month's deals: who, when, how many cents of which currency."""

    rep: Ints
    day: Ints
    cents: Ints
    currency: Ints
    new: Flags
    bundle: Flags


class Ledger:
    """Cents by person and day, up to the end of the quarter in progress.

    Days after today hold the deals that are open now and will be won: the calls know something
    of them, nothing else does. Sums of whole cents do not depend on the order of the deals.
    """

    def __init__(self, company: Company) -> None:
        """Nothing credited yet."""
        axis = company.axis
        self.company = company
        self.days = int(axis.quarters[axis.quarter_now + 1])
        size = (len(company.people.ids), self.days)
        self.dollars = np.zeros(size, dtype=np.int64)
        self.own = np.zeros(size, dtype=np.int64)  # in the currency of the person's pay, as the next three
        self.own_new = np.zeros(size, dtype=np.int64)
        self.own_bundle = np.zeros(size, dtype=np.int64)
        self.own_overlay = np.zeros(size, dtype=np.int64)

    def add(self, found: Deals) -> None:
        """Credit the won deals of a month."""
        for credits_ in _bookings(found, self.days):
            own = _own(self.company, credits_)
            where = (credits_.rep, credits_.day)
            dollars = self.company.rates.to_dollars(credits_.cents, credits_.currency, credits_.day)
            np.add.at(self.dollars, where, dollars)
            np.add.at(self.own, where, own)
            np.add.at(self.own_new, where, own * credits_.new)
            np.add.at(self.own_bundle, where, own * credits_.bundle)
        overlay = _overlay(found, self.days)
        np.add.at(self.own_overlay, (overlay.rep, overlay.day), _own(self.company, overlay))


def _own(company: Company, found: Credits) -> Ints:
    """Cents in the currency of the person's pay, at the day's rate."""
    pay = company.people.currency[found.rep]
    dollars = company.rates.to_dollars(found.cents, found.currency, found.day)
    return np.where(pay == found.currency, found.cents, np.where(pay == 0, dollars, _euros(company, found)))


def _euros(company: Company, found: Credits) -> Ints:
    return company.rates.to_euros(found.cents, found.day)


def _bookings(found: Deals, days: int) -> tuple[Credits, Credits]:
    """The owners' credits and the colleagues'."""
    won = found.end.won & (found.end.closed < days)
    tenths = found.splits.partner_tenths
    mine = _credits(found, np.flatnonzero(won), found.owner, 10 - tenths)
    theirs = _credits(found, np.flatnonzero(won & found.splits.shared), found.splits.partner, tenths)
    return mine, theirs


def _overlay(found: Deals, days: int) -> Credits:
    won = found.end.won & (found.end.closed < days) & (found.splits.specialist >= 0)
    return _credits(found, np.flatnonzero(won), found.splits.specialist, found.splits.specialist_tenths)


def _credits(found: Deals, deal: Ints, rep: Ints, tenths: Ints) -> Credits:
    lines = found.lines.each()[deal] * tenths[deal, None]
    return Credits(
        rep[deal],
        found.end.closed[deal],
        ((lines + 5) // 10).sum(axis=1),  # credited line by line, each rounded half up
        found.lines.currency[deal],
        found.born.kind[deal] == NEW,
        found.lines.families()[deal] > 1,
    )
