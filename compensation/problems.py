"""What a plan, a file of transactions or a calculation can have wrong with it, each as one plain sentence.

A ``Problem`` holds a code and fields; its English sentence is made here and translated only where it is
shown. Sentences name files, lines, rows and fields, never what somebody is paid.
"""

from __future__ import annotations

from collections.abc import Iterable

from compensation.run import Problem

TEMPLATES: dict[str, str] = {
    "assignment_ends_first": "{file}, line {line}: {field} is {value}, not after the day the assignment starts. "
    "Write the first day after it.",
    "assignment_has_left": "{file}, line {line}: “{value}” left on {detail}, before this assignment starts. "
    "Take the assignment out, or correct one of the days.",
    "assignment_lacks": "{file}, line {line}: “{value}” has no {field}, which the component “{detail}” pays by. "
    "Add it.",
    "assignment_outside": "{file}, line {line}: the assignment of “{value}” lies outside the plan’s own days "
    "({detail}). Correct its days.",
    "assignment_role": "{file}, line {line}: “{value}” is not among the plan’s roles ({detail}). "
    "Add it there, or correct it.",
    "assignments_overlap": "{file}, line {line}: “{value}” is on the plan twice at once, since {detail}. "
    "End one assignment before the other starts.",
    "bad_share": "{file}, line {line}: {field} is “{value}”, which is not a share. Write a number such as 0.05, "
    'or a text such as "5 %" or "1/3".',
    "bad_toml": "{file}, line {line}: the text cannot be read as TOML ({detail}). Correct it there.",
    "bad_value": "{file}, line {line}: {field} is “{value}”; write {detail}.",
    "budget_currencies": "The SPIF “{component}” has one budget for people paid in several currencies "
    "({detail}). Give the plan one currency.",
    "cap_not_above_zero": "{file}, line {line}: {field} is a cap of zero or less, so nothing could be paid. "
    "Write more than 0, or leave it out.",
    "case_differs": "Case “{case}” (line {line}): {detail} should pay {expected}, but the plan pays {found}. "
    "Correct the plan or the case.",
    "clawback_without_term": "Transaction “{transaction}” was cancelled, but neither it nor the plan says how many "
    "months its term has, so nothing comes back. Add term_months to it, or months to the clawback.",
    "condition_field": "A condition is about “{field}”, which the transactions do not have, so none "
    "meets it. Correct the plan, or add the column.",
    "condition_order": "A condition compares “{field}” with a number, but the transactions hold "
    "something else there, so none meets it. Correct the plan or the column.",
    "credited_twice": "{file}, line {line}: “{value}” and “{detail}” both credit {field} transactions, so each would "
    "count twice, more than 100 %. Keep one, or tell them apart with roles or where.",
    "credits_over_whole": "{file}, line {line}: {field} is {value}, more than 100 % of each transaction. "
    "Write at most 1, or say with where which transactions count for more.",
    "curve_backwards": "{file}, line {line}: {field} goes back to {value}. Write the points in order of attainment, "
    "at most two at the same one.",
    "curve_falls": "{file}, line {line}: {field} pays less at {value} than before it, so selling more would pay "
    "less. Correct the points.",
    "duplicate_column": "{file} has two columns “{field}”. Rename one of them.",
    "duplicate_name": "{file}, line {line}: {field} “{value}” is used twice. Give each a name of its own.",
    "duplicate_transaction": "{file}, row {row}: {field} “{value}” was already used in row {detail} for the same "
    "person. Keep one of the rows.",
    "event_without_deal": "{file}, row {row}: no sale has the deal or id “{value}” that this event is about. "
    "Add the sale, or correct {field}.",
    "linkage_circle": "{file}, line {line}: the linkages go round in a circle ({detail}). Take one of them out.",
    "missing_column": "{file} has no column “{field}”. Add it.",
    "missing_field": "{file}, line {line}: {field} is missing; write {detail}.",
    "missing_value": "{file}, row {row}: {field} is empty, but this row needs one. Fill it in.",
    "month_not_closed": "{month} is not closed yet. Close it first.",
    "month_not_over": "{month} is not over: the data stands at {as_of}. Load what is missing, then close it.",
    "needs_other": "{file}, line {line}: {field} needs {detail} as well. Add it, or take {field} out.",
    "negative_rate": "{file}, line {line}: {field} is {value}, below zero. Write 0 or more.",
    "no_calendar": "There are no fiscal months, quarters and years for all days from {start} until "
    "{end}. Extend the calendar.",
    "no_effective_date": "{file}: the plan has no effective date. Write valid_from = 2026-01-01 near the top.",
    "no_plan_in_force": "No plan is in force in {month}, so there is nothing to pay. Publish a plan, or choose another month.",
    "no_rate": "There is no exchange rate from {source} to {target} on or before {day}, so what "
    "needs it is left out. Load the rate.",
    "no_use": "{file}, line {line}: {field} has no use here, {detail}. Take it out.",
    "not_a_currency": "{file}, row {row}: {field} is “{value}”, which is not a currency code of three letters "
    "such as USD. Correct it.",
    "not_a_day": "{file}, row {row}: {field} is “{value}”, which is not a day written like 2026-03-31. Correct it.",
    "not_a_kind": "{file}, row {row}: {field} is “{value}”, which is not known. Write one of {detail}.",
    "not_a_share": "{file}, row {row}: {field} is “{value}”, which is not a share. "
    "Write a number from 0 to {detail}, or a percentage such as 70%.",
    "not_a_whole_number": "{file}, row {row}: {field} is “{value}”, which is not a whole number of at least {detail}. "
    "Correct it.",
    "not_an_amount": "{file}, row {row}: {field} is “{value}”, which is not an amount with at most four decimals "
    "and a point between. Correct it.",
    "nothing_to_compare": "No other source pays {month}, so there is nothing to compare with. Import its payouts first.",
    "pay_changed": "Pay of the month that begins on {start} has changed since you looked at it. Look at it again, then close it.",
    "payee_currency": "Nobody says in which currency {rep} is paid on the plan “{plan}”. Give the "
    "assignment or the plan a currency.",
    "payee_role": "{rep} is assigned to the plan “{plan}” with the role {role}, which the plan is "
    "not for. Correct the assignment, or add the role to the plan.",
    "payee_twice": "{rep} has two assignments to the plan “{plan}” at once; the one from {day} gives "
    "way to the later one. End it where the other starts.",
    "plan_ends_first": "{file}, line {line}: {field} is {value}, not after the day the plan starts. "
    "Write the first day after it.",
    "quota_missing": "{rep} has no quota for the period of “{component}” from {day}, so attainment is "
    "undefined and earns nothing. Add the quota.",
    "rate_over_whole": "{file}, line {line}: {field} is {value}, more than 100 % of what is sold. "
    'Write 0.05, or "5 %", for five per cent.',
    "splits_over_whole": "{file}, row {row}: the shares of {field} “{value}” add up to {detail}, more than 100 %. "
    "Correct them.",
    "tier_empty": "{file}, line {line}: {field} ends at {value}, not after its start. Write a larger end.",
    "tier_gap": "{file}, line {line}: {field} starts at {value}, but the tier before it ends at {detail}, so what lies "
    "between is in no tier. Close the gap.",
    "tiers_overlap": "{file}, line {line}: {field} starts at {value}, where the tier before it still holds (up to "
    "{detail}). Let one end where the next begins.",
    "transaction_repeated": "The transaction “{transaction}” of {rep} is there more than once and counts "
    "once. Take the others out.",
    "unknown_field": "{file}, line {line}: {field} is not known here{detail}",
    "unknown_name": "{file}, line {line}: {field} names “{value}”, which the plan does not have{detail}",
    "value_missing": "{count} transactions of “{component}” have no {field} and count as 0. Add it.",
    "weights_not_whole": "{file}, line {line}: the weights of {value} add up to {detail}, not 100 %. "
    "Correct the components’ weights.",
}  # fmt: skip
"""English sentence by code, sorted; every field of a sentence is a text."""


def problem(code: str, **fields: object) -> Problem:
    """A problem with its fields as texts. Raises ``KeyError`` for a code that has no sentence."""
    TEMPLATES[code]
    return Problem(code, tuple((name, str(value)) for name, value in fields.items()))


def sentence(problem: Problem) -> str:
    """What is wrong, where, and what to do, in English; a field nobody gave reads “—”."""
    return TEMPLATES[problem.code].format_map(_Fields(problem.fields))


def sentences(problems: Iterable[Problem]) -> str:
    """Every problem's sentence on a line of its own."""
    return "\n".join(sentence(each) for each in problems)


class _Fields(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "—"
