"""Payouts and My statement through every role's eyes: own pay and no other, questions, closing, states."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from metrics.periods import calendar_of
from tests.driven import ROLES, alone, app, broken, words
from tests.support import NOW
from tests.workflows.pay.closing_company import ADMIN, DEALS, FEBRUARY, JANUARY, LATER, SELLER, Payer
from ui import private
from ui.pay_items import total
from warehouse.database import FILE, Database
from warehouse.store import Store
from words import formats
from words.catalogue import translator
from workflows.opening import open_place
from workflows.pay import close as closing
from workflows.pay import questioning
from workflows.pay.recorded import days_recorded, recorded
from workflows.who import demo_viewer

PAGES = ("my_statement", "payouts")
TITLES = {"my_statement": "My statement", "payouts": "Payouts"}
PAYERS = ("compensation_admin", "administrator", "executive")
CLAIMS = {"exp": 4_000_000_000}


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.looking.client_address", lambda: None)


@pytest.fixture(scope="module")
def paying(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three people on a plan, nothing closed; read only."""
    root = tmp_path_factory.mktemp("paying-pages") / "store"
    root.mkdir()
    made = Payer.make(root, Database(f"sqlite:///{root}/{FILE}"))
    made.database.close()
    return root


@pytest.fixture
def payer(paying: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, here: None) -> Payer:
    """The company as the store that is looked at, by its local owner unless somebody signs in."""
    monkeypatch.setenv("ATTAIN_STORE", str(tmp_path / "store"))
    return Payer.copied(paying, tmp_path / "store", LATER)


def sign_in(monkeypatch: pytest.MonkeyPatch, email: str) -> None:
    monkeypatch.setattr("ui.looking.auth_configured", lambda: True)
    monkeypatch.setattr("ui.looking._claims", lambda: CLAIMS | {"email": email})


def said(shown: AppTest) -> str:
    """Everything a page sends: words, figures, tables and charts."""
    parts = [words(shown), *(str(frame.value.to_dict()) for frame in shown.dataframe)]
    parts += [str(chart.proto) for chart in shown.get("vega_lite_chart")]
    return "\n".join([*parts, *(str(button.label) for button in shown.button)])


def headline(shown: AppTest) -> str:
    return str(shown.metric[0].value)


# The demo company ------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("role", ["rep", "compensation_admin"])
def test_a_statement_leads_with_what_was_recorded(demo: Path, role: str, language: str):
    rep = ROLES["rep"]
    place = open_place(demo)
    session = place.session()
    viewer = demo_viewer(place, session, rep)
    _first, last = days_recorded(session, viewer, rep) or (None, session.version.as_of)
    month = calendar_of(session).of("month", last)
    rows = recorded(session, viewer, month.start, month.end, rep)
    shown = app("my_statement", as_=ROLES[role], rep=rep, month=month.id, lang=language)
    assert broken(shown) == []
    assert shown.title[0].value == translator(language)(TITLES["my_statement"])
    (amount,) = total(rows).values()
    assert headline(shown) == formats.money(amount, "USD", language)
    assert len(rows) >= 1


@pytest.mark.parametrize("role", ["manager", "executive"])
def test_everybody_has_a_statement_of_their_own(demo: Path, role: str):
    shown = app("my_statement", as_=ROLES[role], month="FY2027-M03", lang="en")
    assert broken(shown) == []
    assert "Team bonus" in words(shown)


def test_a_rep_is_sent_nothing_of_anybody_elses_pay(demo: Path):
    other = app(
        "my_statement", as_=ROLES["compensation_admin"], rep=ROLES["manager"], month="FY2027-M03", lang="en"
    )
    secret = headline(other)
    shown = app("my_statement", as_=ROLES["rep"], rep=ROLES["manager"], month="FY2027-M03", lang="en")
    assert broken(shown) == []
    assert any("whose pay you do not see" in info.value for info in shown.info)
    assert secret not in said(shown)
    assert headline(shown) != secret
    assert [box for box in shown.selectbox if box.key == "statement rep"] == []


