"""The fields of the YAML grammar, with messages a writer of questionnaires can act on.

Every message is ``code|sentence``; ``<key>`` in a sentence stands for the last key of its place.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from marshmallow import ValidationError, fields, validate

MESSAGES: dict[str, Any] = {
    "required": "missing-key|The key '<key>' is missing here.",
    "null": "empty|'<key>' is empty; fill it in or take the key out.",
}
_PARAGRAPHS = re.compile(r"\n\s*\n")


class Line(fields.String):
    """A text of one line: white space is one space, so layout in the file doesn't count."""

    default_error_messages: dict[str, Any] = {  # noqa: RUF012 (marshmallow's own protocol)
        **MESSAGES,
        "invalid": "not-text|'<key>' must be text; where it reads as a number, a date, yes or no, "
        "put it in quotes.",
    }

    def _deserialize(self, *args: Any, **kwargs: Any) -> str:
        text = self.laid_out(str(super()._deserialize(*args, **kwargs)))
        if not text:
            raise ValidationError("blank|'<key>' is blank; write something.")
        return text

    def laid_out(self, text: str) -> str:
        """Return ``text`` as it is kept."""
        return " ".join(text.split())


class Word(Line):
    """A text that is kept as written: an id, a version, a reference."""

    def laid_out(self, text: str) -> str:
        """Return ``text`` as it is."""
        return text


class Prose(Line):
    """A text of paragraphs."""

    def laid_out(self, text: str) -> str:
        """Return ``text`` as it is kept: an empty line parts paragraphs."""
        return "\n\n".join(" ".join(part.split()) for part in _PARAGRAPHS.split(text.strip()))


class Listing(fields.List[Any]):
    """A list with at least one entry, unless ``least`` says otherwise."""

    default_error_messages: dict[str, Any] = {  # noqa: RUF012
        **MESSAGES,
        "invalid": "not-a-list|'<key>' must be a list.",
    }

    def __init__(self, inner: Any, least: int = 1, **kwargs: Any) -> None:
        few = "empty-list|'<key>' needs at least one entry."
        if least > 1:
            few = f"too-few|'<key>' needs at least {least} entries."
        super().__init__(inner, validate=validate.Length(min=least, error=few), **kwargs)


class Inner(fields.Nested):
    """A mapping with a schema of its own."""

    default_error_messages: dict[str, Any] = MESSAGES


class Whole(fields.Integer):
    """A whole number from ``low`` to ``high``."""

    default_error_messages: dict[str, Any] = MESSAGES

    def __init__(self, low: int, high: int, code: str, **kwargs: Any) -> None:
        reach = "be" if low == high else f"be a whole number from {low} to"
        wrong = f"{code}|'<key>' must {reach} {high}."
        within = validate.Range(low, high, error=wrong)
        messages: dict[str, Any] = {"invalid": wrong, "too_large": wrong}
        super().__init__(strict=True, validate=within, error_messages=messages, **kwargs)


class Day(fields.Field[date]):
    """A day, written plainly: 2027-03-01."""

    default_error_messages: dict[str, Any] = MESSAGES

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> date:
        if not isinstance(value, date):
            raise ValidationError("not-a-day|'<key>' must be a day such as 2027-03-01, unquoted.")
        return value


class Names(fields.Field[tuple[str, ...]]):
    """One id or a list of ids."""

    default_error_messages: dict[str, Any] = MESSAGES

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> tuple[str, ...]:
        one_or_many = value if isinstance(value, list) else [value]
        found: list[str] = Listing(identifier()).deserialize(one_or_many)  # type: ignore[assignment]
        return tuple(found)


class NaWhen(fields.Field[tuple[str, ...]]):
    """``never``, or the only reasons for which a question does not apply."""

    default_error_messages: dict[str, Any] = MESSAGES

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> tuple[str, ...]:
        if value == "never":
            return ()
        if not isinstance(value, list):
            raise ValidationError("na-when|'na_when' must be never or a list of reasons.")
        found: list[str] = Listing(Line()).deserialize(value)  # type: ignore[assignment]
        return tuple(found)


def shaped(pattern: str, wrong: str, **kwargs: Any) -> Word:
    """Return a field for words that match ``pattern`` whole."""
    return Word(validate=validate.Regexp(pattern + r"\Z", error=wrong), **kwargs)


def identifier(**kwargs: Any) -> Word:
    """Return a field for the id of a question, section, practice or task."""
    wrong = "bad-id|'<key>' must be letters, digits, dots and hyphens (at most 40), letter first."
    return shaped(r"[A-Za-z][A-Za-z0-9.-]{0,39}", wrong, **kwargs)


def slug() -> Word:
    """Return a field for the id of a file's content, which is its folder's name too."""
    wrong = "bad-id|'<key>' must be small letters, digits and hyphens (at most 40), letter first."
    return shaped(r"[a-z][a-z0-9-]{0,39}", wrong, required=True)


def option_id(**kwargs: Any) -> Word:
    """Return a field for the id of an answer option."""
    wrong = "bad-id|'<key>' must be small letters, digits and hyphens (at most 20)."
    return shaped(r"[a-z0-9][a-z0-9-]{0,19}", wrong, **kwargs)


def release_number() -> Word:
    """Return a field for a version of three numbers."""
    wrong = "bad-version|'<key>' must be three numbers such as 1.0.0."
    return shaped(r"(0|[1-9][0-9]{0,4})(\.(0|[1-9][0-9]{0,4})){2}", wrong, required=True)


def reference(**kwargs: Any) -> Word:
    """Return a field for ``id@version``."""
    wrong = "bad-ref|'<key>' must be an id and a version, such as name@1.0.0."
    return shaped(r"[a-z][a-z0-9-]{0,39}@[0-9][0-9A-Za-z.-]{0,19}", wrong, **kwargs)
