"""Alembic migrations of the planning database, applied when it is opened."""
