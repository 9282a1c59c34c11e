"""``forget``: asked first, listed first, and then for good. On the example of three small files."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from tests.commands.conftest import Terminal

NAMES = ("query", "credited", "--by", "rep", "--names", "--period", "2026-01-01..2026-03-31")
NOOR = "noor.haddad@example.com"


@pytest.fixture
def company(project: Path, empty: Terminal) -> Terminal:
    folder = project / "examples" / "simple"
    empty.ok("import", folder / "mapping.toml", "--data", folder)
    return empty


def sold(company: Terminal, name: str) -> list[str]:
    return [line for line in company.ok(*NAMES).splitlines() if line.endswith(f",{name}")]


def answer(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(text))


def test_a_dry_run_lists_and_changes_nothing(company: Terminal):
    told = company.ok("forget", NOOR, "--dry-run")
    assert "is mentioned in" in told
    assert "  database: people" in told.splitlines()
    assert len(sold(company, "Noor Haddad")) == 1


def test_a_name_goes_and_the_numbers_stay(company: Terminal):
    (before,) = sold(company, "Noor Haddad")
    key, amount = before.split(",")[:2]
    assert amount == "65000.00"
    assert f"{key} is forgotten." in company.ok("forget", NOOR, "--yes")
    assert sold(company, key) == [f"{key},{amount},{amount},,{key}"]
    assert f"{key} is mentioned in 0 places" in company.ok("forget", key, "--dry-run")
    assert f"{key} is forgotten." in company.ok("forget", key, "--yes")


def test_the_address_signs_in_no_longer(company: Terminal):
    asked = ("query", "credited", "--viewer", NOOR)
    company.ok(*asked)
    company.ok("forget", NOOR, "--yes")
    assert company(*asked).code == 1


def test_who_was_forgotten_is_not_made_known_again(company: Terminal):
    key = company.ok("forget", NOOR, "--yes").split()[0]
    said = company("access", "person", key, "noor@example.org")
    assert said.code == 1
    assert "was forgotten" in said.err


@pytest.mark.parametrize("text", ["", "n\n", "\n", "maybe\n"])
def test_anything_but_yes_is_no(text: str, company: Terminal, monkeypatch: pytest.MonkeyPatch):
    answer(monkeypatch, text)
    said = company("forget", NOOR)
    assert said.code == 1
    assert "Nothing was changed." in said.err
    assert sold(company, "Noor Haddad")


def test_yes_is_yes(company: Terminal, monkeypatch: pytest.MonkeyPatch):
    answer(monkeypatch, "y\n")
    assert "is forgotten." in company.ok("forget", NOOR)


@pytest.mark.parametrize("who", ["nobody@example.com", "zed"])
def test_nobody_is_not_forgotten(who: str, company: Terminal):
    said = company("forget", who, "--yes")
    assert said.code == 1
    assert who in said.err


def test_a_key_that_is_the_name_is_refused(own: Terminal):
    said = own("forget", "ann", "--yes")
    assert said.code == 1
    assert "another key" in said.err
