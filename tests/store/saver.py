"""A process that saves answers until it is killed: ``python -m tests.store.saver FOLDER ID SEED``.

It prints a line for an answer only after its transaction was committed: question, version, text.
"""

from __future__ import annotations

import random
import sys
from pathlib import Path

from sdlc_assess.app import make_desk
from sdlc_assess.assessment.response import Answer
from sdlc_assess.assessment.role import Action
from sdlc_assess.services import answers
from sdlc_assess.services import desk as desks
from sdlc_assess.services.sessions import token_hash
from tests.conftest import a_config


def save_for_ever(folder: Path, id: str, seed: int) -> None:
    """Save one random answer after the other, each on the version that stands."""
    desk, chance = make_desk(a_config(folder)), random.Random(seed)
    asked = list(desk.library.questionnaire("ssdf@1.0.0").by_id)
    number = 0
    while True:
        question, number = chance.choice(asked), number + 1
        words = f"{seed}-{number} " + "x" * chance.randrange(0, 5_000)
        with desks.writing(desk, token_hash("token-of-alice"), id, Action.ANSWER) as case:
            row = next(r for r in answers.load(case) if r.question_id == question)
            given = Answer(str(number % 5), words)
            done = answers.save(case, question, "", given, row.version, f"{seed}-{number}")
        sys.stdout.write(f"{question} {done.version} {words[:30].strip()}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    save_for_ever(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
