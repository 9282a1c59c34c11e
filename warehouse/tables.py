"""The canonical tables: what a row is, what each column holds, whom it concerns.

Every connector fills these tables and every metric reads them. A column is typed by its
``Kind``; keys are never NULL (an unknown key is ``UNASSIGNED``), money is an exact decimal with
its currency beside it, periods are half open (``valid_from <= day < valid_to``).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property

import pyarrow as pa

SCHEMA_VERSION = 1
UNASSIGNED = "unassigned"
OPEN_END = date(9999, 12, 31)
"""``valid_to`` of a row that is still in force."""


class Kind(StrEnum):
    """What a column holds; the physical type follows from it."""

    KEY = "key"  # never NULL, UNASSIGNED when unknown
    TEXT = "text"
    MONEY = "money"  # DECIMAL(18,4) in the row's currency, or in the reporting currency
    SHARE = "share"  # DECIMAL(9,6), 0 to 1 for shares, any sign for rates
    RATE = "rate"  # DECIMAL(18,8), exchange rates
    NUMBER = "number"  # double, for what is not money
    INTEGER = "integer"
    FLAG = "flag"  # never NULL
    DATE = "date"  # a day in the company's time zone
    STAMP = "stamp"  # an instant, UTC, microseconds


_ARROW: dict[Kind, pa.DataType] = {
    Kind.KEY: pa.string(),
    Kind.TEXT: pa.string(),
    Kind.MONEY: pa.decimal128(18, 4),
    Kind.SHARE: pa.decimal128(9, 6),
    Kind.RATE: pa.decimal128(18, 8),
    Kind.NUMBER: pa.float64(),
    Kind.INTEGER: pa.int64(),
    Kind.FLAG: pa.bool_(),
    Kind.DATE: pa.date32(),
    Kind.STAMP: pa.timestamp("us", tz="UTC"),
}


class Concern(StrEnum):
    """Who may see a table's rows (``warehouse.access`` decides, by viewer)."""

    OPEN = "open"  # reference data: everyone who is known
    PERFORMANCE = "performance"  # a rep's results: the rep and those above, all history
    PAY = "pay"  # a rep's pay: the rep, compensation admins, managers for their own time
    ADMINISTRATION = "administration"  # audit, drafts, approvals: administrators


@dataclass(frozen=True)
class Column:
    """One column of a canonical table."""

    name: str
    kind: Kind
    doc: str = ""
    nullable: bool = False
    refers: str = ""  # the table whose key this is
    personal: bool = False  # kept only in the erasable people table, never in parts
    derived: bool = False  # computed by the warehouse at load; a connector never sends it

    @property
    def arrow(self) -> pa.DataType:
        """Arrow type of the column."""
        return _ARROW[self.kind]


@dataclass(frozen=True)
class Table:
    """One canonical table."""

    name: str
    doc: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    concern: Concern = Concern.OPEN
    person: str = ""  # the column naming the rep a row concerns
    day: str = ""  # the column that dates a row, for "the time the rep was theirs"
    cut: str = ""  # the date column large parts are cut by, one part a month
    derived: bool = False  # the whole table is computed by the warehouse

    @cached_property
    def by_name(self) -> dict[str, Column]:
        """Columns by name."""
        return {column.name: column for column in self.columns}

    @cached_property
    def arrow(self) -> pa.Schema:
        """Schema of the published parts (no personal columns)."""
        return _schema(c for c in self.columns if not c.personal)

    @cached_property
    def landing(self) -> pa.Schema:
        """Schema of what a connector sends: no derived and no load columns, personal ones too."""
        return _schema(c for c in self.columns if not c.derived and c.name not in LOAD_COLUMNS)


def _schema(columns: Iterable[Column]) -> pa.Schema:
    return pa.schema([pa.field(c.name, c.arrow, nullable=c.nullable) for c in columns])


def key(name: str, refers: str = "", doc: str = "", *, derived: bool = False) -> Column:
    """A key column; never NULL."""
    return Column(name, Kind.KEY, doc, refers=refers, derived=derived)


def text(name: str, doc: str = "", *, personal: bool = False, derived: bool = False) -> Column:
    """A text column; may be empty."""
    return Column(name, Kind.TEXT, doc, nullable=True, personal=personal, derived=derived)


