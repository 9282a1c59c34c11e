"""Plan return and Plan designer: who may open them, what they say, and that drafts touch nothing."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from planning.plans import plan_drafts
from tests.driven import ROLES, app, broken, words
from tests.metrics.small_company import small_company
from words.catalogue import translator
from workflows.opening import open_place
from workflows.pay.inputs import book
from workflows.who import demo_viewer

CLOSED = "This page is not open to your role. Ask an administrator if you need it."


@pytest.fixture
def own_demo(demo_root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the demo company in which drafts may be kept."""
    root = tmp_path / "store"
    shutil.copytree(demo_root, root)
    monkeypatch.setenv("ATTAIN_STORE", str(root))
    monkeypatch.setattr("ui.looking.client_address", lambda: None)
    return root


@pytest.fixture
def without_plans(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = tmp_path / "store"
    small_company(root)
    monkeypatch.setenv("ATTAIN_STORE", str(root))
    monkeypatch.setattr("ui.looking.client_address", lambda: None)


@pytest.mark.parametrize(
    ("page", "role"),
    [
        ("plan_return", "rep"),
        ("plan_return", "manager"),
        ("plan_designer", "rep"),
        ("plan_designer", "executive"),
    ],
)
def test_whoever_may_not_open_a_page_is_told_so_and_nothing_of_it(demo: Path, page: str, role: str):
    shown = app(page, as_=ROLES[role])
    assert [each.value for each in shown.warning] == [CLOSED]
    assert not shown.metric
    assert not shown.dataframe


def test_plan_return_says_what_each_component_costs_and_how_sure_that_is(demo: Path):
    shown = app("plan_return", as_=ROLES["executive"], component="bundle_bonus")
    assert broken(shown) == []
    said = plain(shown)
    assert "Not enough data" in said
    assert "This comparison would notice an increase of" in said
    assert "without base salary, of those who sell" in said
    table = shown.dataframe[0].value
    assert {"name", "verdict", "grade", "payout_cost", "credited_per_cost"} <= set(table.columns)
    assert "Bundle bonus" in set(table["name"])
    assert all("not enough data" in text for text in table["verdict"][table["grade"] == "E"])
    assert shown.button(key="try changes")
    assert not shown.get("text_area")


def test_plan_return_in_french_and_cut_to_a_plan(demo: Path):
    shown = app("plan_return", as_=ROLES["compensation_admin"], lang="fr", plan="leadership", base_pay="in")
    assert broken(shown) == []
    french = translator("fr")
    assert shown.title[0].value == french("Plan return")
    assert french("with base salary") in plain(shown)
    assert len(shown.dataframe[0].value) == 2  # the components of that plan alone
    assert french("Effective rate") in {metric.label for metric in shown.metric}


@pytest.mark.parametrize("page", ["plan_return", "plan_designer"])
def test_without_plans_the_next_step_is_said(without_plans: None, page: str):
    shown = app(page)
    assert broken(shown) == []
    assert "There is no plan yet." in words(shown)


@pytest.mark.parametrize("page", ["plan_return", "plan_designer"])
def test_pay_is_never_shown_on_a_wall(demo: Path, page: str):
    shown = app(page, as_=ROLES["compensation_admin"], tv="1")
    assert not shown.metric
    assert not shown.dataframe
    assert len(shown.warning) == 1


def plain(shown: AppTest) -> str:
    """What a page says, as it is read."""
    return words(shown).replace("\\", "")


def designer(**query: str) -> AppTest:
    return app("plan_designer", **{"as_": ROLES["compensation_admin"], "text": "commercial.2"} | query)


def edited(shown: AppTest, old: str, new: str) -> AppTest:
    """The text with something else in it, as somebody types it."""
    shown.segmented_control(key="designer way").set_value("text").run()
    area = shown.text_area(key="plan text")
    return area.set_value(area.value.replace(old, new)).run()


def alerts(shown: AppTest) -> list[str]:
    return [
        each.value.replace("\\", "") for kind in ("error", "warning", "success") for each in shown.get(kind)
    ]


def in_force(root: Path) -> list[Any]:
    place = open_place(root)
    session = place.session()
    plans, _ = book(session, demo_viewer(place, session, ROLES["compensation_admin"]))
    return [(plan.id, plan.version, plan.text) for plan in plans]


def test_the_designer_says_the_plan_checks_it_and_lists_what_changes(demo: Path):
    shown = designer()
    assert broken(shown) == []
    assert alerts(shown) == ["The text holds, and all its 4 cases pass."]
    assert "Nothing." in words(shown)
    shown = edited(shown, "times = 2.22", "times = 1")
    assert "Component “bundle bonus”: times changes from 2.22 to 1." in plain(shown)
    assert any("bundle_bonus should pay 1,110.00, but the plan pays 500.00" in text for text in alerts(shown))
    shown = shown.button(key="take over").click().run()
    assert alerts(shown) == ["The text holds, and all its 4 cases pass."]


def test_a_text_that_does_not_hold_cannot_be_published(demo: Path):
    shown = edited(designer(), "times = 2.22", "times = -1\nfoo = 3")
    assert len(shown.error) == 1
    assert "line 66" in shown.error[0].value
    assert shown.button(key="publish").disabled


def test_a_draft_is_kept_withdrawn_and_put_back_and_nothing_in_force_changes(own_demo: Path):
    before = in_force(own_demo)
    shown = edited(designer(), "times = 2.22", "times = 1")
    shown = shown.button(key="save draft").click().run()
    assert broken(shown) == []
    database = open_place(own_demo).database
    kept = plan_drafts(database)
    assert ["times = 1" in draft.terms for draft in kept] == [True]
    assert kept[0].draft_id in shown.query_params["text"]
    shown = shown.button(key="withdraw draft").click().run()
    assert plan_drafts(database) == []
    shown = shown.button(key="put back").click().run()
    assert len(plan_drafts(database)) == 1
    assert in_force(own_demo) == before


def test_publishing_asks_first(own_demo: Path):
    before = in_force(own_demo)
    shown = designer().button(key="publish").click().run()
    assert broken(shown) == []
    assert "version 3, from 1 Aug 2026. The version before it holds until then." in plain(shown)
    assert not shown.button(key="publish now").disabled
    assert in_force(own_demo) == before


def test_trying_a_draft_says_what_it_would_have_cost_and_that_nobody_behaves_otherwise(demo: Path):
    shown = edited(designer(), "times = 2.22", "times = 1")
    shown = shown.button(key="try draft").click().run()
    assert broken(shown) == []
    said = plain(shown)
    assert "Replayed on the past" in said
    assert "No behaviour change: everybody is taken to sell exactly what they sold." in said
    assert "0 people gain" in said
    people = shown.dataframe[1].value
    assert (people["change"] <= 0).all()
    assert people["change"].iloc[0] == people["change"].min()


def test_the_designer_speaks_french(demo: Path):
    shown = designer(lang="fr")
    assert broken(shown) == []
    assert shown.title[0].value == translator("fr")("Plan designer")
    assert "The text holds" not in "".join(alerts(shown))
    assert "Each month it pays" not in plain(shown)
