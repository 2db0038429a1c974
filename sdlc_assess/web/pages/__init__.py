"""The rooms of the service: one module each, one function per thing a person can do there."""

from __future__ import annotations

from flask import Flask

from sdlc_assess.web.form_token import FormTokens, KeptSessions
from sdlc_assess.web.pages import (
    accounts,
    assessments,
    closing,
    health,
    people,
    questions,
    reports,
    reviews,
    submission,
)

ROOMS = (health, accounts, people, assessments, questions, submission, reviews, closing, reports)


def register(app: Flask) -> None:
    """Register every room, behind form tokens."""
    app.session_interface = KeptSessions(app)
    FormTokens(app)
    for room in ROOMS:
        app.register_blueprint(room.room)
