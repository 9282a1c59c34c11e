"""What a component has to bring to pay for itself."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf


@dataclass(frozen=True)
class Money:
    """Cost and sales of the teams and periods that have the component, in one currency."""

    cost: float
    booked: float
    margin: float | None  # share of sales left after the cost of what was sold; None: nobody knows

    @property
    def cost_share(self) -> float:
        """Cost as a share of sales; infinite without sales."""
        return self.cost / self.booked if self.booked > 0 else inf

    @property
    def break_even(self) -> float | None:
        """The change of sales that pays for it: 0.2 is 20 % more than without it; infinite if none can.

        With an effect e, e ÷ (1 + e) of what is booked came through it. Its margin equals the cost when
        e = s ÷ (m − s), s being the cost's share of sales and m the margin. None without a margin or sales.
        """
        if self.margin is None or self.booked <= 0:
            return None
        share = self.cost_share
        return share / (self.margin - share) if self.margin > share else inf

    def returned(self, effect: float) -> float | None:
        """(Incremental margin − cost) ÷ cost at an effect; None without a margin or a cost."""
        if self.margin is None or self.cost <= 0:
            return None
        return self.margin * self.booked * effect / (1 + effect) / self.cost - 1

    def margin_at(self, effect: float) -> float | None:
        """The margin at which an effect would just pay; None where no margin would do."""
        needed = self.cost_share * (1 + effect) / effect if effect > 0 else inf
        return needed if needed <= 1 else None
