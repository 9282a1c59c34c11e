"""Files through the whole load: what is published, what stays, and what the build adds to the sentences."""

from __future__ import annotations

import shutil
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from connectors.files import FilesConnector, Mapping, load_mapping
from tests.connectors.files.loading import NOW
from warehouse.issues import DataIssue, LoadFailed, from_table
from warehouse.settings import Settings
from warehouse.store import Store
from workflows.refresh import LoadReport
from workflows.refresh import load as publish


class Company:
    """The simple example in a folder of its own, with a store beside it."""

    def __init__(self, folder: Path, example: Path) -> None:
        self.files = folder / "files"
        shutil.copytree(example, self.files)
        self.store = Store.create(folder / "store", "own", NOW)

    @property
    def mapping(self) -> Mapping:
        return load_mapping(self.files / "mapping.toml")

    def load(self) -> LoadReport:
        return publish(FilesConnector(self.mapping, self.files, NOW.date()), self.store, Settings(), NOW)

    def issues(self) -> list[DataIssue]:
        return from_table(pq.read_table(self.load().issues_path))

    def append(self, file: str, *rows: str) -> None:
        path = self.files / file
        path.write_text(
            path.read_text(encoding="utf-8") + "".join(f"{row}\n" for row in rows), encoding="utf-8"
        )


@pytest.fixture
def company(tmp_path: Path, project: Path) -> Company:
    return Company(tmp_path, project / "examples" / "simple")


def test_the_simple_example_is_published_without_a_remark(company):
    report = company.load()
    assert company.issues() == []
    assert report.counts["opportunities"] == {"read": 15, "kept": 15, "set_aside": 0}
    assert report.counts["quotas"]["kept"] == 8
    assert report.version.rows("visibility") > 5  # the manager sees the others


def test_loading_the_same_files_twice_changes_nothing(company):
    first, second = company.load(), company.load()
    assert (first.changed, second.changed) == (True, False)
    for table in first.version.tables:
        assert second.version.digest(table) == first.version.digest(table)


def test_no_address_and_no_name_reaches_the_store_but_for_the_people(company):
    report = company.load()
    for path in [
        *company.store.root.glob("parts/**/*.parquet"),
        *company.store.root.glob("landing/**/*.parquet"),
    ]:
        text = str(pq.read_table(path).to_pylist())
        assert "@" not in text, path
        assert "Okafor" not in text, path
    assert report.version.rows("reps") == 5


@pytest.mark.parametrize(
    ("damage", "sentence"),
    [
        (lambda folder: (folder / "quotas.csv").unlink(), "quotas.csv is missing."),
        (lambda folder: (folder / "sales.csv").write_text(""), "sales.csv holds no rows."),
        (lambda folder: (folder / "sales.csv").write_text("Order number,Date\n"), "sales.csv has no column"),
        (lambda folder: (folder / "reps.csv").write_text("Name;Email\n\x00\x01"), "reps.csv has no column"),
    ],
    ids=["missing", "empty", "column", "rubbish"],
)
def test_a_failed_import_leaves_the_last_version_untouched(company, damage, sentence):
    before = company.load().version
    damage(company.files)
    with pytest.raises(LoadFailed, match=sentence):
        company.load()
    after = company.store.current()
    assert after is not None
    assert after.id == before.id


def _named(issues: list[DataIssue], code: str) -> DataIssue:
    found = [issue for issue in issues if issue.code == code]
    assert found, [issue.sentence for issue in issues]
    return found[0]


@pytest.mark.parametrize(
    ("file", "row", "code", "line"),
    [
        (
            "sales.csv",
            "1099,0001-01-01,noor.haddad@example.com,Osprey Energy,Core,5",
            "date_out_of_range",
            17,
        ),
        (
            "sales.csv",
            "1099,2999-12-31,noor.haddad@example.com,Osprey Energy,Core,5",
            "date_out_of_range",
            17,
        ),
        ("sales.csv", "1001,2026-05-14,noor.haddad@example.com,Osprey Energy,Core,5", "duplicate_id", 17),
        ("sales.csv", "1099,2026-05-14,noor.haddad@example.com,Osprey Energy,Core,-5", "negative_amount", 17),
        ("sales.csv", "1099,2026-05-14,noor.haddad@example.com,Osprey Energy,Core,n/a", "bad_amount", 17),
        ("sales.csv", "1099,2026-05-14,noor.haddad@example.com,Osprey Energy,Core,inf", "not_finite", 17),
        ("sales.csv", "1099,2026-05-14,nobody@example.com,Osprey Energy,Core,5", "unknown_rep", 17),
        ("quotas.csv", "nobody@example.com,2026,1000,", "unknown_rep", 6),
        ("quotas.csv", "noor.haddad@example.com,2026,1000,", "duplicate_id", 6),
        ("reps.csv", "Eve Lund,eve.lund@example.com,Nobody Atall,North,2024-01-01", "no_match", 7),
    ],
)
def test_a_bad_row_is_named_with_its_file_and_row_and_the_others_are_published(
    company, file, row, code, line
):
    company.append(file, row)
    found = _named(company.issues(), code)
    assert (found.file, found.row) == (file, line)
    assert found.field or found.code == "no_match"
    assert f"{file}, row {line}" in found.sentence
    version = company.store.current()
    assert version is not None
    assert version.rows("opportunities") >= 15
    assert version.rows("quotas") >= 8


def test_a_rep_who_is_listed_twice_with_two_managers(company):
    company.append("reps.csv", "Tom Okafor,tom.okafor@example.com,Lena Fischer,South,2023-06-05")
    issues = company.issues()
    assert {issue.file for issue in issues} == {"reps.csv"}
    assert {issue.code for issue in issues} & {"two_managers", "duplicate_id"}
    assert any(issue.row in (4, 7) for issue in issues)


def test_a_circle_of_managers_is_named(company):
    text = (company.files / "reps.csv").read_text(encoding="utf-8")
    (company.files / "reps.csv").write_text(
        text.replace("example.com,,Management", "example.com,Tom Okafor,Management")
    )
    found = _named(company.issues(), "hierarchy_cycle")
    assert found.file == "reps.csv"
    assert found.row in (2, 4)
