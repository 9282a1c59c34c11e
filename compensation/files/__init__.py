"""Transactions from a plain file, where there is no store."""
