"""The first schema: people, roles, decisions, the audit trail and the outbox."""

from __future__ import annotations

import secrets

import sqlalchemy as sa
from alembic import op

from warehouse.database.types import Money, Stamp

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = (
    "salts",
    "people",
    "erased",
    "roles",
    "grants",
    "quotas",
    "forecast_submissions",
    "plans",
    "scenarios",
    "drafts",
    "approvals",
    "changes",
    "closed_periods",
    "forecast_ledger",
    "outbox",
)

PERSONAL = {
    "people": ("email", "name"),
    "grants": ("reason",),
    "forecast_submissions": ("note",),
    "plans": ("name", "terms"),
    "scenarios": ("name", "terms"),
    "drafts": ("terms",),
    "approvals": ("note",),
    "changes": ("old_value", "new_value", "reason"),
    "forecast_ledger": ("terms",),
}
"""Columns that can hold a name or an address."""


def upgrade() -> None:
    """Create every table; the salts are drawn here, so each database has its own."""
    for table in TABLES:
        globals()[f"_{table}"]()
    if op.get_bind().dialect.name == "postgresql":
        _keep_no_samples()


def _keep_no_samples() -> None:
    """PostgreSQL keeps samples of values for its planner, where nobody could erase a name from."""
    for table, names in PERSONAL.items():
        for name in names:
            op.execute(f"ALTER TABLE {table} ALTER COLUMN {name} SET STATISTICS 0")


def downgrade() -> None:
    """Drop every table."""
    for table in reversed(TABLES):
        op.drop_table(table)


def _salts() -> None:
    op.create_table(
        "salts",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_salts"),
    )
    salts = sa.table("salts", sa.column("name"), sa.column("value"))
    op.bulk_insert(
        salts, [{"name": name, "value": secrets.token_hex(32)} for name in ("pseudonym", "erased")]
    )


def _people() -> None:
    op.create_table(
        "people",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("key", name="pk_people"),
    )
    op.create_index("ix_people_email", "people", ["email"])


