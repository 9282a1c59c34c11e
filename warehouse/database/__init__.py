"""The planning database: what people decide and who they are, on SQLite or PostgreSQL."""

from warehouse.database.database import FILE, URL_VARIABLE, Database, database_url, open_database
from warehouse.database.dump import dump, restore
from warehouse.database.engine import DatabaseProblem
from warehouse.database.models import ROLES

__all__ = [
    "FILE",
    "ROLES",
    "URL_VARIABLE",
    "Database",
    "DatabaseProblem",
    "database_url",
    "dump",
    "open_database",
    "restore",
]
