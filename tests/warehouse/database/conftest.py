"""Every test here runs on SQLite and on PostgreSQL."""

from tests.postgres import database, new_url

__all__ = ["database", "new_url"]
