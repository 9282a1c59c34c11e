"""States somebody designed: whatever the store, the link or the visitor, a sentence and never a traceback."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.driven import PAGES, ROLES, alone, app, broken, words
from tests.metrics.small_company import small_company
from tests.support import NOW
from warehouse.store import Store
from workflows.opening import open_place
from workflows.who import DEMO_VIEWERS

LED_BY_DATA = ("overview", "attainment", "leaderboard")
SWITCH = {viewer.name for viewer in DEMO_VIEWERS}


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """A visitor who sits at this machine."""
    monkeypatch.setattr("ui.looking.client_address", lambda: None)


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, here: None) -> Path:
    """The small company as somebody's own store."""
    root = tmp_path / "store"
    small_company(root)
    monkeypatch.setenv("ATTAIN_STORE", str(root))
    return root


@pytest.mark.parametrize("page", PAGES)
def test_an_empty_store_says_the_next_step_on_every_page(
    page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, here: None
):
    Store.create(tmp_path / "s", "own", NOW)
    monkeypatch.setenv("ATTAIN_STORE", str(tmp_path / "s"))
    shown = app(page, lang="en")
    assert broken(shown) == []
    if page in LED_BY_DATA:
        assert "Nothing has been loaded into this store yet." in words(shown)
    assert not shown.metric


@pytest.mark.parametrize("page", PAGES)
def test_a_store_of_another_program_version_is_refused_with_what_to_do(page: str, own: Path):
    version = own / "versions" / f"{(own / 'CURRENT').read_text().strip()}.json"
    older = json.loads(version.read_text()) | {"schema_version": 0, "id": "older"}
    version.with_name("older.json").write_text(json.dumps(older))
    (own / "CURRENT").write_text("older")
    shown = alone(page, lang="en")
    assert len(shown.error) == 1
    assert "manage.py republish" in shown.error[0].value.replace("\\", "")
    assert "Reference" in words(shown)
    assert not shown.exception
    assert not shown.metric


@pytest.mark.parametrize("page", PAGES)
def test_a_store_whose_version_is_gone_is_said_so(page: str, own: Path):
    (own / "CURRENT").write_text("gone")
    shown = alone(page, lang="en")
    assert len(shown.error) == 1
    assert not shown.exception
    assert "Traceback" not in words(shown)


@pytest.mark.parametrize("page", LED_BY_DATA)
@pytest.mark.parametrize("level", ["", "reps"])
def test_a_period_without_sales_and_without_quotas_is_a_page_like_any_other(page: str, level: str, own: Path):
    shown = app(page, period="2025-07-01..2025-09-30", lang="en", level=level)
    assert broken(shown) == []
    assert "Q3 FY2025 · finished" in words(shown)
    assert not [text for text in ("nan", "None", "inf") if text in words(shown).split()]


BAD = {
    "period": "FY1066-Q4", "compare": "yesterday", "region": "Atlantis", "manager": "R999", "team": "Nobody",
    "measure": "joy", "as_of": "2999-01-01", "credit_by": "magic", "target_of": "all",
}  # fmt: skip


@pytest.mark.parametrize("page", LED_BY_DATA)
@pytest.mark.parametrize("name", BAD)
def test_a_value_nobody_knows_falls_back_and_is_said_once(demo: Path, page: str, name: str):
    shown = app(page, lang="en", **{name: BAD[name]})
    assert broken(shown) == []
    assert len([info for info in shown.info if "not known here" in info.value]) == 1
    assert BAD[name] not in words(shown)


@pytest.mark.parametrize("page", PAGES)
def test_an_address_full_of_nonsense_breaks_nothing(demo: Path, page: str):
    nonsense = "'; DROP TABLE credits; --<script>[x](http://e.example)"
    names = ("lang", "as_", "store", "rank", "level", "tv", "why", "rep", "period", "region")
    shown = app(page, **dict.fromkeys(names, nonsense))
    assert broken(shown) == []
    assert "DROP TABLE" not in words(shown)


@pytest.mark.parametrize("page", PAGES)
def test_somebody_who_signed_in_and_is_nobody_here_sees_nothing(
    demo: Path, page: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("ui.looking.auth_configured", lambda: True)
    claims = {"email": "nobody@example.com", "exp": 4_000_000_000}
    monkeypatch.setattr("ui.looking._claims", lambda: claims)
    shown = alone(page, lang="en")
    assert broken(shown) == []
    assert "has no access" in words(shown)
    everyone = set(open_place(demo).people.names().values())
    assert not [name for name in everyone if name in words(shown)]
    assert (len(shown.metric), len(shown.dataframe), len(shown.selectbox)) == (0, 0, 0)


@pytest.mark.parametrize("page", LED_BY_DATA)
def test_two_people_in_one_process_never_share_an_answer(demo: Path, page: str):
    """Whoever comes second is not given what was kept for the first; nor the other way round."""
    everyone = set(open_place(demo).people.names().values())

    def asked(role: str) -> tuple[str, set[str]]:
        shown = app(page, as_=ROLES[role], lang="en")
        assert broken(shown) == []
        said = words(shown) + "".join(str(frame.value.to_dict()) for frame in shown.dataframe)
        said += "".join(str(chart.proto) for chart in shown.get("vega_lite_chart"))
        return said, {name for name in everyone - SWITCH if name in said}

    alone, own_names = asked("rep")
    _all, many = asked("executive")
    again, same_names = asked("rep")
    assert alone == again
    assert own_names == same_names == set()
    if page != "overview":
        assert len(many) > 10
    other, _team = asked("manager")
    assert other not in {alone, _all}
