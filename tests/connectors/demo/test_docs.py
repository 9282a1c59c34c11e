"""What the documentation says is what is drawn."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest

from connectors.demo import DEMO_VIEWERS, truths
from connectors.demo.plan_terms import DEAD_MULTIPLE, HEALTHY_MULTIPLE
from connectors.demo.settings import COMPANY

TEXT = " ".join((Path(__file__).parents[3] / "docs" / "demo-company.md").read_text(encoding="utf-8").split())


@pytest.mark.parametrize("viewer", DEMO_VIEWERS, ids=lambda viewer: viewer.key)
def test_each_viewer_is_listed(viewer: truths.DemoViewer) -> None:
    assert f"| {viewer.email} | {viewer.key} | {viewer.role} | {viewer.name}" in TEXT


@pytest.mark.parametrize(
    "words",
    [
        COMPANY,
        truths.DEAD_COMPONENT,
        truths.HEALTHY_COMPONENT,
        "{}, {}, {} or never | none".format(*truths.DEAD_FROM[1:]),
        "{}, {}, {} or never | 60 %".format(*truths.HEALTHY_FROM[1:]),
        f"{truths.HEALTHY_EFFECT:.0%} more new-business wins".replace("%", " %"),
        f"{DEAD_MULTIPLE / 100} × the person's rate",
        f"{HEALTHY_MULTIPLE / 100} × the person's rate",
        f"{truths.SANDBAGGER}, {truths.TEAMS[truths.SANDBAGGER_TEAM]}, commits {truths.SANDBAG:.1%}".replace(
            "%", " %"
        ),
        f"{truths.STAGE_LOSER} (West Mid-Market",
        f"loses {truths.LOSS_AT_STAGE:.0%} of".replace("%", " %"),
        f"first {truths.PULL_WINDOW_DAYS} days of a quarter, {truths.PULL_SHARE:.0%} close".replace(
            "%", " %"
        ),
        f"{truths.RICH_CITY} Mid-Market has {truths.RICH_FACTOR} times",
        f"Its quota is {truths.RICH_QUOTA_FACTOR} times",
        f"{truths.LATE_AMOUNT_SHARE:.0%} of deals get their amount".replace("%", " %"),
        f"{truths.NEVER_AMOUNT_SHARE:.0%} of the lost never".replace("%", " %"),
        f"{truths.LATE_ENTRY_SHARE:.0%} of deals are entered".replace("%", " %"),
        f"{truths.LATE_ACTIVITY_SHARE:.0%} of activities".replace("%", " %"),
    ],
)
def test_each_planted_size_is_written_down(words: str) -> None:
    assert words in TEXT


def test_ten_rows_are_wrong() -> None:
    assert sum(truths.FAULTS.values()) == 10


def test_the_statement_shown_is_the_one_paid(tables: dict[str, pa.Table]) -> None:
    paid = [
        row
        for row in tables["payouts"].to_pylist()
        if row["rep_id"] == truths.DEMO_REP and date(2026, 2, 1) <= row["period_start"] < date(2026, 5, 1)
    ]
    assert len(paid) == 4
    for row in paid:
        credited = row["trace"].partition(" ")[0]
        assert re.search(
            rf"`{row['component_id']}` \| [^|]+ \| {credited}[^|]* \| {row['amount']:,.2f} \|", TEXT
        )


def test_the_team_bonus_shown_is_the_one_paid(tables: dict[str, pa.Table]) -> None:
    (paid,) = [
        row
        for row in tables["payouts"].to_pylist()
        if row["rep_id"] == truths.DEMO_MANAGER and row["period_start"] == date(2026, 2, 1)
    ]
    said = re.search(
        r"R013's team sold ([\d,.]+) of a quota of ([\d,]+): ([\d.]+) %, so ([\d.]+) % .*?: ([\d,.]+)\. ",
        TEXT,
    )
    assert said
    sold, quota, attained, pays, amount = said.groups()
    assert f"team {sold} of {quota}.00, {attained}%: {pays}%" in paid["trace"]
    assert f"{paid['amount']:,.2f}" == amount