def test_open_deals_that_are_picked_pay_more_and_none_pay_nothing(demo: Path):
    shown = app("my_statement", as_=ROLES["rep"], lang="en")
    assert broken(shown) == []
    (pick,) = [group for group in shown.button_group if group.key == "estimate pick"]
    pick.set_value("none").run()
    assert broken(shown) == []
    assert any("Tick the deals" in info.value for info in shown.info)


@pytest.mark.parametrize("role", ["rep", "manager", "vice_president"])
def test_payouts_are_closed_to_people_who_do_not_see_all_pay(demo: Path, role: str):
    shown = app("payouts", as_=ROLES[role], lang="en")
    assert [w.value for w in shown.warning] == [
        "This page is not open to your role. Ask an administrator if you need it."
    ]
    assert (len(shown.metric), len(shown.dataframe)) == (0, 0)


@pytest.mark.parametrize(("role", "language"), [("compensation_admin", "en"), ("executive", "fr")])
def test_a_month_under_review_leads_with_what_is_payable(demo: Path, role: str, language: str):
    place = open_place(demo)
    session = place.session()
    month = calendar_of(session).of("month", date(2026, 5, 31))
    rows = recorded(session, demo_viewer(place, session, ROLES["compensation_admin"]), month.start, month.end)
    shown = app("payouts", as_=ROLES[role], month=month.id, lang=language)
    assert broken(shown) == []
    assert headline(shown) == formats.money(total(rows)["USD"], "USD", language, whole=True)
    closes = [button for button in shown.button if button.key == "close month"]
    assert len(closes) == (role == "compensation_admin")
    named = place.people.names()
    assert {named[key] for key in set(rows["rep_id"].to_pylist())} <= set(shown.dataframe[0].value["name"])


@pytest.mark.parametrize(
    ("view", "holds"), [("compare", "agree with “demo”"), ("questions", "No open questions.")]
)
def test_the_other_views_of_a_month_answer(demo: Path, view: str, holds: str):
    shown = app("payouts", as_=ROLES["compensation_admin"], month="FY2027-M04", show=view, lang="en")
    assert broken(shown) == []
    assert holds in "\n".join([words(shown), *(each.value for each in shown.success)])


def test_a_second_look_computes_nothing(demo: Path, monkeypatch: pytest.MonkeyPatch):
    shown = app("payouts", as_=ROLES["compensation_admin"], month="FY2027-M04", lang="en")
    before = headline(shown)

    def fails(*_: object) -> None:
        raise AssertionError("computed again")

    monkeypatch.setattr("ui.payouts_parts.review", fails)
    shown.run()
    assert broken(shown) == []
    assert headline(shown) == before


def test_what_was_computed_for_one_viewer_is_gone_for_the_next(demo: Path):
    shown = app("my_statement", as_=ROLES["compensation_admin"], rep=ROLES["rep"], lang="en")
    held = shown.session_state[private._BOX]
    shown.query_params["as"] = ROLES["manager"]
    shown.query_params["rep"] = ""
    shown.run()
    now = shown.session_state[private._BOX]
    assert held.owner != now.owner
    assert not {key for key in now.made if ROLES["rep"] in key}


def test_somebody_without_pay_is_shown_nobody_elses_unasked(demo: Path):
    shown = app("my_statement", as_=ROLES["compensation_admin"], lang="en")
    assert broken(shown) == []
    assert "You are on no pay plan." in words(shown)
    assert not shown.metric


@pytest.mark.parametrize("page", PAGES)
def test_pay_is_never_shown_on_a_wall(demo: Path, page: str):
    shown = app(page, as_=ROLES["compensation_admin"], tv="1", lang="en")
    assert broken(shown) == []
    assert any("never shown" in warning.value for warning in shown.warning)
    assert (len(shown.metric), len(shown.dataframe), len(shown.get("vega_lite_chart"))) == (0, 0, 0)


