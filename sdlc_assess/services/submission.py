"""The vendor's acts around a submission: the checklist, submit, recall, and the representation."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from sdlc_assess.assessment.response import Answer, Checklist, checklist, clean_text
from sdlc_assess.assessment.status import Act, Status
from sdlc_assess.catalog.condition import holds
from sdlc_assess.errors import AssessError
from sdlc_assess.services import snapshots
from sdlc_assess.services.assessments import add_event, move
from sdlc_assess.services.desk import Case, NotFound
from sdlc_assess.store import records, responses, reviews
from sdlc_assess.store.row import AnyRow

REPRESENTATION = (
    "I represent for the vendor that the records shown to the assessor are complete, that the "
    "answers submitted are true to the best of our knowledge, and that every known incident in the "
    "period has been disclosed to the assessor."
)


class GapsNotConfirmed(AssessError):
    """Questions without an answer: {count}. Nothing was submitted: answer them, or say why they
    stay open; they will count as the worst answer in the score's low end."""


class NothingChanged(AssessError):
    """Still with the answer that was sent back: {questions}. Nothing was submitted: change each, or
    say in its justification why it stands."""


def check(case: Case, rows: Iterable[AnyRow] | None = None) -> Checklist:
    """Return what stands between the answers and their submission."""
    rows = responses.responses(case.tx, case.id) if rows is None else rows
    given: dict[str, list[Answer]] = {}
    options: dict[str, str | None] = {}
    for row in rows:
        given.setdefault(row.question_id, []).append(Answer(row.option_id, row.justification))
        options[row.question_id] = row.option_id
    shown = [q for q in case.questionnaire.questions() if holds(q.when, options)]
    return checklist(shown, given)


def submit(case: Case, gap_reason: str = "") -> str:
    """Submit: freeze the answers, and enter it where outsiders rely on it; return the digest."""
    rows = responses.responses(case.tx, case.id)
    gaps = check(case, rows)
    reason = clean_text(gap_reason, "reason for the gaps")
    if gaps.has_gaps and not reason:
        raise GapsNotConfirmed(count=len(gaps.unanswered))
    if case.status is Status.RETURNED:
        _check_returned(case, rows)
    move(case, Act.SUBMIT)
    responses.set_responses(case.tx, case.id, {"is_returned": False})
    return record(case, "submitted", {"gaps": list(gaps.unanswered), "reason": reason})


def record(case: Case, state: str, detail: Any = None) -> str:
    """Freeze the assessment in ``state`` with its event and ledger entry; return the digest."""
    add_event(case, f"assessment.{state}", detail=detail)
    _, digest = snapshots.freeze(case, state)
    records.add_ledger_entry(case.tx, case.now, state, {"assessment": case.id, "snapshot": digest})
    return digest


def _check_returned(case: Case, rows: Iterable[AnyRow]) -> None:
    at_return = {row.response_id: row.revision for row in responses.returns(case.tx, case.id)}
    same = [r.question_id for r in rows if r.is_returned and at_return.get(r.id) == r.version]
    if same:
        raise NothingChanged(questions=", ".join(same))


def recall(case: Case) -> None:
    """Take a submission back before an assessor opened it."""
    move(case, Act.RECALL)
    add_event(case, "assessment.recalled")


def represent(case: Case) -> None:
    """The vendor's executive signs the representation for what was last submitted."""
    submitted = [s for s in records.snapshots(case.tx, case.id) if s.state == "submitted"]
    if not submitted:
        raise NotFound
    opening_id, _ = records.add_opening(
        case.tx, {"text": REPRESENTATION, "digest": submitted[-1].digest}
    )
    reviews.add_representation(
        case.tx, submitted[-1].id, case.actor.person_id, opening_id, case.now
    )
    add_event(case, "representation.signed", submitted[-1].digest)


def return_reasons(case: Case) -> dict[int, AnyRow]:
    """Return {response id: newest return} with reason, time and author."""
    return {row.response_id: row for row in responses.returns(case.tx, case.id)}


def signed(case: Case) -> AnyRow | None:
    """Return the representation for what was last submitted; None while it is unsigned."""
    return reviews.representation_of(case.tx, case.id)


def reason_in(returned: AnyRow) -> str:
    """Return why a response was sent back; a word of its own when the text was erased."""
    return str(json.loads(returned.text)["reason"]) if returned.text else "the reason was erased"


def reasons_to_answer(case: Case, rows: Iterable[AnyRow]) -> dict[int, str]:
    """Return {response id: why it was sent back} of what the vendor has to change now."""
    if case.status is not Status.RETURNED:
        return {}
    reasons = return_reasons(case)
    return {row.id: reason_in(reasons[row.id]) for row in rows if row.is_returned}