def money(name: str, doc: str = "", *, derived: bool = False) -> Column:
    """An amount of money; NULL where the source has none."""
    return Column(name, Kind.MONEY, doc, nullable=True, derived=derived)


def day(name: str, doc: str = "", *, nullable: bool = True, derived: bool = False) -> Column:
    """A calendar day."""
    return Column(name, Kind.DATE, doc, nullable=nullable, derived=derived)


def number(name: str, kind: Kind = Kind.NUMBER, doc: str = "", *, derived: bool = False) -> Column:
    """A number that is not money: NUMBER, INTEGER, SHARE or RATE."""
    return Column(name, kind, doc, nullable=True, derived=derived)


def flag(name: str, doc: str = "", *, derived: bool = False) -> Column:
    """True or false, never unknown."""
    return Column(name, Kind.FLAG, doc, derived=derived)


def stamp(name: str, doc: str = "", *, derived: bool = False) -> Column:
    """An instant in UTC."""
    return Column(name, Kind.STAMP, doc, nullable=True, derived=derived)


LOAD_COLUMNS = ("source_system", "load_id")
_ROW = (
    Column("source_system", Kind.TEXT, "which source the row came from"),
    Column("source_id", Kind.TEXT, "the row's id there"),
    stamp("source_updated_at", "when the source last changed it"),
    Column("load_id", Kind.TEXT, "the load that brought it"),
    flag("is_deleted", "deleted in the source; deleted rows never count"),
)
_VALID = (
    day("valid_from", "first day in force", nullable=False),
    day("valid_to", "first day no longer in force; 9999-12-31 while it is", nullable=False),
)


def _table(name: str, doc: str, key_: tuple[str, ...], *columns: Column, **more: object) -> Table:
    return Table(name, doc, key_, columns + _ROW, **more)  # type: ignore[arg-type]


