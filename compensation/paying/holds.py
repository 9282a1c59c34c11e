"""Holds: what is earned now and payable once its event, such as the invoice being paid, has happened."""

from __future__ import annotations

import numpy as np

from compensation.money.fine import Ints
from compensation.money.months import NEVER
from compensation.paying.parts import Parts


def payable_in(parts: Parts) -> Ints:
    """Month each part becomes payable in; ``NEVER`` while its event has not happened.

    A part is never payable before its line is. A reversal follows what it reverses: it waits while nothing of
    its deal has been released, and counts from the first release on; one that reverses nothing counts at once.
    """
    first = np.full(_count(parts), NEVER, np.int64)
    positive = parts.earned > 0
    np.minimum.at(first, parts.group[positive], parts.released[positive])
    alone = np.ones(len(first), bool)
    alone[parts.group[positive]] = False
    followed = np.where(alone[parts.group], -1, np.minimum(first[parts.group], parts.released))
    event = np.where(parts.earned < 0, followed, parts.released)
    return np.where(parts.holds, np.maximum(event, parts.paid), parts.paid)


def _count(parts: Parts) -> int:
    return int(parts.group.max()) + 1 if len(parts) else 0
