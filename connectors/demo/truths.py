"""What was planted, and how large: docs/demo-company.md tells it, the tests find it again.

Everything is written down here and used from here; no other file invents an effect.
"""

from __future__ import annotations

from dataclasses import dataclass

# Teams are numbered region × 3 + segment, in the order of REGIONS and SEGMENTS.
REGIONS = ("East", "Central", "West", "EMEA")
SEGMENTS = ("Commercial", "Mid-Market", "Enterprise")
TEAMS = tuple(f"{region} {segment}" for region in REGIONS for segment in SEGMENTS)
CURRENCIES = ("USD", "EUR")
REGION_CURRENCY = (0, 0, 0, 1)

# Reps the story needs; their ids do not depend on the seed.
EXECUTIVE = "R001"
VICE_PRESIDENTS = ("R002", "R003", "R004", "R005")
FIRST_MANAGERS = tuple(f"R{6 + team:03d}" for team in range(len(TEAMS)))
SPECIALISTS = ("R018", "R019", "R020", "R021")
COMPENSATION_ADMIN = "R022"
ADMINISTRATOR = "R023"
DEMO_REP = "R024"
STAGE_LOSER = "R025"

DEMO_TEAM = TEAMS.index("West Mid-Market")
DEMO_MANAGER = FIRST_MANAGERS[DEMO_TEAM]
DEMO_VICE_PRESIDENT = VICE_PRESIDENTS[REGIONS.index("West")]

# 1. A component that costs and returns nothing, beside one that works. Each reaches the teams in
# four waves: never, or from the given quarter of the six years on (0 is the first).
DEAD_COMPONENT = "bundle_bonus"
HEALTHY_COMPONENT = "new_logo_bonus"
DEAD_FROM = (None, 5, 9, 13)
HEALTHY_FROM = (None, 7, 11, 15)
HEALTHY_EFFECT = 0.6  # more new-business wins, relative, from the day it starts
DEAD_EFFECT = 0.0


def dead_wave(team: int) -> int:
    """The wave in which a team got the bundle bonus."""
    return (team // 3 + team % 3) % 4


def healthy_wave(team: int) -> int:
    """The wave in which a team got the new-logo bonus; never the bundle bonus's, and balanced over them."""
    return (team // 3 + 2 * (team % 3) + 1) % 4


# 2. A manager who calls too little, always. The others are within 3 % on average.
SANDBAGGER_TEAM = TEAMS.index("EMEA Mid-Market")
SANDBAGGER = FIRST_MANAGERS[SANDBAGGER_TEAM]
SANDBAG = 0.175
CALL_BIAS_SPREAD = 0.015

# 3. A rep who loses nearly every new-business deal at one stage, and is like the others elsewhere.
LOST_STAGE = 3  # Propose
LOSS_AT_STAGE = 0.95
LOSER_MONTHS = 30  # how long the rep has been there

# 4. Deals pulled forward by reps whose plan has an accelerator: of the wins that would fall into the
# first days of a quarter, this share is closed in the last days of the quarter before.
ACCELERATOR_SEGMENT = SEGMENTS.index("Enterprise")
PULL_WINDOW_DAYS = 35
PULL_SHARE = 0.5
PULL_INTO_DAYS = 6

# 5. A territory twice as rich as its neighbours; its quota follows only in part.
RICH_CITY = "San Jose"
RICH_SEGMENT = SEGMENTS.index("Mid-Market")
RICH_FACTOR = 2.0
RICH_QUOTA_FACTOR = 1.35

# 6. Shapes of real books.
SKILL_SPREAD = 0.05  # of log effort; true win rates differ by less than two points either way
LATE_ENTRY_SHARE = 0.05  # deals created when they are all but done
LATE_AMOUNT_SHARE = 0.16  # deals whose amount is entered only when they are evaluated
NEVER_AMOUNT_SHARE = 0.10  # of lost deals, whose amount nobody ever entered
LATE_ACTIVITY_SHARE = 0.08  # activities written down weeks later

# 7. Problems in the data, planted on purpose: code of the issue and table → rows. Nothing else is wrong.
FAULTS = {
    ("negative_amount", "opportunities"): 4,
    ("date_out_of_range", "opportunities"): 1,
    ("orphan", "opportunity_lines"): 2,
    ("unknown_rep", "activities"): 2,
    ("unknown_rep", "quotas"): 1,
}


@dataclass(frozen=True)
class DemoViewer:
    """Someone to look through the eyes of."""

    key: str
    role: str
    story: str
    email: str
    name: str


DEMO_VIEWERS: tuple[DemoViewer, ...] = (
    DemoViewer(
        DEMO_REP,
        "rep",
        "sells to mid-market companies around Seattle since the first year",
        "rep@example.com",
        "Noor Lindqvist",
    ),
    DemoViewer(
        DEMO_MANAGER,
        "manager",
        "leads West Mid-Market, where one territory is rich and one rep loses at one stage",
        "manager@example.com",
        "Marta Okafor",
    ),
    DemoViewer(
        DEMO_VICE_PRESIDENT,
        "manager",
        "regional vice president of West: three teams",
        "vp@example.com",
        "Tomas Iyer",
    ),
    DemoViewer(
        EXECUTIVE,
        "executive",
        "chief revenue officer: will we make the number?",
        "exec@example.com",
        "Helena Adeyemi",
    ),
    DemoViewer(
        COMPENSATION_ADMIN,
        "compensation_admin",
        "runs the pay plans and sells nothing",
        "comp@example.com",
        "Ravi Solberg",
    ),
    DemoViewer(
        ADMINISTRATOR,
        "administrator",
        "looks after sources, access and settings",
        "admin@example.com",
        "Ines Kimura",
    ),
)
"""Who can be looked through in a demo store; the keys do not depend on the seed."""
