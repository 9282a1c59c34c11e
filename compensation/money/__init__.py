"""Exact arithmetic: minor units, rounding, currencies, months and fiscal windows."""
