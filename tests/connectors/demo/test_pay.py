"""Payouts follow from plan terms, assignments and bookings, recomputed from the tables alone."""

from __future__ import annotations

import tomllib
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest

from connectors.demo import truths
from tests.connectors.demo.conftest import Sql

CENT = Decimal("0.01")


def recomputed(sql: Sql, component: str, wanted: str, multiple: str) -> list[tuple[str, Decimal, Decimal]]:
    """Payout id, recorded and recomputed amount of one rated component."""
    rows = sql(f"""
        select p.payout_id, p.amount, a.rate, sum(b.own)
        from payouts p
        join plan_assignments a on a.rep_id = p.rep_id and a.plan_id = p.plan_id
            and a.valid_from < p.period_end and a.valid_to > p.period_start
        join bookings b on b.rep_id = p.rep_id and b.close_on >= greatest(p.period_start, a.valid_from)
            and b.close_on < least(p.period_end, a.valid_to) and {wanted}
        where p.component_id = '{component}' and p.kind = 'earning' group by all
    """)
    times = Decimal(multiple)
    return [(key, paid, (own * rate * times).quantize(CENT, ROUND_HALF_UP)) for key, paid, rate, own in rows]


@pytest.mark.parametrize(
    ("component", "wanted", "multiple"),
    [
        ("field_commission", "true", "1"),
        ("enterprise_commission", "true", "1"),
        (truths.HEALTHY_COMPONENT, "b.type = 'new'", "0.41"),
        (truths.DEAD_COMPONENT, "b.bundle", "2.22"),
    ],
)
def test_rated_components_follow_from_the_bookings(
    sql: Sql, component: str, wanted: str, multiple: str
) -> None:
    found = recomputed(sql, component, wanted, multiple)
    recorded = sql(f"select count(*) from payouts where component_id = '{component}' and kind = 'earning'")[
        0
    ][0]
    assert len(found) == recorded > 300
    off = [row for row in found if abs(row[1] - row[2]) > CENT]
    assert not off


def test_the_terms_say_the_multiples(sql: Sql) -> None:
    terms = sql("select terms from plans where plan_id = 'commercial' and version = 2")[0][0]
    found = {part["id"]: part for part in tomllib.loads(terms, parse_float=Decimal)["components"]}
    assert found[truths.HEALTHY_COMPONENT]["times"] == Decimal("0.41")
    assert found[truths.DEAD_COMPONENT]["times"] == Decimal("2.22")
    assert {found[name]["rate"] for name in (truths.HEALTHY_COMPONENT, truths.DEAD_COMPONENT)} == {"payee"}


def test_the_accelerator_pays_above_quota_only(sql: Sql) -> None:
    rows = sql("""
        with quota as (select * from quotas qualify row_number() over (partition by quota_id order by version desc) = 1)
        select p.amount, a.rate, sum(b.own), q.amount
        from payouts p
        join quota q on q.rep_id = p.rep_id and q.period_start = p.period_start and q.scope = 'rep'
        join plan_assignments a on a.rep_id = p.rep_id and a.plan_id = p.plan_id
            and a.valid_from <= p.period_start and a.valid_to >= p.period_end
        join bookings b on b.rep_id = p.rep_id and b.close_on >= p.period_start and b.close_on < p.period_end
        where p.component_id = 'accelerator' group by p.payout_id, p.amount, a.rate, q.amount
    """)
    assert len(rows) > 100
    for paid, rate, own, quota in rows:
        assert own > quota
        assert abs(paid - ((own - quota) * rate).quantize(CENT, ROUND_HALF_UP)) <= CENT


def test_newcomers_are_topped_up(sql: Sql) -> None:
    """Draws are paid in the first three full months only, up to half a twelfth of the target by days."""
    rows = sql("""
        select d.amount + coalesce(e.amount, 0), d.period_start - r.hire_date, a.target_incentive
            * (least(a.valid_to, d.period_end) - greatest(a.valid_from, d.period_start)) / (d.period_end - d.period_start)
        from payouts d join reps r using (rep_id)
        join plan_assignments a on a.rep_id = d.rep_id and a.valid_from < d.period_end and a.valid_to > d.period_start
        left join payouts e on e.rep_id = d.rep_id and e.component_id = d.component_id
            and e.period_start = d.period_start and e.kind = 'earning'
        where d.kind = 'draw'
    """)
    assert len(rows) > 50
    for total, days, target in rows:
        assert float(total) == pytest.approx(target / 24, abs=0.01)
        assert 0 < days < 100


def test_team_bonuses_follow_the_curve(sql: Sql) -> None:
    rows = sql("""
        with quota as (select * from quotas qualify row_number() over (partition by quota_id order by version desc) = 1)
        select p.amount, a.target_incentive, sum(b.own), q.amount
        from payouts p
        join quota q on q.rep_id = p.rep_id and q.period_start = p.period_start and q.scope = 'team'
        join plan_assignments a on a.rep_id = p.rep_id and a.plan_id = p.plan_id
            and a.valid_from <= p.period_start and a.valid_to >= p.period_end
        join bookings b on b.team_id = q.team_id and b.close_on >= p.period_start and b.close_on < p.period_end
        where p.component_id = 'team_bonus' group by p.payout_id, p.amount, a.target_incentive, q.amount
    """)
    assert len(rows) > 200
    for paid, target, own, quota in rows:
        attained = Fraction(own) / Fraction(quota)
        assert attained >= Fraction(7, 10)
        below, above = Fraction(2, 5) + (attained - Fraction(7, 10)) * 2, 1 + (attained - 1) * Fraction(3, 2)
        exact = Fraction(target) / 4 * (below if attained < 1 else min(above, Fraction(2)))
        assert abs(Fraction(paid) - exact) <= Fraction(2, 100)


def test_every_payout_says_why(sql: Sql) -> None:
    assert sql("select count(*) from payouts where trace is null or trace not like '%=%'") == [(0,)]
    assert sql("select count(*) from payouts where amount <= 0") == [(0,)]


def test_pay_is_a_believable_share_of_bookings(sql: Sql) -> None:
    paid, booked = sql("""
        select (select sum(amount)::double from payouts where plan_id <> 'leadership' and period_end <= date '2026-05-01'),
            (select sum(own)::double from bookings where close_on < date '2026-05-01' and role = 'account_executive')
    """)[0]
    assert 0.06 < paid / booked < 0.16


def test_target_incentives_are_about_paid(sql: Sql) -> None:
    """Paid over target of sellers over whole years is around one."""
    rows = sql("""
        with paid as (
            select rep_id, sum(amount)::double as paid from payouts
            where period_start >= date '2023-02-01' and period_end <= date '2026-02-01' group by all
        ), target as (
            select rep_id, sum(target_incentive::double * (valid_to - valid_from) / 365) as target from plan_assignments
            where plan_id <> 'leadership' and valid_from >= date '2023-02-01' and valid_to <= date '2026-02-01' group by all
        ) select sum(paid) / sum(target) from paid join target using (rep_id)
    """)
    assert 0.85 < rows[0][0] < 1.35
