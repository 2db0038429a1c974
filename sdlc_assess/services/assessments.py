"""Planning an assessment: its target, units, period, goal and terms, and both sides' agreement."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection

from sdlc_assess import scoring
from sdlc_assess.assessment.response import clean_text
from sdlc_assess.assessment.role import Action, OrganisationAction, OrganisationKind
from sdlc_assess.assessment.status import Act, NotNow, Status, after
from sdlc_assess.catalog.library import Library
from sdlc_assess.catalog.profile import ScoringProfile
from sdlc_assess.catalog.questionnaire import Questionnaire
from sdlc_assess.errors import AssessError
from sdlc_assess.services.desk import Case, Visit
from sdlc_assess.store import access, accounts, assessments, records, responses
from sdlc_assess.store.row import AnyRow

LISTED = 100
MOST_UNITS = 40


class InvalidTerms(AssessError):
    """The terms were not saved."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What is agreed before any answer: later changes would print beside the score."""

    target: str
    target_version: str
    units: tuple[str, ...]
    period_from: date | None
    period_to: date | None
    goal: str
    scope: str
    exclusions: str = ""
    requests: str = ""


def listed(visit: Visit, token: bytes) -> list[AnyRow]:
    """Return the assessments that the person may see, newest first, each once."""
    rows = access.listed(visit.tx, Action.VIEW, token, visit.now, LISTED)
    return list({row.id: row for row in rows}.values())


def assessor_organisations(visit: Visit) -> list[AnyRow]:
    """Return the organisations that can be engaged."""
    return accounts.organisations(visit.tx, OrganisationKind.ASSESSOR)


def create(
    visit: Visit, vendor_id: int, assessor_id: int | None, questionnaire: str, terms: Terms
) -> str:
    """Open an assessment; return its id.

    With an assessor it is planned until they agree to the terms. Without one it is a
    self-assessment, and a draft at once.
    """
    visit.permit(OrganisationAction.CREATE_ASSESSMENT, vendor_id)
    library = visit.desk.library
    asked = library.questionnaire(questionnaire)
    profile = library.profile(asked.scoring)
    clean = checked(terms, asked, profile)
    if assessor_id is not None:
        engaged = accounts.organisation_by_id(visit.tx, assessor_id)
        if engaged is None or engaged.kind != OrganisationKind.ASSESSOR:
            raise InvalidTerms("Choose an assessor organisation. The terms were not saved.")
    target_id = assessments.target_named(visit.tx, vendor_id, clean.target)
    id = secrets.token_hex(6)
    status = Status.PLANNED if assessor_id is not None else Status.DRAFT
    row = {
        "id": id,
        "vendor_id": vendor_id,
        "assessor_id": assessor_id,
        "target_id": target_id,
        "questionnaire": asked.ref,
        "questionnaire_digest": asked.digest,
        "profile": profile.ref,
        "profile_digest": profile.digest,
        "status": status,
        "created_at": visit.now,
        "updated_at": visit.now,
        "headline": empty_headline(library, asked),
        **_columns(clean),
    }
    assessments.add_assessment(visit.tx, row)
    _set_units(visit.tx, id, target_id, clean.units)
    whole = assessments.whole_unit(visit.tx, target_id)
    responses.add_responses(visit.tx, id, list(asked.by_id), [whole])
    records.add_event(
        visit.tx,
        visit.now,
        "assessment.created",
        actor_id=visit.person_id,
        organisation_id=vendor_id,
        assessment_id=id,
        detail={"questionnaire": asked.ref, "target": clean.target},
    )
    return id


def edit_terms(case: Case, terms: Terms) -> None:
    """Change the terms while the assessment is planned."""
    clean = checked(terms, case.questionnaire, case.profile)
    target_id = assessments.target_named(case.tx, case.row.vendor_id, clean.target)
    whole = assessments.whole_unit(case.tx, target_id)
    assessments.set_assessment(
        case.tx, case.id, {"target_id": target_id, "updated_at": case.now, **_columns(clean)}
    )
    responses.set_responses(case.tx, case.id, {"unit_id": whole})
    _set_units(case.tx, case.id, target_id, clean.units)
    add_event(case, "terms.changed")


