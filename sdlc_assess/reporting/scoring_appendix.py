"""The scoring appendix: the rule, one practice worked out, weights, and what does not count."""

from __future__ import annotations

from datetime import date
from typing import Any

from sdlc_assess.reporting.answers import label
from sdlc_assess.reporting.prose import day
from sdlc_assess.reporting.rows import below
from sdlc_assess.reporting.source import Source
from sdlc_assess.reporting.view import Row, Scoring, Worked, WorkedPart


def scoring_of(source: Source, overall: Row) -> Scoring:
    """Tell the rule of this snapshot and work out one practice with its real numbers."""
    profile = source.profile
    return Scoring(
        profile=profile.ref,
        profile_title=profile.title,
        note=profile.note,
        scale=profile.scale,
        threshold=profile.threshold,
        goal=source.basis["goal"],
        worked=_worked(source, overall),
        weights=tuple((q.id, q.weight) for q in source.questionnaire.questions()),
        not_counted=_not_counted(source, overall),
    )


def _worked(source: Source, overall: Row) -> Worked | None:
    practices = [found for found in below(overall, "practice") if found.claimed.low is not None]
    if not practices:
        return None
    best = max(practices, key=lambda found: _teaches(source, found))
    inner = [task for task in best.parts if _measure(source, task.id, "claimed")["low"]]
    return Worked(
        row=best,
        parts=tuple(_part(source, task) for task in inner),
        equations=_equations(source, best),
        left_out=tuple(t.id for t in best.parts if t not in inner),
    )


def _teaches(source: Source, found: Row) -> tuple[bool, bool, int]:
    """Rank practices as examples: no range, an effect of the verdicts, most differing values."""
    names = ["claimed", "assessed"] if source.shows_assessed else ["claimed"]
    measures = [[_measure(source, t.id, name) for t in found.parts] for name in names]
    plain = sum(m["low"] is not None and m["low"] == m["high"] for ms in measures for m in ms)
    told = sum(len({m["low"] for m in ms}) for ms in measures)
    moved = len(measures) == 2 and measures[0] != measures[1]
    return plain == len(names) * len(found.parts), moved, told if len(found.parts) < 6 else 0


def _measure(source: Source, id: str, name: str) -> dict[str, Any]:
    found: dict[str, Any] = source.part(f"score/{id}")[name]
    return found


def exact(measure: dict[str, Any]) -> str:
    """Return a measure's exact fraction as the snapshot holds it, both ends where they differ."""
    low, high = measure["low"], measure["high"]
    if low is None:
        return str(measure["display"])
    return str(low) if low == high else f"{low} to {high}"


def _part(source: Source, task: Row) -> WorkedPart:
    return WorkedPart(
        id=task.id,
        title=task.title,
        weight=str(_weight(source, task.id)),
        options=_options(source, task.id),
        claimed=exact(_measure(source, task.id, "claimed")),
        assessed=exact(_measure(source, task.id, "assessed")) if source.shows_assessed else "",
    )


def _options(source: Source, id: str) -> str:
    """Return the answers under a task in short: "3", or per unit "Agent core: 3"."""
    question = source.questionnaire.by_id.get(id)
    given = source.parts.get(f"response/{id}", {}).get("answers", [])
    if question is None:
        return ""
    said = [
        (f"{one['unit']}: " if one["unit"] else "") + label(question, one["option"]).split(" ·")[0]
        for one in given
    ]
    return ", ".join(said)


def _weight(source: Source, task: str) -> int:
    asking = [q.weight for q in source.questionnaire.questions() if task in q.tasks]
    return max(asking, default=1)


def _equations(source: Source, practice: Row) -> tuple[tuple[str, str, str, str], ...]:
    """Return (name, sum as written, exact result, display) per number the report has."""
    lines = []
    for name in ("claimed", "assessed") if source.shows_assessed else ("claimed",):
        whole = _measure(source, practice.id, name)
        if whole["low"] is None:
            continue
        for end in ("low",) if whole["low"] == whole["high"] else ("low", "high"):
            written = _written(source, practice, name, end)
            told = name if whole["low"] == whole["high"] else f"{name}, {end} end"
            lines.append((told.capitalize(), written, str(whole[end]), str(whole["display"])))
    return tuple(lines)


def _written(source: Source, practice: Row, name: str, end: str) -> str:
    terms, weights = [], []
    for task in practice.parts:
        value = _measure(source, task.id, name)[end]
        if value is None and _measure(source, task.id, name).get("display") != "not examined":
            continue
        # in a practice that was examined in part, a task not examined counts worst to best
        value = ("0" if end == "low" else "1") if value is None else value
        weight = _weight(source, task.id)
        terms.append(str(value) if weight == 1 else f"{weight} × {value}")
        weights.append(weight)
    return f"({' + '.join(terms)}) ÷ {sum(weights)}"


def _not_counted(source: Source, overall: Row) -> tuple[tuple[str, str], ...]:
    found = []
    as_of = date.fromisoformat(source.basis["as_of"])
    for question in source.questionnaire.questions():
        if question.counts_from is not None and question.counts_from > as_of:
            starts = day(question.counts_from.isoformat())
            found.append((question.id, f"counts from {starts} on"))
    for task in below(overall, "task"):
        if (task.assessed or task.claimed).display == "not applicable":
            found.append((task.id, "not applicable"))
    scored = {task.id for task in below(overall, "task")}
    asked = [task.id for task in source.framework.tasks() if task.id not in scored]
    return (*found, *((id, "not asked by this questionnaire") for id in asked))
