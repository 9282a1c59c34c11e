"""From dropped files to a proposed mapping: what each file is for, what each column means, and why."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path

import connectors.files.issues  # noqa: F401 - adds its sentences
from connectors.files.drafted_tables import Draft
from connectors.files.drafting import Drafts
from connectors.files.opening import open_file
from connectors.files.place import format_of
from connectors.files.profile import Column, Habits, Profile, profile
from connectors.files.reading import Reader, Unreadable
from connectors.files.roles import Role, role_of
from connectors.files.spec import FileSpec, Mapping
from connectors.files.synonyms import plain
from connectors.files.workbook import Workbook
from warehouse.issues import DataIssue

_SYMBOLS = {"€": "EUR", "£": "GBP", "$": "USD", "¥": "JPY"}
_CODES = ("EUR", "USD", "GBP", "CHF", "JPY", "CAD", "AUD", "SEK", "NOK", "DKK", "PLN", "INR", "BRL", "SGD")


@dataclass(frozen=True)
class FileGuess:
    """What a file seems to be for: reps, sales, quotas …, "" when that is not clear."""

    name: str  # in the mapping
    file: str
    sheet: str
    role: str
    rows: int  # looked at
    columns: tuple[str, ...]


@dataclass(frozen=True)
class Guess:
    """Why a canonical column is filled as it is."""

    table: int  # place in ``mapping.tables``
    fills: str
    column: str  # canonical
    source: str  # column of the file, "" for a constant
    confidence: float  # 0 to 1
    reason: str  # name, part_of_name, values, made


@dataclass(frozen=True)
class Proposal:
    """A proposed mapping, and how it came about."""

    mapping: Mapping
    files: tuple[FileGuess, ...]
    guesses: tuple[Guess, ...]
    doubts: tuple[str, ...]  # sentences: what a person should look at
    issues: tuple[DataIssue, ...]  # files that cannot be read

    @property
    def complete(self) -> bool:
        """Whether there is enough for attainment: deals and quotas."""
        return {"opportunities", "quotas"} <= set(self.mapping.entities)


def propose(folder: Path, files: list[str] | None = None, name: str = "files") -> Proposal:
    """A mapping for the files of ``folder`` (all of them, or those named)."""
    names = sorted(p.name for p in folder.iterdir() if p.is_file()) if files is None else files
    profiles, issues = _read(folder, names)
    roles = [role_of(p) for p in profiles]
    drafts = Drafts(roles)
    tables = drafts.draw()
    mapping = Mapping(
        name=re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("-.") or "files",
        files=tuple(role.profile.spec for role in roles if role.role),
        tables=tuple(draft.spec for draft in tables),
        settings=_settings(roles),
        lookups=drafts.lookups,
    )
    doubts = [*(doubt for p in profiles for doubt in p.doubts), *drafts.doubts]
    return Proposal(
        mapping, tuple(map(_file_guess, roles)), tuple(_guesses(tables)), tuple(doubts), tuple(issues)
    )


def _read(folder: Path, names: list[str]) -> tuple[list[Profile], list[DataIssue]]:
    """Every file looked at; what one leaves open about days and numbers, the others decide."""
    profiles, issues = _read_with(folder, names, Habits())
    common = _common([p.habits for p in profiles])
    return _read_with(folder, names, common) if any(p.doubts for p in profiles) else (profiles, issues)


def _common(habits: list[Habits]) -> Habits:
    """What all files that show a habit agree on."""
    decimals = {h.decimal for h in habits if h.decimal is not None}
    orders = {h.day_first for h in habits if h.day_first is not None}
    return Habits(decimals.pop() if len(decimals) == 1 else None, orders.pop() if len(orders) == 1 else None)


def _read_with(folder: Path, names: list[str], habits: Habits) -> tuple[list[Profile], list[DataIssue]]:
    profiles: list[Profile] = []
    issues: list[DataIssue] = []
    for file in names:
        try:
            profiles += _profiles(folder / file, {p.spec.name for p in profiles}, habits)
        except Unreadable as error:
            issues.append(error.issue)
    return profiles, issues


def _profiles(path: Path, taken: set[str], habits: Habits) -> list[Profile]:
    """A profile of the file, or of each sheet of a workbook that holds a table."""
    spec = FileSpec(_name(path.stem, taken), path.name)
    reader = open_file(path, spec)
    if not isinstance(reader, Workbook) or len(reader.sheets) == 1:
        return [_profile(reader, spec, habits)]
    found: list[Profile] = []
    for sheet in reader.sheets:
        own = replace(spec, name=_name(sheet, taken | {p.spec.name for p in found}), sheet=sheet)
        try:
            found.append(_profile(open_file(path, own), own, habits))
        except Unreadable:  # an empty sheet is nothing to map
            continue
    return found


def _profile(reader: Reader, spec: FileSpec, habits: Habits) -> Profile:
    """The profile; a file whose first row is already data is read again without a header."""
    if format_of(reader.path, spec) != "parquet" and _no_header(reader):
        spec = replace(spec, header=0)
        reader = open_file(reader.path, spec)
    encoding = getattr(reader, "encoding", "")
    if encoding and encoding not in ("utf-8", "utf-8-sig"):
        spec = replace(spec, encoding=encoding)
    delimiter = reader.dialect.delimiter if hasattr(reader, "dialect") else ""
    if delimiter not in ("", ","):
        spec = replace(spec, delimiter=delimiter)
    return profile(spec, reader, habits)


def _no_header(reader: Reader) -> bool:
    """Names of columns are not numbers, days or e-mail addresses (but years and months may be)."""
    values = [n for n in reader.columns if not n.startswith("column ")]
    data = [
        v for v in values if re.fullmatch(r"[-+]?\d+([.,]\d+)?|\d{4}-\d\d-\d\d.*|[^@\s]+@[^@\s]+\.\w+", v)
    ]
    years = [v for v in data if re.fullmatch(r"(19|20)\d\d", v)]
    return len(data) - len(years) > 0 and len(data) * 3 > len(values)


def _name(stem: str, taken: set[str]) -> str:
    base = plain(stem).replace(" ", "_") or "file"
    count, name = 1, base
    while name in taken:
        count += 1
        name = f"{base}_{count}"
    return name


def _settings(roles: list[Role]) -> dict[str, object]:
    """The currency, when a column, a sign beside the amounts or the name of their column says it."""
    for role in roles:
        column = role.meanings.get("currency")
        codes = {v.upper() for v in column.column.values} if column else set()
        if len(codes) == 1 and re.fullmatch("[A-Z]{3}", next(iter(codes))):
            return {"currency": next(iter(codes))}
    for role in roles:
        for meaning in ("amount", "quota"):
            if role.has(meaning) and (code := _currency_beside(role.meanings[meaning].column)):
                return {"currency": code}
    return {}


def _currency_beside(column: Column) -> str:
    """The currency by a sign in the values or the name, or by its code in the name: ``Amount (USD)``."""
    texts = [column.name, *column.values]
    signs = [code for sign, code in _SYMBOLS.items() if any(sign in text for text in texts)]
    words = [word for word in plain(column.name).upper().split() if word in _CODES]
    return next(iter([*words, *signs]), "")


def _file_guess(role: Role) -> FileGuess:
    spec = role.profile.spec
    columns = tuple(column.name for column in role.profile.columns)
    return FileGuess(spec.name, spec.path, spec.sheet, role.role, role.profile.rows, columns)


def _guesses(tables: list[Draft]) -> list[Guess]:
    found = []
    for number, draft in enumerate(tables):
        for column, spec in draft.spec.columns:
            score = draft.scores.get(column)
            source = draft.sources.get(column) or spec.column or spec.template
            if score is None:
                found.append(
                    Guess(number, draft.spec.fills, column, source, 1.0 if not source else 0.9, "made")
                )
            else:
                reason = "name" if score > 0.75 else "part_of_name"
                found.append(Guess(number, draft.spec.fills, column, source, round(score, 2), reason))
    return found
