"""The database's tables: what people decide, who they are, and what is still to be published.

Column names are those of the canonical tables (``warehouse.tables``) wherever a row is published.
A decision is never overwritten: a change is a later version, so what was in force stays known.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, Index, MetaData, Text, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from warehouse.database.types import Money, Stamp
from warehouse.tables import OPEN_END, UNASSIGNED

ROLES = ("rep", "manager", "executive", "compensation_admin", "administrator")
"""The roles a person can be given."""


class Base(DeclarativeBase):
    """Parent of every table; constraint names follow one pattern, so a migration can name them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar = {str: Text, Decimal: Money, datetime: Stamp}


class Salt(Base):
    """A random secret of this database, made once; pseudonyms and erasure marks are keyed by it."""

    __tablename__ = "salts"
    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]


class PersonRow(Base):
    """The one place that holds a name or an e-mail address."""

    __tablename__ = "people"
    key: Mapped[str] = mapped_column(primary_key=True)
    email: Mapped[str | None] = mapped_column(index=True)  # lower case
    name: Mapped[str | None]


class Erased(Base):
    """A person who asked to be forgotten, known only by keyed hashes of key and e-mail."""

    __tablename__ = "erased"
    mark: Mapped[str] = mapped_column(primary_key=True)


class Role(Base):
    """A role a person holds now; the audit trail says since when and by whom."""

    __tablename__ = "roles"
    __table_args__ = (CheckConstraint(f"role IN {ROLES}", name="role"),)
    person_key: Mapped[str] = mapped_column(primary_key=True)
    role: Mapped[str] = mapped_column(primary_key=True)


class Grant(Base):
    """A viewer may see a rep whom the hierarchy does not give them; ``valid_to`` is exclusive."""

    __tablename__ = "grants"
    __table_args__ = (CheckConstraint("valid_from < valid_to", name="period"),)
    grant_id: Mapped[str] = mapped_column(primary_key=True)
    viewer_id: Mapped[str] = mapped_column(index=True)
    rep_id: Mapped[str]
    valid_from: Mapped[date]
    valid_to: Mapped[date] = mapped_column(default=OPEN_END)
    reason: Mapped[str]


class Quota(Base):
    """One version of a target. The highest version of a ``quota_id`` is the one in force."""

    __tablename__ = "quotas"
    __table_args__ = (
        CheckConstraint("period_start < period_end", name="period"),
        CheckConstraint("scope IN ('rep', 'team', 'territory')", name="scope"),
        CheckConstraint("is_deleted OR (amount IS NOT NULL AND currency IS NOT NULL)", name="amount"),
    )
    quota_id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    scope: Mapped[str]
    rep_id: Mapped[str] = mapped_column(default=UNASSIGNED, index=True)
    team_id: Mapped[str] = mapped_column(default=UNASSIGNED)
    territory_id: Mapped[str] = mapped_column(default=UNASSIGNED)
    product_id: Mapped[str] = mapped_column(default=UNASSIGNED)
    measure: Mapped[str]
    period_start: Mapped[date]
    period_end: Mapped[date]
    amount: Mapped[Decimal | None]  # may be unknown here when an imported target is withdrawn
    currency: Mapped[str | None]
    is_deleted: Mapped[bool] = mapped_column(default=False)
    made_by: Mapped[str]
    made_at: Mapped[datetime]


class ForecastSubmission(Base):
    """One call; ``sequence`` counts the calls for the same rep, scope, period and category."""

    __tablename__ = "forecast_submissions"
    __table_args__ = (
        CheckConstraint("period_start < period_end", name="period"),
        UniqueConstraint(
            "rep_id",
            "scope",
            "period_start",
            "period_end",
            "category",
            "sequence",
            name="uq_forecast_submissions_sequence",
        ),
    )
    submission_id: Mapped[str] = mapped_column(primary_key=True)
    submitted_by: Mapped[str]
    rep_id: Mapped[str]
    scope: Mapped[str]
    period_start: Mapped[date]
    period_end: Mapped[date]
    category: Mapped[str]
    sequence: Mapped[int]
    amount: Mapped[Decimal]
    currency: Mapped[str]
    submitted_at: Mapped[datetime]
    submitted_on: Mapped[date]
    note: Mapped[str | None]