def agree(case: Case) -> None:
    """The assessor agrees to the terms: the engagement opens, and answering may begin."""
    move(case, Act.AGREE)
    add_event(case, "engagement.opened")
    records.add_ledger_entry(
        case.tx,
        case.now,
        "engagement.opened",
        {"assessment": case.id, "vendor": case.row.vendor_name, "assessor": case.row.assessor_name},
    )


def move(case: Case, act: Act) -> Status:
    """Move the assessment on by ``act``, or raise NotNow; return where it stands then."""
    to = after(case.status, act)
    if not assessments.move(case.tx, case.id, case.status, to, case.now):
        raise NotNow(status="changed by somebody else a moment ago")
    return to


def add_event(case: Case, kind: str, subject: str = "", detail: Any = None) -> None:
    """Add the audit row of an act on this assessment."""
    records.add_event(
        case.tx,
        case.now,
        kind,
        actor_id=case.actor.person_id,
        organisation_id=case.actor.organisation_id,
        assessment_id=case.id,
        subject=subject,
        detail=detail,
    )


def terms_of(case: Case) -> Terms:
    """Return the terms as they stand."""
    row = case.row
    return Terms(
        row.target_name,
        row.target_version,
        tuple(unit.name for unit in assessments.units_of(case.tx, case.id)),
        row.period_from,
        row.period_to,
        row.goal,
        row.scope,
        row.exclusions,
        row.requests,
    )


def history(case: Case, limit: int = 200) -> list[AnyRow]:
    """Return the newest acts on the assessment."""
    return assessments.events(case.tx, case.id, limit)


def default_requests(questionnaire: Questionnaire) -> str:
    """Return a request list to start from: the first typical evidence of each question."""
    lines = [f"{q.id}: {q.evidence[0].text}" for q in questionnaire.questions() if q.evidence]
    return "\n".join(lines)


def empty_headline(library: Library, questionnaire: Questionnaire) -> dict[str, Any]:
    """Return the stored numbers of an assessment without an answer."""
    framework = library.framework(questionnaire.framework)
    profile = library.profile(questionnaire.scoring)
    return scoring.headline_json(scoring.headline(questionnaire, framework, profile, {}), profile)


def checked(terms: Terms, questionnaire: Questionnaire, profile: ScoringProfile) -> Terms:
    """Return ``terms`` cleaned, or raise InvalidTerms with a sentence for the person typing."""
    names = [clean_text(unit, "unit's name", 200) for unit in terms.units]
    units = tuple(dict.fromkeys(name for name in names if name))
    target = clean_text(terms.target, "target's name", 200)
    if not target:
        raise InvalidTerms("Name the product or organisation assessed. The terms were not saved.")
    if len(units) == 1:
        raise InvalidTerms(
            "Name at least two units, or none when the target is one whole. The terms were not "
            "saved."
        )
    if len(units) > MOST_UNITS:
        raise InvalidTerms(f"At most {MOST_UNITS} units fit. The terms were not saved.")
    if terms.period_from and terms.period_to and terms.period_from > terms.period_to:
        raise InvalidTerms("The period ends before it begins. The terms were not saved.")
    scale = {option.id for question in questionnaire.questions() for option in question.options}
    if terms.goal not in scale:
        raise InvalidTerms("Choose the level aimed at. The terms were not saved.")
    scope = clean_text(terms.scope, "scope")
    if not scope:
        raise InvalidTerms("Say what is in scope. The terms were not saved.")
    return Terms(
        target,
        clean_text(terms.target_version, "version", 100),
        units,
        terms.period_from,
        terms.period_to,
        terms.goal,
        scope,
        clean_text(terms.exclusions, "text on exclusions"),
        clean_text(terms.requests, "request list"),
    )


def _columns(terms: Terms) -> dict[str, Any]:
    return {
        "target_version": terms.target_version,
        "period_from": terms.period_from,
        "period_to": terms.period_to,
        "goal": terms.goal,
        "scope": terms.scope,
        "exclusions": terms.exclusions,
        "requests": terms.requests,
    }


def _set_units(tx: Connection, id: str, target_id: int, units: tuple[str, ...]) -> None:
    assessments.set_units(tx, id, assessments.units_named(tx, target_id, units).values())


def units(case: Case) -> list[AnyRow]:
    """Return (id, name) of the units in scope."""
    return assessments.units_of(case.tx, case.id)
