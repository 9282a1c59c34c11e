"""Why a row was set aside, in a few words without any of its values."""

from __future__ import annotations

from words.catalogue import N_

REASONS: dict[str, str] = {
    "": N_("another problem"),
    "amount_too_large": N_("an amount too large to hold"),
    "bad_amount": N_("an amount that is not a number"),
    "bad_date": N_("a date that cannot be read"),
    "bad_encoding": N_("text in an unexpected encoding"),
    "bad_flag": N_("neither yes nor no"),
    "bad_number": N_("a number that cannot be read"),
    "bad_rate": N_("an exchange rate that cannot be used"),
    "bad_share": N_("a share that cannot be used"),
    "bad_whole_number": N_("not a whole number"),
    "broken_file": N_("a damaged file"),
    "cannot_read": N_("a file that cannot be read"),
    "date_out_of_range": N_("a date outside the company's years"),
    "duplicate_id": N_("an id that was already used"),
    "empty_file": N_("an empty file"),
    "empty_period": N_("a period that ends before it starts"),
    "hierarchy_cycle": N_("a circle of managers"),
    "lines_differ": N_("lines that do not add up to the deal"),
    "missing_column": N_("a missing column"),
    "missing_file": N_("a missing file"),
    "missing_value": N_("a value that every row needs is missing"),
    "negative_amount": N_("an amount below zero"),
    "no_rate": N_("no exchange rate for that day"),
    "not_finite": N_("not a finite number"),
    "orphan": N_("points at a record that was not loaded"),
    "overlap": N_("two periods that overlap"),
    "overlapping_quota": N_("two quotas for the same days"),
    "splits_over_whole": N_("shares that add up to more than the whole"),
    "too_large": N_("a file that unpacks to too much"),
    "two_managers": N_("two managers at once"),
    "unknown_measure": N_("a target the settings do not know"),
    "unknown_ramp": N_("a ramp schedule the settings do not know"),
    "unknown_rep": N_("a rep nobody knows"),
    "won_without": N_("a won deal without an amount or date"),
}