class Plan(Base):
    """One version of a plan's terms."""

    __tablename__ = "plans"
    plan_id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str]
    currency: Mapped[str]
    terms: Mapped[str]
    valid_from: Mapped[date]
    valid_to: Mapped[date] = mapped_column(default=OPEN_END)
    is_deleted: Mapped[bool] = mapped_column(default=False)
    made_by: Mapped[str]
    made_at: Mapped[datetime]


class Scenario(Base):
    """One version of assumptions somebody saved."""

    __tablename__ = "scenarios"
    scenario_id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str]
    terms: Mapped[str]
    is_deleted: Mapped[bool] = mapped_column(default=False)
    made_by: Mapped[str]
    made_at: Mapped[datetime]


class Draft(Base):
    """An edit that waits for a decision."""

    __tablename__ = "drafts"
    draft_id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    terms: Mapped[str]
    status: Mapped[str]
    made_by: Mapped[str]
    made_at: Mapped[datetime]


class Approval(Base):
    """A decision on a draft."""

    __tablename__ = "approvals"
    approval_id: Mapped[str] = mapped_column(primary_key=True)
    draft_id: Mapped[str] = mapped_column(ForeignKey("drafts.draft_id"), index=True)
    decided_by: Mapped[str]
    decided_at: Mapped[datetime]
    decision: Mapped[str]
    note: Mapped[str | None]


class Change(Base):
    """The audit trail: one field of one decision changed. Person keys only, never names."""

    __tablename__ = "changes"
    __table_args__ = (Index(None, "entity", "entity_id"),)
    change_id: Mapped[str] = mapped_column(primary_key=True)
    changed_by: Mapped[str]
    changed_at: Mapped[datetime] = mapped_column(index=True)
    entity: Mapped[str]
    entity_id: Mapped[str]
    field: Mapped[str]
    old_value: Mapped[str | None]
    new_value: Mapped[str | None]
    reason: Mapped[str | None]


class ClosedPeriod(Base):
    """A period whose numbers are final; ``kind`` says which, such as quotas or payouts."""

    __tablename__ = "closed_periods"
    kind: Mapped[str] = mapped_column(primary_key=True)
    period_start: Mapped[date] = mapped_column(primary_key=True)
    period_end: Mapped[date]
    closed_by: Mapped[str]
    closed_at: Mapped[datetime]
    digest: Mapped[str | None]  # of the numbers as they were frozen
    evidence: Mapped[str | None]  # folder of the store that holds what they were computed from
    terms: Mapped[str | None]  # what was in force, as JSON: plan versions and counts, no amounts


class Question(Base):
    """What somebody asked about a payout line, and what was answered."""

    __tablename__ = "questions"
    __table_args__ = (CheckConstraint("status IN ('open', 'answered', 'withdrawn')", name="status"),)
    question_id: Mapped[str] = mapped_column(primary_key=True)
    line_id: Mapped[str] = mapped_column(index=True)
    rep_id: Mapped[str] = mapped_column(index=True)  # whose pay it is about
    asked_by: Mapped[str]
    asked_at: Mapped[datetime]
    text: Mapped[str]
    answer: Mapped[str | None]
    answered_by: Mapped[str | None]
    answered_at: Mapped[datetime | None]
    status: Mapped[str]


class ForecastEntry(Base):
    """The forecast ledger: what a step said about a period on a day, kept to be judged later."""

    __tablename__ = "forecast_ledger"
    __table_args__ = (
        UniqueConstraint(
            "rep_id",
            "scope",
            "period_start",
            "period_end",
            "step",
            "made_on",
            name="uq_forecast_ledger_step",
        ),
    )
    entry_id: Mapped[str] = mapped_column(primary_key=True)
    rep_id: Mapped[str]
    scope: Mapped[str]
    period_start: Mapped[date]
    period_end: Mapped[date]
    step: Mapped[str]  # naive, linearity, model, rep, manager or final
    made_on: Mapped[date]
    amount: Mapped[Decimal]
    low: Mapped[Decimal | None]
    high: Mapped[Decimal | None]
    currency: Mapped[str]
    terms: Mapped[str | None]  # the model and its settings, as text


class OutboxRow(Base):
    """A table that has a decision to publish; written in the decision's own transaction."""

    __tablename__ = "outbox"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    entity: Mapped[str]
    entity_id: Mapped[str]
    made_at: Mapped[datetime]
    done_at: Mapped[datetime | None] = mapped_column(index=True)
