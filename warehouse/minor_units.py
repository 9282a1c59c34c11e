"""Decimals of a currency's minor unit (ISO 4217)."""

from __future__ import annotations

_UNITS = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    3: "BHD IQD JOD KWD LYD OMR TND",
}
MINOR_UNITS: dict[str, int] = {code: digits for digits, codes in _UNITS.items() for code in codes.split()}
"""Decimals where they are not 2."""


def minor(currency: str) -> int:
    """Decimals of a currency's minor unit."""
    return MINOR_UNITS.get(currency, 2)
