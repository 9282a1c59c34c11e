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
