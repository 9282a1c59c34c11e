"""Who may run pay: read everybody's, and close, export or reconcile it."""

from __future__ import annotations

from warehouse.access import AccessDenied, Viewer

RUNS = frozenset({"compensation_admin", "administrator", "owner"})
"""Roles that close months, export pay, reconcile it and decide plans."""

READS = RUNS | {"executive"}
"""Roles that see everybody's pay."""


def reads_all(viewer: Viewer) -> bool:
    """Whether a viewer sees everybody's pay."""
    return bool(viewer.roles & READS)


def runs(viewer: Viewer) -> bool:
    """Whether a viewer may close, export and reconcile."""
    return bool(viewer.roles & RUNS)


def require_known(viewer: Viewer) -> None:
    """AccessDenied for a stranger."""
    if not viewer.known:
        raise AccessDenied("Pay is shown to people who are signed in and known here.")


def require_all(viewer: Viewer, what: str) -> None:
    """AccessDenied unless the viewer sees everybody's pay; ``what`` begins the sentence."""
    if not reads_all(viewer):
        raise AccessDenied(f"{what} shows everybody's pay; {_needed(READS)} may see it.")


def require_run(viewer: Viewer, what: str) -> None:
    """AccessDenied unless the viewer may run pay; ``what`` begins the sentence."""
    if not runs(viewer):
        raise AccessDenied(f"{what} is for people who run pay: {_needed(RUNS)}.")


def _needed(roles: frozenset[str]) -> str:
    return ", ".join(sorted(role.replace("_", " ") for role in roles - {"owner"})) + " or the local owner"
