"""What needs no session: the front door, the font files, and whether the service is alive."""

from __future__ import annotations

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask import send_from_directory as send_file_from
from werkzeug.wrappers import Response as AnyResponse

from sdlc_assess.resources import shipped
from sdlc_assess.web.access import cookie_name, desk

room = Blueprint("health", __name__)


@room.get("/")
def front() -> AnyResponse | str:
    """Show what the service is; somebody with a session goes on to their work."""
    if request.cookies.get(cookie_name()):
        return redirect(url_for("assessments.listing"), 303)
    return render_template("front.html")


@room.get("/healthz")
def alive() -> Response:
    """Say that the process answers, without session or database."""
    return Response("ok\n", mimetype="text/plain")


@room.get("/readyz")
def ready() -> Response:
    """Say that the database answers too."""
    desk().database.ping()
    return Response("ready\n", mimetype="text/plain")


@room.get("/static/fonts/<name>")
def font(name: str) -> Response:
    """Serve a bundled font: the same files that the reports are set in."""
    if not name.endswith(".woff2"):
        abort(404)
    return send_file_from(shipped("reports") / "fonts", name, mimetype="font/woff2")
