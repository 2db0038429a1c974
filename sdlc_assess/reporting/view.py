"""The plain data a template may see: frozen records of text and counts, nothing that acts.

A displayed score is the ``display`` string of a score part of the snapshot; nothing is computed
again here. Fractions become per mille for the drawing of bars, and for nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Number:
    """One measure: its display, and both ends in per mille of the scale (None: no number)."""

    display: str
    low: int | None
    high: int | None


@dataclass(frozen=True, slots=True)
class Row:
    """One node of the score. ``assessed`` is None where the report has no assessed numbers.

    ``counts`` are conformance counts (word, number) of the tasks under the node, ``standing`` the
    one word of a task; both on assessed where the report has it, else on claimed.
    """

    id: str
    title: str
    kind: str
    claimed: Number
    assessed: Number | None
    met: int
    applicable: int
    standing: str
    counts: tuple[tuple[str, int], ...]
    parts: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact of an option, and whether the vendor ticked it."""

    level: str
    text: str
    ticked: bool


@dataclass(frozen=True, slots=True)
class Evidence:
    """One entry of the evidence list; dates written out."""

    title: str
    location: str
    collected: str
    valid_until: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the assessor concluded on one answer, in words."""

    outcome: str
    word: str
    option: str
    failing_fact: str
    looked_at: tuple[str, ...]
    reason: tuple[str, ...]
    remark: tuple[str, ...]
    by: str
    at: str
    stale: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer (of one unit, or ``""`` for the whole target) with its verdict."""

    unit: str
    option: str
    label: str
    facts: tuple[Fact, ...]
    has_ticks: bool
    justification: tuple[str, ...]
    na_reason: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    standing: str
    by: str
    at: str
    revision: int
    verdict: Verdict | None


@dataclass(frozen=True, slots=True)
class Requirement:
    """What a task of the framework asks, in our words."""

    id: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Detail:
    """One question with everything said about it. ``row`` is None where it is not scored."""

    id: str
    title: str
    text: str
    requirements: tuple[Requirement, ...]
    row: Row | None
    answers: tuple[Answer, ...]
    note: str


@dataclass(frozen=True, slots=True)
class Chapter:
    """The details of one section of the questionnaire."""

    id: str
    title: str
    details: tuple[Detail, ...]


@dataclass(frozen=True, slots=True)
class LowTask:
    """A task known to be at 0 or 1, with the option that holds and the assessor's reason."""

    row: Row
    holds: str
    reason: str


@dataclass(frozen=True, slots=True)
class WorkedPart:
    """One line of the worked example: exact fractions as the snapshot holds them."""

    id: str
    title: str
    weight: str
    options: str
    claimed: str
    assessed: str


@dataclass(frozen=True, slots=True)
class Worked:
    """One practice worked out by hand, with the real numbers of the snapshot."""

    row: Row
    parts: tuple[WorkedPart, ...]
    equations: tuple[tuple[str, str, str, str], ...]
    left_out: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Scoring:
    """The scoring appendix: rule, worked example, weights, and what is not in the number."""

    profile: str
    profile_title: str
    note: str
    scale: int
    threshold: str
    goal: str
    worked: Worked | None
    weights: tuple[tuple[str, int], ...]
    not_counted: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who acted in the assessment."""

    name: str
    role: str
    organisation: str


@dataclass(frozen=True, slots=True)
class Statement:
    """A signed sentence: who, when, what."""

    by: str
    at: str
    text: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Basis:
    """What, by whom, when, under which rule. Texts as typed, dates written out.

    ``who`` names the vendor in a sentence, also where an answers file does not.
    """

    subject: str
    short_subject: str
    description: tuple[str, ...]
    vendor: str
    who: str
    assessor: str
    units: tuple[str, ...]
    period: str
    scope: tuple[str, ...]
    exclusions: tuple[str, ...]
    sampling: tuple[str, ...]
    questionnaire: str
    questionnaire_ref: str
    questionnaire_release: str
    questionnaire_digest: str
    framework: str
    framework_source: str
    as_of: str
    frozen_at: str
    created: str
    software: str
    people: tuple[Person, ...]
    independence: tuple[Statement, ...]
    representation: Statement | None


@dataclass(frozen=True, slots=True)
class Conclusion:
    """The assessor's opinion: ``words`` is empty while there is none."""

    words: str
    text: tuple[str, ...]
    strongest: str
    greatest_risk: str
    limitation: str


@dataclass(frozen=True, slots=True)
class Report:
    """Everything a template may see."""

    kind: str
    digest: str
    mark: str
    is_self: bool
    is_record: bool
    shows_assessed: bool
    goal: int
    language: str
    basis: Basis
    conclusion: Conclusion
    overall: Row
    ranked: tuple[Row, ...]
    low_tasks: tuple[LowTask, ...]
    open_tasks: tuple[str, ...]
    effect: tuple[tuple[str, int], ...]
    answered: int
    total: int
    chapters: tuple[Chapter, ...] = ()
    scoring: Scoring | None = None
