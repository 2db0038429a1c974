"""The answers file: a questionnaire filled in with a text editor, scored and printed without a
database. Its shape is told in docs/scoring.md, "The answers file".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sdlc_assess import clock, scoring
from sdlc_assess.assessment import snapshot
from sdlc_assess.assessment.response import TEXT_LIMIT
from sdlc_assess.catalog.framework import Framework
from sdlc_assess.catalog.library import Library
from sdlc_assess.catalog.profile import ScoringProfile
from sdlc_assess.catalog.questionnaire import NA, Question, Questionnaire
from sdlc_assess.catalog.source import Place
from sdlc_assess.errors import AssessError, InputErrors
from sdlc_assess.exchange.fields import Fields, did_you_mean, read_source

LINE_LIMIT = 2_000
"""Characters of a subject, a title or a location."""

FILE_KEYS = ("questionnaire", "subject", "as_of", "responses")
RESPONSE_KEYS = ("answer", "justification", "na_reason", "reason", "evidence")
EVIDENCE_KEYS = ("title", "url", "file", "collected", "valid_until")


@dataclass(frozen=True, slots=True)
class FileEvidence:
    """A piece of evidence as named in the file; ``location`` is its URL or file name."""

    title: str
    location: str
    collected: date | None = None
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class FileResponse:
    """One response: an option id, "na", or None where the answer was left empty."""

    option: str | None
    justification: str = ""
    na_reason: str = ""
    evidence: tuple[FileEvidence, ...] = ()


@dataclass(frozen=True, slots=True)
class AnswersFile:
    """A whole file without errors; ``questionnaire`` is a reference ``id@version``."""

    questionnaire: str
    subject: str
    as_of: date | None
    responses: Mapping[str, FileResponse]

    @property
    def claims(self) -> dict[str, dict[str, str | None]]:
        """The answers as scoring takes them: for the whole target."""
        return {id: {"": response.option} for id, response in self.responses.items()}


def read(path: Path, library: Library) -> AnswersFile:
    """Read an answers file (YAML, or JSON by its suffix ``.json``).

    Raises InputErrors with every error of the file, each with its line.
    """
    source = read_source(path)
    fields = Fields(source, list(source.flaws))
    data = fields.mapping(source.data, (), FILE_KEYS)
    questionnaire = _questionnaire(fields, data.get("questionnaire"), library)
    subject = fields.text(data.get("subject"), ("subject",), LINE_LIMIT)
    if data and not subject:
        fields.refuse(("subject",), "no-subject", "Say in subject what is assessed.")
    as_of = fields.day(data.get("as_of"), ("as_of",))
    given = {} if data.get("responses") is None else data["responses"]
    responses = {
        id: _response(fields, ("responses", id), value, _question(fields, id, questionnaire))
        for id, value in fields.mapping(given, ("responses",), None).items()
    }
    if fields.flaws or questionnaire is None:
        raise InputErrors(fields.flaws)
    return AnswersFile(questionnaire.ref, subject, as_of, responses)


def _questionnaire(fields: Fields, value: Any, library: Library) -> Questionnaire | None:
    place: Place = ("questionnaire",)
    ref = fields.text(value, place, LINE_LIMIT)
    known = [each.ref for each in library.questionnaires()]
    if not ref:
        reason = f"Say in questionnaire which one is answered: {', '.join(known)}."
        fields.refuse(place, "no-questionnaire", reason)
        return None
    try:
        return library.questionnaire(ref)
    except AssessError as unknown:
        near = did_you_mean(ref, known)
        fields.refuse(place, "unknown-questionnaire", f"{unknown.message}{near}")
        return None


def _question(fields: Fields, id: str, asked: Questionnaire | None) -> Question | None:
    if asked is None or id in asked.by_id:
        return asked.by_id[id] if asked else None
    reason = f"{asked.ref} has no question {id}.{did_you_mean(id, asked.by_id)}"
    fields.refuse(("responses", id), "unknown-question", reason)
    return None


def _response(fields: Fields, place: Place, value: Any, question: Question | None) -> FileResponse:
    data = fields.mapping(value, place, RESPONSE_KEYS)
    option = fields.word(data.get("answer"), (*place, "answer"))
    if question is not None:
        _check_option(fields, (*place, "answer"), option, question)
    entries = fields.sequence(data.get("evidence"), (*place, "evidence"))
    return FileResponse(
        option,
        fields.text(data.get("justification"), (*place, "justification"), TEXT_LIMIT),
        _na_reason(fields, place, data, option),
        tuple(
            _evidence(fields, (*place, "evidence", at), entry) for at, entry in enumerate(entries)
        ),
    )


def _check_option(fields: Fields, place: Place, option: str | None, question: Question) -> None:
    known = [each.id for each in question.options]
    if option == NA and not question.na_when:
        reason = (
            f"{question.id} applies to every vendor, so it can't be answered as not applicable; "
            f'choose the option that holds, "{known[0]}" if nothing shows it.'
        )
        fields.refuse(place, "na-never", reason)
    elif option is not None and option not in (*known, NA):
        near = did_you_mean(option, (*known, NA))
        choice = ", ".join((*known, NA) if question.na_when else known)
        reason = f'{question.id} has no option "{option}". Choose one of {choice}.{near}'
        fields.refuse(place, "unknown-option", reason)


def _na_reason(fields: Fields, place: Place, data: Mapping[str, Any], option: str | None) -> str:
    """Return the reason for not applicable, which ``reason`` may hold too."""
    key = "reason" if "na_reason" not in data and "reason" in data else "na_reason"
    reason = fields.text(data.get(key), (*place, key), TEXT_LIMIT)
    if "reason" in data and "na_reason" in data:
        text = "reason and na_reason stand here; keep one."
        fields.refuse((*place, "reason"), "two-reasons", text)
    if option == NA and not str(data.get(key) or "").strip():
        text = "Not applicable needs a na_reason: say why the thing asked about does not exist."
        fields.refuse((*place, "answer"), "na-without-reason", text)
    elif option != NA and reason:
        text = f"{key} is for the answer na; move what it says to justification."
        fields.refuse((*place, key), "reason-without-na", text)
    return reason


def _evidence(fields: Fields, place: Place, value: Any) -> FileEvidence:
    data = fields.mapping(value, place, EVIDENCE_KEYS)
    texts = {
        key: fields.text(data.get(key), (*place, key), LINE_LIMIT)
        for key in ("title", "url", "file")
    }
    if data and not texts["title"]:
        fields.refuse(place, "no-title", "This evidence has no title; say what it is.")
    if data and bool(texts["url"]) == bool(texts["file"]):
        fields.refuse(place, "no-location", "Say where this evidence is: one url or one file.")
    if texts["url"] and not texts["url"].startswith(("https://", "http://")):
        reason = "url must start with https:// or http://; name other places under file."
        fields.refuse((*place, "url"), "bad-url", reason)
    collected = fields.day(data.get("collected"), (*place, "collected"))
    valid_until = fields.day(data.get("valid_until"), (*place, "valid_until"))
    if collected and valid_until and valid_until < collected:
        reason = "This evidence is valid until a day before it was collected; mend one date."
        fields.refuse((*place, "valid_until"), "dates-reversed", reason)
    return FileEvidence(texts["title"], texts["url"] or texts["file"], collected, valid_until)


def snapshot_of(
    answers: AnswersFile,
    questionnaire: Questionnaire,
    framework: Framework,
    profile: ScoringProfile,
    software: str,
    state: str = "draft",
) -> dict[str, Any]:
    """Return the working snapshot of a file, as plain JSON: a self-assessment, never a record.

    It is dated by the file's ``as_of`` (by today without one), so the same file is the same
    snapshot. ``software`` is the version that made it.
    """
    score = scoring.score(questionnaire, framework, profile, answers.claims)
    as_of = (answers.as_of or clock.now().date()).isoformat()
    parts: dict[str, Any] = {"basis": _basis(answers, questionnaire, profile)}
    parts["basis"] |= {
        "state": state,
        "frozen_at": f"{as_of}T00:00:00Z",
        "as_of": as_of,
        "software": software,
    }
    for id in questionnaire.by_id:
        parts[f"response/{id}"] = _response_part(id, answers.responses.get(id, FileResponse(None)))
    for id, node in scoring.as_json(score, profile)["nodes"].items():
        parts[f"score/{id}"] = node
    parts["summary"] = _summary(score)
    return snapshot.working(parts).as_json()


def _basis(
    answers: AnswersFile, questionnaire: Questionnaire, profile: ScoringProfile
) -> dict[str, Any]:
    return {
        "format": 1,
        "assessment": None,
        "kind": "self",
        "stored": False,
        "questionnaire": {
            "id": questionnaire.id,
            "version": questionnaire.version,
            "title": questionnaire.title,
            "digest": questionnaire.digest,
            "released": questionnaire.released,
        },
        "framework": questionnaire.framework,
        "profile": {"id": profile.id, "version": profile.version, "digest": profile.digest},
        "vendor": "",
        "target": {"name": answers.subject, "version": "", "description": ""},
        "assessor": None,
        "units": [],
        "period": None,
        "scope": "",
        "exclusions": "",
        "goal": profile.goal,
        "people": [],
        "independence": [],
        "sampling": "",
    }


def _summary(score: scoring.Score) -> dict[str, Any]:
    """Return the summary of an assessment that nobody examined: no conclusion, only progress."""
    texts = ("conclusion", "conclusion_words", "text", "strongest", "greatest_risk", "limitation")
    return dict.fromkeys(texts, "") | {
        "representation": None,
        "answered": score.answered,
        "total": score.total,
    }


def _response_part(id: str, response: FileResponse) -> dict[str, Any]:
    answer = {
        "unit": "",
        "option": response.option,
        "justification": response.justification,
        "na_reason": response.na_reason,
        "facts": [],
        "standing": "direct",
        "revision": 0 if response.option is None else 1,
        "answered_by": None,
        "answered_at": None,
        "evidence": [
            {
                "title": each.title,
                "location": each.location,
                "collected": each.collected and each.collected.isoformat(),
                "valid_until": each.valid_until and each.valid_until.isoformat(),
            }
            for each in response.evidence
        ],
    }
    return {"question": id, "answers": [answer]}
