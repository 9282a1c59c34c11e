from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select

from warehouse.database import Database
from warehouse.database.models import Erased
from warehouse.people import People, Person

ANN = Person("r1", "Ann@Example.org ", " Ann Lee ")
BOB = Person("r2", None, "Bob")


def test_people_are_added_and_changed_by_key(database: Database):
    people = People(database)
    assert people.upsert([ANN, BOB]) == 2
    assert people.upsert([ANN, BOB]) == 0
    assert people.upsert([Person("r2", "bob@example.org", "Bobby")]) == 1
    assert people.names() == {"r1": "Ann Lee", "r2": "Bobby"}
    assert people.names(["r2", "nobody"]) == {"r2": "Bobby"}
    assert people.keys() == {"r1", "r2"}


def test_an_empty_name_does_not_erase_what_is_known(database: Database):
    people = People(database)
    people.upsert([ANN])
    assert people.upsert([Person("r1")]) == 0
    assert people.get("r1") == Person("r1", "ann@example.org", "Ann Lee")


def test_a_person_is_found_by_address_in_any_case(database: Database):
    people = People(database)
    people.upsert([ANN, BOB])
    assert people.by_email(" ANN@example.ORG") == "r1"
    assert people.email("r1") == "ann@example.org"
    assert people.by_email("other@example.org") is None
    assert people.by_email("") is None
    assert people.email("nobody") is None


def test_an_address_two_people_share_finds_neither(database: Database):
    people = People(database)
    people.upsert([Person("a", "team@example.org"), Person("b", "team@example.org")])
    assert people.by_email("team@example.org") is None


def test_a_forgotten_person_stays_forgotten_on_every_later_load(database: Database):
    people = People(database)
    people.upsert([ANN, BOB])
    people.forget("r1")
    again = [ANN, Person("r1", "new@example.org", "Ann Lee"), Person("r9", "ann@example.org", "Ann Lee"), BOB]
    assert people.upsert(again) == 0
    assert people.names() == {"r2": "Bob"}
    assert people.by_email("ann@example.org") is None
    assert people.is_forgotten("r1")
    assert not people.is_forgotten("r2")


def test_what_is_kept_of_a_forgotten_person_is_a_keyed_hash(database: Database):
    people = People(database)
    people.upsert([ANN])
    people.forget("r1")
    with database.read() as session:
        marks = session.scalars(select(Erased.mark)).all()
    assert len(marks) == 2
    assert all(len(mark) == 64 and "ann" not in mark for mark in marks)
    assert people.pseudonym("ann@example.org")[2:] not in "".join(marks)


def test_forgetting_twice_changes_nothing(database: Database):
    people = People(database)
    people.upsert([ANN])
    people.forget("r1")
    people.forget("r1")
    people.forget("never seen")
    assert people.is_forgotten("r1")


def test_a_pseudonym_is_stable_in_a_database_and_differs_between_databases(
    database: Database, new_url: Callable[[], str]
):
    name = People(database).pseudonym("Ann@Example.org")
    assert name == People(database).pseudonym(" ann@example.org")
    assert name != People(Database(new_url())).pseudonym("ann@example.org")
    assert name.startswith("p_")
    assert len(name) == 14
    assert set(name[2:]) <= set("0123456789abcdef")
