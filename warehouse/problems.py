"""What can be wrong with a store; each message is a sentence that says what to do."""

from __future__ import annotations


class StoreProblem(Exception):
    """Something about the store stops the work."""


class StoreMissing(StoreProblem):
    """There is no store in the folder."""


class StoreMixed(StoreProblem):
    """Demo data and own data would meet in one store."""


class StoreTooOld(StoreProblem):
    """The store holds tables of another schema version than this program's."""


class StoreDamaged(StoreProblem):
    """Files that a version names are not there or cannot be read."""


class StoreBusy(StoreProblem):
    """Another process is writing."""
