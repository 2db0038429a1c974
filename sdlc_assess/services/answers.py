"""Answering: one save is one transaction that writes the response, its revision and the event."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sdlc_assess import scoring
from sdlc_assess.assessment.response import Answer, checked
from sdlc_assess.assessment.role import Role
from sdlc_assess.assessment.status import Status
from sdlc_assess.errors import AssessError
from sdlc_assess.services.assessments import add_event
from sdlc_assess.services.desk import Case, NotFound
from sdlc_assess.store import accounts, assessments, records, responses
from sdlc_assess.store.records import KeyReused as KeyReused
from sdlc_assess.store.row import AnyRow

WHOLE = assessments.WHOLE


class NotReturned(AssessError):
    """{question} was not sent back by the assessor, so it can't be changed now. Nothing was saved;
    what you typed is still in the form."""


@dataclass(frozen=True, slots=True)
class Saved:
    """A saved answer: the response's new version, and the assessment's numbers after it."""

    question: str
    unit: str
    answer: Answer
    version: int
    at: datetime
    headline: Mapping[str, Any]


class StaleAnswer(AssessError):
    """Somebody else changed this answer in the meantime. Nothing was overwritten; both texts are
    shown: keep yours or take theirs."""

    def __init__(self, question: str, unit: str, mine: Answer, theirs: AnyRow) -> None:
        """Keep both texts."""
        super().__init__()
        self.question, self.unit, self.mine, self.theirs = question, unit, mine, theirs


def load(case: Case) -> Sequence[AnyRow]:
    """Return every response that is asked, with names of unit, assignee and author."""
    return responses.responses(case.tx, case.id)


def editable(case: Case) -> Callable[[AnyRow], bool]:
    """Return what tells whether the actor may change a response now (the row's own rules)."""
    is_lead, me = case.actor.is_a(Role.LEAD), case.actor.person_id
    is_returned = case.status is Status.RETURNED

    def may_edit(row: AnyRow) -> bool:
        return (is_lead or row.assignee_id == me) and (row.is_returned or not is_returned)

    return may_edit


def _permit(case: Case, row: AnyRow) -> None:
    if not (case.actor.is_a(Role.LEAD) or row.assignee_id == case.actor.person_id):
        raise NotFound
    if case.status is Status.RETURNED and not row.is_returned:
        raise NotReturned(question=row.question_id)


def save(
    case: Case,
    question_id: str,
    unit: str | int,
    answer: Answer,
    version: int,
    key: str | None = None,
) -> Saved:
    """Save one answer on the ``version`` that it was typed against.

    ``unit`` is a unit's name, or its id as forms carry it. ``key`` makes a repeated save one save:
    the same answer and version come back, whatever happened since. Raises InvalidAnswer,
    StaleAnswer, NotReturned, KeyReused and NotFound.
    """
    question = case.question(question_id)
    rows = responses.answers(case.tx, case.id, question_id)
    row = _row(rows, question_id, unit)
    _permit(case, row)
    clean = checked(question, answer)
    if row.version != version:
        if key is not None and _was_saved(case, row, clean, version, key):
            # not the row's present version: with it the next save could overwrite another person's
            return Saved(question_id, row.unit, clean, version + 1, case.now, case.row.headline)
        raise _stale(case, question_id, row.unit, clean)
    if _stored(row) == clean:
        return _as_stored(case, row)
    _write(case, row, clean, key)
    headline = _headline(case, rows, {row.id: clean.option})
    assessments.set_headline(case.tx, case.id, headline, case.now)
    return Saved(question_id, row.unit, clean, version + 1, case.now, headline)


def _was_saved(case: Case, row: AnyRow, clean: Answer, version: int, key: str) -> bool:
    """Tell whether this very save was committed; another one under its key is refused."""
    kept = responses.saved_with_key(case.tx, case.id, key, row.id, version + 1)
    mine = (subject(row.question_id, row.unit), clean.option, _text(clean))
    if kept is not None and (kept.subject, kept.option_id, json.loads(kept.text or "{}")) != mine:
        raise KeyReused
    return kept is not None


@dataclass(frozen=True, slots=True)
class Typed:
    """One answer of a whole form: where it belongs, and the version it was typed against."""

    question: str
    unit: str
    answer: Answer
    version: int


@dataclass(frozen=True, slots=True)
class Refused:
    """An answer of a whole form that was not saved: why, and what was typed."""

    error: AssessError
    typed: Answer


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a whole form: ids saved, and by (question, unit) what was refused."""

    saved: tuple[str, ...]
    refused: Mapping[tuple[str, str], Refused]


def save_many(case: Case, typed: Iterable[Typed]) -> Outcome:
    """Save every changed answer of a form; what can't be saved is told and overwrites nobody."""
    rows = responses.responses(case.tx, case.id)
    written: dict[int, str | None] = {}
    saved: list[str] = []
    refused: dict[tuple[str, str], Refused] = {}
    for item in typed:
        try:
            row = _row(rows, item.question, item.unit)
            if _same(row, item.answer):
                continue
            _permit(case, row)
            clean = checked(case.question(item.question), item.answer)
            if row.version != item.version:
                raise StaleAnswer(item.question, item.unit, clean, row)
            _write(case, row, clean, None)
        except AssessError as error:
            refused[item.question, item.unit] = Refused(error, item.answer)
            continue
        written[row.id] = clean.option
        saved.append(item.question)
    if written:
        headline = _headline(case, rows, written)
        assessments.set_headline(case.tx, case.id, headline, case.now)
    return Outcome(tuple(saved), refused)


def _same(row: AnyRow, answer: Answer) -> bool:
    """Tell whether a posted field group says what is stored, before any rule is applied."""
    posted = Answer(
        answer.option,
        answer.justification.replace("\r\n", "\n").strip(),
        answer.na_reason.replace("\r\n", "\n").strip() if answer.option == "na" else "",
        tuple(sorted(answer.facts)),
    )
    stored = _stored(row)
    return posted == Answer(
        stored.option, stored.justification, stored.na_reason, tuple(sorted(stored.facts))
    )


def _row(rows: Sequence[AnyRow], question_id: str, unit: str | int) -> AnyRow:
    for row in rows:
        if row.question_id == question_id and unit in (row.unit, row.unit_id):
            return row
    raise NotFound


def _stale(case: Case, question_id: str, unit: str, mine: Answer) -> StaleAnswer:
    theirs = _row(responses.responses(case.tx, case.id), question_id, unit)
    return StaleAnswer(question_id, unit, mine, theirs)


def _stored(row: AnyRow) -> Answer:
    return Answer(row.option_id, row.justification, row.na_reason, tuple(row.facts))


def _as_stored(case: Case, row: AnyRow) -> Saved:
    return Saved(row.question_id, row.unit, _stored(row), row.version, case.now, case.row.headline)


def _text(clean: Answer) -> dict[str, Any]:
    """Return what a revision's opening holds."""
    return {
        "justification": clean.justification,
        "na_reason": clean.na_reason,
        "facts": list(clean.facts),
    }


def _write(case: Case, row: AnyRow, clean: Answer, key: str | None) -> None:
    values = {
        "response": row.id,
        "expected": row.version,
        "option": clean.option,
        "text": clean.justification,
        "reason": clean.na_reason,
        "ticks": list(clean.facts),
        "by": case.actor.person_id,
        "now": case.now,
    }
    if not responses.save_response(case.tx, values):
        raise _stale(case, row.question_id, row.unit, clean)
    opening_id, digest = records.add_opening(case.tx, _text(clean))
    responses.add_revision(
        case.tx,
        {
            "response_id": row.id,
            "number": row.version + 1,
            "option_id": clean.option,
            "digest": digest,
            "opening_id": opening_id,
            "author_id": case.actor.person_id,
            "at": case.now,
        },
    )
    records.add_event(
        case.tx,
        case.now,
        "answer.saved",
        actor_id=case.actor.person_id,
        organisation_id=case.actor.organisation_id,
        assessment_id=case.id,
        subject=subject(row.question_id, row.unit),
        idempotency_key=key,
    )


def subject(question_id: str, unit: str) -> str:
    """Return how an event names a response."""
    return f"{question_id}/{unit}"[:120] if unit else question_id


def claims(rows: Iterable[AnyRow]) -> dict[str, dict[str, str | None]]:
    """Return {question: {unit: option}} of rows that are asked, as scoring takes it."""
    found: dict[str, dict[str, str | None]] = {}
    for row in rows:
        found.setdefault(row.question_id, {})[row.unit] = row.option_id
    return found


def _headline(
    case: Case, rows: Sequence[AnyRow], written: Mapping[int, str | None]
) -> dict[str, Any]:
    """Return the numbers after ``written`` (response id → option), from rows read before it."""
    now: dict[str, dict[str, str | None]] = {}
    for row in rows:
        option = written.get(row.id, row.option_id)
        now.setdefault(row.question_id, {})[row.unit] = option
    numbers = scoring.headline(case.questionnaire, case.framework, case.profile, now)
    return scoring.headline_json(numbers, case.profile)


def refresh_headline(case: Case) -> None:
    """Compute the stored numbers anew, after rows were added or left out."""
    rows = responses.answers(case.tx, case.id)
    assessments.set_headline(case.tx, case.id, _headline(case, rows, {}), case.now)


def colleagues(case: Case) -> list[AnyRow]:
    """Return who a question can be delegated to: active leads and contributors of the vendor."""
    return [
        row
        for row in accounts.people_of(case.tx, case.row.vendor_id)
        if row.state == "active" and row.role in (Role.LEAD, Role.CONTRIBUTOR)
    ]


def assign(case: Case, question_id: str, person_id: int | None) -> None:
    """Delegate a question to a colleague; None takes it back."""
    case.question(question_id)
    if person_id is not None and person_id not in {c.person_id for c in colleagues(case)}:
        raise NotFound
    responses.set_responses(case.tx, case.id, {"assignee_id": person_id}, question_id=question_id)
    add_event(case, "question.assigned", question_id, {"person": person_id})


def answer_by_unit(case: Case, question_id: str, by_unit: bool) -> None:
    """Ask a question of each unit instead of the whole target, or of the whole again.

    Nothing is deleted: the rows left out keep their answers and count again when asked again.
    """
    case.question(question_id)
    units = assessments.units_of(case.tx, case.id)
    if not units or case.status is not Status.DRAFT:
        raise NotFound
    ids = [unit.id for unit in units]
    whole = assessments.whole_unit(case.tx, case.row.target_id)
    if by_unit:
        missing = set(ids) - responses.unit_ids_answered(case.tx, case.id, question_id)
        if missing:
            responses.add_responses(case.tx, case.id, [question_id], sorted(missing))
            # whoever the question was delegated to answers it for each unit too
            held = _row(responses.answers(case.tx, case.id), question_id, WHOLE).assignee_id
            responses.set_responses(
                case.tx, case.id, {"assignee_id": held}, question_id=question_id
            )
    asked, left_out = (ids, [whole]) if by_unit else ([whole], ids)
    for unit_ids, is_asked in ((asked, True), (left_out, False)):
        responses.set_responses(
            case.tx, case.id, {"is_asked": is_asked}, question_id=question_id, unit_ids=unit_ids
        )
    add_event(case, "question.by_unit" if by_unit else "question.whole", question_id)
    refresh_headline(case)


def history(case: Case, question_id: str) -> list[AnyRow]:
    """Return every revision of a question's responses, newest first."""
    case.question(question_id)
    return responses.revisions(case.tx, case.id, question_id)
