"""What may not stand in a fact: two assessors who never met must read the same in it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sdlc_assess.catalog.draft import Draft
from sdlc_assess.catalog.source import Place
from sdlc_assess.errors import Flaw

MOST_CHARACTERS = 300

VAGUE = (
    "adequate", "adequately", "all relevant", "appropriate", "appropriately", "as necessary",
    "as needed", "as required", "best practice", "best practices", "but", "clearly",
    "comprehensive", "comprehensively", "consistently", "effective", "effectively", "etc",
    "fully", "generally", "if necessary", "if possible", "in general", "industry standard",
    "largely", "mostly", "normally", "often", "partially", "partly", "periodically", "properly",
    "reasonable", "reasonably", "regular", "regularly", "robust", "robustly", "state of the art",
    "sufficient", "sufficiently", "suitable", "suitably", "systematically", "thorough",
    "thoroughly", "timely", "typically", "usually", "well-defined", "when needed",
    "where feasible", "where needed", "where possible",
)  # fmt: skip
"""Words by which two people mean two things. "How often" is a figure, so it may stand."""

_VAGUE = re.compile(
    r"(?<!how )(?<![\w-])(?:" + "|".join(re.escape(words) for words in VAGUE) + r")(?![\w-])",
    re.IGNORECASE,
)


def vague_words(text: str) -> list[str]:
    """Return the words of ``text`` that two assessors would read differently."""
    return [found[0] for found in _VAGUE.finditer(text)]


def wording_flaws(draft: Draft) -> Iterator[Flaw]:
    """Yield a flaw for every vague word, overlong fact and fact that stands twice."""
    first: dict[str, Place] = {}
    for place, fact in _facts(draft):
        for word in vague_words(fact):
            reason = f"'{word}' is vague; say what can be seen: a number, a date, a name, a sample."
            yield draft.source.flaw(place, "vague-word", reason)
        if len(fact) > MOST_CHARACTERS:
            reason = f"The fact has {len(fact)} characters, {MOST_CHARACTERS} at most; part it."
            yield draft.source.flaw(place, "fact-too-long", reason)
        known = first.setdefault(fact.casefold().rstrip("."), place)
        if known is not place:
            line = draft.source.line(known)
            reason = f"The same fact stands in line {line}; one fact is asked once."
            yield draft.source.flaw(place, "fact-twice", reason)


def _facts(draft: Draft) -> Iterator[tuple[Place, str]]:
    for asked in draft.asked:
        for index, option in enumerate(asked.question.options):
            for position, fact in enumerate(option.facts):
                yield (*asked.at, "options", index, "facts", position), fact
