"""Plans as texts, for tests: one that says everything, and ways to change a line of it."""

from __future__ import annotations

from compensation.plan.model import Plan
from compensation.plan.reading import read
from compensation.problems import sentence

FULL = """\
plan = "field"
name = "Field Sales Plan"
version = 2
valid_from = 2026-02-01
valid_to = 2027-02-01
currency = "USD"
roles = ["seller", "manager"]

[policy]
rounding = "half_even"
round_at = "transaction"
currency_on = "period_end"
proration = "none"
year_cap = 250000
first_month = 2

[measures.bookings]
[measures.new_margin]
of = "margin"
where = { type = "new", family = ["Platform", "Data"], families = { at_least = 2, below = 5 } }
quota = "bookings"
[measures.sensors]
of = "units"

[credit_rules.team]
kind = "roll_up"
pay = 0.5
quota = 1
levels = 2
roles = ["manager"]
where = { region = "West" }

[[components]]
id = "commission"
name = "Commission"
pays = "rate"
measure = "bookings"
period = "quarter"
tiers = [{ from = 0, to = 1000, rate = 0.01 }, { from = 1000, rate = "2 %" }]
reading = "whole"
per = "period"
accumulate = "quarter"
edge = "lower"
caps = { deal = 5000, period = 20000, year = 80000 }
hold = { until = "paid" }
clawback = { kind = "pro_rata", months = 12 }
rollout = { "East Commercial" = 2026-05-01 }
pilot = "staggered"
roles = ["seller"]
[[components.modifiers]]
kind = "multiplier"
measure = "new_margin"
steps = [{ at = 0, times = 0.8 }, { at = 0.9, times = 1 }]
[[components.modifiers]]
kind = "gate"
measure = "sensors"
basis = "value"
at_least = 3

[[components]]
id = "bonus"
pays = "target"
measure = "bookings"
period = "quarter"
weight = 0.7
credits = ["team", "direct"]
curve = [[0.7, 0.4], [1, 1], [1, 1.2], ["5/3", 2]]
beyond = 0.5
accumulate = "year"
valid_from = 2026-05-01
[[components.modifiers]]
kind = "linkage"
component = "commission"
at_least = 1
times = 0.5

[[components]]
id = "mbo"
pays = "objective"
period = "year"
weight = 0.3
valid_from = 2026-05-01

[[components]]
id = "pieces"
pays = "per_unit"
measure = "sensors"
rate = 12.5

[[components]]
id = "spif"
pays = "spif"
measure = "sensors"
spif = { share = "rank", prizes = [5000, 3000] }
group = "accelerator"

[draw]
kind = "recoverable"
share = 0.5
months_after_hire = 3
components = ["commission"]
recover_after = 1
recover_share = 0.5
recover_at_most = 1000
forgive_after = 12

[[assignments]]
rep = "ana"
role = "seller"
from = 2026-02-01
to = 2026-08-01
team = "West"
manager = "mo"
currency = "USD"
base_salary = 60000
target_incentive = 60000
rate = 0.08
quotas = { bookings = 1200000, sensors = 40 }
hired = 2025-03-01
left = 2026-09-01

[[cases]]
name = "first"
payee = { target_incentive = 60000, quotas = { bookings = 1200000 } }
deals = [{ date = 2026-02-10, amount = 200, split = 0.7 }]
pays = [{ component = "commission", period = 2026-02-01, amount = 2 }, { kind = "held", month = 2026-04-01, amount = 2 }]
total = 164
"""


def plan(text: str = FULL) -> Plan:
    """The plan a right text says."""
    found, problems = read(text)
    assert found is not None, [sentence(each) for each in problems]
    return found


def changed(old: str, new: str, text: str = FULL) -> str:
    """The text with its only ``old`` changed."""
    assert text.count(old) == 1, f"{old!r} is there {text.count(old)} times"
    return text.replace(old, new)


def wrong(text: str) -> list[str]:
    """Sentences about a text that cannot be used, without the file's name."""
    found, problems = read(text, "p")
    assert found is None or not problems
    return [sentence(each).removeprefix("p, ") for each in problems]
