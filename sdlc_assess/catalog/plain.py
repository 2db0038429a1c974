"""The plain-data form of what the catalog holds, and the digest over it.

Defaults are written out and layout is gone: two files that say the same have the same digest.
"""

from __future__ import annotations

from typing import Any

from sdlc_assess.catalog.condition import AllOf, AnyIn, AnyOf, Condition, Equals
from sdlc_assess.catalog.framework import Framework
from sdlc_assess.catalog.profile import ScoringProfile
from sdlc_assess.catalog.questionnaire import Change, Question, Questionnaire
from sdlc_assess.ledger.canonical import digest


def content_digest(thing: Questionnaire | Framework | ScoringProfile) -> str:
    """Return the hex SHA-256 of the canonical plain-data form of ``thing``."""
    if isinstance(thing, Questionnaire):
        return digest(plain_questionnaire(thing))
    if isinstance(thing, Framework):
        return digest(plain_framework(thing))
    return digest(plain_profile(thing))


def plain_questionnaire(questionnaire: Questionnaire) -> dict[str, Any]:
    """Return the questionnaire in the shape of its YAML grammar, every default written out."""
    return {
        "format": 1,
        "id": questionnaire.id,
        "version": questionnaire.version,
        "title": questionnaire.title,
        "language": questionnaire.language,
        "frameworks": [questionnaire.framework],
        "scoring": questionnaire.scoring,
        "changes": [_plain_change(change) for change in questionnaire.changes],
        "sections": [
            {
                "id": section.id,
                "title": section.title,
                "questions": [
                    plain_question(question, questionnaire.framework)
                    for question in section.questions
                ],
            }
            for section in questionnaire.sections
        ],
    }


def plain_question(question: Question, framework: str) -> dict[str, Any]:
    """Return one question as plain data; ``framework`` is the reference its tasks belong to."""
    owner = framework.partition("@")[0]
    return {
        "id": question.id,
        "text": question.text,
        "tasks": [f"{owner}:{task}" for task in question.tasks],
        "weight": question.weight,
        "guidance": question.guidance,
        "evidence": [{"kind": hint.kind, "text": hint.text} for hint in question.evidence],
        "options": [
            {"id": option.id, "text": option.text, "facts": list(option.facts)}
            for option in question.options
        ],
        "na_when": list(question.na_when) or "never",
        "when": plain_condition(question.when) if question.when else None,
        "counts_from": question.counts_from.isoformat() if question.counts_from else None,
    }


def plain_condition(condition: Condition) -> dict[str, Any]:
    """Return a condition in the shape of its YAML grammar."""
    match condition:
        case Equals(question, option):
            return {"equals": {"question": question, "option": option}}
        case AnyIn(question, options):
            return {"any_in": {"question": question, "options": list(options)}}
        case AllOf(parts):
            return {"all_of": [plain_condition(part) for part in parts]}
        case AnyOf(parts):
            return {"any_of": [plain_condition(part) for part in parts]}
        case _:
            return {"negate": plain_condition(condition.part)}


def _plain_change(change: Change) -> dict[str, Any]:
    return {
        "kind": change.kind,
        "question": change.question,
        "from": list(change.source),
        "into": list(change.into),
        "note": change.note,
    }


def plain_framework(framework: Framework) -> dict[str, Any]:
    """Return the framework in the shape of its YAML grammar."""
    return {
        "format": 1,
        "id": framework.id,
        "edition": framework.edition,
        "title": framework.title,
        "publisher": framework.publisher,
        "document": framework.document,
        "url": framework.url,
        "retired": list(framework.retired),
        "groups": [
            {
                "id": group.id,
                "title": group.title,
                "practices": [
                    {
                        "id": practice.id,
                        "title": practice.title,
                        "tasks": [
                            {"id": task.id, "title": task.title, "requirement": task.requirement}
                            for task in practice.tasks
                        ],
                    }
                    for practice in group.practices
                ],
            }
            for group in framework.groups
        ],
    }


def plain_profile(profile: ScoringProfile) -> dict[str, Any]:
    """Return the scoring profile in the shape of its YAML grammar."""
    return {
        "format": 1,
        "id": profile.id,
        "version": profile.version,
        "title": profile.title,
        "rule": profile.rule,
        "threshold": profile.threshold,
        "goal": profile.goal,
        "scale": profile.scale,
        "decimals": profile.decimals,
        "note": profile.note,
    }
