"""``manage.py access``: who sees what; roles and grants, each change with its place in the audit log."""

from __future__ import annotations

import argparse
from datetime import UTC, date, datetime

from planning import roles
from warehouse.access import OWNER, TABLE_NAMES, AccessDenied, Tables
from warehouse.database import ROLES
from workflows.opening import Place, open_place, viewer_named


def add(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    kinds = parser.add_subparsers(dest="what", required=True)
    kinds.add_parser("list", help="roles and grants given")
    show = kinds.add_parser("show", help="what one person sees of each table, and why")
    show.add_argument("person", help="e-mail address or key")
    for name in ("give", "take"):
        one = kinds.add_parser(name, help=f"{name} a role")
        one.add_argument("person", help="e-mail address or key")
        one.add_argument("role", choices=ROLES)
    grant = kinds.add_parser("grant", help="let a person see a rep outside their team")
    grant.add_argument("person")
    grant.add_argument("rep")
    grant.add_argument("--from", dest="start", type=date.fromisoformat, required=True)
    grant.add_argument("--to", dest="end", type=date.fromisoformat, help="first day no longer")
    grant.add_argument("--reason", required=True)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Do what is asked."""
    place = open_place()
    doing = {"list": _list, "show": _show, "give": _give, "take": _take, "grant": _grant}
    doing[arguments.what](place, arguments)
    return 0


def _key(place: Place, who: str) -> str:
    found = place.people.by_email(who) if "@" in who else who
    if not found:
        raise AccessDenied(f"Nobody here is known as {who}.")
    return found


def _list(place: Place, _: argparse.Namespace) -> None:
    for person, held in roles.holders(place.database).items():
        print(f"{person}: {', '.join(sorted(held))}")
    for grant in roles.grants(place.database):
        print(
            f"{grant.viewer_id} sees {grant.rep_id} from {grant.valid_from} to {grant.valid_to}: {grant.reason}"
        )


def _show(place: Place, arguments: argparse.Namespace) -> None:
    session = place.session()
    viewer = viewer_named(place, session, arguments.person)
    tables = Tables(viewer, session, session.version.as_of)
    print(f"{viewer.key or arguments.person}: {', '.join(sorted(viewer.roles)) or 'nobody'}")
    for name in TABLE_NAMES:
        verdict = tables.verdict(name)
        print(f"  {name:<24}{verdict.scope:<6}{verdict.reason}")


def _give(place: Place, arguments: argparse.Namespace) -> None:
    person = _key(place, arguments.person)
    roles.assign_role(place.database, person, arguments.role, by=OWNER.key, now=datetime.now(UTC))


def _take(place: Place, arguments: argparse.Namespace) -> None:
    person = _key(place, arguments.person)
    roles.revoke_role(place.database, person, arguments.role, by=OWNER.key, now=datetime.now(UTC))


def _grant(place: Place, arguments: argparse.Namespace) -> None:
    viewer, rep = _key(place, arguments.person), _key(place, arguments.rep)
    ends = {"valid_to": arguments.end} if arguments.end else {}
    given = {"valid_from": arguments.start, **ends, "reason": arguments.reason}
    roles.give_grant(place.database, viewer, rep, by=OWNER.key, now=datetime.now(UTC), **given)
    print("Given; run “python manage.py publish” to make it visible.")
