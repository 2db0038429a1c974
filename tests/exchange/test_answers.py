"""Answers files: what is read from a good one, and each way in which one can be bad."""

from __future__ import annotations

import json
import re
import time
from dataclasses import replace
from datetime import UTC, date, datetime
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sdlc_assess import clock, exchange
from sdlc_assess.assessment.response import TEXT_LIMIT
from sdlc_assess.assessment.snapshot import working_digest
from sdlc_assess.catalog.library import Library
from sdlc_assess.errors import InputErrors
from sdlc_assess.exchange import fields
from sdlc_assess.exchange.answers import FileEvidence, FileResponse, read, snapshot_of
from sdlc_assess.scoring import as_json, score
from tests.scoring.builders import a_framework, a_profile, a_question, a_questionnaire

NEVER = a_question("PS.1.1", na_when=())
YES_NO = replace(
    a_question("PS.1.2", highest=1),
    options=tuple(
        replace(option, id=id)
        for option, id in zip(a_question("x", highest=1).options, ("no", "yes"), strict=True)
    ),
)
ASKED = a_questionnaire("PO.1.1", "PO.1.2", "PO.2.1", NEVER, YES_NO)
TASKS = a_framework("PO.1.1", "PO.1.2", "PO.2.1", "PS.1.1", "PS.1.2")
PROFILE = a_profile()
LIBRARY = Library(Path("nowhere"), {ASKED.ref: ASKED}, {TASKS.ref: TASKS}, {PROFILE.ref: PROFILE})

GOOD = """\
questionnaire: tiny@1.0.0
subject: Sentry Agent
as_of: 2026-11-24
responses:
  PO.1.1:
    answer: 3
    justification: |
      The policy names an owner.
    evidence:
      - {title: The policy, file: docs/policy.md, collected: 2026-10-01, valid_until: "2027-10-01"}
      - {title: The tracker, url: "https://example.org/tracker"}
  PO.1.2: {answer: na, na_reason: No component comes from outside.}
  PO.2.1: {answer: na, reason: There are no roles.}
  PS.1.1: {answer: "0"}
  PS.1.2: {answer: yes}
"""


def write(folder: Path, text: str | bytes, name: str = "answers.yaml") -> Path:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def flaws_of(folder: Path, text: str | bytes, name: str = "answers.yaml") -> list[tuple[int, str]]:
    with pytest.raises(InputErrors) as raised:
        read(write(folder, text, name), LIBRARY)
    assert all(flaw.path.endswith(name) for flaw in raised.value.errors)
    return [(flaw.line, flaw.code) for flaw in raised.value.errors]


def test_a_good_file_is_read_whole(tmp_path: Path) -> None:
    found = read(write(tmp_path, GOOD), LIBRARY)
    assert found.questionnaire == "tiny@1.0.0"
    assert found.subject == "Sentry Agent"
    assert found.as_of == date(2026, 11, 24)
    assert found.responses == {
        "PO.1.1": FileResponse(
            "3",
            "The policy names an owner.",
            "",
            (
                FileEvidence("The policy", "docs/policy.md", date(2026, 10, 1), date(2027, 10, 1)),
                FileEvidence("The tracker", "https://example.org/tracker"),
            ),
        ),
        "PO.1.2": FileResponse("na", "", "No component comes from outside."),
        "PO.2.1": FileResponse("na", "", "There are no roles."),
        "PS.1.1": FileResponse("0"),
        "PS.1.2": FileResponse("yes"),
    }


def test_json_says_the_same_as_yaml(tmp_path: Path) -> None:
    said = {
        "questionnaire": "tiny@1.0.0",
        "subject": "Wächter \U0001f6e1 \\ud83d \\\U0001f6e1",
        "responses": {"PO.1.1": {"answer": 3, "justification": "two\nlines\tand a / slash"}},
    }
    said["responses"]["PO.1.1"]["justification"] = "two\nlines and a / slash"  # type: ignore[index]
    for ascii_only in (True, False):
        for indent in ("\t", 2, None):
            text = json.dumps(said, ensure_ascii=ascii_only, indent=indent)
            found = read(write(tmp_path, text, "answers.JSON"), LIBRARY)
            assert found.subject == said["subject"]
            assert found.responses["PO.1.1"] == FileResponse("3", "two\nlines and a / slash")
            assert found.as_of is None


def test_a_json_file_names_lines_too(tmp_path: Path) -> None:
    said = {"questionnaire": "tiny", "subject": "x", "responses": {"PO.9": {}}}
    text = json.dumps(said, indent="\t")
    assert flaws_of(tmp_path, text, "answers.json") == [(5, "unknown-question")]


