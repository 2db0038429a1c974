"""What one file says, as objects with their places, as far as its shape is sound.

A draft keeps what could be read although other parts are wrong, so that one run of the linter
names the errors of shape and of meaning together.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sdlc_assess.catalog.condition import AllOf, AnyIn, AnyOf, Condition, Equals, Negate
from sdlc_assess.catalog.framework import Framework, Group, Practice, Task
from sdlc_assess.catalog.profile import ScoringProfile
from sdlc_assess.catalog.questionnaire import (
    AnswerOption,
    Change,
    EvidenceHint,
    Question,
    Questionnaire,
    Section,
)
from sdlc_assess.catalog.schema import (
    FrameworkSchema,
    ProfileSchema,
    QuestionnaireSchema,
    QuestionSchema,
    shape,
)
from sdlc_assess.catalog.source import Place, Source
from sdlc_assess.errors import Flaw


@dataclass(frozen=True, slots=True)
class Asked:
    """A sound question and its place; ``tasks`` are as written, with their framework."""

    at: Place
    question: Question
    tasks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """One questionnaire file: its sound head, its sound questions, and what is wrong in shape."""

    source: Source
    head: Mapping[str, Any]
    sections: tuple[tuple[Place, str], ...]
    order: tuple[tuple[Place, str], ...]
    asked: tuple[Asked, ...]
    changes: tuple[tuple[Place, Change], ...]
    flaws: tuple[Flaw, ...]

    @property
    def framework(self) -> str | None:
        """The one framework's reference, where it is sound."""
        return next(iter(self.head.get("frameworks", ())), None)


def draft_questionnaire(source: Source) -> Draft:
    """Read a questionnaire as far as its shape is sound."""
    sound, flaws = shape(QuestionnaireSchema(), source)
    wrong = {place[:depth] for place, _ in flaws for depth in range(len(place) + 1)}
    order = tuple(_ids(source))
    load = QuestionSchema()
    asked = tuple(
        _asked(at, load.load(_node(source, at)))
        for at, _ in order
        if at not in wrong and not any(at == place[: len(at)] for place in source.refused)
    )
    head = {key: value for key, value in sound.items() if (key,) not in wrong}
    changes = tuple(
        (("changes", index), make_change(data))
        for index, data in enumerate(head.pop("changes", ()))
    )
    sections = tuple(_section_ids(source))
    everything = (*source.flaws, *(flaw for _, flaw in flaws))
    return Draft(source, head, sections, order, asked, changes, everything)


def _node(source: Source, at: Place) -> Any:
    node = source.data
    for key in at:
        node = node[key]
    return node


def _section_ids(source: Source) -> Iterator[tuple[Place, str]]:
    """Yield place and id of each section that has one, sound or not."""
    for index, section in enumerate(_entries(source.data, "sections")):
        if isinstance(section, dict) and isinstance(section.get("id"), str):
            yield ("sections", index), section["id"]


def _ids(source: Source) -> Iterator[tuple[Place, str]]:
    """Yield place and id of each question that has one, sound or not, in the order asked."""
    for outer, section in enumerate(_entries(source.data, "sections")):
        for inner, question in enumerate(_entries(section, "questions")):
            if isinstance(question, dict) and isinstance(question.get("id"), str):
                yield ("sections", outer, "questions", inner), question["id"]


def _entries(data: Any, key: str) -> list[Any]:
    found = data.get(key) if isinstance(data, dict) else None
    return found if isinstance(found, list) else []


def _asked(at: Place, data: dict[str, Any]) -> Asked:
    return Asked(at, make_question(data), tuple(data["tasks"]))


def make_question(data: dict[str, Any]) -> Question:
    """Make a question out of what QuestionSchema loaded."""
    return Question(
        id=data["id"],
        text=data["text"],
        tasks=tuple(task.partition(":")[2] for task in data["tasks"]),
        options=tuple(
            AnswerOption(option["id"], option["text"], tuple(option["facts"]))
            for option in data["options"]
        ),
        guidance=data["guidance"],
        evidence=tuple(EvidenceHint(hint["kind"], hint["text"]) for hint in data["evidence"]),
        weight=data["weight"],
        na_when=tuple(data["na_when"]),
        when=make_condition(data["when"]) if data["when"] else None,
        counts_from=data["counts_from"],
    )


def make_condition(data: dict[str, Any]) -> Condition:
    """Make a condition out of what ConditionSchema loaded."""
    ((operator, inner),) = data.items()
    if operator == "equals":
        return Equals(inner["question"], inner["option"])
    if operator == "any_in":
        return AnyIn(inner["question"], tuple(inner["options"]))
    if operator == "negate":
        return Negate(make_condition(inner))
    parts = tuple(make_condition(part) for part in inner)
    return AllOf(parts) if operator == "all_of" else AnyOf(parts)


def make_change(data: dict[str, Any]) -> Change:
    """Make an entry of the change list out of what ChangeSchema loaded."""
    return Change(
        kind=data["kind"],
        question=data.get("question"),
        source=data.get("source", ()),
        into=data.get("into", ()),
        note=data["note"],
    )


def make_questionnaire(draft: Draft) -> Questionnaire:
    """Make the questionnaire out of a draft without flaws; its digest is still to be set."""
    head = draft.head
    return Questionnaire(
        id=head["id"],
        version=head["version"],
        title=head["title"],
        language=head["language"],
        framework=head["frameworks"][0],
        scoring=head["scoring"],
        sections=tuple(
            Section(
                section["id"],
                section["title"],
                tuple(make_question(question) for question in section["questions"]),
            )
            for section in head["sections"]
        ),
        changes=tuple(change for _, change in draft.changes),
    )


def draft_framework(source: Source) -> tuple[Framework | None, list[Flaw]]:
    """Read a framework: the object, or None and every flaw of shape."""
    data, found = shape(FrameworkSchema(), source)
    flaws = [*source.flaws, *(flaw for _, flaw in found)]
    if flaws:
        return None, flaws
    framework = Framework(
        id=data["id"],
        edition=data["edition"],
        title=data["title"],
        publisher=data["publisher"],
        document=data["document"],
        url=data["url"],
        groups=tuple(_group(group) for group in data["groups"]),
        retired=tuple(data["retired"]),
    )
    return framework, []


def _group(data: dict[str, Any]) -> Group:
    return Group(
        data["id"],
        data["title"],
        tuple(
            Practice(
                practice["id"],
                practice["title"],
                tuple(Task(t["id"], t["title"], t["requirement"]) for t in practice["tasks"]),
            )
            for practice in data["practices"]
        ),
    )


def draft_profile(source: Source) -> tuple[ScoringProfile | None, list[Flaw]]:
    """Read a scoring profile: the object, or None and every flaw of shape."""
    data, found = shape(ProfileSchema(), source)
    flaws = [*source.flaws, *(flaw for _, flaw in found)]
    if flaws:
        return None, flaws
    data.pop("format")
    return ScoringProfile(**data), []
