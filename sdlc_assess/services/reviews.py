"""The assessor's acts: open, verdict, return, conclude, accept, reopen."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sdlc_assess.assessment import review
from sdlc_assess.assessment.response import clean_text
from sdlc_assess.assessment.review import Conclusion, Effect, Verdict, VerdictOutcome
from sdlc_assess.assessment.role import Action
from sdlc_assess.assessment.status import Act
from sdlc_assess.errors import AssessError
from sdlc_assess.scoring.score import as_json
from sdlc_assess.services import snapshots
from sdlc_assess.services.assessments import LISTED, add_event, move
from sdlc_assess.services.desk import Case, NotFound, Visit
from sdlc_assess.services.submission import record
from sdlc_assess.store import access, accounts, records, responses, reviews
from sdlc_assess.store.row import AnyRow

INDEPENDENCE = (
    "I have no financial, employment or family tie to the vendor, did not consult for it on what "
    "is assessed within the last 24 months, and nobody's pay depends on the outcome."
)


class StaleVerdict(AssessError):
    """The answer or its verdict changed while you wrote. Nothing was saved; your text is still in
    the form: look at the new state, then save again."""


class NothingReturned(AssessError):
    """Nothing was returned: mark at least one question and give a reason for each."""


class NotAcceptable(AssessError):
    """The assessment can't be accepted yet."""

    def __init__(self, blockers: Sequence[str]) -> None:
        """Name everything that stands in the way."""
        self.blockers = list(blockers)
        super().__init__("Nothing was accepted. " + " ".join(blockers))


@dataclass(frozen=True, slots=True)
class Item:
    """One response in review: the row, its newest verdict (or None), and whether that is stale."""

    row: AnyRow
    verdict: AnyRow | None
    stale: bool

    @property
    def is_waiting(self) -> bool:
        """Whether an assessor still has to look at it."""
        return self.verdict is None or self.stale


def queue(visit: Visit, token: bytes) -> list[AnyRow]:
    """Return the assessments that the person reviews, newest first, each once."""
    rows = access.listed(visit.tx, Action.READ_REVIEW, token, visit.now, LISTED)
    return list({row.id: row for row in rows}.values())


def items(case: Case) -> list[Item]:
    """Return every response in the order asked, with its newest verdict."""
    place = {id: number for number, id in enumerate(case.questionnaire.by_id)}
    # rows of units come later than those of the whole: the order asked is the questionnaire's
    rows = sorted(responses.responses(case.tx, case.id), key=lambda row: place[row.question_id])
    verdicts = snapshots.current_verdicts(case, rows)
    return [Item(row, *verdicts.get(row.id, (None, False))) for row in rows]


def effect(case: Case, found: Sequence[Item]) -> Effect:
    """Count what the verdicts did to the answers."""
    return review.effect(
        [
            (
                case.question(item.row.question_id),
                item.row.option_id,
                None
                if item.verdict is None or item.stale
                else VerdictOutcome(item.verdict.outcome),
                None if item.verdict is None else item.verdict.option_id,
            )
            for item in found
        ]
    )


def open_review(case: Case, statement: str) -> None:
    """Open a submission for review; the assessor's independence statement comes first."""
    text = clean_text(statement, "statement")
    if not text:
        raise review.InvalidVerdict("State your independence first. Nothing was opened.")
    _refuse_own_work(case)
    _declare(case, text)
    move(case, Act.OPEN)
    add_event(case, "review.opened")


def declare_independence(case: Case, statement: str) -> None:
    """A further assessor states independence; without it no verdict can be set."""
    text = clean_text(statement, "statement")
    if not text:
        raise review.InvalidVerdict("State your independence first. Nothing was saved.")
    _refuse_own_work(case)
    _declare(case, text)
    add_event(case, "independence.declared")


def has_declared(case: Case) -> bool:
    """Tell whether the actor stated independence for this assessment."""
    made = reviews.independence_statements(case.tx, case.id)
    return any(row.person_id == case.actor.person_id for row in made)


def _declare(case: Case, text: str) -> None:
    opening_id, _ = records.add_opening(case.tx, {"text": text})
    reviews.add_independence(case.tx, case.id, case.actor.person_id, opening_id, case.now)


def _refuse_own_work(case: Case) -> None:
    belongs = accounts.organisations_of(case.tx, case.actor.person_id)
    review.check_assessor(case.actor.name, case.row.vendor_id in belongs)


def item(case: Case, question_id: str, unit: str) -> Item:
    """Return one response in review or raise NotFound."""
    for found in items(case):
        if found.row.question_id == question_id and found.row.unit == unit:
            return found
    raise NotFound