def test_what_was_refused_while_reading_is_not_missed_a_second_time(tmp_path: Path) -> None:
    assert flaws_of(tmp_path, "questionnaire: tiny\nsubject: *x\n") == [(2, "alias")]


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(tmp_path: Path) -> None:
    text = b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode()
    assert read(write(tmp_path, text), LIBRARY) == read(write(tmp_path, GOOD), LIBRARY)


def test_an_answer_left_empty_is_unanswered(tmp_path: Path) -> None:
    text = "questionnaire: tiny\nsubject: x\nresponses: {PO.1.1: {answer: }, PO.1.2: {}}\n"
    found = read(write(tmp_path, text), LIBRARY)
    assert found.questionnaire == "tiny@1.0.0"
    assert found.claims == {"PO.1.1": {"": None}, "PO.1.2": {"": None}}


def test_a_file_without_responses_answers_nothing(tmp_path: Path) -> None:
    for end in ("", "responses:\n", "responses: {}\n"):
        found = read(write(tmp_path, f"questionnaire: tiny\nsubject: x\n{end}"), LIBRARY)
        assert found.responses == {}


HEAD = "questionnaire: tiny@1.0.0\nsubject: Sentry Agent\n"
RESPONSE = HEAD + "responses:\n  PO.1.1:\n"
LONG = "a" * (TEXT_LIMIT + 1)

BAD = [
    # (what is wrong, text, line, code, words that tell what to do)
    ("no questionnaire", "subject: x\n", 1, "no-questionnaire", "tiny@1.0.0"),
    ("unknown questionnaire", "questionnaire: tony@1.0.0\nsubject: x\n", 1, "unknown-questionnaire",
     'Did you mean "tiny@1.0.0"?'),
    ("no subject", "questionnaire: tiny\n", 1, "no-subject", "what is assessed"),
    ("unknown key", HEAD + "respones: {}\n", 3, "unknown-key", 'Did you mean "responses"?'),
    ("unknown key, far from all", HEAD + "zzz: {}\n", 3, "unknown-key", "Known are as_of"),
    ("unknown question", HEAD + "responses:\n  PO.1.11: {answer: 3}\n", 4, "unknown-question",
     'tiny@1.0.0 has no question PO.1.11. Did you mean "PO.1.1"?'),
    ("unknown question in lower case", HEAD + "responses:\n  po.2.1: {}\n", 4, "unknown-question",
     'Did you mean "PO.2.1"?'),
    ("unknown option", RESPONSE + "    answer: 7\n", 5, "unknown-option",
     'no option "7". Choose one of 0, 1, 2, 3, 4, na.'),
    ("option with a decimal", RESPONSE + "    answer: 3.0\n", 5, "unknown-option",
     "Choose one of 0, 1, 2, 3, 4"),
    ("not applicable spelt out", RESPONSE + "    answer: N/A\n", 5, "unknown-option",
     'Did you mean "na"?'),
    ("several options", RESPONSE + "    answer: [1, 2]\n", 5, "wrong-type", "one option id"),
    ("date for an option", RESPONSE + "    answer: 2026-10-01\n", 5, "wrong-type", "one option"),
    ("not applicable without a reason", RESPONSE + "    answer: na\n", 5, "na-without-reason",
     "na_reason"),
    ("not applicable with a blank reason", RESPONSE + '    answer: na\n    na_reason: " "\n', 5,
     "na-without-reason", "na_reason"),
    ("not applicable where it never is", HEAD + "responses:\n  PS.1.1: {answer: na, reason: x}\n",
     4, "na-never", '"0" if nothing shows it'),
    ("a reason without not applicable", RESPONSE + "    answer: 3\n    reason: x\n", 6,
     "reason-without-na", "justification"),
    ("two reasons", RESPONSE + "    answer: na\n    reason: x\n    na_reason: y\n", 6,
     "two-reasons", "keep one"),
    ("text that is too long", RESPONSE + f"    justification: {LONG}\n", 5, "text-too-long",
     "20,001 characters; at most 20,000 fit"),
    ("a megabyte of text", RESPONSE + f"    justification: {'a ' * 600_000}b\n", 5,
     "text-too-long", "link to a document"),
    ("a number for text", RESPONSE + "    justification: 2026\n", 5, "wrong-type", "in quotes"),
    ("text for a response", HEAD + "responses:\n  PO.1.1: 3\n", 4, "wrong-type", "hold keys"),
    ("a list for responses", HEAD + "responses: []\n", 3, "wrong-type", "hold keys"),
    ("text for evidence", RESPONSE + "    evidence: some\n", 5, "wrong-type", "a list"),
    ("text for a piece of evidence", RESPONSE + "    evidence: [some]\n", 5, "wrong-type", "keys"),
    ("evidence without a title", RESPONSE + "    evidence:\n      - {file: x}\n", 6, "no-title",
     "say what it is"),
    ("evidence that is nowhere", RESPONSE + "    evidence:\n      - {title: x}\n", 6, "no-location",
     "one url or one file"),
    ("evidence in two places",
     RESPONSE + "    evidence:\n      - {title: x, url: 'https://x', file: y}\n", 6, "no-location",
     "one url or one file"),
    ("a script for a url", RESPONSE + "    evidence:\n      - {title: x, url: 'javascript:x'}\n", 6,
     "bad-url", "https://"),
    ("a date that is none", HEAD + "as_of: 2026-02-30\n", 3, "bad-date", "such as 2026-10-01"),
    ("a date in words", HEAD + "as_of: last week\n", 3, "bad-date", "such as 2026-10-01"),
    ("a date in another form", HEAD + 'as_of: "20261001"\n', 3, "bad-date", "such as 2026-10-01"),
    ("a quoted date that is none", HEAD + 'as_of: "2026-13-01"\n', 3, "bad-date", "as_of"),
    ("a date and time", HEAD + "as_of: 2026-10-01T10:00:00Z\n", 3, "bad-date", "as_of"),
    ("valid until before it was collected",
     RESPONSE + "    evidence:\n      - title: x\n        file: y\n        collected: 2026-10-01\n"
     "        valid_until: 2026-09-30\n", 9, "dates-reversed", "mend one date"),
    ("a key twice", HEAD + "responses:\n  PO.1.1: {answer: 1}\n  PO.1.1: {}\n", 5,
     "duplicate-key", "twice"),
    ("an anchor", HEAD + "as_of: &x\n", 3, "anchor", "leave it out"),
    ("a tag", HEAD + "as_of: !!python/object:os.system x\n", 3, "tag", "leave it out"),
    ("a tab", RESPONSE + "\tanswer: 3\n", 5, "control-character", "tab"),
    ("an escaped bell", RESPONSE + '    justification: "\\a"\n', 5, "control-character", "U+0007"),
    ("no YAML", HEAD + "responses: {PO.1.1: \n", 4, "syntax", "no YAML"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "line", "code", "words"), [bad[1:] for bad in BAD], ids=[bad[0] for bad in BAD]
)
def test_each_error_is_named_with_its_line(
    tmp_path: Path, text: str, line: int, code: str, words: str
) -> None:
    with pytest.raises(InputErrors) as raised:
        read(write(tmp_path, text), LIBRARY)
    first, *others = [flaw for flaw in raised.value.errors if flaw.code == code]
    assert (first.line, others) == (line, [])
    assert words in first.text
    assert {flaw.code for flaw in raised.value.errors} - {code} <= {"bad-date"}  # an anchor's date


