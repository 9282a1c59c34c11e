"""Two pipelines and their stages, numbered through: 0–6 new business, 7–11 customer growth."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from connectors.demo.columns import Floats, Ints, made

PIPELINES = ("New business", "Renewals and expansion")
OFFSET: Ints = np.array([0, 7])  # number of a pipeline's first stage
OPEN_STAGES: Ints = np.array([5, 3])  # how many it has before won and lost
WIDEST = 5
# id, pipeline, name, position, default probability, won, closed
_STAGES = (
    ("NB1", 0, "Qualify", 1, 0.10, False, False),
    ("NB2", 0, "Discover", 2, 0.20, False, False),
    ("NB3", 0, "Evaluate", 3, 0.40, False, False),
    ("NB4", 0, "Propose", 4, 0.60, False, False),
    ("NB5", 0, "Negotiate", 5, 0.80, False, False),
    ("NBW", 0, "Won", 6, 1.00, True, True),
    ("NBL", 0, "Lost", 7, 0.00, False, True),
    ("RE1", 1, "Review", 1, 0.50, False, False),
    ("RE2", 1, "Quote", 2, 0.70, False, False),
    ("RE3", 1, "Agree", 3, 0.90, False, False),
    ("REW", 1, "Won", 4, 1.00, True, True),
    ("REL", 1, "Lost", 5, 0.00, False, True),
)
IDS = tuple(s[0] for s in _STAGES)
PROBABILITY: Floats = np.array([s[4] for s in _STAGES])
IS_WON = np.array([s[5] for s in _STAGES])
IS_CLOSED = np.array([s[6] for s in _STAGES])
# Chance to be lost at each stage before anything about the rep or the deal is known.
LOSS: Floats = np.array([[0.35, 0.28, 0.24, 0.20, 0.14], [0.09, 0.10, 0.06, 0.0, 0.0]])
DWELL: Floats = np.array([[1.0, 1.2, 1.4, 1.0, 0.8], [1.0, 1.0, 0.8, 0.0, 0.0]])

CATEGORIES = ("pipeline", "best_case", "commit", "closed", "omitted")
# The category of a deal at each stage: the lower one, the higher one, and how cautious a rep must be
# (0 to 1) for the lower.
CATEGORY_LOW: Ints = np.array([0, 0, 0, 1, 1, 3, 4, 0, 1, 2, 3, 4])
CATEGORY_HIGH: Ints = np.array([0, 0, 1, 2, 2, 3, 4, 1, 2, 2, 3, 4])
CATEGORY_CUT: Floats = np.array([0, 0, 0.5, 0.75, 0.15, 0, 0, 0.5, 0.5, 0, 0, 0])


def stages() -> pa.Table:
    """Every stage of both pipelines."""
    return made(
        "stages",
        {
            "stage_id": IDS,
            "pipeline_id": [PIPELINES[s[1]] for s in _STAGES],
            "name": [s[2] for s in _STAGES],
            "position": [s[3] for s in _STAGES],
            "default_probability": PROBABILITY,
            "is_won": IS_WON,
            "is_closed": IS_CLOSED,
        },
    )


def won_stage(pipeline: Ints) -> Ints:
    """The stage of a won deal."""
    return OFFSET[pipeline] + OPEN_STAGES[pipeline]


def category(stage: Ints, caution: Floats) -> Ints:
    """Forecast category of a deal at a stage, given how cautious its rep is about it (0 to 1)."""
    return np.where(caution < CATEGORY_CUT[stage], CATEGORY_LOW[stage], CATEGORY_HIGH[stage])
