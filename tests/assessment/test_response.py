"""What an answer must keep before it is saved, and what it says when it can't be."""

from __future__ import annotations

import pytest

from sdlc_assess.assessment.response import (
    Answer,
    InvalidAnswer,
    checked,
    checklist,
    clean_text,
    fact_keys,
    fact_text,
)
from sdlc_assess.catalog.questionnaire import AnswerOption, Question

OPTIONS = (
    AnswerOption("0", "None", ("Nothing shows it.",)),
    AnswerOption("1", "Some", ("A note.", "A second note.")),
    AnswerOption("2", "All", ("Every note.",)),
)
STRICT = Question("Q.1", "What shows it?", ("T.1",), OPTIONS)
LOOSE = Question("Q.2", "What shows it?", ("T.1",), OPTIONS, na_when=("There is none.",))


def test_a_plain_answer_is_cleaned_and_kept() -> None:
    given = Answer("1", "  two\r\nlines ", "left over", ("1.1", "0.0"))
    assert checked(STRICT, given) == Answer("1", "two\nlines", "", ("0.0", "1.1"))


def test_no_answer_is_an_answer_too() -> None:
    assert checked(STRICT, Answer()) == Answer()


def test_an_unknown_option_names_the_ones_there_are() -> None:
    with pytest.raises(InvalidAnswer, match=r"no option '7'.* 0, 1, 2"):
        checked(STRICT, Answer("7"))


def test_an_unknown_fact_is_refused() -> None:
    with pytest.raises(InvalidAnswer, match=r"no fact '4\.0'"):
        checked(STRICT, Answer("1", facts=("4.0",)))


def test_not_applicable_needs_a_reason_and_a_question_that_allows_it() -> None:
    with pytest.raises(InvalidAnswer, match="needs a reason"):
        checked(LOOSE, Answer("na", na_reason="  "))
    with pytest.raises(InvalidAnswer, match="applies to every vendor"):
        checked(STRICT, Answer("na", na_reason="We are special."))
    assert checked(LOOSE, Answer("na", na_reason="None exists.")).na_reason == "None exists."


def test_a_megabyte_of_text_is_refused_and_said_to_be_kept() -> None:
    with pytest.raises(InvalidAnswer, match=r"1,000,000 characters.*still stands in the form"):
        checked(STRICT, Answer("1", "x" * 1_000_000))


@pytest.mark.parametrize("character", ["\x00", "\x07", "\x1b", "\x7f", "\ud800"])
def test_control_characters_are_named(character: str) -> None:
    with pytest.raises(InvalidAnswer, match=rf"U\+{ord(character):04X}"):
        checked(STRICT, Answer("1", f"a{character}b"))


@pytest.mark.parametrize("text", ["tab\tand\nline", "Żółć, 漢字, עברית", "🔒", "<b>{{7*7}}</b>"])
def test_every_readable_text_is_kept_to_the_letter(text: str) -> None:
    assert clean_text(text, "text") == text


def test_facts_have_keys_and_texts() -> None:
    assert fact_keys(STRICT) == ["0.0", "1.0", "1.1", "2.0"]
    assert fact_text(STRICT, "1.1") == "A second note."
    assert [fact_text(STRICT, k) for k in ("", "9.0", "1.9", "1.x")] == ["", "", "", ""]


def test_the_checklist_names_gaps_and_bare_claims() -> None:
    found = checklist(
        [STRICT, LOOSE, Question("Q.3", "?", ("T.1",), OPTIONS), Question("Q.4", "?", (), OPTIONS)],
        {
            "Q.1": [Answer("2", "See the wiki.")],
            "Q.2": [Answer("1", "")],
            "Q.3": [Answer("1", "x"), Answer(None)],
        },
    )
    assert found.unanswered == ("Q.3", "Q.4")
    assert found.unexplained == ("Q.2",)
    assert (found.answered, found.total, found.has_gaps) == (2, 4, True)


def test_a_whole_checklist_has_no_gaps() -> None:
    found = checklist([STRICT], {"Q.1": [Answer("0")]})
    assert not found.has_gaps
    assert found.unexplained == ()
