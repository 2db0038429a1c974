"""The one place where the parts are joined: settings, database, library, pages and jobs."""

from __future__ import annotations

import gc
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from flask import Flask

from sdlc_assess.catalog.library import library
from sdlc_assess.config import Config
from sdlc_assess.jobs.child import Child
from sdlc_assess.jobs.leader import Handler, Leader
from sdlc_assess.services import reports
from sdlc_assess.services.desk import Desk
from sdlc_assess.store import migrate
from sdlc_assess.store.database import Database
from sdlc_assess.store.files import Files
from sdlc_assess.web import errors, filters, headers, pages
from sdlc_assess.web.access import move_idle_end

MOST_BYTES = 2 * 1024 * 1024
MOST_FIELDS = 2_000
COLLECT_AFTER = (10_000, 20, 50)
"""When garbage is looked for. A request makes hundreds of objects and leaves a dozen, eight of them
in a cycle; Python's (700, 10, 10) looks for those so often that it shows (docs/decisions/0004)."""


def make_desk(config: Config) -> Desk:
    """Open the database (which must be at this release's schema) and the folder of files."""
    config.data_dir.mkdir(parents=True, exist_ok=True)
    database = Database(config.database_url, pool_size=config.threads + 2)
    migrate.check(database)
    return Desk(config, database, library(), Files(config.files_dir))


def create_app(config: Config | None = None, desk: Desk | None = None) -> Flask:
    """Make the web application; it starts no thread and no process."""
    config = config or Config.from_environ()
    app = Flask("sdlc_assess.web", static_folder="static", template_folder="templates")
    is_https = config.public_url.startswith("https:")
    app.config.update(
        SECRET_KEY=config.secret_key,
        SESSION_COOKIE_NAME="__Host-sdlc_form" if is_https else "sdlc_form",
        SESSION_COOKIE_SECURE=is_https,
        SESSION_COOKIE_SAMESITE="Lax",
        MAX_CONTENT_LENGTH=MOST_BYTES,
        MAX_FORM_MEMORY_SIZE=MOST_BYTES,
        MAX_FORM_PARTS=MOST_FIELDS,
        SEND_FILE_MAX_AGE_DEFAULT=timedelta(hours=1),
        WTF_CSRF_TIME_LIMIT=None,
        TRUSTED_HOSTS=_trusted_hosts(config),
    )
    app.extensions["desk"] = desk or make_desk(config)
    app.after_request(headers.add_headers)
    app.after_request(move_idle_end)
    filters.register(app)
    errors.register(app)
    pages.register(app)
    gc.freeze()  # what start-up made lives for ever: keep it out of every later collection
    gc.set_threshold(*COLLECT_AFTER)
    return app


def _trusted_hosts(config: Config) -> list[str]:
    """Return the hosts that a request may name; a mail's link never follows another one."""
    host = urlsplit(config.public_url).hostname or ""
    host = f"[{host}]" if ":" in host else host
    return [host] if config.production else [host, "localhost", "127.0.0.1", "[::1]"]


def handlers(desk: Desk) -> dict[str, Handler]:
    """Return every job by name."""

    def render_report(child: Child, arguments: dict[str, Any]) -> None:
        reports.draw(desk, child.run, arguments)

    return {reports.RENDER: render_report}


def make_leader(desk: Desk) -> Leader:
    """Return the thread that stands for election as leader of this data folder."""
    return Leader(desk.database, desk.config.leader_lock, handlers(desk))
