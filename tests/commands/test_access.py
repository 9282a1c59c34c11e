"""``access``: roles and grants given, taken, listed and refused."""

from __future__ import annotations

import pytest

from planning import audit
from tests.commands.conftest import Terminal
from warehouse.database import open_database

SELLS = ("query", "credited", "--by", "rep", "--period", "FY2026-Q1", "--viewer", "ann@example.com")


def test_a_role_is_given_by_address_and_taken_back(own: Terminal):
    assert own.ok("access", "give", "ann@example.com", "executive") == "ann holds the role executive.\n"
    assert "ann: executive" in own.ok("access", "list")
    assert "dan" in own.ok(*SELLS)
    assert own.ok("access", "take", "ann", "executive") == "ann no longer holds the role executive.\n"
    assert "dan" not in own.ok(*SELLS)


def test_the_last_administrator_stays(own: Terminal):
    said = own("access", "take", "max", "administrator")
    assert said.code == 1
    assert "administrator" in said.err
    assert "max: administrator" in own.ok("access", "list")


@pytest.mark.parametrize("who", ["nobody@example.com", "zed"])
@pytest.mark.parametrize(
    "words",
    [
        ("give", "WHO", "rep"),
        ("take", "WHO", "rep"),
        ("grant", "WHO", "ann", "--from", "2026-01-01", "--reason", "x"),
        ("grant", "ann", "WHO", "--from", "2026-01-01", "--reason", "x"),
    ],
)
def test_nobody_gets_nothing(who: str, words: tuple[str, ...], own: Terminal):
    said = own("access", *(who if word == "WHO" else word for word in words))
    assert said.code == 1
    assert f"Nobody here is known as {who}." in said.err


def test_a_grant_counts_once_it_is_published_and_ends_when_it_is_ended(own: Terminal):
    own.ok("access", "grant", "ann", "cat@example.com", "--from", "2026-05-01", "--reason", "cover for mia")
    assert "cat" not in own.ok(*SELLS)
    assert "Published version" in own.ok("publish")
    assert "cat" in own.ok(*SELLS)
    listed = own.ok("access", "list").splitlines()[-1]
    grant, told = listed.split(": ", 1)
    assert told == "ann sees cat from 2026-05-01 to 9999-12-31: cover for mia"
    own.ok("access", "end", grant, "--on", "2026-05-10", "--reason", "mia is back")
    own.ok("publish")
    assert "cat" not in own.ok(*SELLS)
    assert "cat" in own.ok(*SELLS, "--as-of", "2026-05-09")
    own.ok("access", "end", grant)
    own.ok("publish")
    assert "cat" not in own.ok(*SELLS, "--as-of", "2026-05-09")


def test_a_grant_that_does_not_exist_is_not_ended(own: Terminal):
    assert own("access", "end", "nosuch").code == 1


def test_somebody_in_no_file_can_be_made_known(own: Terminal):
    told = own.ok("access", "person", "S100", "Ines@Example.com", "--name", "Ines Kimura")
    assert "S100 signs in as Ines@Example.com" in told
    (admitted,) = audit.history(open_database(own.root), "people")
    assert (admitted.entity_id, admitted.new_value) == ("S100", "may sign in")
    nothing = own("query", "credited", "--viewer", "ines@example.com")
    assert nothing.code == 1
    own.ok("access", "give", "ines@example.com", "administrator")
    assert own.ok("query", "credited", "--viewer", "ines@example.com") == own.ok("query", "credited")


@pytest.mark.parametrize(
    ("key", "email", "sentence"),
    [
        ("a@example.com", "a@example.com", "write a key without “@”"),
        ("S1", "not an address", "then an e-mail address"),
        ("owner", "boss@example.com", "The key owner is taken"),
        ("S1", "ann@example.com", "belongs to ann"),
    ],
)
def test_a_person_who_would_be_somebody_else_is_refused(key: str, email: str, sentence: str, own: Terminal):
    said = own("access", "person", key, email)
    assert said.code == 1
    assert sentence in said.err


def test_show_a_stranger(terminal: Terminal):
    told = terminal.ok("access", "show", "nobody@example.com")
    assert told.startswith("nobody@example.com: nobody\n")
    assert " all " not in told
    assert " some " not in told
