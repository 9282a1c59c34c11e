"""Which values of a stage column mean won, and which that a deal is over."""

from __future__ import annotations

from connectors.files.profile import Column
from connectors.files.synonyms import plain

WON, LOST = "is_won_of_stage", "is_closed_of_stage"

_WON = ("won", "closed won", "closedwon", "gagne", "gagnee", "signe", "signee", "sold", "vendu", "vendue", "invoiced", "facture",
        "facturee", "paid", "paye", "payee", "shipped", "completed", "complete", "success", "conclu", "conclue",
        "booked", "delivered", "livre", "livree", "closed")  # fmt: skip
_LOST = ("lost", "closed lost", "closedlost", "perdu", "perdue", "cancelled", "canceled", "annule", "annulee", "abandoned",
         "abandonne", "abandonnee", "rejected", "refuse", "refusee", "dead", "disqualified", "unqualified")  # fmt: skip


def stage_lookups(stage: Column) -> dict[str, dict[str, str]]:
    """Two lists, won and closed, of the stages seen; a stage in neither is open."""
    values = list(dict.fromkeys(stage.values))
    won = [value for value in values if _means(value, _WON) and not _means(value, _LOST)]
    lost = [value for value in values if _means(value, _LOST)]
    return {WON: dict.fromkeys(won, "true"), LOST: dict.fromkeys([*won, *lost], "true")}


def _means(value: str, words: tuple[str, ...]) -> bool:
    text = plain(value)
    if text in words:
        return True
    said = text.split()
    denied = bool({"not", "non"} & set(said))
    return not denied and any(word in said for word in words if " " not in word and word != "closed")