def _erased() -> None:
    op.create_table(
        "erased",
        sa.Column("mark", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("mark", name="pk_erased"),
    )


def _roles() -> None:
    op.create_table(
        "roles",
        sa.Column("person_key", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "role IN ('rep', 'manager', 'executive', 'compensation_admin', 'administrator')",
            name=op.f("ck_roles_role"),
        ),
        sa.PrimaryKeyConstraint("person_key", "role", name="pk_roles"),
    )


def _grants() -> None:
    op.create_table(
        "grants",
        sa.Column("grant_id", sa.Text(), nullable=False),
        sa.Column("viewer_id", sa.Text(), nullable=False),
        sa.Column("rep_id", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint("valid_from < valid_to", name=op.f("ck_grants_period")),
        sa.PrimaryKeyConstraint("grant_id", name="pk_grants"),
    )
    op.create_index("ix_grants_viewer_id", "grants", ["viewer_id"])


def _quotas() -> None:
    op.create_table(
        "quotas",
        sa.Column("quota_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("rep_id", sa.Text(), nullable=False),
        sa.Column("team_id", sa.Text(), nullable=False),
        sa.Column("territory_id", sa.Text(), nullable=False),
        sa.Column("product_id", sa.Text(), nullable=False),
        sa.Column("measure", sa.Text(), nullable=False),
        sa.Column("period_start", sa.Date(), nullable=False),
        sa.Column("period_end", sa.Date(), nullable=False),
        sa.Column("amount", Money(), nullable=True),
        sa.Column("currency", sa.Text(), nullable=True),
        sa.Column("is_deleted", sa.Boolean(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("made_at", Stamp(), nullable=False),
        sa.CheckConstraint(
            "is_deleted OR (amount IS NOT NULL AND currency IS NOT NULL)", name=op.f("ck_quotas_amount")
        ),
        sa.CheckConstraint("scope IN ('rep', 'team', 'territory')", name=op.f("ck_quotas_scope")),
        sa.CheckConstraint("period_start < period_end", name=op.f("ck_quotas_period")),
        sa.PrimaryKeyConstraint("quota_id", "version", name="pk_quotas"),
    )
    op.create_index("ix_quotas_rep_id", "quotas", ["rep_id"])


def _forecast_submissions() -> None:
    op.create_table(
        "forecast_submissions",
        sa.Column("submission_id", sa.Text(), nullable=False),
        sa.Column("submitted_by", sa.Text(), nullable=False),
        sa.Column("rep_id", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("period_start", sa.Date(), nullable=False),
        sa.Column("period_end", sa.Date(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("amount", Money(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("submitted_at", Stamp(), nullable=False),
        sa.Column("submitted_on", sa.Date(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.CheckConstraint("period_start < period_end", name=op.f("ck_forecast_submissions_period")),
        sa.PrimaryKeyConstraint("submission_id", name="pk_forecast_submissions"),
        sa.UniqueConstraint(
            "rep_id",
            "scope",
            "period_start",
            "period_end",
            "category",
            "sequence",
            name="uq_forecast_submissions_sequence",
        ),
    )


def _plans() -> None:
    op.create_table(
        "plans",
        sa.Column("plan_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("terms", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.Column("is_deleted", sa.Boolean(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("made_at", Stamp(), nullable=False),
        sa.PrimaryKeyConstraint("plan_id", "version", name="pk_plans"),
    )


def _scenarios() -> None:
    op.create_table(
        "scenarios",
        sa.Column("scenario_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("terms", sa.Text(), nullable=False),
        sa.Column("is_deleted", sa.Boolean(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("made_at", Stamp(), nullable=False),
        sa.PrimaryKeyConstraint("scenario_id", "version", name="pk_scenarios"),
    )


def _drafts() -> None:
    op.create_table(
        "drafts",
        sa.Column("draft_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("terms", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("made_at", Stamp(), nullable=False),
        sa.PrimaryKeyConstraint("draft_id", name="pk_drafts"),
    )


def _approvals() -> None:
    op.create_table(
        "approvals",
        sa.Column("approval_id", sa.Text(), nullable=False),
        sa.Column("draft_id", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.Column("decided_at", Stamp(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["draft_id"], ["drafts.draft_id"], name="fk_approvals_draft_id"),
        sa.PrimaryKeyConstraint("approval_id", name="pk_approvals"),
    )
    op.create_index("ix_approvals_draft_id", "approvals", ["draft_id"])


def _changes() -> None:
    op.create_table(
        "changes",
        sa.Column("change_id", sa.Text(), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.Column("changed_at", Stamp(), nullable=False),
        sa.Column("entity", sa.Text(), nullable=False),
        sa.Column("entity_id", sa.Text(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("old_value", sa.Text(), nullable=True),
        sa.Column("new_value", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("change_id", name="pk_changes"),
    )
    op.create_index("ix_changes_changed_at", "changes", ["changed_at"])
    op.create_index("ix_changes_entity_entity_id", "changes", ["entity", "entity_id"])


def _closed_periods() -> None:
    op.create_table(
        "closed_periods",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("period_start", sa.Date(), nullable=False),
        sa.Column("period_end", sa.Date(), nullable=False),
        sa.Column("closed_by", sa.Text(), nullable=False),
        sa.Column("closed_at", Stamp(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "period_start", name="pk_closed_periods"),
    )


def _forecast_ledger() -> None:
    op.create_table(
        "forecast_ledger",
        sa.Column("entry_id", sa.Text(), nullable=False),
        sa.Column("rep_id", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("period_start", sa.Date(), nullable=False),
        sa.Column("period_end", sa.Date(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("amount", Money(), nullable=False),
        sa.Column("low", Money(), nullable=True),
        sa.Column("high", Money(), nullable=True),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("terms", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("entry_id", name="pk_forecast_ledger"),
        sa.UniqueConstraint(
            "rep_id", "scope", "period_start", "period_end", "step", "made_on", name="uq_forecast_ledger_step"
        ),
    )


def _outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("entity", sa.Text(), nullable=False),
        sa.Column("entity_id", sa.Text(), nullable=False),
        sa.Column("made_at", Stamp(), nullable=False),
        sa.Column("done_at", Stamp(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
    )
    op.create_index("ix_outbox_done_at", "outbox", ["done_at"])
