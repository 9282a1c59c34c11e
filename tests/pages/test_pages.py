"""Every page, through every role's eyes, in both languages: it answers, in words, with the right figures."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from metrics.ask import ask
from metrics.attainment import quota_attainment
from metrics.periods import calendar_of
from metrics.view import View
from tests.driven import PAGES, ROLES, app, broken, words
from ui.states import logged
from words import formats
from words.catalogue import translator
from workflows.opening import Place, open_place
from workflows.who import DEMO_VIEWERS, demo_viewer

KEEPERS_ONLY = {"data_sources"}
TITLES = {
    "overview": "Overview", "attainment": "Attainment", "leaderboard": "Leaderboard",
    "data_sources": "Data sources", "metric_catalogue": "Metric catalogue",
}  # fmt: skip
RAW = re.compile(
    r"\b(rep_id|credited_on|amount_reporting|quota_attainment_before|_before\b|unassigned|[a-z]+_id)\b"
)
FAST = [(page, "executive", "en") for page in PAGES] + [("overview", role, "fr") for role in ROLES]
ALL = [(page, role, language) for page in PAGES for role in ROLES for language in ("en", "fr")]


def check(page: str, role: str, language: str) -> None:
    shown = app(page, as_=ROLES[role], lang=language)
    assert broken(shown) == []
    assert shown.title[0].value == translator(language)(TITLES[page])
    if page in KEEPERS_ONLY and role != "administrator":
        assert [w.value for w in shown.warning] == [
            translator(language)("This page is not open to your role. Ask an administrator if you need it.")
        ]
    elif page != "metric_catalogue":
        assert RAW.search(words(shown)) is None, RAW.search(words(shown))


@pytest.mark.parametrize(("page", "role", "language"), FAST)
def test_page_answers(demo: Path, page: str, role: str, language: str):
    check(page, role, language)


@pytest.mark.long
@pytest.mark.parametrize(("page", "role", "language"), ALL)
def test_every_page_answers_every_role_in_every_language(demo: Path, page: str, role: str, language: str):
    check(page, role, language)


@pytest.fixture
def place(demo: Path) -> Place:
    return open_place(demo)


def usual_view(place: Place) -> View:
    session = place.session()
    quarter = calendar_of(session).of("quarter", session.version.as_of)
    return View(quarter.start, quarter.end, session.version.as_of)


def leading(shown: Any) -> str:
    return next(metric.value for metric in shown.metric if metric.label == "Quota attainment")


def test_the_executive_reads_the_company_number(place: Place):
    session = place.session()
    viewer = demo_viewer(place, session, ROLES["executive"])
    value = ask(quota_attainment, view=usual_view(place), session=session, viewer=viewer)["quota_attainment"][
        0
    ].as_py()
    assert leading(app(as_=ROLES["executive"])) == formats.percent(value, "en")


@pytest.mark.parametrize("role", ["manager", "vice_president"])
def test_a_manager_reads_the_number_they_carry(place: Place, role: str):
    session, key = place.session(), ROLES[role]
    viewer = demo_viewer(place, session, key)
    rows = ask(
        quota_attainment, ["manager"], view=usual_view(place), session=session, viewer=viewer
    ).to_pylist()
    value = next(row["quota_attainment"] for row in rows if row["manager"] == key)
    assert leading(app(as_=key)) == formats.percent(value, "en")


def test_a_rep_reads_their_own_number_and_rank_and_no_name_but_their_own(place: Place):
    shown = app(as_=ROLES["rep"])
    labels = [metric.label for metric in shown.metric]
    assert "Rank among peers" in labels
    others = set(place.people.names().values()) - {v.name for v in DEMO_VIEWERS}
    assert [name for name in others if name in words(shown)] == []


def test_an_unfinished_period_says_so_and_a_finished_one_does_not(place: Place):
    view = usual_view(place)
    day = (view.as_of - view.start).days + 1
    assert f"day {day} of {(view.end - view.start).days}, in progress" in words(app())
    before = calendar_of(place.session()).of("quarter", view.start - timedelta(days=1))
    finished = words(app(period=before.id))
    assert "finished" in finished
    assert "in progress" not in finished
    assert "behind the usual pace" not in finished


def test_the_filters_of_a_link_are_kept_in_the_address(place: Place):
    shown = app(region="West", compare="last_year", period="FY2026")
    assert {shown.query_params[name] for name in ("region", "compare", "period")} == {
        "West",
        "last_year",
        "FY2026",
    }
    assert shown.selectbox(key="filter region").value == "West"
    assert shown.selectbox(key="filter period").value == "FY2026"


def test_choosing_a_filter_writes_its_id_into_the_address(demo: Path):
    shown = app()
    shown.selectbox(key="filter compare").set_value("last_year").run()
    assert shown.query_params["compare"] == "last_year"
    assert broken(shown) == []


def test_what_a_link_names_wrongly_is_said_and_left_out(demo: Path):
    shown = app(period="FY1066-Q4", region="Atlantis", manager="R999")
    assert broken(shown) == []
    said = [info.value for info in shown.info]
    assert len([text for text in said if "not known here" in text]) == 3


def test_a_link_to_somebody_the_reader_does_not_see_shows_nothing_of_them(place: Place):
    stranger = next(k for k in sorted(place.people.names()) if k not in set(ROLES.values()))
    shown = app("attainment", as_=ROLES["rep"], rep=stranger)
    assert place.people.names()[stranger] not in words(shown)
    assert any("not known here" in info.value for info in shown.info)


def test_the_filters_follow_to_the_next_page(demo: Path):
    shown = app(compare="last_year", region="East")
    shown.switch_page("pages/performance/leaderboard.py").run()
    assert shown.query_params["compare"] == "last_year"
    assert shown.selectbox(key="filter region").value == "East"


def test_an_own_store_without_data_says_the_next_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    from datetime import UTC, datetime

    from warehouse.store import Store

    Store.create(tmp_path / "s", "own", datetime.now(UTC))
    monkeypatch.setenv("ATTAIN_STORE", str(tmp_path / "s"))
    monkeypatch.setattr("ui.looking.client_address", lambda: None)
    shown = app()
    assert broken(shown) == []
    assert "Nothing has been loaded into this store yet." in words(shown)
    assert "local owner" in words(shown)


def test_no_store_at_all_says_how_to_make_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ATTAIN_STORE", str(tmp_path / "none"))
    monkeypatch.setattr("ui.looking.client_address", lambda: None)
    shown = app()
    assert broken(shown) == []
    assert "There is no data yet" in words(shown)


def test_without_a_certain_visitor_nothing_is_shown(demo: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("ui.looking.client_address", lambda: "10.0.0.9")
    shown = app()
    assert not shown.metric
    assert "answers on this machine only" in shown.error[0].value


def test_signed_in_people_see_their_own_and_strangers_see_nothing(
    place: Place, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("ui.looking.auth_configured", lambda: True)
    claims = {"email": "rep@example.com", "exp": 4_000_000_000}
    monkeypatch.setattr("ui.looking._claims", lambda: claims)
    shown = app()
    assert broken(shown) == []
    assert "Rank among peers" in [metric.label for metric in shown.metric]
    claims["email"] = "nobody@example.com"
    assert not app().metric
    claims["exp"] = 1
    assert [button.label for button in app().button] == ["Sign in"]


def test_a_broken_page_shows_a_reference_and_no_data(
    demo: Path, monkeypatch: pytest.MonkeyPatch, caplog: Any
):
    with pytest.raises(ValueError) as caught:
        int("Ana Diaz 123456.78")
    reference = logged(caught.value)
    assert reference in caplog.text
    assert "ValueError" in caplog.text
    assert "Ana" not in caplog.text
    assert "123456" not in caplog.text


def test_every_figure_can_be_explained(demo: Path):
    for page in ("overview", "attainment", "leaderboard"):
        shown = app(page)
        explained = [button for button in shown.button if button.key and button.key.startswith("explain ")]
        assert len(explained) >= max(len(shown.metric), 1), page


def test_an_explanation_holds_the_formula_with_its_own_numbers(place: Place):
    shown = app()
    shown.button(key="explain quota_attainment card").click().run()
    assert broken(shown) == []
    said = words(shown).replace("\\", "").replace("\u2060", "")
    row = ask(
        quota_attainment, view=usual_view(place), session=place.session(),
        viewer=demo_viewer(place, place.session(), ROLES["executive"]),
    ).to_pylist()[0]  # fmt: skip
    top, bottom = (formats.money(row[side], "USD", "en") for side in ("top", "bottom"))
    assert f"{top} ÷ {bottom} = {formats.percent(row['quota_attainment'], 'en')}" in said


def test_the_days_of_the_demo_company_are_not_today(place: Place):
    # The page never reads the clock for its period: it stands where the data stands.
    assert usual_view(place).as_of < date(2100, 1, 1)
    assert formats.date(usual_view(place).as_of, "en") in words(app())


def test_a_page_that_breaks_keeps_its_values_out_of_the_log(
    demo: Path, monkeypatch: pytest.MonkeyPatch, caplog: Any
):
    def breaks(*_: object) -> None:
        raise RuntimeError("Ana Diaz sold 123456.78")

    monkeypatch.setattr("ui.overview.overview", breaks)
    shown = app()
    assert any("could not be shown" in error.value for error in shown.error)
    assert "RuntimeError" in caplog.text
    assert "Ana" not in caplog.text
    assert "Ana" not in words(shown)
