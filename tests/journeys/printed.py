"""What a report has to print, made from the JSON of a score alone, and what it printed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from pypdf import PdfReader

KINDS = ("executive", "assessment")
TITLES = {"executive": "Executive summary", "assessment": "Full assessment report"}
THRESHOLD = 3
# what follows in the next cell may be extracted without a blank
NUMBER = re.compile(r"\d+\.\d(?: to \d+\.\d)? of \d")
WORDS = ("satisfied", "partial", "not_satisfied", "not_applicable", "unanswered", "not_examined")
EXAMPLE = "1.2 to 3.4 of 4"
"""What the list of words shows as an example of a range; it is nobody's number."""

Nodes = Mapping[str, Any]
"""The ``nodes`` of ``score --json``, by id."""


def text_of(reader: PdfReader) -> str:
    """Return all text of a paper, with one blank between words."""
    pages = [page.extract_text() for page in reader.pages]
    return " ".join(" ".join(pages).split())


def ends_of(measure: Mapping[str, Any]) -> tuple[Fraction, Fraction] | str:
    """Return both ends of a measure of the JSON; without a number, the reason for it."""
    if measure["low"] is None:
        return str(measure["display"]).replace(" ", "_")
    return Fraction(measure["low"]), Fraction(measure["high"])


def shows_assessed(nodes: Nodes) -> bool:
    return nodes["overall"]["assessed"]["low"] is not None


def counts_of(nodes: Nodes, id: str) -> Mapping[str, int]:
    """Return the counts of tasks that a report prints: assessed where it has them."""
    counts: dict[str, int] = nodes[id][
        "assessed_conformance" if shows_assessed(nodes) else "conformance"
    ]
    return counts


def met_of(nodes: Nodes, id: str) -> str:
    counts = counts_of(nodes, id)
    return f"{counts['satisfied']} of {sum(counts.values()) - counts['not_applicable']}"


def standing(nodes: Nodes, id: str) -> str:
    word = next(word for word, count in counts_of(nodes, id).items() if count)
    return word.replace("_", " ")


def numbers_of(nodes: Nodes, id: str) -> str:
    names = ("claimed", "assessed") if shows_assessed(nodes) else ("claimed",)
    return " ".join(nodes[id][name]["display"] for name in names)


def expected_lines(kind: str, nodes: Nodes) -> Iterator[str]:
    """Yield each line with a number that a report of ``kind`` has to print."""
    yield f"{met_of(nodes, 'overall')} applicable tasks meet level {THRESHOLD}"
    yield f"Claimed {nodes['overall']['claimed']['display']}"
    if shows_assessed(nodes):
        yield f"Assessed {nodes['overall']['assessed']['display']}"
    counts = counts_of(nodes, "overall")
    told = [f"{counts[word]} {word.replace('_', ' ')}" for word in WORDS if counts.get(word)]
    yield ", ".join(told) + ". NIST"
    for id, node in nodes.items():
        row = f"{id} {node['title']} {numbers_of(nodes, id)}"
        if node["kind"] == "practice":
            yield f"{row} {met_of(nodes, id)}"
        elif kind == "assessment" and node["kind"] == "group":
            yield f"{id} The whole group {numbers_of(nodes, id)} {met_of(nodes, id)}"
        elif kind == "assessment" and node["kind"] == "task":
            yield f"{row} {standing(nodes, id)}"
            head = f"{id} {node['title']} claimed {node['claimed']['display']}"
            if shows_assessed(nodes):
                head += f" assessed {node['assessed']['display']}"
            yield f"{head} level {THRESHOLD}: {standing(nodes, id)}"


def wrong_numbers(text: str, kind: str, nodes: Nodes) -> list[str]:
    """Return every line that is missing, and every number printed that the JSON does not hold."""
    missing = [line for line in expected_lines(kind, nodes) if " ".join(line.split()) not in text]
    names = ("claimed", "assessed") if shows_assessed(nodes) else ("claimed",)
    held = {node[name]["display"] for node in nodes.values() for name in names} | {EXAMPLE}
    return missing + sorted(set(NUMBER.findall(text)) - held) + wrong_sums(text, nodes)


def wrong_sums(text: str, nodes: Nodes) -> list[str]:
    """Return the sums of the worked example that don't come to the fraction of their practice."""
    practice = re.search(r"One practice worked out: (\S+)", text)
    sums = re.findall(
        r"(Claimed|Assessed)(?:, (low|high) end)?: \(([^)]*)\) ÷ (\d+) = (\S+),", text
    )
    wrong = []
    for name, end, terms, count, result in sums:
        node = nodes[practice[1] if practice else ""]
        total = sum(_term(term) for term in terms.split(" + ")) / int(count)
        if not total == Fraction(result) == Fraction(node[name.lower()][end or "low"]):
            wrong.append(f"{name}: ({terms}) ÷ {count} = {result}")
    return wrong


def _term(written: str) -> Fraction:
    weight, times, value = written.partition(" × ")
    return Fraction(weight) * Fraction(value) if times else Fraction(written)
