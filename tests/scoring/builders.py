"""Tiny frameworks and questionnaires, built in code from one line of shorthand each."""

from __future__ import annotations

from collections.abc import Mapping

from sdlc_assess.catalog.condition import Condition
from sdlc_assess.catalog.framework import Framework, Group, Practice, Task
from sdlc_assess.catalog.profile import ScoringProfile
from sdlc_assess.catalog.questionnaire import AnswerOption, Question, Questionnaire, Section


def a_framework(*tasks: str) -> Framework:
    """Build a framework of ``tasks`` named like ``PO.1.1``: group ``PO``, practice ``PO.1``."""
    groups: dict[str, dict[str, list[Task]]] = {}
    for id in tasks or ("PO.1.1", "PO.1.2", "PO.2.1", "PS.1.1"):
        group, practice = id.split(".")[0], ".".join(id.split(".")[:2])
        task = Task(id, f"Task {id}", f"Do {id}.")
        groups.setdefault(group, {}).setdefault(practice, []).append(task)
    return Framework(
        id="tiny",
        edition="1",
        title="Tiny framework",
        publisher="Nobody",
        document="None",
        url="https://example.org/",
        groups=tuple(
            Group(
                group,
                f"Group {group}",
                tuple(
                    Practice(practice, f"Practice {practice}", tuple(found))
                    for practice, found in practices.items()
                ),
            )
            for group, practices in groups.items()
        ),
    )


def a_question(
    id: str,
    *tasks: str,
    weight: int = 1,
    highest: int = 4,
    when: Condition | None = None,
    na_when: tuple[str, ...] = ("It does not exist.",),
) -> Question:
    """Build a question on the scale ``"0"`` to ``highest``, by default for the task of its id."""
    options = tuple(
        AnswerOption(str(n), f"Level {n}", (f"{id} fact {n}",)) for n in range(highest + 1)
    )
    return Question(
        id, f"What about {id}?", tasks or (id,), options, weight=weight, when=when, na_when=na_when
    )


def a_questionnaire(*questions: Question | str) -> Questionnaire:
    """Build a questionnaire; a bare id stands for a plain question. Sections go by first part."""
    asked = questions or ("PO.1.1", "PO.1.2", "PO.2.1", "PS.1.1")
    sections: dict[str, list[Question]] = {}
    for each in asked:
        question = a_question(each) if isinstance(each, str) else each
        sections.setdefault(question.id.split(".")[0], []).append(question)
    return Questionnaire(
        id="tiny",
        version="1.0.0",
        title="Tiny questionnaire",
        language="en",
        framework="tiny@1",
        scoring="tiny-maturity@1.0.0",
        sections=tuple(
            Section(id, f"Section {id}", tuple(found)) for id, found in sections.items()
        ),
        digest="d" * 64,
    )


def a_profile(
    threshold: str = "3", scale: int = 4, decimals: int = 1, rule: str = "ordinal-coverage"
) -> ScoringProfile:
    """Build a profile; its note is the sentence that no score is anybody else's."""
    return ScoringProfile(
        id="tiny-maturity",
        version="1.0.0",
        title="Tiny maturity",
        rule=rule,
        threshold=threshold,
        goal=threshold,
        scale=scale,
        decimals=decimals,
        note="Nobody publishes a score for this framework.",
    )


def whole(answers: Mapping[str, str | None]) -> dict[str, dict[str, str | None]]:
    """Turn {question: option} into claims for the whole target."""
    return {id: {"": option} for id, option in answers.items()}