def set_verdict(
    case: Case, question_id: str, unit: str, verdict: Verdict, revision: int, number: int
) -> None:
    """Set the verdict on one response.

    ``revision`` is the answer's version and ``number`` the count of verdicts that the assessor saw;
    when either moved on, StaleVerdict says so and nothing is written.
    """
    if not has_declared(case):
        raise review.InvalidVerdict(
            "Without your independence statement no verdict can be set. The verdict was not saved: "
            "make the statement on the review's first page."
        )
    _refuse_own_work(case)
    found = item(case, question_id, unit)
    last = 0 if found.verdict is None else found.verdict.number
    if found.row.version != revision or last != number:
        raise StaleVerdict
    clean = review.checked(case.question(question_id), found.row.option_id, verdict)
    opening_id, digest = records.add_opening(
        case.tx,
        {"looked_at": clean.looked_at, "reason": clean.reason, "remark": clean.remark},
    )
    reviews.add_verdict(
        case.tx,
        {
            "response_id": found.row.id,
            "number": number + 1,
            "revision": revision,
            "outcome": clean.outcome,
            "option_id": clean.option,
            "failing_fact": clean.failing_fact,
            "digest": digest,
            "opening_id": opening_id,
            "author_id": case.actor.person_id,
            "at": case.now,
        },
    )
    add_event(case, "verdict.set", f"{question_id}/{unit}"[:120] if unit else question_id)


def history(case: Case, question_id: str) -> Sequence[AnyRow]:
    """Return every verdict on a question's responses, newest first."""
    return reviews.verdict_history(case.tx, case.id, question_id)


def return_to_vendor(case: Case, reasons: Mapping[int, str]) -> str:
    """Send responses back, {response id: reason}; only those become editable; return the digest."""
    texts = {id: clean_text(text, "reason") for id, text in reasons.items()}
    rows = {row.id: row for row in responses.responses(case.tx, case.id)}
    if not texts or not all(texts.values()):
        raise NothingReturned
    if not texts.keys() <= rows.keys():
        raise NotFound
    for id, text in texts.items():
        opening_id, _ = records.add_opening(case.tx, {"reason": text})
        reviews.add_return(
            case.tx,
            {
                "response_id": id,
                "revision": rows[id].version,
                "opening_id": opening_id,
                "author_id": case.actor.person_id,
                "at": case.now,
            },
        )
    responses.set_responses(case.tx, case.id, {"is_returned": True}, response_ids=texts)
    move(case, Act.RETURN)
    return record(case, "returned", {"questions": sorted({rows[i].question_id for i in texts})})


def conclusion(case: Case) -> tuple[Conclusion, int]:
    """Return the conclusion as it stands, and its version (0: none yet)."""
    row = reviews.conclusion_of(case.tx, case.id)
    if row is None:
        return Conclusion(), 0
    return Conclusion(kind=row.kind, **row.sentences), row.version


def conclude(case: Case, opinion: Conclusion, version: int) -> None:
    """Write the conclusion on the ``version`` that the assessor saw."""
    clean = review.checked_conclusion(opinion)
    sentences = {k: v for k, v in asdict(clean).items() if k != "kind"}
    written = reviews.save_conclusion(
        case.tx,
        case.id,
        version,
        {
            "kind": clean.kind,
            "sentences": sentences,
            "author_id": case.actor.person_id,
            "at": case.now,
        },
    )
    if not written:
        raise StaleVerdict
    add_event(case, "conclusion.written", detail=asdict(clean))


def blockers(case: Case, found: Sequence[Item]) -> list[str]:
    """Return what stands in the way of acceptance, each as a sentence."""
    waiting = list(dict.fromkeys(i.row.question_id for i in found if i.is_waiting))
    return review.acceptance_blockers(
        waiting,
        reviews.conclusion_of(case.tx, case.id) is not None,
        reviews.representation_of(case.tx, case.id) is not None,
    )


def accept(case: Case) -> str:
    """Accept the assessment: the technical reviewer, who set no verdict here; return the digest."""
    review.check_reviewer(
        case.actor.name, case.actor.person_id, reviews.verdict_setters(case.tx, case.id)
    )
    _refuse_own_work(case)
    standing = blockers(case, items(case))
    if standing:
        raise NotAcceptable(standing)
    move(case, Act.ACCEPT)
    add_event(case, "assessment.accepted")
    id, digest = snapshots.freeze(case, "accepted")
    reviews.add_acceptance(case.tx, case.id, id, case.actor.person_id, case.now)
    records.add_ledger_entry(
        case.tx, case.now, "accepted", {"assessment": case.id, "snapshot": digest}
    )
    return digest


def reopen(case: Case, reason: str) -> None:
    """Open an accepted assessment again; the accepted snapshot stays in the record."""
    text = clean_text(reason, "reason")
    if not text:
        raise review.InvalidVerdict("Reopening needs a reason. Nothing was changed.")
    move(case, Act.REOPEN)
    add_event(case, "assessment.reopened", detail={"reason": text})


def text_of(found: Item) -> dict[str, str]:
    """Return what the standing verdict says: looked_at, reason and remark (empty without one)."""
    body = None if found.verdict is None else found.verdict.text
    said = {} if body is None else json.loads(body)
    return {name: said.get(name, "") for name in ("looked_at", "reason", "remark")}


def numbers(case: Case, found: Sequence[Item]) -> dict[str, Any]:
    """Return the score's nodes, claimed and assessed, as they stand now."""
    verdicts = {i.row.id: (i.verdict, i.stale) for i in found if i.verdict is not None}
    score = snapshots.score_of(case, [item.row for item in found], verdicts)
    return dict(as_json(score, case.profile)["nodes"])
