from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from threading import Barrier, Thread
from typing import Any

import pytest

from planning import audit, outbox
from planning.periods import PAY, Frozen, close_period
from planning.plans import (
    PUBLISHED,
    Checked,
    current_plans,
    discard_draft,
    plan_drafts,
    plan_history,
    publish_plan,
    save_draft,
)
from planning.refusals import Refused
from tests.planning.stories import LATER, NOW, START
from warehouse.database import Database

SOUND = Checked("field", 1, "Field Sales Plan", "USD", START)


def checking(checked: Checked = SOUND) -> Callable[[str], Checked]:
    return lambda _text: checked


def publish(database: Database, checked: Checked = SOUND, seen: int = 0, **more: Any):
    given = {"text": f"plan {checked.version}", "check": checking(checked), "by": "c1", "now": NOW, **more}
    return publish_plan(database, seen=seen, **given)


def test_a_version_comes_into_force_with_its_audit_and_outbox_rows(database: Database):
    row = publish(database, reason="new year")
    assert (row.plan_id, row.version, row.terms, row.valid_from) == ("field", 1, "plan 1", START)
    assert {(p.table, p.entity_id) for p in outbox.pending(database)} == {
        ("plans", "field"),
        ("changes", "field"),
    }
    trail = {c.field: (c.changed_by, c.new_value, c.reason) for c in audit.history(database, "plans")}
    assert trail["version"] == ("c1", "1", "new year")
    assert "terms" in trail
    assert "plan 1" not in str(trail)


def test_a_change_is_a_later_version_and_the_earlier_one_stays(database: Database):
    publish(database)
    publish(database, replace(SOUND, version=2, valid_from=date(2026, 7, 1)), seen=1, now=LATER)
    assert [(p.version, p.terms) for p in plan_history(database, "field")] == [(1, "plan 1"), (2, "plan 2")]
    assert [(p.version, p.valid_from) for p in current_plans(database)] == [(2, date(2026, 7, 1))]


def test_a_plan_that_something_is_wrong_with_does_not_come_into_force(database: Database):
    wrong = replace(SOUND, problems=("Line 3: tier 2 overlaps tier 1.", "The case “two deals” fails."))
    with pytest.raises(Refused, match=r"tier 2 overlaps tier 1\. The case “two deals” fails\.") as caught:
        publish(database, wrong)
    assert caught.value.code == "plan_not_ready"
    assert (current_plans(database), outbox.pending_count(database)) == ([], 0)


@pytest.mark.parametrize(
    ("checked", "seen", "code"),
    [
        (replace(SOUND, version=3), 0, "plan_version"),
        (replace(SOUND, version=2), 0, "plan_version"),
        (replace(SOUND, valid_from=None), 0, "plan_undated"),
        (replace(SOUND, valid_to=START), 0, "period_backwards"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_saved(
    database: Database, checked: Checked, seen: int, code: str
):
    with pytest.raises(Refused) as caught:
        publish(database, checked, seen)
    assert caught.value.code == code
    assert (current_plans(database), outbox.pending_count(database)) == ([], 0)


def test_the_second_of_two_editors_is_told(database: Database):
    publish(database)
    with pytest.raises(Refused, match="you saw version 0, it is now version 1"):
        publish(database, by="c2", now=LATER)
    assert [p.made_by for p in plan_history(database, "field")] == ["c1"]


def test_of_two_editors_at_the_same_instant_exactly_one_wins(database: Database):
    together, results = Barrier(2), []

    def edit(who: str) -> None:
        together.wait()
        try:
            publish(database, by=who, text=who)
            results.append("saved")
        except Refused as refused:
            results.append(refused.code)

    threads = [Thread(target=edit, args=(who,)) for who in ("c1", "c2")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["changed_meanwhile", "saved"]
    assert len(plan_history(database, "field")) == 1


def test_a_version_that_follows_one_loaded_from_elsewhere_counts_on_from_it(database: Database):
    assert publish(database, replace(SOUND, version=4), seen=3).version == 4


def test_reaching_back_into_closed_pay_needs_a_reason(database: Database):
    close_period(database, PAY, START, date(2026, 2, 1), Frozen("d", "e"), seen=None, by="c1", now=NOW)
    with pytest.raises(Refused, match="closed up to 2026-02-01"):
        publish(database)
    assert publish(database, replace(SOUND, valid_from=date(2026, 2, 1))).version == 1
    back = replace(SOUND, version=2)
    assert publish(database, back, seen=1, reason="signed late", now=LATER).version == 2


def test_a_draft_is_kept_unfinished_and_is_in_force_nowhere(database: Database):
    wrong = replace(SOUND, problems=("Line 1: there is no valid_from.",))
    saved = save_draft(database, "plan = ", check=checking(wrong), by="c1", now=NOW)
    assert saved.checked.problems == ("Line 1: there is no valid_from.",)
    assert [d.terms for d in plan_drafts(database)] == ["plan = "]
    assert current_plans(database) == []
    assert {p.table for p in outbox.pending(database)} == {"drafts", "changes"}


def test_a_draft_is_gone_on_with_and_the_second_of_two_is_told(database: Database):
    first = save_draft(database, "a", check=checking(), by="c1", now=NOW).draft
    key = {"draft_id": first.draft_id, "check": checking()}
    second = save_draft(database, "b", seen=first.made_at, by="c2", now=LATER, **key).draft
    assert (second.draft_id, second.terms) == (first.draft_id, "b")
    with pytest.raises(Refused, match="c2 saved this draft"):
        save_draft(database, "c", seen=NOW, by="c1", now=LATER, **key)
    assert [d.terms for d in plan_drafts(database)] == ["b"]


def test_a_draft_is_published_with_its_plan_and_only_once(database: Database):
    draft = save_draft(database, "plan 1", check=checking(), by="c1", now=NOW).draft
    publish(database, draft_id=draft.draft_id)
    assert [d.draft_id for d in plan_drafts(database, PUBLISHED)] == [draft.draft_id]
    with pytest.raises(Refused, match="not open any more"):
        publish(database, replace(SOUND, version=2), seen=1, draft_id=draft.draft_id)
    assert len(plan_history(database, "field")) == 1


def test_a_discarded_draft_is_not_open(database: Database):
    draft = save_draft(database, "x", check=checking(), by="c1", now=NOW).draft
    discard_draft(database, draft.draft_id, by="c1", now=LATER)
    assert plan_drafts(database) == []
    with pytest.raises(Refused, match="not open any more"):
        discard_draft(database, draft.draft_id, by="c1", now=LATER)
    with pytest.raises(Refused, match="not open any more"):
        save_draft(database, "y", check=checking(), by="c1", now=LATER, draft_id="nosuch")
