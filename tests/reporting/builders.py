"""Snapshots to draw reports from: a realistic one over any questionnaire, and a tiny catalogue."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from sdlc_assess import scoring
from sdlc_assess.assessment.snapshot import working_digest
from sdlc_assess.catalog.framework import Framework, Group, Practice, Task
from sdlc_assess.catalog.profile import ScoringProfile
from sdlc_assess.catalog.questionnaire import AnswerOption, Question, Questionnaire, Section
from sdlc_assess.ledger.canonical import digest
from sdlc_assess.reporting.source import Library

AT = "2026-11-24T10:00:00Z"


@dataclass(frozen=True)
class Shelf:
    """A library that holds one of each, whatever the reference."""

    held: Questionnaire
    standard: Framework
    rule: ScoringProfile

    def questionnaire(self, ref: str) -> Questionnaire:
        return self.held

    def framework(self, ref: str) -> Framework:
        return self.standard

    def profile(self, ref: str) -> ScoringProfile:
        return self.rule


def a_small_shelf() -> Shelf:
    """Two groups, three practices, five tasks with one question each; no word of assessing."""
    groups = (
        Group("AA", "Prepare", (_practice("AA.1", "Rules", 2), _practice("AA.2", "People", 2))),
        Group("BB", "Build", (_practice("BB.1", "Review of changes", 1),)),
    )
    framework = Framework("toy", "1", "Toy framework", "Nobody", "Toy 1", "", groups)
    sections = tuple(
        Section(g.id, g.title, tuple(_question(t) for p in g.practices for t in p.tasks))
        for g in groups
    )
    asked = Questionnaire("toy", "1.0.0", "Toy questions", "en", "toy@1", "toy@1.0.0", sections)
    rule = ScoringProfile(
        "toy", "1.0.0", "Toy maturity", "ordinal-coverage", "3", "3", 4, 1, "This rule is ours."
    )
    return Shelf(
        replace(asked, digest=digest("toy questions")), framework, replace(rule, digest=digest("r"))
    )


def _practice(id: str, title: str, tasks: int) -> Practice:
    made = (Task(f"{id}.{n}", f"Task {n} of {title}", "Do it.") for n in range(1, tasks + 1))
    return Practice(id, title, tuple(made))


def _question(task: Task) -> Question:
    options = tuple(
        AnswerOption(str(n), f"Step {n}", (f"Fact {n} of {task.id} is there.",)) for n in range(5)
    )
    return Question(task.id, f"What shows {task.title}?", (task.id,), options, na_when=("None.",))


def a_snapshot(
    shelf: Library,
    ref: str = "toy@1.0.0",
    *,
    kind: str = "independent",
    state: str = "accepted",
    stored: bool = True,
    examined: bool | None = None,
    gaps: int = 2,
    basis: dict[str, Any] | None = None,
    answer: dict[str, Any] | None = None,
    summary: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """Return a snapshot over every question of ``ref``: mixed answers, two units, verdicts.

    ``gaps`` questions stay unanswered while it is a draft; ``basis``, ``answer`` and ``summary``
    change these parts (``answer`` changes every answer).
    """
    asked = shelf.questionnaire(ref)
    rule, framework = shelf.profile(asked.scoring), shelf.framework(asked.framework)
    judged = (kind == "independent" and state == "accepted") if examined is None else examined
    answers = dict(_answers(asked, gaps if state == "draft" else 0, answer or {}))
    verdicts = dict(_verdicts(asked, answers)) if judged else {}
    parts: dict[str, Any] = {"basis": _basis(asked, rule, kind, state, stored) | (basis or {})}
    parts |= {f"response/{id}": {"question": id, "answers": a} for id, a in answers.items()}
    parts |= {f"verdict/{id}": {"question": id, "verdicts": v} for id, v in verdicts.items()}
    claims = {id: {a["unit"]: a["option"] for a in given} for id, given in answers.items()}
    outcomes = {
        id: {v["unit"]: scoring.Outcome(v["outcome"], v["option"]) for v in given}
        for id, given in verdicts.items()
    }
    score = scoring.score(asked, framework, rule, claims, outcomes)
    nodes = scoring.as_json(score, rule)["nodes"]
    parts |= {f"score/{id}": node for id, node in nodes.items()}
    parts["summary"] = _summary(judged, score) | (summary or {})
    return {"digest": working_digest(parts), "parts": parts}


UNITS = ["Agent core", "Update service"]
# one turn of the wheel per question: what is claimed, and what an assessor makes of it
CLAIMED = ["3", "3", "2", "4", "3", "1", "3", "2", "3", "3", "0", "4", "3", "2"]
OUTCOMES = [
    "agree",
    "agree",
    "adjust",
    "agree",
    "agree",
    "agree",
    "insufficient",
    "agree",
    "adjust",
    "agree",
    "agree",
    "raise",
]

JUSTIFICATIONS = (
    "The rule set lies in the engineering handbook, chapter 4, version 2026.2, approved by Dana on "
    "3 March 2026. Every repository links to it from its contribution guide.",
    "Ten changes of the update service were drawn on 12 October 2026; nine carry a review by a "
    "person other than the author.\n\nThe tenth was a hot fix. It was reviewed on the next day, "
    "and the bypass is in the register.",
    "The build servers and the signing host were inventoried in May. The list names an owner for "
    "each; two of the owners have left since, and their hosts are being handed over.",
    "Done by habit in the agent team. There is no written rule yet; one is due in spring.",
)
REASONS = (
    "Three of ten sampled changes had no record; the team relied on memory.",
    "The document exists, yet the update service was started before it and never caught up.",
    "The figure is collected every month. No decision that rests on it could be shown.",
)


def _answers(
    asked: Questionnaire, gaps: int, change: dict[str, Any]
) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    questions = list(asked.questions())
    for n, question in enumerate(questions):
        if n >= len(questions) - gaps:
            continue
        option = "na" if question.na_when and n % 9 == 4 else CLAIMED[n % len(CLAIMED)]
        units = UNITS if n % 11 == 1 else [""]
        yield (
            question.id,
            [_answer(question, n + k, option, unit) | change for k, unit in enumerate(units)],
        )


def _answer(question: Question, n: int, option: str, unit: str) -> dict[str, Any]:
    ticked = [
        f"{one.id}.{i}"
        for one in question.options
        if option != "na" and "0" < one.id <= option
        for i in range(len(one.facts))
    ]
    return {
        "unit": unit,
        "option": option,
        "justification": "" if option == "na" else JUSTIFICATIONS[n % 4],
        "na_reason": "The product has no such part." if option == "na" else "",
        "facts": ticked,
        "standing": "direct",
        "revision": 1 + n % 5,
        "answered_by": "Bob" if n % 3 else "Alice",
        "answered_at": f"2026-11-{1 + n % 20:02d}T09:30:00Z",
        "evidence": _evidence(n),
    }


def _evidence(n: int) -> list[dict[str, Any]]:
    found = [
        {
            "title": "Engineering handbook, chapter 4",
            "location": "https://handbook.northwind.example/security/4",
            "collected": "2026-10-01",
            "valid_until": "2028-10-01",
        },
        {
            "title": "Ten sampled changes with their reviews",
            "location": "tracker export 2026-10-12, rows 1 to 10",
            "collected": "2026-10-12",
            "valid_until": None,
        },
    ]
    return found[: n % 3]


def _verdicts(
    asked: Questionnaire, answers: dict[str, list[dict[str, Any]]]
) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    for n, (id, given) in enumerate(answers.items()):
        if n % 13 != 7:
            question = asked.by_id[id]
            yield id, [_verdict(question, n + k, one) for k, one in enumerate(given)]


def _verdict(question: Question, n: int, given: dict[str, Any]) -> dict[str, Any]:
    outcome, option, claimed = OUTCOMES[n % len(OUTCOMES)], None, given["option"]
    if outcome == "raise" and claimed not in ("na", "4"):
        outcome, option = "adjust", str(int(claimed) + 1)
    elif outcome == "adjust" and claimed not in ("na", "0"):
        option = str(int(claimed) - 1)
    elif outcome != "insufficient" or claimed == "na":
        outcome = "agree"
    failing = question.options[min(int(option) + 1, 4)].facts[0] if option else ""
    return {
        "unit": given["unit"],
        "outcome": outcome,
        "option": option,
        "failing_fact": failing if outcome == "adjust" and option < claimed else "",
        "looked_at": "Handbook chapter 4; ten changes of the weakest unit; talk with the lead.",
        "reason": "" if outcome == "agree" else REASONS[n % 3],
        "remark": "Keep the register of bypasses with the release." if n % 5 == 2 else "",
        "by": "Charlie",
        "at": "2026-11-22T14:05:00Z",
        "stale": False,
    }


def _basis(
    asked: Questionnaire, rule: ScoringProfile, kind: str, state: str, stored: bool
) -> dict[str, Any]:
    own = kind == "self"
    people = [("Alice", "lead"), ("Bob", "contributor"), ("Dana", "executive")]
    others = [] if own else [("Charlie", "assessor"), ("Erin", "technical_reviewer")]
    return {
        "format": 1,
        "assessment": "k7f3q2",
        "kind": kind,
        "state": state,
        "stored": stored,
        "frozen_at": AT,
        "as_of": "2026-11-24",
        "questionnaire": {
            "id": asked.id,
            "version": asked.version,
            "title": asked.title,
            "digest": asked.digest,
            "released": asked.released,
        },
        "framework": asked.framework,
        "profile": {"id": rule.id, "version": rule.version, "digest": rule.digest},
        "vendor": "Northwind Security",
        "target": {"name": "Sentry Agent", "version": "4.2", "description": ""},
        "assessor": None if own else "Halden Assurance",
        "units": UNITS,
        "period": {"from": "2025-11-01", "to": "2026-10-31"},
        "scope": "The Sentry Agent for Windows and Linux, from design to the signed installer, and "
        "the service that delivers its updates.",
        "exclusions": "Sentry Console and the hosted analysis service. They share no build servers "
        "with the agent.",
        "goal": "3",
        "people": [{"name": n, "role": r, "organisation": "Northwind Security"} for n, r in people]
        + [{"name": n, "role": r, "organisation": "Halden Assurance"} for n, r in others],
        "sampling": "" if own else "Ten changes per unit, drawn by the assessor from the tracker.",
        "software": "0.1.0",
    }


def _summary(judged: bool, score: scoring.Score) -> dict[str, Any]:
    return {
        "conclusion": "qualified" if judged else "",
        "text": "The answers, as adjusted, give a fair picture of how Sentry Agent is developed, "
        "except for the update service, whose records begin in March 2026."
        if judged
        else "",
        "strongest": "Releases are signed, archived and can be rebuilt." if judged else "",
        "greatest_risk": "A change to the update service can reach customers without a review that "
        "anybody can show."
        if judged
        else "",
        "limitation": "The signing host was not visited." if judged else "",
        "representation": {
            "by": "Dana",
            "at": "2026-11-23T16:00:00Z",
            "text": "To the best of my knowledge the records are complete, and every known "
            "incident in the period was disclosed.",
        }
        if judged
        else None,
        "answered": score.answered,
        "total": score.total,
    }