@pytest.mark.parametrize("page", PAGES)
def test_an_address_full_of_nonsense_breaks_nothing(demo: Path, page: str):
    nonsense = "'; DROP TABLE payouts; --<script>[x](http://e.example)"
    names = ("month", "rep", "show", "period", "lang")
    role = "rep" if page == "my_statement" else "compensation_admin"
    shown = app(page, as_=ROLES[role], **dict.fromkeys(names, nonsense))
    assert broken(shown) == []
    assert "DROP TABLE" not in words(shown)
    assert shown.metric


# A company of one's own --------------------------------------------------------------------------------


@pytest.mark.parametrize("page", PAGES)
def test_a_store_without_plans_says_the_next_step(
    page: str, demo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    root = tmp_path / "store"
    root.mkdir()
    made = Payer.make(root, Database(f"sqlite:///{root}/{FILE}"), plan=None)
    made.database.close()
    monkeypatch.setenv("ATTAIN_STORE", str(root))
    shown = app(page, lang="en")
    assert broken(shown) == []
    expected = {"payouts": "No pay plan is in force.", "my_statement": "You are on no pay plan."}
    assert expected[page] in words(shown)


@pytest.mark.parametrize("page", PAGES)
def test_an_empty_store_says_the_next_step(
    page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, here: None
):
    Store.create(tmp_path / "s", "own", NOW)
    monkeypatch.setenv("ATTAIN_STORE", str(tmp_path / "s"))
    shown = app(page, lang="en")
    assert broken(shown) == []
    assert "Nothing has been loaded into this store yet." in words(shown)


@pytest.mark.parametrize("page", PAGES)
def test_a_store_of_another_program_version_is_refused_with_what_to_do(page: str, payer: Payer):
    version = payer.root / "versions" / f"{(payer.root / 'CURRENT').read_text().strip()}.json"
    older = json.loads(version.read_text()) | {"schema_version": 0, "id": "older"}
    version.with_name("older.json").write_text(json.dumps(older))
    (payer.root / "CURRENT").write_text("older")
    shown = alone(page, lang="en")
    assert "manage.py republish" in shown.error[0].value.replace("\\", "")
    assert not shown.metric


@pytest.mark.parametrize("page", PAGES)
def test_somebody_who_signed_in_and_is_nobody_here_sees_nothing(
    page: str, payer: Payer, monkeypatch: pytest.MonkeyPatch
):
    sign_in(monkeypatch, "nobody@example.org")
    shown = alone(page, lang="en")
    assert "has no access" in words(shown)
    assert (len(shown.metric), len(shown.dataframe), len(shown.selectbox)) == (0, 0, 0)


def test_a_month_is_closed_after_one_more_question_and_then_pays(payer: Payer):
    shown = app("payouts", month="FY2026-M01", lang="en")
    assert headline(shown) == "$50"
    shown.button(key="close month").click().run()
    assert "$50.00 for 1 payee in 1 line is frozen" in words(shown).replace("\\", "")
    shown.button(key="close for good").click().run()
    assert broken(shown) == []
    assert [row[4] for row in payer.payouts()] == [Decimal(50)]
    assert [button for button in shown.button if button.key == "close month"] == []
    assert {each.key for each in shown.get("download_button")} >= {
        "payroll csv",
        "payroll totals",
        "payroll xlsx",
    }


def test_a_month_somebody_else_closed_meanwhile_is_refused_in_a_sentence(payer: Payer):
    shown = app("payouts", month="FY2026-M01", lang="en")
    shown.button(key="close month").click().run()
    payer.close(JANUARY)
    shown.button(key="close for good").click().run()
    assert len(shown.error) == 1
    assert "is closed already" in shown.error[0].value
    assert len(payer.payouts()) == 1


def test_pay_that_changed_since_it_was_looked_at_is_not_closed(payer: Payer):
    shown = app("payouts", month="FY2026-M01", lang="en")
    shown.button(key="close month").click().run()
    payer.load((("o1", DEALS[0][1], "r1", "9000"), *DEALS[1:]))
    shown.button(key="close for good").click().run()
    assert "has changed since you looked at it" in shown.error[0].value
    assert payer.payouts() == []


def test_months_out_of_turn_say_which_is_next(payer: Payer):
    payer.close(JANUARY)
    shown = app("payouts", month="FY2026-M03", lang="en")
    assert broken(shown) == []
    assert "Months are closed one after the other" in words(shown)
    assert [button for button in shown.button if button.key == "close month"] == []
    running = app("payouts", month="FY2026-M05", lang="en")
    assert "closed one after the other" in words(running) or "not over" in words(running)


def test_a_rep_asks_about_a_line_and_reads_the_answer(payer: Payer, monkeypatch: pytest.MonkeyPatch):
    sign_in(monkeypatch, "ann.lee@example.org")
    shown = app("my_statement", month="FY2026-M02", lang="en")
    assert headline(shown) == "$100.00"
    (ask,) = [button for button in shown.button if button.key and button.key.startswith("ask ")]
    ask.click().run()
    shown.text_area(key="question words").set_value("Why [so](http://e.example) little?")
    shown.button(key="send question").click().run()
    assert broken(shown) == []
    (asked,) = questioning.own(payer.database, SELLER)
    assert asked.rep_id == "r1"
    questioning.answer(payer.database, ADMIN, asked.question_id, "Because.", payer.company.tick())
    again = words(app("my_statement", month="FY2026-M02", lang="en"))
    assert "[so](http" not in again
    again = again.replace("\\", "")
    assert "Because." in again


def test_who_runs_pay_answers_on_payouts(payer: Payer):
    line = next(
        iter(
            closing.prepare(payer.company.store, payer.database, payer.session(), ADMIN, FEBRUARY)
            .run.lines["line_id"]
            .to_pylist()
        )
    )
    asked = questioning.ask(payer.database, SELLER, "r1", line, "Why so little?", payer.company.tick())
    shown = app("payouts", month="FY2026-M02", show="questions", lang="en")
    assert broken(shown) == []
    assert "Why so little?" in words(shown)
    assert "Commission, February 2026" in words(shown)
    shown.text_area(key=f"answer {asked.question_id}").set_value("Because.").run()
    shown.button(key=f"send {asked.question_id}").click().run()
    assert broken(shown) == []
    (mine,) = questioning.own(payer.database, SELLER)
    assert (mine.answer, mine.status) == ("Because.", questioning.ANSWERED)


def test_recorded_pay_that_differs_is_said_plainly_on_both_pages(
    payer: Payer, monkeypatch: pytest.MonkeyPatch
):
    paid = {"payout_id": "x", "rep_id": "r1", "plan_id": "field", "component_id": "commission", "period_start": JANUARY, "period_end": FEBRUARY, "earned_on": date(2026, 1, 31), "amount": 60, "currency": "USD", "kind": "earning"}  # fmt: skip
    payer.load(DEALS, payouts=[paid])
    payouts = app("payouts", month="FY2026-M01", show="compare", lang="en")
    assert any("1 of 1 lines is not what" in each.value for each in payouts.warning)
    sign_in(monkeypatch, "ann.lee@example.org")
    shown = app("my_statement", month="FY2026-M01", lang="en")
    assert headline(shown) == "$60.00"
    assert any(
        "$60.00 was recorded, the plans give $50.00" in each.value.replace("\\", "") for each in shown.warning
    )


def test_the_expense_schedule_answers(payer: Payer):
    shown = app("payouts", month="FY2026-M03", show="expense", lang="en")
    assert broken(shown) == []
    rows: Any = shown.dataframe[0].value
    assert list(rows["month"]) == ["January 2026", "February 2026", "March 2026"]
    assert rows["closing"].iloc[-1] == pytest.approx(180.025 - sum(rows["amortised"]), abs=0.02)
