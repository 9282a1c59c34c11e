"""SPIFs out of one budget, in floats, for simulation: what each person gets depends on everybody's results.

First come is taken pro rata: which deal came first is not simulated.
"""

from __future__ import annotations

import numpy as np

from compensation.plan.model import Component
from compensation.what_if.fast_curves import Rows
from compensation.what_if.hinges import Floats


def shared_out(component: Component, rows: Rows, paid: Floats, measured: Floats, weight: Floats) -> Floats:
    """What each row gets of its period's budget (rows × draws), in the person's currency.

    ``paid`` is what the rows would get without a budget, ``measured`` what they are ranked by, ``weight``
    (a number a row) makes their currencies comparable. The budget is in the plan's currency.
    """
    assert component.spif is not None
    out = paid.copy()
    for period in np.unique(rows.pool):
        which = np.flatnonzero(rows.pool == period)
        if component.spif.share == "rank":
            out[which] = _prizes(component, rows.local[which], measured[which] * weight[which, None])
        else:
            out[which] = _within_budget(component, rows.local[which], paid[which])
    return out


def _within_budget(component: Component, local: Floats, paid: Floats) -> Floats:
    """Everybody's part cut by the same share once the budget is used up."""
    assert component.spif is not None
    if component.spif.budget is None:
        return paid
    asked = (paid / local[:, None]).sum(axis=0)
    budget = float(component.spif.budget)
    return paid * np.divide(budget, asked, out=np.ones_like(asked), where=asked > budget)


def _prizes(component: Component, local: Floats, measured: Floats) -> Floats:
    """The prizes in order of what was reached; nobody without results gets one. Ties: the first row."""
    assert component.spif is not None
    prizes = np.array([float(prize) for prize in component.spif.prizes][: len(measured)])
    order = np.argsort(-measured, axis=0, kind="stable")[: len(prizes)]
    won = np.take_along_axis(measured, order, axis=0) > 0
    out = np.zeros_like(measured)
    np.put_along_axis(out, order, prizes[:, None] * won, axis=0)
    return out * local[:, None]
