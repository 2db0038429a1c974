"""A whole report as plain data: snapshot and library in, what the templates print out."""

from __future__ import annotations

from typing import Any

from sdlc_assess.assessment.review import VerdictOutcome, effect
from sdlc_assess.catalog.questionnaire import Question
from sdlc_assess.reporting import rows, words
from sdlc_assess.reporting.answers import chapters, label
from sdlc_assess.reporting.basis import basis_of, conclusion_of
from sdlc_assess.reporting.prose import clip
from sdlc_assess.reporting.scoring_appendix import scoring_of
from sdlc_assess.reporting.source import Library, Source, source_of
from sdlc_assess.reporting.view import LowTask, Report, Row

REASON_IN_TABLE = 160
"""Characters of a reason beside a weak task; the full report has the whole text."""

EFFECT_WORDS = {
    "lowered": "lowered",
    "raised": "raised",
    "insufficient": "not demonstrated",
    "agreed": "agreed",
    "to_na": "set to not applicable",
    "from_na": "set from not applicable",
    "not_examined": "not examined",
    "waiting": "without a verdict",
}
ALWAYS_TOLD = ("lowered", "raised")


def report_of(kind: str, snapshot: dict[str, Any], library: Library) -> Report:
    """Return what the templates of ``kind`` print.

    Raises OtherContent when the library holds another content than the snapshot was made with,
    NotASnapshot when a part is missing, and the library's own errors for what it does not know.
    """
    source = source_of(snapshot, library)
    overall = rows.row(source, "overall")
    summary = source.part("summary")
    return Report(
        kind=kind,
        digest=source.digest,
        mark=words.mark(source.basis),
        is_self=source.is_self,
        is_record=source.basis["stored"],
        shows_assessed=source.shows_assessed,
        goal=_goal(source),
        language=source.questionnaire.language,
        basis=basis_of(source),
        conclusion=conclusion_of(source),
        overall=overall,
        ranked=rows.ranked(overall),
        low_tasks=_low_tasks(source, overall),
        open_tasks=_open_tasks(source, overall),
        effect=_effect(source),
        answered=summary["answered"],
        total=summary["total"],
        chapters=chapters(source, overall) if kind == "assessment" else (),
        scoring=scoring_of(source, overall),
    )


def _goal(source: Source) -> int:
    """Return the goal in per mille of the scale, for drawing."""
    return round(1000 * int(source.basis["goal"]) / source.profile.scale)


def _low_tasks(source: Source, overall: Row) -> tuple[LowTask, ...]:
    low = [t for t in rows.below(overall, "task") if rows.is_low(t, source.profile.scale)]
    low.sort(key=lambda task: rows.shown(task).low or 0)
    return tuple(_low_task(source, task) for task in low)


def _low_task(source: Source, task: Row) -> LowTask:
    question = source.questionnaire.by_id.get(task.id)
    said = list(_said(source, question)) if question is not None else []
    holds = dict.fromkeys(text for text, _ in said)
    reasons = [reason for _, reason in said if reason]
    reason = clip(reasons[0], REASON_IN_TABLE) if reasons else ""
    return LowTask(task, "; ".join(holds), reason)


def _said(source: Source, question: Question) -> list[tuple[str, str]]:
    """Return (option that holds, reason) of each answer under ``question``, worst first."""
    found = []
    for answer, verdict in _pairs(source, question.id):
        option, reason = answer["option"], answer["justification"]
        if verdict is not None and verdict["outcome"] != VerdictOutcome.NOT_EXAMINED:
            reason = verdict["failing_fact"] or verdict["reason"] or reason
            if verdict["outcome"] == VerdictOutcome.ADJUST:
                option = verdict["option"]
            if verdict["outcome"] == VerdictOutcome.INSUFFICIENT:
                found.append(("", words.OUTCOMES["insufficient"], verdict["reason"]))
                continue
        found.append((option or "", label(question, option), reason))
    return [(text, reason) for _, text, reason in sorted(found, key=lambda one: one[0])]


def _pairs(source: Source, id: str) -> list[tuple[dict[str, Any], dict[str, Any] | None]]:
    """Return each answer to a question with its current verdict, if it has one."""
    given = source.parts.get(f"response/{id}", {}).get("answers", [])
    verdicts = source.parts.get(f"verdict/{id}", {}).get("verdicts", [])
    if source.is_self:
        verdicts = []
    current = {one["unit"]: one for one in verdicts if not one["stale"]}
    return [(answer, current.get(answer["unit"])) for answer in given]


def _open_tasks(source: Source, overall: Row) -> tuple[str, ...]:
    """Return the tasks that the vendor left without an answer."""
    tasks = [task.id for task in rows.below(overall, "task")]
    return tuple(id for id in tasks if source.part(f"score/{id}")["conformance"]["unanswered"])


def _effect(source: Source) -> tuple[tuple[str, int], ...]:
    """Return what the verdicts did to the answers, as (word, count); empty without verdicts."""
    if not source.shows_assessed:
        return ()
    items = [
        (
            question,
            answer["option"],
            None if verdict is None else VerdictOutcome(verdict["outcome"]),
            None if verdict is None else verdict["option"],
        )
        for question in source.questionnaire.questions()
        for answer, verdict in _pairs(source, question.id)
    ]
    found = effect(items)
    counts = {key: getattr(found, key) for key in EFFECT_WORDS}
    return tuple(
        (EFFECT_WORDS[key], count) for key, count in counts.items() if count or key in ALWAYS_TOLD
    )