_ALL = (
    _table(
        "reps",
        "a person who sells or can be paid",
        ("rep_id",),
        key("rep_id"),
        text("email", "sign-in address", personal=True),
        text("name", "display name", personal=True),
        text("role", "job role, such as account_executive or manager"),
        day("hire_date"),
        day("leave_date", "first day no longer employed"),
        flag("active"),
        text("currency", "currency of this person's pay"),
        concern=Concern.PERFORMANCE,
        person="rep_id",
    ),
    _table(
        "assignments",
        "effective-dated: who a rep reports to and what they cover",
        ("rep_id", "valid_from"),
        key("rep_id", "reps"),
        key("manager_id", "reps", "unassigned at the top of the tree"),
        key("team_id", doc="team name"),
        key("territory_id", "territories"),
        text("role"),
        text("ramp_schedule", "name of a ramp in the settings; empty = no ramp"),
        *_VALID,
        concern=Concern.PERFORMANCE,
        person="rep_id",
    ),
    _table(
        "territories",
        "a territory",
        ("territory_id", "valid_from"),
        key("territory_id"),
        text("name"),
        key("region_id", doc="region name"),
        key("parent_id", "territories"),
        money("potential", "addressable value a year, reporting currency"),
        *_VALID,
    ),
    _table(
        "territory_accounts",
        "which accounts lie in which territory, effective-dated",
        ("account_id", "valid_from"),
        key("territory_id", "territories"),
        key("account_id", "accounts"),
        *_VALID,
    ),
    _table(
        "accounts",
        "a customer or prospect",
        ("account_id",),
        key("account_id"),
        text("name"),
        key("parent_id", "accounts"),
        key("owner_id", "reps"),
        text("industry"),
        text("segment"),
        text("region"),
        text("country"),
        money("potential", "addressable value a year (TAM), in currency"),
        text("currency"),
        number("latitude"),
        number("longitude"),
        concern=Concern.PERFORMANCE,
        person="owner_id",
    ),
    _table(
        "products",
        "a product and its family",
        ("product_id",),
        key("product_id"),
        text("name"),
        key("family_id", doc="family name"),
        money("list_price"),
        money("standard_cost"),
        text("currency"),
    ),
    _table(
        "opportunities",
        "a deal as it stands now",
        ("opportunity_id",),
        key("opportunity_id"),
        text("name"),
        key("account_id", "accounts"),
        key("owner_id", "reps"),
        key("territory_id", "territories", "as the source says; else resolved at load"),
        key("pipeline_id", doc="pipeline name"),
        key("stage_id", "stages"),
        text("forecast_category", "closed, commit, best_case, pipeline or omitted"),
        text("type", "new, expansion or renewal"),
        money("amount", "in currency; NULL where the source has none"),
        text("currency"),
        number("probability", doc="0 to 1"),
        day("created_on"),
        day("close_on", "expected, or actual once closed"),
        flag("is_closed"),
        flag("is_won"),
        text("loss_reason"),
        text("next_step"),
        text("url", "the record in the CRM"),
        money("amount_reporting", "amount at the rate of its close date", derived=True),
        money("weighted_reporting", "amount_reporting times probability", derived=True),
        key("team_id", doc="the owner's team on the close date", derived=True),
        concern=Concern.PERFORMANCE,
        person="owner_id",
        day="close_on",
        cut="close_on",
    ),
    _table(
        "opportunity_changes",
        "one field of one opportunity changed",
        ("change_id",),
        key("change_id"),
        key("opportunity_id", "opportunities"),
        Column(
            "field",
            Kind.TEXT,
            "stage_id, amount, close_on, owner_id, probability …; paid_on, cancelled_on for pay",
        ),
        text("old_value"),
        text("new_value"),
        stamp("changed_at"),
        day("changed_on", "the company's day of changed_at", nullable=False),
        key("changed_by", "reps"),
        text("origin", "native or snapshot"),
        day("valid_to", "day of this field's next change; 9999-12-31 if none", derived=True),
        key("owner_id", "reps", "the deal's present owner", derived=True),
        concern=Concern.PERFORMANCE,
        person="owner_id",
        day="changed_on",
        cut="changed_on",
    ),
    _table(
        "opportunity_splits",
        "who shares a deal; revenue shares sum to 1, overlays need not",
        ("split_id",),
        key("split_id"),
        key("opportunity_id", "opportunities"),
        key("rep_id", "reps"),
        Column("kind", Kind.TEXT, "revenue or overlay"),
        number("share", Kind.SHARE, "0 to 1"),
        concern=Concern.PERFORMANCE,
        person="rep_id",
    ),
    _table(
        "opportunity_lines",
        "a product on a deal",
        ("line_id",),
        key("line_id"),
        key("opportunity_id", "opportunities"),
        key("product_id", "products"),
        number("quantity"),
        money("list_price"),
        money("net_price"),
        money("amount", "net value of the line"),
        money("cost", "total cost of the line, where known"),
        number("discount", Kind.SHARE),
        text("currency"),
        flag("recurring"),
        number("term_months", Kind.INTEGER),
        key("owner_id", "reps", "the deal's owner", derived=True),
        day("close_on", "the deal's close date", derived=True),
        concern=Concern.PERFORMANCE,
        person="owner_id",
        cut="close_on",
    ),
    _table(
        "activities",
        "a call, meeting, mail or task",
        ("activity_id",),
        key("activity_id"),
        key("rep_id", "reps"),
        key("opportunity_id", "opportunities"),
        key("account_id", "accounts"),
        text("kind"),
        stamp("started_at"),
        day("started_on", nullable=False),
        number("minutes", Kind.INTEGER),
        text("outcome"),
        concern=Concern.PERFORMANCE,
        person="rep_id",
        day="started_on",
        cut="started_on",
    ),
    _table(
        "stages",
        "a step of a pipeline",
        ("stage_id",),
        key("stage_id"),
        key("pipeline_id"),
        text("name"),
        number("position", Kind.INTEGER),
        number("default_probability"),
        flag("is_won"),
        flag("is_closed"),
    ),
    _table(
        "quotas",
        "a target of a rep, team or territory for a measure and period",
        ("quota_id", "version"),
        key("quota_id"),
        Column("version", Kind.INTEGER, "a later version replaces an earlier one"),
        Column("scope", Kind.TEXT, "rep: own sales; team: all sales below rep_id; territory"),
        key("rep_id", "reps", "who carries it; the manager for scope team"),
        key("team_id"),
        key("territory_id", "territories"),
        key("product_id", "products"),
        Column("measure", Kind.TEXT, "which target this is; see the settings' measures"),
        day("period_start", nullable=False),
        day("period_end", "exclusive", nullable=False),
        money("amount"),
        text("currency"),
        money("amount_reporting", derived=True),
        flag("is_current", "not replaced by a later version", derived=True),
        concern=Concern.PERFORMANCE,
        person="rep_id",
        day="period_start",
    ),
    _table(
        "quota_months",
        "current quotas cut into fiscal months, to the cent; built at load",
        ("quota_id", "month_start"),
        key("quota_id", "quotas"),
        Column("scope", Kind.TEXT),
        key("rep_id", "reps"),
        key("team_id", doc="given, else the rep's on month_start"),
        key("territory_id", "territories", "given, else the rep's on month_start"),
        key("product_id", "products"),
        Column("measure", Kind.TEXT),
        day("month_start", nullable=False),
        money("amount_reporting"),
        number("ramp_share", Kind.SHARE, "share of a full quota for the rep's tenure month"),
        money("ramped_reporting", "amount_reporting times ramp_share"),
        flag("allocated", "the quota's own period is longer than a month"),
        concern=Concern.PERFORMANCE,
        person="rep_id",
        day="month_start",
        derived=True,
    ),
    _table(
        "measures",
        "which credits a target counts; built from the settings",
        ("measure",),
        Column("measure", Kind.TEXT),
        Column("credits_measure", Kind.TEXT),
        flag("is_default"),
        derived=True,
    ),
    _table(
        "plans",
        "terms of pay, versioned",
        ("plan_id", "version"),
        key("plan_id"),
        Column("version", Kind.INTEGER),
        text("name"),
        text("currency"),
        text("terms", "the plan as text"),
        *_VALID,
        concern=Concern.PAY,
    ),
    _table(
        "plan_components",
        "one way a plan pays",
        ("plan_id", "component_id"),
        key("plan_id", "plans"),
        key("component_id"),
        text("name"),
        text("kind", "commission, bonus, accelerator, spif, mbo …"),
        text("measure"),
        text("period", "month, quarter or year"),
        number("weight", Kind.SHARE),
        number("rate", Kind.SHARE, "base rate, where there is one"),
        concern=Concern.PAY,
    ),
    _table(
        "plan_assignments",
        "who is on which plan",
        ("plan_id", "rep_id", "valid_from"),
        key("plan_id", "plans"),
        key("rep_id", "reps"),
        money("base_salary", "a year"),
        money("target_incentive", "a year"),
        number("rate", Kind.SHARE, "the person's own commission rate, where there is one"),
        text("currency"),
        *_VALID,
        concern=Concern.PAY,
        person="rep_id",
        day="valid_from",
    ),
    _table(
        "credits",
        "sales value credited to a rep",
        ("credit_id",),
        key("credit_id"),
        key("opportunity_id", "opportunities"),
        key("line_id", "opportunity_lines"),
        key("rep_id", "reps"),
        key("component_id", "plan_components"),
        Column("measure", Kind.TEXT, "bookings unless the source says otherwise"),
        Column("kind", Kind.TEXT, "direct, split, overlay or adjustment; objective: share is its score"),
        day("credited_on", nullable=False),
        number("share", Kind.SHARE),
        money("amount"),
        text("currency"),
        key("account_id", "accounts"),
        key("product_id", "products"),
        key("territory_id", "territories", "the deal's; else the account's or rep's that day"),
        Column("basis", Kind.TEXT, "recorded or inferred"),
        money("amount_reporting", "amount at the rate of credited_on", derived=True),
        key("team_id", doc="the rep's team that day", derived=True),
        key("rep_territory_id", "territories", "the rep's own territory that day", derived=True),
        flag("in_bookings", "false for overlays, which never enter bookings", derived=True),
        concern=Concern.PERFORMANCE,
        person="rep_id",
        day="credited_on",
        cut="credited_on",
    ),
    _table(
        "payouts",
        "money earned by a rep for a component and period",
        ("payout_id",),
        key("payout_id"),
        key("rep_id", "reps"),
        key("plan_id", "plans"),
        key("component_id", "plan_components"),
        day("period_start", nullable=False),
        day("period_end", "exclusive", nullable=False),
        day("earned_on", nullable=False),
        day("paid_on"),
        Column("kind", Kind.TEXT, "earning, draw, recovery, clawback, adjustment or true_up"),
        money("amount"),
        text("currency"),
        text("trace", "why: credits, tier, modifiers"),
        money("amount_reporting", "amount at the rate of earned_on", derived=True),
        concern=Concern.PAY,
        person="rep_id",
        day="earned_on",
        cut="earned_on",
    ),
    _table(
        "forecast_submissions",
        "who called what, for whom, in which category, when",
        ("submission_id",),
        key("submission_id"),
        key("submitted_by", "reps"),
        key("rep_id", "reps", "for whom: a rep's own number, or a manager's team"),
        Column("scope", Kind.TEXT, "rep or team"),
        day("period_start", nullable=False),
        day("period_end", "exclusive", nullable=False),
        Column("category", Kind.TEXT, "closed, commit, best_case or pipeline; cumulative"),
        money("amount"),
        text("currency"),
        stamp("submitted_at"),
        day("submitted_on", nullable=False),
        text("note"),
        money("amount_reporting", derived=True),
        concern=Concern.PERFORMANCE,
        person="rep_id",
        day="submitted_on",
    ),
    _table(
        "scenarios",
        "assumptions somebody saved",
        ("scenario_id", "version"),
        key("scenario_id"),
        Column("version", Kind.INTEGER),
        text("name"),
        text("terms"),
        key("made_by", "reps"),
        stamp("made_at"),
        concern=Concern.ADMINISTRATION,
    ),
    _table(
        "drafts",
        "an edit that is not approved yet",
        ("draft_id",),
        key("draft_id"),
        text("kind"),
        text("terms"),
        key("made_by", "reps"),
        stamp("made_at"),
        text("status"),
        concern=Concern.ADMINISTRATION,
    ),
    _table(
        "approvals",
        "a decision on a draft",
        ("approval_id",),
        key("approval_id"),
        key("draft_id", "drafts"),
        key("decided_by", "reps"),
        stamp("decided_at"),
        text("decision"),
        text("note"),
        concern=Concern.ADMINISTRATION,
    ),
    _table(
        "changes",
        "the audit log: who changed what, when, from what to what",
        ("change_id",),
        key("change_id"),
        key("changed_by", doc="person key"),
        stamp("changed_at"),
        text("entity"),
        text("entity_id"),
        text("field"),
        text("old_value"),
        text("new_value"),
        text("reason"),
        concern=Concern.ADMINISTRATION,
    ),
    _table(
        "days",
        "the fiscal calendar in the company's time zone; built from the settings",
        ("date",),
        day("date", nullable=False),
        text("year", "fiscal year, such as FY2026"),
        text("quarter", "such as FY2026-Q1"),
        text("month", "such as FY2026-M01"),
        text("week", "such as 2026-W07, ISO"),
        day("year_start", nullable=False),
        day("year_end", "exclusive", nullable=False),
        day("quarter_start", nullable=False),
        day("quarter_end", "exclusive", nullable=False),
        day("month_start", nullable=False),
        day("month_end", "exclusive", nullable=False),
        day("week_start", nullable=False),
        number("day_of_year", Kind.INTEGER, "1 on the fiscal year's first day"),
        number("day_of_quarter", Kind.INTEGER),
        number("day_of_month", Kind.INTEGER),
        flag("is_working_day", "Monday to Friday"),
        derived=True,
    ),
    _table(
        "exchange_rates",
        "how much of to_currency one from_currency is worth on a day",
        ("date", "from_currency", "to_currency"),
        day("date", nullable=False),
        Column("from_currency", Kind.TEXT),
        Column("to_currency", Kind.TEXT),
        number("rate", Kind.RATE),
    ),
    _table(
        "visibility",
        "viewer to rep: closure of the hierarchy, oneself, and grants; built at load",
        ("viewer_id", "rep_id", "valid_from", "reason"),
        key("viewer_id", "reps"),
        key("rep_id", "reps"),
        Column("depth", Kind.INTEGER, "0 oneself, 1 direct report …"),
        Column("reason", Kind.TEXT, "self, reports or grant"),
        *_VALID,
        derived=True,
        concern=Concern.PERFORMANCE,
        person="rep_id",
    ),
)

TABLES: dict[str, Table] = {table.name: table for table in _ALL}
"""Every canonical table by name."""
