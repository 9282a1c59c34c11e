"""Every metric by name: the one place pages, the command line and the docs look them up."""

from __future__ import annotations

from metrics import attainment, shape
from metrics.base import Metric
from metrics.plan_return.bunching import BUNCHING
from metrics.plan_return.cost import COST
from metrics.plan_return.people import PEOPLE
from metrics.plan_return.pull_forward import PULL_FORWARD
from metrics.plan_return.sales import SALES
from metrics.plan_return.spread import SPREAD
from metrics.plan_return.windfall import WINDFALLS
from metrics.view import MetricError

METRICS: dict[str, Metric] = {
    metric.name: metric
    for metric in (
        attainment.quota_attainment,
        attainment.credited,
        attainment.quota,
        attainment.quota_gap,
        attainment.quota_realisation,
        attainment.reps_at_quota,
        attainment.run_rate_attainment,
        attainment.run_rate_attainment_linear,
        attainment.expected_quota,
        attainment.expected_quota_linear,
        attainment.pace,
        attainment.pace_last_year,
        attainment.ramped_quota,
        attainment.ramped_attainment,
        attainment.over_assignment,
        attainment.headcount,
        shape.attainment_spread,
        shape.concentration,
        *COST,
        *SALES,
        *SPREAD,
        *PEOPLE,
        *BUNCHING,
        *PULL_FORWARD,
        *WINDFALLS,
    )
}

CHOICES: dict[str, dict[str, str]] = {
    "credit_by": {
        "effective": "Sales belong to the team and manager the rep had on that day.",
        "moves_with_rep": "All of a rep's history counts where the rep is on the as-of day.",
    },
    "target_of": {
        "carried": "A manager's or territory's own number where one is carried, else the reps' quotas summed.",
        "sum_of_reps": "Always the quotas of the reps below, summed.",
    },
    "overlays": {
        "out": "Overlay credits do not count: the same sale is credited to its sellers.",
        "in": "Overlay credits count too, as sales of whoever has them.",
    },
    "pay_taken": {
        "actual": "Pay as it was paid out.",
        "target": "Target incentive of the same time.",
    },
    "base_pay": {
        "out": "Variable pay alone.",
        "in": "Base salary and variable pay.",
    },
    "whose_pay": {
        "sellers": "People who led nobody in the time paid for.",
        "leaders": "People who led others in the time paid for.",
    },
}
"""Definitions with more than one reading: choice → reading → what it means. The first is the default."""

COMMON_CHOICES = ("credit_by", "target_of")
"""Choices offered beside every number; the others only where a metric says that it follows them."""


def metric_named(name: str) -> Metric:
    """The metric with this name.

    Raises:
        MetricError: there is none; the sentence lists those there are.
    """
    try:
        return METRICS[name]
    except KeyError:
        raise MetricError(f"There is no metric “{name}”; known are {', '.join(sorted(METRICS))}.") from None