WHOLE_FILE = [
    ("binary", b"questionnaire: tiny\0", "binary"),
    ("a PDF", b"%PDF-1.7\n", "binary"),
    ("a spreadsheet", b"PK\x03\x04", "binary"),
    ("UTF-16", GOOD.encode("utf-16"), "binary"),
    ("Latin-1", b"subject: W\xe4chter\n", "not-utf8"),
    ("over five megabytes", b"#" * (fields.MOST_BYTES + 1), "file-too-large"),
    ("a control character", b"subject: a\x07b\n", "control-character"),
    ("a hidden mark", "subject: a\u202eb\n".encode(), "control-character"),
    ("nothing at all", b"", "wrong-type"),
    ("a list", b"- questionnaire: tiny\n", "wrong-type"),
]


@pytest.mark.parametrize(
    ("raw", "code"), [case[1:] for case in WHOLE_FILE], ids=[case[0] for case in WHOLE_FILE]
)
def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path, raw: bytes, code: str) -> None:
    assert code in [found for _, found in flaws_of(tmp_path, raw)]


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputErrors, match=r"gone\.yaml: The file cannot be read"):
        read(tmp_path / "gone.yaml", LIBRARY)


def test_aliases_by_the_billion_are_refused_at_once(tmp_path: Path) -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    start = time.perf_counter()
    found = flaws_of(tmp_path, HEAD + "\n".join(lines))
    assert time.perf_counter() - start < 1
    assert "alias" in {code for _, code in found}


def test_all_errors_come_at_once_in_the_order_of_lines(tmp_path: Path) -> None:
    text = (
        "questionnaire: tiny@1.0.0\n"
        "as_of: yesterday\n"
        "responses:\n"
        "  PO.1.1: {answer: 9}\n"
        "  PO.1.2: {answer: na}\n"
        "  PO.9.9: {answer: 3, surprise: 1}\n"
        "  PS.1.1:\n"
        "    answer: na\n"
        "    na_reason: never\n"
        "    evidence: [{title: x}]\n"
        "    evidence: []\n"
    )
    assert flaws_of(tmp_path, text) == [
        (1, "no-subject"),
        (2, "bad-date"),
        (4, "unknown-option"),
        (5, "na-without-reason"),
        (6, "unknown-key"),
        (6, "unknown-question"),
        (8, "na-never"),
        (11, "duplicate-key"),
    ]


