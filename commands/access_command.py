"""``manage.py access``: who sees what; roles and grants, each change with its place in the audit log."""

from __future__ import annotations

import argparse
from datetime import UTC, date, datetime

from planning import roles
from warehouse.access import OWNER, TABLE_NAMES, AccessDenied, Tables
from warehouse.database import ROLES
from warehouse.people import Person
from workflows.opening import NothingLoaded, Place, open_place, viewer_named

_PUBLISH = "Run “python manage.py publish” to make it count."


def add(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    kinds = parser.add_subparsers(dest="what", required=True, metavar="WHAT")
    kinds.add_parser("list", help="roles and grants given")
    _person(kinds.add_parser("show", help="what one person sees of each table, and why"))
    for name, words in (("give", "give a role"), ("take", "take a role back")):
        one = _person(kinds.add_parser(name, help=words))
        one.add_argument("role", choices=ROLES)
    _add_person(kinds.add_parser("person", help="let somebody sign in who is in no loaded file"))
    _add_grant(kinds.add_parser("grant", help="let a person see a rep outside their team"))
    _add_ending(kinds.add_parser("end", help="let a grant end on a day, or take it back for every day"))
    parser.set_defaults(run=run)


def _person(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    parser.add_argument("person", help="e-mail address or key")
    return parser


def _add_person(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("key", help="a staff number or short name; it stays in the audit trail for ever")
    parser.add_argument("email", help="the address they sign in with")
    parser.add_argument("--name", help="shown instead of the key")


def _add_grant(parser: argparse.ArgumentParser) -> None:
    _person(parser).add_argument("rep", help="whom they may see: e-mail address or key")
    parser.add_argument("--from", dest="start", type=date.fromisoformat, required=True, help="first day")
    parser.add_argument(
        "--to", dest="end", type=date.fromisoformat, help="first day no longer (default: never)"
    )
    parser.add_argument("--reason", required=True, help="kept in the audit trail")


def _add_ending(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("grant", help="its id, from “access list”")
    parser.add_argument(
        "--on", type=date.fromisoformat, help="first day no longer (default: take it back wholly)"
    )
    parser.add_argument("--reason", default="", help="kept in the audit trail")


def run(arguments: argparse.Namespace) -> int:
    """Do what is asked."""
    doing = {
        "list": _list,
        "show": _show,
        "give": _give,
        "take": _take,
        "person": _know,
        "grant": _grant,
        "end": _end,
    }
    doing[arguments.what](open_place(), arguments)
    return 0


def _key(place: Place, who: str) -> str:
    """The key of somebody the store knows: by name or address, or by having sold or led."""
    found = place.people.by_email(who) if "@" in who else who
    if found and (found in place.people.keys() or _placed(place, found)):  # noqa: SIM118 - people is no dict
        return found
    raise AccessDenied(f"Nobody here is known as {who}.")


def _placed(place: Place, key: str) -> bool:
    try:
        return viewer_named(place, place.session(), key).known
    except NothingLoaded:
        return False


def _list(place: Place, _: argparse.Namespace) -> None:
    for person, held in roles.holders(place.database).items():
        print(f"{person}: {', '.join(sorted(held))}")
    for grant in roles.grants(place.database):
        days = f"from {grant.valid_from} to {grant.valid_to}"
        print(f"{grant.grant_id}: {grant.viewer_id} sees {grant.rep_id} {days}: {grant.reason}")


def _show(place: Place, arguments: argparse.Namespace) -> None:
    session = place.session()
    viewer = viewer_named(place, session, arguments.person)
    tables = Tables(viewer, session, session.version.as_of)
    print(f"{viewer.key or arguments.person}: {', '.join(sorted(viewer.roles)) or 'nobody'}")
    for name in TABLE_NAMES:
        verdict = tables.verdict(name)
        print(f"  {name:<24}{verdict.scope:<6}{verdict.reason}")


def _give(place: Place, arguments: argparse.Namespace) -> None:
    person, role = _key(place, arguments.person), arguments.role
    roles.assign_role(place.database, person, role, by=OWNER.key, now=datetime.now(UTC))
    print(f"{person} holds the role {role}.")


def _take(place: Place, arguments: argparse.Namespace) -> None:
    person, role = _key(place, arguments.person), arguments.role
    roles.revoke_role(place.database, person, role, by=OWNER.key, now=datetime.now(UTC))
    print(f"{person} no longer holds the role {role}.")


def _know(place: Place, arguments: argparse.Namespace) -> None:
    key, email = arguments.key, arguments.email
    holder = place.people.by_email(email)
    if "@" in key or "@" not in email:
        raise AccessDenied(f"{key} {email}: write a key without “@”, then an e-mail address.")
    if key == OWNER.key or holder not in {None, key}:
        taken = f"The key {key} is taken" if key == OWNER.key else f"{email} belongs to {holder}"
        raise AccessDenied(f"{taken}; name another.")
    place.people.upsert([Person(key, email, arguments.name)])
    if key not in place.people.keys():  # noqa: SIM118 - people is no dict
        raise AccessDenied(f"{key} was forgotten and stays forgotten; take another key.")
    roles.note_admission(place.database, key, by=OWNER.key, now=datetime.now(UTC))
    print(f"{key} signs in as {email} and sees nothing yet; give a role next.")


def _grant(place: Place, arguments: argparse.Namespace) -> None:
    viewer, rep = _key(place, arguments.person), _key(place, arguments.rep)
    ends = {"valid_to": arguments.end} if arguments.end else {}
    given = {"valid_from": arguments.start, **ends, "reason": arguments.reason}
    row = roles.give_grant(place.database, viewer, rep, by=OWNER.key, now=datetime.now(UTC), **given)
    print(f"{row.grant_id} is given. {_PUBLISH}")


def _end(place: Place, arguments: argparse.Namespace) -> None:
    known = {"by": OWNER.key, "now": datetime.now(UTC), "reason": arguments.reason}
    if arguments.on:
        roles.end_grant(place.database, arguments.grant, arguments.on, **known)
    else:
        roles.withdraw_grant(place.database, arguments.grant, **known)
    print(f"{arguments.grant} is ended. {_PUBLISH}")
