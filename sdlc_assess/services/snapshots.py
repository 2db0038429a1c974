"""From rows to the named parts of a snapshot: what score, report and ledger are drawn from."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sdlc_assess import __version__, scoring
from sdlc_assess.assessment import snapshot
from sdlc_assess.assessment.response import fact_text
from sdlc_assess.assessment.review import CONCLUSION_WORDS, is_stale
from sdlc_assess.services import answers
from sdlc_assess.services.desk import Case
from sdlc_assess.store import assessments, records, responses, reviews
from sdlc_assess.store.row import AnyRow


def stamp(moment: datetime | None) -> str | None:
    """Return a moment as RFC 3339 in UTC, whole seconds."""
    return None if moment is None else moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def freeze(case: Case, state: str) -> tuple[int, str]:
    """Freeze the assessment as it stands now and store it; return the snapshot's id and digest."""
    frozen = snapshot.freeze(parts(case, state, stored=True))
    number = len(records.snapshots(case.tx, case.id)) + 1
    id = records.add_snapshot(
        case.tx, case.id, state, case.actor.person_id, case.now, frozen, number
    )
    return id, frozen.digest


def working(case: Case) -> dict[str, Any]:
    """Return the working snapshot, never stored: what a draft report is drawn from."""
    return snapshot.working(parts(case, str(case.status), stored=False)).as_json()


def parts(case: Case, state: str, *, stored: bool) -> dict[str, Any]:
    """Return {part name: JSON value} of the assessment as it stands (record.md)."""
    rows = responses.responses(case.tx, case.id)
    verdicts = current_verdicts(case, rows)
    values: dict[str, Any] = {"basis": _basis(case, state, stored)}
    values |= _response_parts(rows)
    values |= _verdict_parts(case, rows, verdicts)
    score = score_of(case, rows, verdicts)
    for id, node in scoring.as_json(score, case.profile)["nodes"].items():
        values[f"score/{id}"] = node
    values["summary"] = _summary(case, score)
    return values


def current_verdicts(case: Case, rows: Iterable[AnyRow]) -> dict[int, tuple[AnyRow, bool]]:
    """Return {response id: (newest verdict, is it stale)}."""
    version = {row.id: row.version for row in rows}
    return {
        verdict.response_id: (verdict, is_stale(verdict.revision, version[verdict.response_id]))
        for verdict in reviews.verdicts(case.tx, case.id)
        if verdict.response_id in version
    }


def score_of(
    case: Case, rows: Sequence[AnyRow], verdicts: Mapping[int, tuple[AnyRow, bool]]
) -> scoring.Score:
    """Score the rows, claimed and assessed; a stale verdict counts as not examined."""
    outcomes: dict[str, dict[str, scoring.Outcome]] = {}
    for row in rows:
        verdict, stale = verdicts.get(row.id, (None, True))
        if verdict is not None and not stale:
            outcome = scoring.Outcome(verdict.outcome, verdict.option_id)
            outcomes.setdefault(row.question_id, {})[row.unit] = outcome
    return scoring.score(
        case.questionnaire,
        case.framework,
        case.profile,
        answers.claims(rows),
        None if case.is_self_assessment else outcomes,
    )


def _basis(case: Case, state: str, stored: bool) -> dict[str, Any]:
    row, asked = case.row, case.questionnaire
    # a draft is dated by its last change, so that the same draft is the same snapshot
    at = case.now if stored else row.updated_at
    period = None
    if row.period_from or row.period_to:
        period = {"from": _day(row.period_from), "to": _day(row.period_to)}
    return {
        "format": 1,
        "assessment": case.id,
        "kind": "self" if case.is_self_assessment else "independent",
        "state": state,
        "stored": stored,
        "frozen_at": stamp(at),
        "as_of": at.date().isoformat(),
        "questionnaire": {
            "id": asked.id,
            "version": asked.version,
            "title": asked.title,
            "digest": row.questionnaire_digest,
            "released": asked.released,
        },
        "framework": asked.framework,
        "profile": {
            "id": case.profile.id,
            "version": case.profile.version,
            "digest": row.profile_digest,
        },
        "vendor": row.vendor_name,
        "target": {"name": row.target_name, "version": row.target_version, "description": ""},
        "assessor": row.assessor_name,
        "units": [unit.name for unit in assessments.units_of(case.tx, case.id)],
        "period": period,
        "scope": row.scope,
        "exclusions": row.exclusions,
        "goal": row.goal,
        "people": [
            {"name": person.name, "role": person.role, "organisation": person.organisation}
            for person in assessments.people_who_acted(case.tx, case.id)
        ],
        "independence": [
            {"by": made.name, "at": stamp(made.at), "text": _text(made.text).get("text", "")}
            for made in reviews.independence_statements(case.tx, case.id)
        ],
        "sampling": "",
        "software": __version__,
    }


def _day(value: Any) -> str | None:
    return None if value is None else value.isoformat()


def _text(body: str | None) -> dict[str, Any]:
    """Return the fields of an opening; an erased one has none."""
    return {} if body is None else dict(json.loads(body))


def _response_parts(rows: Iterable[AnyRow]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for row in rows:
        part = found.setdefault(
            f"response/{row.question_id}", {"question": row.question_id, "answers": []}
        )
        part["answers"].append(
            {
                "unit": row.unit,
                "option": row.option_id,
                "justification": row.justification,
                "na_reason": row.na_reason,
                "facts": list(row.facts),
                "standing": row.standing,
                "revision": row.version,
                "answered_by": row.author,
                "answered_at": stamp(row.answered_at),
                "evidence": [],
            }
        )
    return found


def _verdict_parts(
    case: Case, rows: Iterable[AnyRow], verdicts: Mapping[int, tuple[AnyRow, bool]]
) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for row in rows:
        if row.id not in verdicts:
            continue
        verdict, stale = verdicts[row.id]
        text = _text(verdict.text)
        part = found.setdefault(
            f"verdict/{row.question_id}", {"question": row.question_id, "verdicts": []}
        )
        part["verdicts"].append(
            {
                "unit": row.unit,
                "outcome": verdict.outcome,
                "option": verdict.option_id,
                "failing_fact": fact_text(case.question(row.question_id), verdict.failing_fact),
                "looked_at": text.get("looked_at", ""),
                "reason": text.get("reason", ""),
                "remark": text.get("remark", ""),
                "by": verdict.author,
                "at": stamp(verdict.at),
                "stale": stale,
            }
        )
    return found


def _summary(case: Case, score: scoring.Score) -> dict[str, Any]:
    written = reviews.conclusion_of(case.tx, case.id)
    signed = reviews.representation_of(case.tx, case.id)
    sentences = dict(written.sentences) if written is not None else {}
    return {
        "conclusion": written.kind if written is not None else "",
        "conclusion_words": CONCLUSION_WORDS[written.kind] if written is not None else "",
        "text": sentences.get("text", ""),
        "strongest": sentences.get("strongest", ""),
        "greatest_risk": sentences.get("greatest_risk", ""),
        "limitation": sentences.get("limitation", ""),
        "representation": None
        if signed is None
        else {
            "by": signed.name,
            "at": stamp(signed.at),
            "text": _text(signed.text).get("text", ""),
        },
        "answered": score.answered,
        "total": score.total,
    }
