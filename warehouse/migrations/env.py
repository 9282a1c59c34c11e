"""What Alembic runs: migrations on the connection it was given, inside the caller's transaction."""

from alembic import context
from sqlalchemy import Connection

from warehouse.database.models import Base


def _run() -> None:
    connection = context.config.attributes.get("connection")
    if not isinstance(connection, Connection):
        message = "Migrations run through warehouse.database.upgrade, which brings the connection."
        raise TypeError(message)
    context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True)
    context.run_migrations()


_run()
