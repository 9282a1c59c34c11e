from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Barrier, Thread

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from warehouse.database import Database, DatabaseProblem, database_url, open_database
from warehouse.database.models import PersonRow, Role, Salt


def test_the_default_is_a_file_in_the_store(tmp_path: Path):
    assert database_url(tmp_path, {}) == f"sqlite:///{tmp_path}/planning.sqlite"
    assert open_database(tmp_path / "store", {}).file == tmp_path / "store" / "planning.sqlite"


def test_the_environment_names_another_database(tmp_path: Path):
    assert (
        database_url(tmp_path, {"ATTAIN_DATABASE_URL": "postgresql://host/name"}) == "postgresql://host/name"
    )


def test_a_folder_with_awkward_characters_is_opened(tmp_path: Path):
    root = tmp_path / "my store #1 100%?"
    assert open_database(root, {}).file == root / "planning.sqlite"
    assert (root / "planning.sqlite").exists()


def test_a_process_has_one_database_a_store(tmp_path: Path):
    assert open_database(tmp_path, {}) is open_database(tmp_path, {})
    assert open_database(tmp_path, {}) is not open_database(tmp_path / "other", {})


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("mysql://host/name", "mysql cannot hold the planning database"),
        ("sqlite://", "must be a file"),
        ("not a url", "not a URL"),
        ("sqlite:////no/such/folder/x.sqlite", "cannot be opened"),
        ("postgresql://u:secret@127.0.0.1:1/x", "cannot be opened"),
    ],
)
def test_what_cannot_be_opened_is_said_in_a_sentence_without_the_password(url: str, sentence: str):
    with pytest.raises(DatabaseProblem, match=sentence) as caught:
        Database(url)
    assert "secret" not in str(caught.value)


def test_an_error_leaves_nothing_behind(database: Database):
    with pytest.raises(ZeroDivisionError), database.write() as session:
        session.add(PersonRow(key="a"))
        session.flush()
        _ = 1 / 0
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(PersonRow)) == 0


def test_a_reader_sees_one_moment(database: Database):
    with database.read() as session:
        before = session.scalar(select(func.count()).select_from(PersonRow))
        with database.write() as writer:
            writer.add(PersonRow(key="a"))
        assert session.scalar(select(func.count()).select_from(PersonRow)) == before == 0
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(PersonRow)) == 1


def test_references_and_checks_are_enforced(database: Database):
    approval = "INSERT INTO approvals VALUES ('a', 'no such draft', 'p', '2026-01-01', 'yes', NULL)"
    for statement in (approval, "INSERT INTO roles VALUES ('p', 'emperor')"):
        with pytest.raises(IntegrityError), database.write() as session:
            session.execute(text(statement))


def test_two_threads_that_read_and_then_write_both_succeed(database: Database):
    """Each reads a counter and writes it back larger; a lost update would leave it too small."""
    with database.write() as session:
        session.add(Role(person_key="0", role="rep"))
    together = Barrier(4)

    def count() -> None:
        together.wait()
        for _ in range(5):
            with database.write() as session:
                row = session.scalars(select(Role).with_for_update()).one()
                row.person_key = str(int(row.person_key) + 1)

    threads = [Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.read() as session:
        assert session.scalars(select(Role.person_key)).one() == "20"


def test_many_processes_may_open_a_new_database_at_once(new_url: Callable[[], str]):
    url = new_url()
    script = f"from warehouse.database import Database; Database({url!r})"
    root = Path(__file__).parents[3]
    running = [
        subprocess.Popen([sys.executable, "-c", script], cwd=root, env=os.environ, stderr=subprocess.PIPE)
        for _ in range(3)
    ]
    assert [process.communicate()[1].decode() for process in running] == [""] * 3
    with Database(url).read() as session:
        assert session.scalar(select(func.count()).select_from(Salt)) == 2
