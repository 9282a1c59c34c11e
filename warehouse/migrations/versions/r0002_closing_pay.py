"""Closing pay: what a closed period was computed from, and questions about payout lines."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from warehouse.database.types import Stamp

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

PERSONAL = {"closed_periods": ("terms",), "questions": ("text", "answer")}
"""Columns that can hold a name or an address."""


def upgrade() -> None:
    """Add the columns and the table."""
    for name in ("digest", "evidence", "terms"):
        op.add_column("closed_periods", sa.Column(name, sa.Text(), nullable=True))
    _questions()
    if op.get_bind().dialect.name == "postgresql":
        _keep_no_samples()


def _questions() -> None:
    op.create_table(
        "questions",
        sa.Column("question_id", sa.Text(), nullable=False),
        sa.Column("line_id", sa.Text(), nullable=False),
        sa.Column("rep_id", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("asked_at", Stamp(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answered_by", sa.Text(), nullable=True),
        sa.Column("answered_at", Stamp(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.CheckConstraint("status IN ('open', 'answered', 'withdrawn')", name=op.f("ck_questions_status")),
        sa.PrimaryKeyConstraint("question_id", name="pk_questions"),
    )
    op.create_index("ix_questions_line_id", "questions", ["line_id"])
    op.create_index("ix_questions_rep_id", "questions", ["rep_id"])


def _keep_no_samples() -> None:
    """PostgreSQL keeps samples of values for its planner, where nobody could erase a name from."""
    for table, names in PERSONAL.items():
        for name in names:
            op.execute(f"ALTER TABLE {table} ALTER COLUMN {name} SET STATISTICS 0")


def downgrade() -> None:
    """Take them away again."""
    op.drop_table("questions")
    for name in ("terms", "evidence", "digest"):
        op.drop_column("closed_periods", name)
