"""What runs in a process that saves answers until it is killed, and tells of each one committed."""

from __future__ import annotations

import random
from multiprocessing.connection import Connection
from pathlib import Path

from sdlc_assess.app import make_desk
from sdlc_assess.assessment.response import Answer
from sdlc_assess.assessment.role import Action
from sdlc_assess.catalog.library import library
from sdlc_assess.services import answers
from sdlc_assess.services import desk as desks
from sdlc_assess.services.sessions import token_hash
from tests.conftest import a_config

ASKED = list(library().questionnaire("ssdf@1.0.0").by_id)  # read once, before any fork


def save_for_ever(folder: Path, id: str, seed: int, teller: Connection) -> None:
    """Save one random answer after the other, each on the version that stands.

    (question, version, text) goes to ``teller`` only after the transaction was committed.
    """
    desk, chance, number = make_desk(a_config(folder)), random.Random(seed), 0
    while True:
        question, number = chance.choice(ASKED), number + 1
        words = f"{seed}-{number} " + "x" * chance.randrange(1, 5_000)
        with desks.writing(desk, token_hash("token-of-alice"), id, Action.ANSWER) as case:
            row = next(r for r in answers.load(case) if r.question_id == question)
            given = Answer(str(number % 5), words)
            done = answers.save(case, question, "", given, row.version, f"{seed}-{number}")
        teller.send((question, done.version, words))
