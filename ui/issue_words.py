"""Issues and tables in the reader's language."""

from __future__ import annotations

from ui.speech import _
from warehouse.issues import DataIssue
from words.catalogue import N_

TABLE_NAMES: dict[str, str] = {
    "reps": N_("People"),
    "assignments": N_("Reporting lines"),
    "territories": N_("Territories"),
    "territory_accounts": N_("Accounts in territories"),
    "accounts": N_("Accounts"),
    "products": N_("Products"),
    "opportunities": N_("Deals"),
    "opportunity_changes": N_("Changes of deals"),
    "opportunity_splits": N_("Splits"),
    "opportunity_lines": N_("Lines of deals"),
    "activities": N_("Activities"),
    "stages": N_("Stages"),
    "quotas": N_("Quotas"),
    "plans": N_("Pay plans"),
    "plan_components": N_("Parts of pay plans"),
    "plan_assignments": N_("People on pay plans"),
    "credits": N_("Sales credits"),
    "payouts": N_("Payouts"),
    "forecast_submissions": N_("Forecast calls"),
    "exchange_rates": N_("Exchange rates"),
    "scenarios": N_("Scenarios"),
    "drafts": N_("Drafts"),
    "approvals": N_("Approvals"),
    "changes": N_("Audit log"),
    "": N_("Files"),
}
SEVERITIES = {"row": N_("set aside"), "warning": N_("kept, but look"), "load": N_("stopped the load")}


def sentence(issue: DataIssue) -> str:
    """What is wrong, where, and what to do; plain text that holds values of the data."""
    where = issue.file or table_name(issue.table)
    return _(issue.template).format_map(issue.fields() | {"file": where})


def table_name(name: str) -> str:
    """What a canonical table is called."""
    return _(TABLE_NAMES.get(name, name))


FIELD_NAMES: dict[str, str] = {
    "account_id": N_("Account"),
    "active": N_("Still here"),
    "amount": N_("Amount"),
    "base_salary": N_("Base salary"),
    "close_on": N_("Close date"),
    "created_on": N_("Created on"),
    "currency": N_("Currency"),
    "date": N_("Day"),
    "discount": N_("Discount"),
    "email": N_("E-mail"),
    "family_id": N_("Product family"),
    "hire_date": N_("Hired on"),
    "industry": N_("Industry"),
    "is_closed": N_("Is closed"),
    "is_won": N_("Is won"),
    "leave_date": N_("Left on"),
    "line_id": N_("Line"),
    "loss_reason": N_("Reason of loss"),
    "manager_id": N_("Manager"),
    "measure": N_("Target"),
    "name": N_("Name"),
    "opportunity_id": N_("Deal"),
    "owner_id": N_("Rep"),
    "period_end": N_("Period until"),
    "period_start": N_("Period from"),
    "probability": N_("Probability"),
    "product_id": N_("Product"),
    "quantity": N_("Quantity"),
    "quota_id": N_("Quota"),
    "rate": N_("Rate"),
    "region_id": N_("Region"),
    "rep_id": N_("Rep"),
    "role": N_("Role"),
    "scope": N_("Carried by"),
    "segment": N_("Segment"),
    "share": N_("Share"),
    "stage_id": N_("Stage"),
    "team_id": N_("Sales team"),
    "territory_id": N_("Territory"),
    "type": N_("Kind"),
    "valid_from": N_("From"),
    "valid_to": N_("Until"),
}
"""What canonical columns are called while files are mapped."""


def field_name(name: str) -> str:
    """What a canonical column is called; one without a name of its own keeps its id."""
    return _(FIELD_NAMES[name]) if name in FIELD_NAMES else name.replace("_", " ")
