"""From the response and verdict parts of a snapshot to the details a report prints."""

from __future__ import annotations

from typing import Any

from sdlc_assess.catalog.questionnaire import NA, Question
from sdlc_assess.reporting import words
from sdlc_assess.reporting.prose import day, moment, paragraphs
from sdlc_assess.reporting.rows import below
from sdlc_assess.reporting.source import Source
from sdlc_assess.reporting.view import (
    Answer,
    Chapter,
    Detail,
    Evidence,
    Fact,
    Requirement,
    Row,
    Verdict,
)


def chapters(source: Source, overall: Row) -> tuple[Chapter, ...]:
    """Return every question of the questionnaire, section by section, with what was said on it."""
    rows = {found.id: found for found in below(overall, "task")}
    return tuple(
        Chapter(
            section.id,
            section.title,
            tuple(detail(source, question, rows) for question in section.questions),
        )
        for section in source.questionnaire.sections
    )


def detail(source: Source, question: Question, rows: dict[str, Row]) -> Detail:
    """Return one question: requirement, question as asked, answers with their verdicts."""
    tasks = {task.id: task for task in source.framework.tasks()}
    asked = [tasks[id] for id in question.tasks if id in tasks]
    found = answers(source, question)
    return Detail(
        id=question.id,
        title=asked[0].title if asked else "",
        text=question.text,
        requirements=tuple(Requirement(t.id, t.title, t.requirement) for t in asked),
        row=rows.get(question.id),
        answers=found,
        note=_note(question, found),
    )


def _note(question: Question, found: tuple[Answer, ...]) -> str:
    if found:
        return ""
    if question.when is not None:
        return "Not asked, or not answered: this question depends on an earlier answer."
    return "Not answered."


def answers(source: Source, question: Question) -> tuple[Answer, ...]:
    """Return the answers to ``question`` in the order of units, each with its verdict."""
    given = source.parts.get(f"response/{question.id}", {}).get("answers", [])
    verdicts = source.parts.get(f"verdict/{question.id}", {}).get("verdicts", [])
    by_unit = {} if source.is_self else {found["unit"]: found for found in verdicts}
    units = source.basis["units"]
    order = sorted(given, key=lambda a: units.index(a["unit"]) if a["unit"] in units else -1)
    return tuple(_answer(question, one, by_unit.get(one["unit"])) for one in order)


def _answer(question: Question, given: dict[str, Any], verdict: dict[str, Any] | None) -> Answer:
    return Answer(
        unit=given["unit"],
        option=given["option"] or "",
        label=label(question, given["option"]),
        facts=facts(question, given["option"], given["facts"]),
        has_ticks=bool(given["facts"]),
        justification=paragraphs(given["justification"]),
        na_reason=paragraphs(given["na_reason"]),
        evidence=tuple(_evidence(one) for one in given["evidence"]),
        standing=words.STANDINGS.get(given["standing"], given["standing"]),
        by=given["answered_by"] or "",
        at=moment(given["answered_at"]),
        revision=given["revision"],
        verdict=None if verdict is None else _verdict(question, verdict),
    )


def label(question: Question, option: str | None) -> str:
    """Return an answer as printed: "3 · Recorded everywhere", "Not applicable"."""
    if option is None:
        return "Not answered"
    if option == NA:
        return "Not applicable"
    found = question.option(option)
    return option if found is None else f"{found.id} · {found.text}"


def facts(question: Question, option: str | None, ticked: list[str]) -> tuple[Fact, ...]:
    """Return the facts that the answer stands on, up to its option, and any ticked above it."""
    ids = [one.id for one in question.options]
    top = ids.index(option) if option in ids else -1
    found = []
    for level, one in enumerate(question.options):
        # the fact of the lowest option describes an absence: it is no step of the ladder
        claimed = level == top if level == 0 else level <= top
        for place, text in enumerate(one.facts):
            is_ticked = f"{one.id}.{place}" in ticked
            if claimed or is_ticked:
                found.append(Fact(one.id, text, is_ticked))
    return tuple(found)


def _evidence(one: dict[str, Any]) -> Evidence:
    return Evidence(
        title=one["title"],
        location=one.get("location") or "",
        collected=day(one.get("collected")),
        valid_until=day(one.get("valid_until")),
    )


def _verdict(question: Question, given: dict[str, Any]) -> Verdict:
    return Verdict(
        outcome=given["outcome"],
        word=words.OUTCOMES[given["outcome"]],
        option=label(question, given["option"]) if given["option"] is not None else "",
        failing_fact=given["failing_fact"],
        looked_at=paragraphs(given["looked_at"]),
        reason=paragraphs(given["reason"]),
        remark=paragraphs(given["remark"]),
        by=given["by"] or "",
        at=moment(given["at"]),
        stale=given["stale"],
    )
