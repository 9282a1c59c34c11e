"""What a SQL mapping says, as frozen dataclasses, read from TOML with every problem named."""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from collections.abc import Mapping as Dict
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from connectors.files.errors import MappingError, Problem
from connectors.files.fields import Notes, Section
from connectors.sql.readonly import refusal
from warehouse.settings import Settings, SettingsError
from warehouse.tables import TABLES

KIND = "sql"
OVERLAP = timedelta(days=1)
"""How far behind the cursor a load starts again: rows can be committed later than they are dated."""
OVERLAP_COUNT = 1000
"""The same for a cursor that is a number."""
_SPAN = re.compile(r"(\d+)\s*(m|h|d)")
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


@dataclass(frozen=True)
class Query:
    """One query and the canonical table it fills."""

    name: str
    fills: str
    text: str
    cursor: str = ""  # column of the result by which later loads go on; "" = the whole query each time
    overlap: timedelta = OVERLAP
    overlap_count: int = OVERLAP_COUNT
    context: str = ""  # what else the rows depend on: time zone and settings

    @property
    def digest(self) -> str:
        """Changes when the query does; the next load then starts from the beginning."""
        text = f"{self.fills}\n{self.cursor}\n{self.text}\n{self.context}"
        return hashlib.sha256(text.encode()).hexdigest()[:16]


@dataclass(frozen=True)
class SqlMapping:
    """A whole mapping."""

    name: str
    queries: tuple[Query, ...]
    url: str = ""  # without a password
    url_env: str = ""  # name of the variable or secret that holds the whole URL
    password_env: str = ""  # name of the variable or secret that holds only the password
    time_zone: str = "UTC"  # of instants the database keeps without one
    title: str = ""
    settings: Dict[str, Any] = field(default_factory=dict)

    @property
    def currency(self) -> str:
        """Currency of amounts that name none; "" when the mapping does not say."""
        return str(self.settings.get("currency", ""))


def is_sql(text: str) -> bool:
    """Whether this TOML text is a SQL mapping."""
    try:
        source = tomllib.loads(text).get("source", {})
    except tomllib.TOMLDecodeError:
        return False
    return isinstance(source, dict) and source.get("kind") == KIND


def load(path: Path) -> SqlMapping:
    """Read a mapping file. Raises ``MappingError`` with every problem."""
    try:
        return loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise MappingError([Problem(path.name, "", f"cannot be read: {error.strerror}")]) from error
    except UnicodeDecodeError as error:
        raise MappingError([Problem(path.name, "", "is not UTF-8 text; save it as UTF-8")]) from error


def loads(text: str) -> SqlMapping:
    """A mapping from TOML text. Raises ``MappingError``."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise MappingError([Problem("mapping", "", f"is not TOML: {error}")]) from error
    notes = Notes(text)
    mapping = _mapping(document, notes)
    if notes.problems:
        raise MappingError(notes.problems)
    return mapping


def _mapping(document: Dict[str, Any], notes: Notes) -> SqlMapping:
    top = Section(document, ("mapping",), notes)
    source = Section(_dict(top, "source"), ("source",), notes)
    source.choice("kind", (KIND,), "")
    zone, settings = source.text("time_zone", "UTC"), _dict(top, "settings")
    context = json.dumps([zone, settings], sort_keys=True, default=str)
    mapping = SqlMapping(
        name=source.required("name", "my-company"),
        title=source.text("title"),
        url=source.text("url"),
        url_env=source.text("url_env"),
        password_env=source.text("password_env"),
        time_zone=zone,
        settings=settings,
        queries=tuple(_query(name, entry, notes, context) for name, entry in _dict(top, "tables").items()),
    )
    _check_source(mapping, source)
    _check_queries(mapping.queries, top)
    _check_settings(mapping, notes)
    source.finish()
    top.finish()
    return mapping


def _dict(top: Section, key: str) -> dict[str, Any]:
    value = top.take(key, {})
    if isinstance(value, dict):
        return value
    top.problem(key, f"write a section [{key}]")
    return {}


def _query(name: str, entry: Any, notes: Notes, context: str) -> Query:
    s = Section(entry if isinstance(entry, dict) else {}, ("tables", name), notes)
    query = Query(
        name=name,
        fills=s.text("fills", name),
        text=s.required("query", "SELECT …"),
        cursor=s.text("cursor").lower(),
        overlap=_overlap(s),
        overlap_count=s.whole("overlap_count", OVERLAP_COUNT),
        context=context,
    )
    _check_query(query, s)
    s.finish()
    return query


def _overlap(s: Section) -> timedelta:
    found = _SPAN.fullmatch(s.text("overlap", "1d").strip())
    if not found:
        s.problem("overlap", 'write a time such as "30m", "12h" or "2d"')
        return OVERLAP
    return timedelta(**{_UNITS[found.group(2)]: int(found.group(1))})


def _check_query(query: Query, s: Section) -> None:
    if query.fills not in TABLES or TABLES[query.fills].derived:
        known = ", ".join(sorted(t.name for t in TABLES.values() if not t.derived))
        s.problem("fills", f"there is no table “{query.fills}”; known: {known}")
    if query.text and (why := refusal(query.text)):
        s.problem("query", why)
    if query.overlap_count < 0:
        s.problem("overlap_count", "is below zero; write how many numbers to read again")
    if not query.cursor and {"overlap", "overlap_count"} & set(s.values):
        s.problem("overlap", "needs a cursor: name the column by which later loads go on")


def _check_source(mapping: SqlMapping, s: Section) -> None:
    if mapping.name and not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", mapping.name):
        s.problem("name", f"is “{mapping.name}”; use letters, digits, dots and dashes only")
    if bool(mapping.url) == bool(mapping.url_env):
        s.problem("url_env", "say where the database is: either url_env or url")
    if mapping.url:
        _check_url(mapping.url, s)
    try:
        ZoneInfo(mapping.time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        s.problem("time_zone", f"is “{mapping.time_zone}”; write a name such as Europe/Paris")


def _check_url(text: str, s: Section) -> None:
    try:
        url = make_url(text)
    except ArgumentError:
        s.problem("url", "is not a database URL such as postgresql://reader@host/name")
        return
    if url.password or any("pass" in key.lower() for key in url.query):
        s.problem("url", "holds a password; leave it out and name it with password_env, or use url_env")


def _check_queries(queries: tuple[Query, ...], top: Section) -> None:
    if not queries:
        top.problem("tables", "nothing is filled; add a section such as [tables.opportunities]")
    for fills in {query.fills for query in queries}:
        kinds = {bool(query.cursor) for query in queries if query.fills == fills}
        if len(kinds) > 1:
            top.problem("tables", f"{fills}: give every query that fills it a cursor, or none of them")


def _check_settings(mapping: SqlMapping, notes: Notes) -> None:
    try:
        Settings.from_dict(mapping.settings)
    except SettingsError as error:
        Section({}, ("settings",), notes).problem("", str(error))
