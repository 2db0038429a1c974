"""What, by whom, when and under which rule: the basis part of a snapshot, written out."""

from __future__ import annotations

from typing import Any

from sdlc_assess.reporting import words
from sdlc_assess.reporting.prose import clip, day, moment, paragraphs
from sdlc_assess.reporting.source import Source
from sdlc_assess.reporting.view import Basis, Conclusion, Person, Statement

RUNNING_HEAD = 64
"""Characters of a subject that fit into the running head beside the longest state mark."""


def basis_of(source: Source) -> Basis:
    """Write out who answered what for which product, and the content it was asked with."""
    part = source.basis
    subject = " ".join(filter(None, (part["target"]["name"], part["target"]["version"])))
    framework = source.framework
    return Basis(
        subject=subject,
        short_subject=clip(subject, RUNNING_HEAD),
        description=paragraphs(part["target"].get("description")),
        vendor=part["vendor"] or "",
        who=part["vendor"] or "The vendor",
        assessor="" if source.is_self else part["assessor"] or "",
        units=tuple(part["units"]),
        period=_period(part["period"]),
        scope=paragraphs(part["scope"]),
        exclusions=paragraphs(part["exclusions"]),
        sampling=paragraphs(part["sampling"]),
        questionnaire=source.questionnaire.title,
        questionnaire_ref=source.questionnaire.ref,
        questionnaire_release=words.release(part["questionnaire"]["released"]),
        questionnaire_digest=part["questionnaire"]["digest"],
        framework=f"{framework.title}, edition {framework.edition}",
        framework_source=", ".join(filter(None, (framework.publisher, framework.document))),
        as_of=day(part["as_of"]),
        frozen_at=moment(part["frozen_at"]),
        created=part["frozen_at"],
        software=part["software"],
        people=tuple(_person(one) for one in part["people"]),
        independence=tuple(_statement(one) for one in part.get("independence", [])),
        representation=_representation(source),
    )


def _period(period: dict[str, Any] | None) -> str:
    start, end = (day((period or {}).get(key)) for key in ("from", "to"))
    if start and end:
        return f"{start} to {end}"
    return f"from {start}" if start else f"until {end}" if end else ""


def _person(one: dict[str, Any]) -> Person:
    return Person(one["name"] or "", words.role(one["role"] or ""), one["organisation"] or "")


def _statement(one: dict[str, Any]) -> Statement:
    return Statement(one["by"] or "", moment(one["at"]), paragraphs(one["text"]))


def _representation(source: Source) -> Statement | None:
    made = source.part("summary")["representation"]
    return None if made is None else _statement(made)


def conclusion_of(source: Source) -> Conclusion:
    """Return the assessor's opinion; empty for a self-assessment and while there is none."""
    part = source.part("summary")
    kind = "" if source.is_self else part["conclusion"]
    return Conclusion(
        words=words.CONCLUSIONS.get(kind, ""),
        text=paragraphs(part["text"]) if kind else (),
        strongest=part["strongest"] if kind else "",
        greatest_risk=part["greatest_risk"] if kind else "",
        limitation=part["limitation"] if kind else "",
    )
