"""``init-db`` and ``demo``: making a database, and filling an empty one with the demo story."""

from __future__ import annotations

import argparse
from typing import Any

from sdlc_assess.app import make_desk
from sdlc_assess.config import Config
from sdlc_assess.services import demo
from sdlc_assess.services.desk import Desk
from sdlc_assess.store import migrate
from sdlc_assess.store.database import Database


def add(commands: Any) -> None:
    """Add the commands."""
    init = commands.add_parser(
        "init-db",
        help="make the database, or bring it to this release's schema",
        epilog="example: SDLC_DATA_DIR=/srv/sdlc sdlc-assess init-db",
    )
    init.set_defaults(run=init_db)
    story = commands.add_parser(
        "demo",
        help="fill an empty instance with the demo story",
        epilog="example: SDLC_DATA_DIR=/tmp/demo sdlc-assess demo",
    )
    story.set_defaults(run=run_demo)


def prepare(config: Config) -> Desk:
    """Bring the database to this release's schema and open it."""
    config.data_dir.mkdir(parents=True, exist_ok=True)
    database = Database(config.database_url)
    try:
        migrate.upgrade(database)
    finally:
        database.dispose()
    return make_desk(config)


def init_db(_: argparse.Namespace) -> int:
    """Make or upgrade the database."""
    desk = prepare(Config.from_environ())
    print(f"The database is at schema {migrate.head()}: {desk.database.url.render_as_string()}")
    return 0


def run_demo(_: argparse.Namespace) -> int:
    """Fill an empty instance with the demo story."""
    desk = prepare(Config.from_environ())
    print(demo.sign_ins(demo.fill(desk)))
    return 0
