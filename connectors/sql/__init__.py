"""Any SQL database as a source: read-only, one query a table, incremental by cursor."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from sqlalchemy import URL, Connection

import connectors.sql.issues  # noqa: F401 - adds the sentences
from connectors.sql import client, cursor
from connectors.sql.secrets import find_secret
from connectors.sql.spec import Query, SqlMapping, is_sql, load, loads
from connectors.sql.translate import Translator
from warehouse.issues import DataIssue, LoadFailed
from warehouse.landing import Landing

__all__ = ["SqlConnector", "SqlMapping", "is_sql", "load", "loads"]


class SqlConnector:
    """Reads one database as a mapping says."""

    def __init__(
        self,
        mapping: SqlMapping,
        as_of: date,
        root: Path = Path(),
        environment: Mapping[str, str] = os.environ,
    ) -> None:
        """``as_of`` is the company's day of reading; ``root`` the project, for ``.streamlit/secrets.toml``."""
        self.mapping = mapping
        self._as_of = as_of
        self._root = root
        self._environment = environment

    @property
    def name(self) -> str:
        """The source's name."""
        return f"sql:{self.mapping.name}"

    @property
    def entities(self) -> tuple[str, ...]:
        """Canonical tables the mapping fills."""
        return tuple(dict.fromkeys(query.fills for query in self.mapping.queries))

    def read(self, landing: Landing, cursor: Mapping[str, str]) -> None:
        """Run every query in one connection, land the rows, and seal."""
        url = self.url()
        reached: dict[str, str] = {}
        whole = self._whole(cursor)
        with client.connect(url) as connection:
            for query in self.mapping.queries:
                before = "" if query.fills in whole else cursor.get(query.name, "")
                landing.mode(query.fills, "upsert" if before else "replace")
                reached[query.name] = self._land(landing, connection, query, before)
        landing.seal(
            as_of=self._as_of,
            cursor={name: text for name, text in reached.items() if text},
            settings=self.mapping.settings,
            note={"title": self.mapping.title, "database": url.render_as_string(hide_password=True)},
        )

    def url(self) -> URL:
        """The database's address with its secrets; ``LoadFailed`` when one is not set."""
        mapping = self.mapping
        text = mapping.url or self._secret(mapping.url_env)
        return client.address(text, self._secret(mapping.password_env) if mapping.password_env else "")

    def _secret(self, name: str) -> str:
        value = find_secret(name, self._root, self._environment)
        if not value:
            raise LoadFailed([DataIssue("sql_secret", field=name, severity="load")])
        return value

    def _whole(self, reached: Mapping[str, str]) -> set[str]:
        """Tables to read from the beginning: not incremental, never read, or a query of theirs changed."""
        if set(reached) - {query.name for query in self.mapping.queries}:
            return set(self.entities)  # a query is gone, and with it the reason for its rows
        return {
            query.fills
            for query in self.mapping.queries
            if not query.cursor or cursor.read(query, reached.get(query.name, "")) is None
        }

    def _land(self, landing: Landing, connection: Connection, query: Query, before: str) -> str:
        """Land one query; its cursor afterwards."""
        known = cursor.read(query, before)
        since = None if known is None else (query.cursor, cursor.start(query, known))
        translator: Translator | None = None
        for batch in client.run(connection, query.name, query.text, since):
            translator = translator or Translator(self.mapping, query, batch.columns, landing.set_aside)
            landing.add(query.fills, translator.table(batch))
            landing.progress(query.name, batch.first - 1 + len(batch.rows), None)
        assert translator is not None  # the first batch carries the columns, even without rows
        translator.finish()
        return _reached(query, translator.latest, before)


def _reached(query: Query, latest: object, before: str) -> str:
    try:
        return cursor.write(query, latest, before)
    except cursor.UnusableCursor as error:
        detail = f"the cursor column {query.cursor} is of type {error}"
        raise client.failed("sql_query", query.name, detail) from error
