"""Ordinal coverage: how far each answer stands up its own scale, rolled up by means.

A question is option ÷ highest option; a task the weighted mean of its questions; a practice the
weighted mean of its tasks; a group the mean of its practices; overall the mean of its groups. What
is not applicable leaves the mean (record.md, "Scores, settled"; frameworks.md, section 0, rule C).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from fractions import Fraction

from sdlc_assess.catalog.framework import Framework, Task
from sdlc_assess.catalog.profile import ScoringProfile
from sdlc_assess.catalog.questionnaire import NA, Question, Questionnaire
from sdlc_assess.scoring.conformance import counts_of, total_of, word
from sdlc_assess.scoring.measure import (
    NOT_APPLICABLE,
    NOT_EXAMINED,
    UNANSWERED,
    WORST,
    Measure,
    mean,
    worst,
)
from sdlc_assess.scoring.node import Ground, Kind, Node
from sdlc_assess.scoring.sheet import Outcome, Sheet, Verdicts, index_of

OVERALL = "overall"


def claimed(question: Question, option: str | None) -> Measure:
    """Return what one answer claims: unanswered is anything from worst to best."""
    if option is None:
        return UNANSWERED
    if option == NA:
        return NOT_APPLICABLE
    share = Fraction(index_of(question, option), len(question.options) - 1)
    return Measure(share, share)


def assessed(question: Question, option: str | None, outcome: Outcome | None) -> Measure:
    """Return what one answer is worth after its verdict.

    Not applicable counts only where the assessor agreed or set it; a verdict that agrees with no
    answer examined nothing.
    """
    match outcome:
        case Outcome("agree") if option is not None:
            return claimed(question, option)
        case Outcome("adjust", adjusted) if adjusted is not None:
            return claimed(question, adjusted)
        case Outcome("insufficient"):
            return Measure(WORST, WORST)
    return NOT_EXAMINED


def threshold_of(questions: Iterable[Question], profile: ScoringProfile) -> Fraction:
    """Return the share from which a task is satisfied: the strictest of its questions.

    A question without the threshold's option asks for its highest.
    """
    return max(
        Fraction(index_of(question, profile.threshold), len(question.options) - 1)
        if question.option(profile.threshold)
        else Fraction(1)
        for question in questions
    )


def tasks_asked(
    questionnaire: Questionnaire, framework: Framework
) -> dict[str, tuple[Question, ...]]:
    """Return {task id: its questions} in the framework's order; tasks nobody asks are left out."""
    found: dict[str, list[Question]] = {task.id: [] for task in framework.tasks()}
    for question in questionnaire.questions():
        for task_id in question.tasks:
            found[task_id].append(question)
    return {id: tuple(questions) for id, questions in found.items() if questions}


def tree(
    questionnaire: Questionnaire,
    framework: Framework,
    profile: ScoringProfile,
    sheet: Sheet,
    verdicts: Verdicts,
) -> Node:
    """Return the tree overall › group › practice › task › question, with every number in it."""
    asked = tasks_asked(questionnaire, framework)
    leaves = {
        question.id: _leaf(question, sheet.get(question.id, {}), verdicts.get(question.id, {}))
        for question in questionnaire.questions()
    }
    groups = []
    for group in framework.groups:
        practices = []
        for practice in group.practices:
            tasks = [
                _task(task, asked[task.id], leaves, profile)
                for task in practice.tasks
                if task.id in asked
            ]
            practices += [_parent(practice.id, practice.title, "practice", tasks)] if tasks else []
        groups += [_parent(group.id, group.title, "group", practices)] if practices else []
    return _parent(OVERALL, framework.title, "overall", groups)


def _leaf(
    question: Question, given: Mapping[str, str | None], outcomes: Mapping[str, Outcome]
) -> Node:
    grounds = tuple(
        Ground(
            unit,
            option,
            outcomes.get(unit),
            claimed(question, option),
            assessed(question, option, outcomes.get(unit)),
        )
        for unit, option in given.items()
    )
    return Node(
        question.id,
        question.text,
        "question",
        question.weight,
        worst(ground.claimed for ground in grounds),
        worst(ground.assessed for ground in grounds),
        counts_of((), "unanswered"),
        counts_of((), "not_examined"),
        grounds=grounds,
    )


def _task(
    task: Task,
    questions: tuple[Question, ...],
    every: Mapping[str, Node],
    profile: ScoringProfile,
) -> Node:
    """Join the questions of a task; a lone question named like the task *is* the task."""
    leaves = [every[question.id] for question in questions]
    threshold = threshold_of(questions, profile)
    is_merged = [question.id for question in questions] == [task.id]
    by_claim = mean((leaf.weight, leaf.claimed) for leaf in leaves)
    by_verdict = mean((leaf.weight, leaf.assessed) for leaf in leaves)
    return Node(
        task.id,
        task.title,
        "task",
        max(leaf.weight for leaf in leaves),
        by_claim,
        by_verdict,
        counts_of([word(by_claim, threshold, "unanswered")], "unanswered"),
        counts_of([word(by_verdict, threshold, "not_examined")], "not_examined"),
        parts=() if is_merged else tuple(_beside(task, leaf) for leaf in leaves),
        grounds=leaves[0].grounds if is_merged else (),
    )


def _beside(task: Task, leaf: Node) -> Node:
    """Give a question that shares its task with others, and the task's id too, an id of its own."""
    return replace(leaf, id=f"{leaf.id}/question") if leaf.id == task.id else leaf


def _parent(id: str, title: str, kind: Kind, parts: list[Node]) -> Node:
    return Node(
        id,
        title,
        kind,
        1,
        mean((part.weight, part.claimed) for part in parts),
        mean((part.weight, part.assessed) for part in parts),
        total_of((part.conformance for part in parts), "unanswered"),
        total_of((part.assessed_conformance for part in parts), "not_examined"),
        parts=tuple(parts),
    )
