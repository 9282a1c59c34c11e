"""What a proposal leaves out, or cannot place: lines of totals, values that do not fit their column's name."""

from __future__ import annotations

from connectors.files.profile import Column, is_email
from connectors.files.roles import Role, unlike
from connectors.files.spec import Condition
from connectors.files.synonyms import plain

_TOTALS = {"total", "totals", "grand total", "grand totals", "subtotal", "sub total", "total general", "sum",
           "sous total", "totaux", "somme", "overall", "team total", "total equipe", "company total"}  # fmt: skip
_LABELS = ("rep_id", "rep_email", "rep_name", "first_name", "last_name", "deal_id", "deal_name", "account_id",
           "account_name", "product_id", "product_name", "territory")  # fmt: skip
_CALLED = {
    "amount": ("an amount", "numbers"),
    "quota": ("a target", "numbers"),
    "close_on": ("a day", "days in a form that is known"),
}


def total_lines(role: Role) -> tuple[Condition, ...]:
    """Conditions that leave out lines whose rep, customer or number is called a total."""
    found = []
    for meaning in _LABELS:
        if role.has(meaning):
            column = role.meanings[meaning].column
            names = tuple(dict.fromkeys(v for v in column.values if plain(v) in _TOTALS))
            found += [Condition(column.name, "not_in", names)] if names else []
    return tuple(found)


def doubts_of(role: Role, totals: tuple[Condition, ...]) -> list[str]:
    """What a person should know about the columns of a file."""
    path = role.profile.spec.path
    doubts = [
        f"rows of “{path}” with “{', '.join(condition.value)}” in “{condition.column}” are left out: they are totals"
        for condition in totals
    ]
    used = {meaning.column.name for meaning in role.meanings.values()}
    doubts += [
        _unlike(path, column, meaning) for column, meaning in unlike(role.profile) if column.name not in used
    ]
    emails = role.meanings.get("rep_email")
    strays = [v for v in emails.column.values if not is_email(v)] if emails else []
    if emails and strays:
        doubts.append(
            f"“{strays[0]}” in “{emails.column.name}” of “{path}” is not an e-mail address; correct it, or it is "
            "published as it stands"
        )
    return doubts


def _unlike(path: str, column: Column, meaning: str) -> str:
    called, wanted = _CALLED[meaning]
    return (
        f"“{column.name}” in “{path}” is called like {called}, but most of its values are not {wanted} "
        f"(such as “{column.values[0]}”)"
    )