def test_an_unknown_questionnaire_hides_no_other_error(tmp_path: Path) -> None:
    text = "questionnaire: other@1\nsubject: x\nresponses:\n  Q.1: {answer: 3, as_of: 1}\n"
    assert flaws_of(tmp_path, text) == [(1, "unknown-questionnaire"), (4, "unknown-key")]


def test_every_code_has_a_test() -> None:
    folder = Path(exchange.__file__).parent
    source = (folder / "answers.py").read_text() + (folder / "fields.py").read_text()
    codes = set(re.findall(r'"([a-z]+(?:-[a-z0-9]+)+|binary|unreadable)"', source))
    tested = {bad[3] for bad in BAD} | {case[2] for case in WHOLE_FILE} | {"unreadable"}
    assert codes - {"utf-8"} <= tested
    assert "no-subject" in codes


@given(st.one_of(st.binary(max_size=300), st.text(max_size=300).map(str.encode)))
@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_nothing_but_input_errors_comes_of_any_bytes(tmp_path: Path, raw: bytes) -> None:
    for name in ("answers.yaml", "answers.json"):
        with pytest.raises(InputErrors):
            read(write(tmp_path, raw, name), LIBRARY)


def a_snapshot(folder: Path, text: str = GOOD) -> dict[str, object]:
    found = read(write(folder, text), LIBRARY)
    return snapshot_of(found, ASKED, TASKS, PROFILE, "0.1.0")


def test_the_snapshot_is_a_self_assessment_that_is_no_record(tmp_path: Path) -> None:
    found = a_snapshot(tmp_path)
    parts = found["parts"]
    assert isinstance(parts, dict)
    basis = parts["basis"]
    assert (basis["kind"], basis["state"], basis["stored"]) == ("self", "draft", False)
    assert (basis["assessment"], basis["assessor"]) == (None, None)
    assert (basis["as_of"], basis["frozen_at"]) == ("2026-11-24", "2026-11-24T00:00:00Z")
    assert basis["target"]["name"] == "Sentry Agent"
    assert basis["questionnaire"]["digest"] == ASKED.digest
    assert basis["software"] == "0.1.0"
    assert not any(name.startswith("verdict/") for name in parts)
    assert found["digest"] == working_digest(parts)
    json.dumps(found)


def test_the_snapshot_holds_every_answer_and_the_score(tmp_path: Path) -> None:
    parts = a_snapshot(tmp_path)["parts"]
    assert isinstance(parts, dict)
    (answer,) = parts["response/PO.1.1"]["answers"]
    assert (answer["unit"], answer["option"], answer["revision"]) == ("", "3", 1)
    assert answer["evidence"][0] == {
        "title": "The policy",
        "location": "docs/policy.md",
        "collected": "2026-10-01",
        "valid_until": "2027-10-01",
    }
    claims = read(write(tmp_path, GOOD), LIBRARY).claims
    nodes = as_json(score(ASKED, TASKS, PROFILE, claims), PROFILE)["nodes"]
    assert {name: part for name, part in parts.items() if name.startswith("score/")} == {
        f"score/{id}": node for id, node in nodes.items()
    }
    assert Fraction(parts["score/PO.1"]["claimed"]["value"]) == Fraction(3, 4)
    assert (parts["summary"]["answered"], parts["summary"]["total"]) == (5, 5)


def test_a_question_left_out_of_the_file_is_unanswered_in_the_snapshot(tmp_path: Path) -> None:
    parts = a_snapshot(tmp_path, "questionnaire: tiny\nsubject: x\n")["parts"]
    assert isinstance(parts, dict)
    for id in ASKED.by_id:
        (answer,) = parts[f"response/{id}"]["answers"]
        assert (answer["option"], answer["revision"]) == (None, 0)


def test_a_file_without_a_date_is_dated_today(tmp_path: Path) -> None:
    text = "questionnaire: tiny\nsubject: x\n"
    with clock.held_at(datetime(2026, 12, 1, 23, 59, tzinfo=UTC)):
        parts = a_snapshot(tmp_path, text)["parts"]
    assert isinstance(parts, dict)
    assert parts["basis"]["as_of"] == "2026-12-01"


def test_the_same_file_is_the_same_snapshot(tmp_path: Path) -> None:
    with clock.held_at(datetime(2026, 12, 1, tzinfo=UTC)):
        first = a_snapshot(tmp_path)
    assert a_snapshot(tmp_path) == first
    assert a_snapshot(tmp_path, GOOD.replace("answer: 3", "answer: 2"))["digest"] != first["digest"]
