"""``user add``: a person with a role in an organisation, from the command line."""

from __future__ import annotations

import argparse
from typing import Any

from sdlc_assess.assessment.role import OrganisationKind, Role
from sdlc_assess.cli.database import prepare
from sdlc_assess.config import Config
from sdlc_assess.services import operator


def add(commands: Any) -> None:
    """Add the commands."""
    user = commands.add_parser("user", help="people, from the command line")
    acts = user.add_subparsers(metavar="ACT", required=True)
    new = acts.add_parser(
        "add",
        help="add a person and print the link that sets their password",
        epilog="example: sdlc-assess user add grace@example.org --name Grace "
        "--organisation 'Service operator' --kind operator --role administrator",
    )
    new.add_argument("email")
    new.add_argument("--name", required=True)
    new.add_argument("--organisation", required=True)
    new.add_argument("--kind", choices=[str(kind) for kind in OrganisationKind])
    new.add_argument("--role", required=True, choices=[str(role) for role in Role])
    new.set_defaults(run=add_person)


def add_person(chosen: argparse.Namespace) -> int:
    """Add a person; the organisation is made when new, if its kind is given."""
    desk = prepare(Config.from_environ())
    link = operator.add_person(
        desk, chosen.email, chosen.name, chosen.organisation, chosen.kind, chosen.role
    )
    print(f"{chosen.name} can set a password within seven days at\n{link}")
    return 0
