"""Who is looking is decided before anything is shown, and closed wherever it is not certain."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from workflows.who import Decision, decide

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
LATER = NOW.timestamp() + 60


def asked(**changes: Any) -> Decision:
    usual: dict[str, Any] = {
        "kind": "demo", "address": "127.0.0.1", "headers": {"Host": "localhost:8501"}, "client": None,
        "auth_configured": False, "user": None, "now": NOW,
    }  # fmt: skip
    return decide(**(usual | changes))


def test_demo_store_on_this_machine_has_a_viewer_switch():
    assert asked().way == "demo"


def test_own_store_on_this_machine_has_one_local_owner():
    assert asked(kind="own").way == "owner"


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.9.1", "::1", "localhost"])
def test_loopback_addresses_are_this_machine(address: str):
    assert asked(address=address).way == "demo"


@pytest.mark.parametrize(
    "address", [None, "", "0.0.0.0", "::", "10.0.0.7", "attain.example.com", "localhost.example.com"]
)
@pytest.mark.parametrize("kind", ["demo", "own"])
def test_any_other_address_is_refused_without_sign_in(address: str | None, kind: str):
    assert asked(address=address, kind=kind) == Decision("refused", reason="address")


@pytest.mark.parametrize(
    "header", ["X-Forwarded-For", "x-forwarded-for", "Forwarded", "X-Real-IP", "X-Forwarded-Host"]
)
def test_forwarded_requests_are_refused_without_sign_in(header: str):
    assert asked(headers={"Host": "localhost", header: "127.0.0.1"}).reason == "forwarded"


@pytest.mark.parametrize(
    "host", ["attain.example.com", "attain.example.com:8501", "127.0.0.1.example.com:80", "10.0.0.7:8501"]
)
def test_a_name_somebody_else_resolved_to_this_machine_is_refused(host: str):
    assert asked(headers={"Host": host}).reason == "host"


@pytest.mark.parametrize("host", ["localhost:8501", "127.0.0.1:80", "[::1]:8501", "127.0.0.1", "::1"])
def test_names_of_this_machine_are_let_in(host: str):
    assert asked(headers={"Host": host}).way == "demo"


def test_a_visitor_from_elsewhere_is_refused():
    assert asked(client="10.1.2.3").reason == "client"


def test_with_sign_in_everybody_signs_in_on_this_machine_too():
    assert asked(auth_configured=True) == Decision("sign_in")


def signed(**claims: Any) -> Decision:
    user = {"email": "Ana@Example.com ", "exp": LATER} | claims
    return asked(auth_configured=True, user=user, address="0.0.0.0", headers={"X-Forwarded-For": "1.2.3.4"})


def test_a_signed_in_person_is_known_by_address_from_anywhere():
    assert signed() == Decision("user", "ana@example.com")


@pytest.mark.parametrize("exp", [NOW.timestamp(), NOW.timestamp() - 1, None, "soon"])
def test_an_expired_sign_in_is_asked_for_again(exp: object):
    assert signed(exp=exp) == Decision("sign_in", reason="expired")


@pytest.mark.parametrize("email", [None, "", "ana", 7])
def test_without_an_address_nobody_is_let_in(email: object):
    assert signed(email=email).reason == "no_email"


def test_an_unverified_address_is_refused():
    assert signed(email_verified=False).reason == "unverified"
