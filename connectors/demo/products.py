"""What the company sells, in four families."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from connectors.demo.columns import Floats, Ints, made, money

FAMILIES = ("Sensors", "Gateways", "Platform", "Services")
# name, family, list price in cents, cost share of list, how often it is on a deal, recurring, months
_PRODUCTS = (
    ("Tide Sensor", 0, 24_000, 0.56, 10, False, 0),
    ("Tide Sensor Pro", 0, 41_000, 0.53, 7, False, 0),
    ("Draft Probe", 0, 18_500, 0.59, 6, False, 0),
    ("Vibration Tag", 0, 9_500, 0.61, 5, False, 0),
    ("Harbor Gateway", 1, 120_000, 0.58, 6, False, 0),
    ("Harbor Gateway XL", 1, 235_000, 0.55, 3, False, 0),
    ("Edge Relay", 1, 64_000, 0.60, 5, False, 0),
    ("Mesh Node", 1, 32_000, 0.63, 4, False, 0),
    ("Fleet Platform", 2, 15_000, 0.41, 12, True, 12),
    ("Fleet Platform Plus", 2, 27_000, 0.39, 9, True, 12),
    ("Route Insights", 2, 11_000, 0.39, 6, True, 24),
    ("Compliance Vault", 2, 8_000, 0.43, 4, True, 36),
    ("Install Day", 3, 95_000, 0.71, 4, False, 0),
    ("Training Day", 3, 80_000, 0.65, 3, False, 0),
    ("Care Standard", 3, 6_500, 0.58, 6, True, 12),
    ("Care Premium", 3, 12_500, 0.55, 4, True, 12),
)
NAMES = tuple(p[0] for p in _PRODUCTS)
FAMILY: Ints = np.array([p[1] for p in _PRODUCTS])
LIST_CENTS: Ints = np.array([p[2] for p in _PRODUCTS])
COST_CENTS: Ints = np.array([round(p[2] * p[3]) for p in _PRODUCTS])
WEIGHT: Floats = np.array([p[4] for p in _PRODUCTS], dtype=np.float64) / sum(p[4] for p in _PRODUCTS)
RECURRING = np.array([p[5] for p in _PRODUCTS])
MONTHS: Ints = np.array([p[6] for p in _PRODUCTS])
IDS = tuple(f"P{n + 1:02d}" for n in range(len(_PRODUCTS)))


def products() -> pa.Table:
    """The product list; prices in US dollars."""
    return made(
        "products",
        {
            "product_id": IDS,
            "name": NAMES,
            "family_id": [FAMILIES[f] for f in FAMILY],
            "list_price": money(LIST_CENTS),
            "standard_cost": money(COST_CENTS),
            "currency": ["USD"] * len(IDS),
        },
    )
