"""What a file is for, and what each of its columns means."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import PurePath

from connectors.files.profile import Column, Profile
from connectors.files.synonyms import FILE_WORDS, name_score, plain

_REP = ("rep_id", "rep_email", "rep_name")
_MEANINGS: dict[str, tuple[str, ...]] = {
    "reps": (*_REP, "first_name", "last_name", "manager", "team", "role", "hire_date", "leave_date", "active",
             "territory", "currency"),
    "sales": (*_REP, "manager", "team", "deal_id", "deal_name", "account_id", "account_name", "amount", "close_on",
              "created_on", "stage", "probability", "deal_type", "product_id", "product_name", "family",
              "quantity", "price", "cost", "territory", "currency"),
    "quotas": (*_REP, "territory", "quota", "year", "quarter", "month", "period", "measure", "currency"),
    "assignments": (*_REP, "manager", "team", "territory", "role", "valid_from", "valid_to"),
    "products": ("product_id", "product_name", "family", "price", "cost", "currency"),
    "accounts": ("account_id", "account_name", "segment", "industry", "region", "currency"),
    "territories": ("territory", "region"),
}  # fmt: skip
_KINDS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("amount", "quota", "quantity", "price", "cost", "probability"), ("number",)),
    **dict.fromkeys(
        ("close_on", "created_on", "hire_date", "leave_date", "valid_from", "valid_to"), ("date",)
    ),
    "rep_email": ("email",),
    "rep_name": ("text",),
    "active": ("flag", "number", "text"),
    "year": ("number", "text"),
    "month": ("number", "text", "date"),
    "quarter": ("number", "text", "date"),
    "period": ("date", "text", "number"),
}
_GENERIC = {
    "products": {"name": "product_name", "id": "product_id", "key": "product_id"},
    "accounts": {"name": "account_name", "id": "account_id", "nom": "account_name"},
    "reps": {"id": "rep_id", "key": "rep_id"},
    "territories": {"name": "territory", "id": "territory", "nom": "territory"},
}
_MONTH_NAMES = re.compile(
    r"^(jan|feb|fev|mar|apr|avr|may|mai|jun|juin|jul|juil|aug|aou|sep|oct|nov|dec)[a-z]*( ?20\d\d)?$"
)
_QUARTER_NAMES = re.compile(r"^[qt] ?[1-4]$")
_NUMBERED = re.compile(r"^(m|month|mois) ?(0?[1-9]|1[0-2])$")
_DATED = re.compile(r"^20\d\d (0[1-9]|1[0-2])( 01)?$|^(0?[1-9]|1[0-2]) 20\d\d$")


@dataclass(frozen=True)
class Meaning:
    """A column and how sure it is that it means this."""

    column: Column
    score: float


@dataclass(frozen=True)
class Role:
    """What a file is for."""

    profile: Profile
    role: str  # "" when it is not clear
    score: float
    meanings: dict[str, Meaning] = field(default_factory=dict)
    wide: tuple[str, ...] = ()  # columns of months or quarters
    grain: str = ""  # of the wide columns: month, quarter or dated

    def has(self, *names: str) -> bool:
        """Whether any of these meanings was found."""
        return any(name in self.meanings for name in names)

    def name(self, meaning: str) -> str:
        """The column of a meaning, '' when there is none."""
        return self.meanings[meaning].column.name if meaning in self.meanings else ""


def role_of(profile: Profile) -> Role:
    """The likeliest role of a file."""
    wide, grain = _wide(profile.columns)
    roles = [_as(profile, role, wide, grain) for role in _MEANINGS]
    best = max(roles, key=lambda role: role.score)
    return best if best.score >= 0.5 else Role(profile, "", best.score)


def _as(profile: Profile, role: str, wide: tuple[str, ...], grain: str) -> Role:
    """A file looked at as if it had this role; the score says how well that fits."""
    columns = [c for c in profile.columns if role != "quotas" or c.name not in wide]
    found = Role(profile, role, 0.0, _meanings(columns, role), wide if role == "quotas" else (), grain)
    fits = _fits(found)
    named = 0.5 if _named(profile, role) else 0.0
    known = sum(meaning.score for meaning in found.meanings.values()) / max(len(columns), 1)
    return Role(profile, role, fits and fits + named + 0.3 * known, found.meanings, found.wide, grain)


def _named(profile: Profile, role: str) -> bool:
    words = set(plain(PurePath(profile.spec.path).stem).split()) | set(plain(profile.spec.sheet).split())
    return bool(words & set(FILE_WORDS[role]))


def _fits(found: Role) -> float:
    """0 when what the role needs is missing, else how typical the file is."""
    rep = found.has(*_REP, "first_name")
    match found.role:
        case "sales":
            return (
                0.7
                * found.has("amount")
                * found.has("close_on")
                * (1 if rep or found.has("deal_id") else 0.8)
            )
        case "quotas":
            period = found.has("year", "period", "month", "quarter") or bool(found.wide)
            target = found.has("quota") or bool(found.wide)
            if not (target and period and (rep or found.has("territory"))):
                return 0.0
            return 1.0 if found.wide else 0.6 * found.meanings["quota"].score
        case "reps":
            more = found.has("manager", "hire_date", "role", "team", "rep_email", "last_name")
            amounts = [c for c in found.profile.columns if name_score(c.name, "amount") > 0.8]
            return 0.6 * rep * more * (not amounts)
        case "assignments":
            return 0.8 * rep * found.has("valid_from") * found.has("manager", "team", "territory")
        case "products":
            return 0.5 * found.has("product_id", "product_name") * (not rep)
        case "accounts":
            return 0.5 * found.has("account_id", "account_name") * (not found.has("amount")) * (not rep)
        case _:
            return 0.45 * found.has("territory") * (not rep) * (len(found.profile.columns) <= 6)


def _meanings(columns: Sequence[Column], role: str) -> dict[str, Meaning]:
    """Each meaning its best column, each column its best meaning."""
    scored = [
        (_score(column, meaning, role), -place, meaning, column)
        for place, column in enumerate(columns)
        for meaning in _MEANINGS[role]
    ]
    found: dict[str, Meaning] = {}
    used: set[str] = set()
    for score, _, meaning, column in sorted(scored, key=lambda item: item[:2], reverse=True):
        if score >= 0.45 and meaning not in found and column.name not in used:
            found[meaning] = Meaning(column, score)
            used.add(column.name)
    return found


def _score(column: Column, meaning: str, role: str) -> float:
    kinds = _KINDS.get(meaning)
    if column.kind == "empty" or (kinds and column.kind not in kinds):
        return 0.0
    score = name_score(column.name, meaning)
    if _GENERIC.get(role, {}).get(plain(column.name)) == meaning:
        score = max(score, 0.9)
    if column.kind == "email" and meaning == "rep_email" and not name_score(column.name, "manager"):
        score = max(score, 0.8)
    if meaning in ("rep_id", "deal_id", "account_id") and column.kind in ("email", "date"):
        score = 0.0
    if meaning == "manager" and role == "sales":
        score *= 0.9  # "sales manager" may be who sold
    return score


def _wide(columns: Sequence[Column]) -> tuple[tuple[str, ...], str]:
    """Columns that are months or quarters, when there are several."""
    numeric = [c.name for c in columns if c.kind in ("number", "empty")]
    patterns = (("month", _NUMBERED), ("month", _MONTH_NAMES), ("quarter", _QUARTER_NAMES), ("dated", _DATED))
    for grain, pattern in patterns:
        names = tuple(name for name in numeric if pattern.match(plain(name)))
        if len(names) >= (2 if grain == "quarter" else 3):
            dated = (
                grain == "month" and all(re.search(r"\d\d$", n) for n in names) and pattern is _MONTH_NAMES
            )
            return names, "dated" if dated else grain
    return (), ""
