"""Every test that uses ``new_url`` runs on SQLite and on PostgreSQL."""

from tests.postgres import new_url

__all__ = ["new_url"]
