"""The words of the demo company's plans, with places for what differs from version to version."""

from __future__ import annotations

HEAD = """\
plan = "{plan}"
name = "{name}"
version = {version}
valid_from = {start}
currency = "payee"                # everybody is paid in their own; deals convert at the rate of the day
roles = [{roles}]

[policy]
rounding = "half_up"              # to the cent, once a person, component and period
round_at = "line"
currency_on = "transaction"
proration = "days"
first_month = {first_month}
"""
BOOKINGS = """
[measures.bookings]
of = "amount"
"""
OF_BONUSES = """
[measures.new_business]           # deals of type new
of = "amount"
where = { type = "new" }
quota = "bookings"

[measures.bundles]                # deals with two or more product families
of = "amount"
where = { families = { at_least = 2 } }
quota = "bookings"
"""
FIELD = """
[[components]]
id = "field_commission"
name = "Commission"
group = "commission"
pays = "rate"
measure = "bookings"
period = "month"
weight = {weight}
rate = "payee"                    # the person's own, set with the quota
"""
GUARANTEE = """
[draw]                            # newcomers: half of a twelfth of the target incentive, three full months
kind = "non_recoverable"
share = 0.5
months_after_hire = 3
components = ["field_commission"]
"""
ENTERPRISE = """
[[components]]
id = "enterprise_commission"
name = "Commission"
group = "commission"
pays = "rate"
measure = "bookings"
period = "quarter"
weight = {weight}
rate = "payee"                    # the person's own, set with the quota

[[components]]
id = "accelerator"
name = "Accelerator above quota"
group = "accelerator"
pays = "rate"
measure = "bookings"
period = "quarter"
rate = "payee"                    # once more, on what is above the quarter's quota
basis = "attainment"
tiers = [{{ from = 0.0, rate = 0.0 }}, {{ from = 1.0, rate = 1.0 }}]
"""
BONUSES = """
[[components]]
id = "{healthy_id}"
name = "New-logo bonus"
group = "bonus"
pays = "rate"
measure = "new_business"
period = "quarter"
weight = {healthy_weight}
rate = "payee"
times = {healthy}
pilot = "staggered"
rollout = {healthy_teams}

[[components]]
id = "{dead_id}"
name = "Bundle bonus"
group = "bonus"
pays = "rate"
measure = "bundles"
period = "quarter"
weight = {dead_weight}
rate = "payee"
times = {dead}
pilot = "staggered"
rollout = {dead_teams}
"""
LEADERSHIP = """
[credit_rules.team]               # everything sold by those below, on the day it was sold
kind = "roll_up"

[[components]]
id = "team_bonus"
name = "Team bonus"
group = "bonus"
pays = "target"
measure = "bookings"
period = "quarter"
weight = 1.0
roles = ["manager", "vice_president", "chief_revenue_officer"]
credits = ["team"]
curve = [[0.7, 0.4], [1.0, 1.0], ["5/3", 2.0]]

[[components]]
id = "overlay_commission"
name = "Overlay commission"
group = "overlay"
pays = "rate"
measure = "bookings"
period = "month"
weight = 1.0
roles = ["product_specialist"]
credits = ["overlay"]
rate = "payee"
"""
FIELD_CASES = """
[[cases]]
name = "the person's rate on what they sold, and their part of what they shared"
payee = {{ rate = 0.05, target_incentive = 60000, hired = 2015-01-01 }}
deals = [{{ date = {first}, amount = 20000, split = 0.7 }}, {{ date = {second}, amount = 10000 }}]
pays = [{{ component = "field_commission", period = {first}, amount = 1200 }}]

[[cases]]
name = "a newcomer is topped up to half of a twelfth of the target"
payee = {{ rate = 0.05, target_incentive = 60000, hired = {hired} }}
deals = [{{ date = {first}, amount = 20000 }}]
pays = [{{ component = "field_commission", month = {first}, kind = "draw", amount = 1500 }}]
"""
ENTERPRISE_CASES = """
[[cases]]
name = "twice the rate on what is above the quarter's quota"
payee = {{ rate = 0.05, quotas = {{ bookings = 400000 }} }}
deals = [{{ date = {first}, amount = 90000 }}, {{ date = {second}, amount = 30000 }}]
pays = [{{ component = "enterprise_commission", amount = 6000 }}, {{ component = "accelerator", amount = 1000 }}]
"""
BONUS_CASES = """
[[cases]]
name = "both bonuses, each on its own deals"
payee = {{ rate = 0.05, team = "{team}", quotas = {{ bookings = 4000000 }} }}
deals = [
    {{ date = {first}, amount = 20000, type = "new", families = 1 }},
    {{ date = {second}, amount = 10000, type = "renewal", families = 2 }},
]
pays = [
    {{ component = "{commission}", amount = 1500 }},
    {{ component = "{healthy_id}", amount = {healthy} }},
    {{ component = "{dead_id}", amount = {dead} }},
]

[[cases]]
name = "no bonus in a team that does not have it"
payee = {{ rate = 0.05, team = "nowhere", quotas = {{ bookings = 4000000 }} }}
deals = [{{ date = {first}, amount = 20000, type = "new", families = 2 }}]
total = 1000
"""
LEADERSHIP_CASES = """
[[cases]]
name = "90 % of the quota pays 80 % of the target"
payee = {{ role = "manager", target_incentive = 100000, quotas = {{ bookings = 4000000 }} }}
deals = [{{ date = {first}, amount = 900000 }}]
total = 20000

[[cases]]
name = "a cent below the threshold pays nothing"
payee = {{ role = "manager", target_incentive = 100000, quotas = {{ bookings = 4000000 }} }}
deals = [{{ date = {first}, amount = 699999.99 }}]
total = 0

[[cases]]
name = "twice the target at most"
payee = {{ role = "vice_president", target_incentive = 100000, quotas = {{ bookings = 4000000 }} }}
deals = [{{ date = {first}, amount = 3000000 }}]
total = 50000

[[cases]]
name = "a specialist's part of a deal somebody else sold"
payee = {{ role = "product_specialist", rate = 0.01 }}
deals = [{{ date = {first}, amount = 50000, split = 0.5, kind = "overlay" }}]
pays = [{{ component = "overlay_commission", amount = 250 }}]
"""
