"""The shape of the YAML grammar ``format: 1``: marshmallow schemas, unknown keys refused."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from sdlc_assess.catalog.field import (
    MESSAGES,
    Day,
    Inner,
    Line,
    Listing,
    Names,
    NaWhen,
    Prose,
    Whole,
    identifier,
    option_id,
    reference,
    release_number,
    shaped,
    slug,
)
from sdlc_assess.catalog.source import Place, Source
from sdlc_assess.errors import Flaw

FORMAT = 1
MOST_WEIGHT = 1_000
EVIDENCE_KINDS = ("policy", "record", "tool output", "metric", "observation")
"""record.md's kinds of evidence; ``seen`` belongs to a visit, not to a question."""
MOVES = ("split", "merged")
CHANGE_KINDS = ("wording", "clarified", "scale", *MOVES, "new", "retired")
RULES = ("ordinal-coverage",)


class Strict(Schema):
    """A mapping that refuses unknown keys."""

    error_messages = {  # noqa: RUF012
        "unknown": "unknown-key|The key '<key>' is unknown here; check its spelling (a text with "
        "a comma or a colon needs quotes).",
        "type": "not-a-mapping|Keys with values are expected here.",
    }


class EqualsSchema(Strict):
    """``equals: {question: A, option: "1"}``."""

    question = identifier(required=True)
    option = option_id(required=True)


class AnyInSchema(Strict):
    """``any_in: {question: A, options: ["1", "2"]}``."""

    question = identifier(required=True)
    options = Listing(option_id(), required=True)


class ConditionSchema(Strict):
    """Exactly one operator of the closed set."""

    equals = Inner(EqualsSchema)
    any_in = Inner(AnyInSchema)
    all_of = Listing(Inner(lambda: ConditionSchema()))
    any_of = Listing(Inner(lambda: ConditionSchema()))
    negate = Inner(lambda: ConditionSchema())

    @validates_schema(skip_on_field_errors=True)
    def _is_one(self, data: dict[str, Any], **kwargs: Any) -> None:
        if len(data) != 1:
            choice = ", ".join(self.fields)
            raise ValidationError(f"condition|A condition has exactly one operator of {choice}.")


class EvidenceSchema(Strict):
    """``{kind: record, text: …}``."""

    _wrong = f"evidence-kind|'kind' must be one of: {', '.join(EVIDENCE_KINDS)}."
    kind = Line(required=True, validate=validate.OneOf(EVIDENCE_KINDS, error=_wrong))
    text = Line(required=True)


class OptionSchema(Strict):
    """``{id: "0", text: …, facts: […]}``."""

    id = option_id(required=True)
    text = Line(required=True)
    facts = Listing(Line(), required=True)


class QuestionSchema(Strict):
    """One question with its options."""

    id = identifier(required=True)
    text = Line(required=True)
    tasks = Listing(
        shaped(
            r"[a-z][a-z0-9-]{0,39}:[A-Za-z][A-Za-z0-9.-]{0,39}",
            "bad-task|A task is written as framework:task, such as nist-ssdf:PO.1.1.",
        ),
        required=True,
    )
    weight = Whole(1, MOST_WEIGHT, "weight", load_default=1)
    guidance = Prose(required=True)
    evidence = Listing(Inner(EvidenceSchema), required=True)
    options = Listing(Inner(OptionSchema), least=2, required=True)
    na_when = NaWhen(load_default=())
    when = Inner(ConditionSchema, load_default=None)
    counts_from = Day(load_default=None)


class SectionSchema(Strict):
    """A part of the questionnaire that is filled in together."""

    id = identifier(required=True)
    title = Line(required=True)
    questions = Listing(Inner(QuestionSchema), required=True)


