"""``demo``, ``import`` and ``sync``: what is loaded, what is said, and what stays when nothing can be."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.commands.conftest import Terminal

FIRST = "Published version"
AGAIN = "Nothing changed;"


@pytest.fixture
def simple(project: Path) -> tuple[str, ...]:
    folder = project / "examples" / "simple"
    return ("import", str(folder / "mapping.toml"), "--data", str(folder))


def table(told: str) -> dict[str, list[int]]:
    """Counts by table: read, kept, set aside."""
    lines = [line.split() for line in told.splitlines()[1:-1]]
    return {words[0]: [int(word.replace(",", "")) for word in words[1:]] for words in lines}


def test_files_are_imported_and_again_changes_nothing(simple: tuple[str, ...], empty: Terminal):
    told = empty.ok(*simple)
    assert FIRST in told
    assert table(told)["opportunities"] == [15, 15, 0]
    assert table(told)["quotas"] == [8, 8, 0]
    assert AGAIN in empty.ok(*simple)
    assert empty.ok("query", "credited").splitlines()[1].startswith("223550.00,")


def test_a_bad_row_is_set_aside_with_a_sentence(project: Path, tmp_path: Path, empty: Terminal):
    source = project / "examples" / "simple"
    for path in source.iterdir():
        text = path.read_text(encoding="utf-8").replace('"7,250.00"', "seven")
        (tmp_path / path.name).write_text(text, encoding="utf-8")
    said = empty("import", tmp_path / "mapping.toml", "--data", tmp_path)
    assert said.code == 0
    assert table(said.out)["opportunities"] == [15, 14, 1]
    assert "set aside: sales.csv, row 3: Amount is “seven”" in said.err


def test_a_missing_file_loads_nothing_and_the_last_version_stays(
    simple: tuple[str, ...], tmp_path: Path, empty: Terminal
):
    empty.ok(*simple)
    before = empty.ok("query", "credited")
    said = empty("import", simple[1], "--data", tmp_path)
    assert said.code == 1
    assert "reps.csv" in said.err
    assert "Nothing was loaded. The last published version is untouched." in said.err
    assert empty.ok("query", "credited") == before


def test_a_mapping_that_is_none_is_named(tmp_path: Path, empty: Terminal):
    broken = tmp_path / "mine.toml"
    broken.write_text("[source]\ncolour = 1\n")
    for name in (broken, tmp_path / "nowhere.toml"):
        for words in (("import", name, "--data", tmp_path), ("sync", name)):
            said = empty(*words)
            assert said.code == 1
            assert said.err.startswith(f"The mapping {name} cannot be used:\n")
            assert len(said.err.splitlines()) > 1


def test_own_files_are_not_mixed_with_the_demo_company(simple: tuple[str, ...], empty: Terminal):
    told = empty.ok("demo", "--opportunities", "2000")
    assert FIRST in told
    said = empty(*simple)
    assert said.code == 1
    assert "ATTAIN_STORE" in said.err
    viewer = ("query", "credited", "--by", "rep", "--viewer", "rep@example.com")
    assert [line.split(",")[0] for line in empty.ok(*viewer).splitlines()[1:]] == ["R024"]


def test_the_demo_company_is_not_mixed_with_own_files(own: Terminal):
    said = own("demo", "--opportunities", "2000")
    assert said.code == 1
    assert "ATTAIN_STORE" in said.err


def test_too_small_a_demo_company_is_refused(empty: Terminal, capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as ended:
        empty("demo", "--opportunities", "100")
    assert ended.value.code == 2
    assert "at least 2,000" in capsys.readouterr().err


@pytest.fixture
def database(project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The example database, as the mapping expects it."""
    path = tmp_path / "company.sqlite"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript((project / "examples" / "sql" / "company.sql").read_text())
    monkeypatch.setenv("COMPANY_DATABASE_URL", f"sqlite:///{path}")
    return path


def test_a_database_is_read_and_later_only_what_changed(database: Path, project: Path, empty: Terminal):
    mapping = project / "examples" / "sql" / "mapping.toml"
    first = table(empty.ok("sync", mapping))
    assert first["credits"] == [4, 4, 0]
    again = empty.ok("sync", mapping)
    assert AGAIN in again
    assert table(again)["credits"] == [1, 4, 0]
    assert table(empty.ok("sync", mapping, "--full"))["credits"] == [4, 4, 0]


def test_full_sees_rows_that_were_deleted(database: Path, project: Path, empty: Terminal):
    mapping = project / "examples" / "sql" / "mapping.toml"
    empty.ok("sync", mapping)
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("DELETE FROM orders WHERE number = (SELECT min(number) FROM orders)")
        connection.commit()
    assert table(empty.ok("sync", mapping))["credits"][1] == 4
    assert table(empty.ok("sync", mapping, "--full"))["credits"] == [3, 3, 0]


def test_an_address_that_is_not_set_is_asked_for(
    project: Path, empty: Terminal, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.delenv("COMPANY_DATABASE_URL", raising=False)
    said = empty("sync", project / "examples" / "sql" / "mapping.toml")
    assert said.code == 1
    assert "COMPANY_DATABASE_URL" in said.err
