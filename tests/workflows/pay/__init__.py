"""Paying from the store."""
