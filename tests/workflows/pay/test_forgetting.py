"""Forgetting a person cleans what closed months were computed from; what was paid stays what it was."""

from __future__ import annotations

from tests.workflows.decisions import SETTINGS
from tests.workflows.pay.closing_company import ADMIN, FEBRUARY, JANUARY, RICHER, Payer
from workflows.forget import forget, mentioned
from workflows.pay.replay import replay


def test_a_name_in_a_plan_or_a_customer_goes_and_pay_is_the_same(payer: Payer):
    payer.publish(RICHER + "\n# Ann Lee asked for this.\n", reason="as Ann Lee wished")
    accounts = [{"account_id": "a1", "name": "Lee, Ann", "segment": "Ann Lee and daughters"}]
    payer.load(DEALS_OF_ANN, accounts=accounts)
    payer.close(JANUARY)
    before = payer.payouts()
    places = mentioned(payer.company.store, payer.database, "r1").places
    assert "closed/2026-01-01/plans.json" in places
    done = forget(payer.company.store, payer.database, "r1", SETTINGS, payer.company.tick(), by="owner")
    assert done.remaining == ()
    assert done.closed_files >= 1
    assert payer.payouts() == before
    assert replay(payer.root, payer.database, ADMIN, JANUARY).same
    assert payer.close(FEBRUARY).adjustments == 0


DEALS_OF_ANN = (("o1", JANUARY.replace(day=10), "r1", "1000"), ("o2", FEBRUARY.replace(day=5), "r1", "2000"))