class ChangeSchema(Strict):
    """One typed entry of the change list: ``question``, or ``from`` and ``into``."""

    _wrong = f"change-kind|'kind' must be one of: {', '.join(CHANGE_KINDS)}."
    kind = Line(required=True, validate=validate.OneOf(CHANGE_KINDS, error=_wrong))
    question = identifier()
    source = Names(data_key="from")
    into = Names()
    note = Prose(load_default="")

    @validates_schema(skip_on_field_errors=True)
    def _names_its_questions(self, data: dict[str, Any], **kwargs: Any) -> None:
        named = data.keys() & {"question", "source", "into"}
        if named != ({"source", "into"} if data["kind"] in MOVES else {"question"}):
            raise ValidationError(
                "change-shape|A split or a merger names 'from' and 'into', any other change only "
                "'question'."
            )


def _format() -> Whole:
    return Whole(FORMAT, FORMAT, "format", required=True)


class QuestionnaireSchema(Strict):
    """``questionnaires/<id>/<version>.yaml``."""

    format = _format()
    id = slug()
    version = release_number()
    title = Line(required=True)
    language = shaped("[a-z]{2}", "language|'language' must be two letters.", required=True)
    frameworks = fields.List(
        reference(),
        required=True,
        error_messages={**MESSAGES, "invalid": "not-a-list|'<key>' must be a list."},
        validate=validate.Length(equal=1, error="one-framework|Name exactly one framework."),
    )
    scoring = reference(required=True)
    changes = Listing(Inner(ChangeSchema), least=0, load_default=())
    sections = Listing(Inner(SectionSchema), required=True)


class TaskSchema(Strict):
    """The smallest thing one can meet or miss."""

    id = identifier(required=True)
    title = Line(required=True)
    requirement = Line(required=True)


class PracticeSchema(Strict):
    """A group of tasks with one aim."""

    id = identifier(required=True)
    title = Line(required=True)
    tasks = Listing(Inner(TaskSchema), required=True)


class GroupSchema(Strict):
    """The top level of a framework."""

    id = identifier(required=True)
    title = Line(required=True)
    practices = Listing(Inner(PracticeSchema), required=True)


class FrameworkSchema(Strict):
    """``questionnaires/frameworks/<id>/<edition>.yaml``."""

    format = _format()
    id = slug()
    edition = shaped(
        r"[0-9][0-9A-Za-z.-]{0,19}",
        "bad-version|'<key>' must be a short name that starts with a digit, such as \"1.1\".",
        required=True,
    )
    title = Line(required=True)
    publisher = Line(required=True)
    document = Line(required=True)
    url = shaped(r"https://\S+", "bad-url|'<key>' must start with https://.", required=True)
    retired = Listing(identifier(), least=0, load_default=())
    groups = Listing(Inner(GroupSchema), required=True)


class ProfileSchema(Strict):
    """``questionnaires/scoring/<id>/<version>.yaml``."""

    _wrong = f"unknown-rule|'rule' must be one of: {', '.join(RULES)}."
    format = _format()
    id = slug()
    version = release_number()
    title = Line(required=True)
    rule = Line(required=True, validate=validate.OneOf(RULES, error=_wrong))
    threshold = option_id(required=True)
    goal = option_id(required=True)
    scale = Whole(1, 100, "scale", required=True)
    decimals = Whole(0, 3, "decimals", required=True)
    note = Prose(required=True)


def shape(schema: Schema, source: Source) -> tuple[Any, list[tuple[Place, Flaw]]]:
    """Return the data that ``schema`` finds sound, and every flaw of shape with its place."""
    try:
        return schema.load(source.data), []
    except ValidationError as error:
        told = list(_told(error.messages, ()))
        sound = error.valid_data if isinstance(error.valid_data, dict) else {}
    found = [
        (place, source.flaw(place, code, text.replace("<key>", _last_key(place))))
        for place, code, text in told
        if not any(place[:depth] in source.refused for depth in range(len(place) + 1))
    ]
    return sound, found


def _told(messages: Any, place: Place) -> Iterator[tuple[Place, str, str]]:
    """Yield (place, code, sentence) for every message of marshmallow's nested answer."""
    if isinstance(messages, dict):
        for key, below in messages.items():
            yield from _told(below, place if key == "_schema" else (*place, key))
        return
    for message in messages:
        code, _, text = message.partition("|")
        yield place, code, text


def _last_key(place: Place) -> str:
    return next((key for key in reversed(place) if isinstance(key, str)), "")
