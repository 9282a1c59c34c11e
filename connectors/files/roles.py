"""What a file is for, and what each of its columns means."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import PurePath

from connectors.files.profile import Column, Profile
from connectors.files.synonyms import FILE_WORDS, MONTH_NAMES, SYNONYMS, name_score, plain

_REP = ("rep_id", "rep_email", "rep_name")
_MEANINGS: dict[str, tuple[str, ...]] = {
    "reps": (*_REP, "first_name", "last_name", "manager", "team", "role", "hire_date", "leave_date", "active",
             "territory", "currency"),
    "sales": (*_REP, "manager", "team", "deal_id", "deal_name", "account_id", "account_name", "amount", "close_on",
              "created_on", "stage", "won", "closed_flag", "probability", "deal_type", "product_id", "product_name", "family",
              "quantity", "price", "cost", "territory", "currency"),
    "quotas": (*_REP, "territory", "quota", "year", "quarter", "month", "period", "period_end", "measure", "currency"),
    "assignments": (*_REP, "manager", "team", "territory", "role", "valid_from", "valid_to"),
    "products": ("product_id", "product_name", "family", "price", "cost", "currency"),
    "accounts": ("account_id", "account_name", "segment", "industry", "region", "currency"),
    "territories": ("territory", "region"),
}  # fmt: skip
_KINDS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("amount", "quota", "quantity", "price", "cost", "probability"), ("number",)),
    **dict.fromkeys(
        ("close_on", "created_on", "hire_date", "leave_date", "valid_from", "valid_to", "period_end"),
        ("date",),
    ),
    "rep_email": ("email",),
    "currency": ("text",),
    "rep_name": ("text",),
    "active": ("flag", "number", "text"),
    "won": ("flag",),
    "closed_flag": ("flag",),
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
SURE = 0.75
"""A score above which a name says clearly what a column means."""
_PATTERNS = (
    ("month", re.compile(r"^(m|month|mois) ?(0?[1-9]|1[0-2])$")),
    ("month", re.compile(rf"^({'|'.join(MONTH_NAMES)}) ?((fy ?)?(20)?\d\d)?$")),
    ("month", re.compile(r"^20\d\d (0[1-9]|1[0-2])( 01)?( 00 00( 00)?)?$|^(0?[1-9]|1[0-2]) 20\d\d$")),
    ("quarter", re.compile(r"^[qt] ?[1-4]( ?(fy ?)?(20)?\d\d)?$|^(fy ?)?20\d\d [qt] ?[1-4]$")),
)


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
    grain: str = ""  # of the wide columns: month or quarter

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
            period = found.has("year", "period", "period_end", "month", "quarter") or bool(found.wide)
            target = found.has("quota") or bool(found.wide)
            if not (target and period and (rep or found.has("territory"))):
                return 0.0
            return 1.0 if found.wide else 0.6 * found.meanings["quota"].score
        case "reps":
            more = found.has("manager", "hire_date", "role", "team", "rep_email", "last_name")
            return 0.6 * rep * more * (not called(found.profile, "amount"))
        case "assignments":
            return 0.8 * rep * found.has("valid_from") * found.has("manager", "team", "territory")
        case "products":
            return 0.5 * found.has("product_id", "product_name") * (not _events(found.profile))
        case "accounts":
            return 0.5 * found.has("account_id", "account_name") * (not _events(found.profile))
        case _:
            few = len(found.profile.columns) <= 6
            return 0.45 * found.has("territory") * few * (not _events(found.profile))


def called(profile: Profile, meaning: str) -> list[Column]:
    """Columns whose name clearly says this, whatever their values are."""
    return [c for c in profile.columns if name_score(c.name, meaning) > SURE]


def _events(profile: Profile) -> bool:
    """Whether the names of columns speak of sales: such a file is no list of customers or products."""
    return bool(called(profile, "amount") and called(profile, "close_on"))


def unlike(profile: Profile) -> list[tuple[Column, str]]:
    """Columns called like an amount, a day of sale or a target, most of whose values are none."""
    found = [(c, meaning) for meaning in ("amount", "close_on", "quota") for c in called(profile, meaning)]
    return [(c, meaning) for c, meaning in found if c.kind not in (*_KINDS[meaning], "empty")]


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
    if meaning == "rep_id" and column.kind == "number" and name_score(column.name, "rep_name") > SURE:
        score = max(score, 0.8)  # reps called by their number
    if meaning == "period" and column.kind == "date" and role == "quotas":
        score = max(score, 0.9 * name_score(column.name, "year"), 0.9 * name_score(column.name, "quarter"))
    if _GENERIC.get(role, {}).get(plain(column.name)) == meaning:
        score = max(score, 0.9)
    if column.kind == "email" and meaning == "rep_email" and not name_score(column.name, "manager"):
        score = max(score, 0.8)
    if meaning in ("rep_id", "deal_id", "account_id") and (column.kind == "email" or _dated(column)):
        score = 0.0
    if meaning == "manager" and role == "sales":
        score *= 0.9  # "sales manager" may be who sold
    return score


def _dated(column: Column) -> bool:
    """Whether a column holds days; eight digits without anything between may as well be a number."""
    return column.kind == "date" and column.forms != ("%Y%m%d",)


def _wide(columns: Sequence[Column]) -> tuple[tuple[str, ...], str]:
    """Columns that are months or quarters, when there are several: ``Jan``, ``Jan-26``, ``Q1 target``."""
    numeric = [c.name for c in columns if c.kind in ("number", "empty")]
    for grain, pattern in _PATTERNS:
        names = tuple(name for name in numeric if pattern.match(_without_target(name)))
        if len(names) >= (2 if grain == "quarter" else 3):
            return names, grain
    return (), ""


def _without_target(name: str) -> str:
    """The name of a column without the word for a target."""
    words = plain(name).split()
    return " ".join(word for word in words if word not in SYNONYMS["quota"]) or plain(name)
