"""Compensation: what is paid, why, and what it brings."""
