"""The shipped library is sound, and its frameworks hold the ids their publishers gave them."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from sdlc_assess.catalog.framework import Framework
from sdlc_assess.catalog.library import library
from sdlc_assess.catalog.load import load_questionnaire
from sdlc_assess.catalog.schema import CHANGE_KINDS, EVIDENCE_KINDS
from sdlc_assess.catalog.wording import VAGUE, vague_words
from sdlc_assess.resources import shipped

REFERENCE = Path(__file__).resolve().parents[3] / "shared" / "reference" / "nist-ssdf"
TASKS = {
    "PO.1": 3, "PO.2": 3, "PO.3": 3, "PO.4": 2, "PO.5": 2, "PS.1": 1, "PS.2": 1, "PS.3": 2,
    "PW.1": 3, "PW.2": 1, "PW.4": 3, "PW.5": 1, "PW.6": 2, "PW.7": 2, "PW.8": 2, "PW.9": 2,
    "RV.1": 3, "RV.2": 2, "RV.3": 4,
}  # fmt: skip
"""Tasks per practice of SP 800-218 version 1.1, counted by hand; PW.4 skips PW.4.3."""
RETIRED = {"PW.3", "PW.3.1", "PW.3.2", "PW.4.3", "PW.4.5", "PW.5.2"}


@pytest.fixture(scope="module")
def ssdf() -> Framework:
    return library().framework("nist-ssdf@1.1")


def test_the_library_loads_once_a_process() -> None:
    assert library() is library()
    assert library().questionnaire("ssdf").ref == "ssdf@1.0.0"


def test_ssdf_is_a_candidate_scored_by_our_own_rule() -> None:
    found = library()
    ssdf = found.questionnaire("ssdf@1.0.0")
    profile = found.profile(ssdf.scoring)
    assert not ssdf.released
    assert (profile.threshold, profile.goal, profile.scale, profile.decimals) == ("3", "3", 4, 1)
    assert "NIST publishes no score" in profile.note


def test_questions_named_by_a_task_ask_that_task() -> None:
    found = library()
    ssdf = found.questionnaire("ssdf@1.0.0")
    tasks = {task.id for task in found.framework(ssdf.framework).tasks()}
    for question in ssdf.questions():
        assert question.tasks == (question.id,)
        assert question.id in tasks
        assert [option.id for option in question.options] == ["0", "1", "2", "3", "4"]


def test_ssdf_has_the_practices_and_tasks_of_its_edition(ssdf: Framework) -> None:
    practices = [practice for group in ssdf.groups for practice in group.practices]
    assert [group.id for group in ssdf.groups] == ["PO", "PS", "PW", "RV"]
    assert {practice.id: len(practice.tasks) for practice in practices} == TASKS
    ids = {task.id for task in ssdf.tasks()}
    assert len(ids) == 42
    assert len(practices) == 19
    assert set(ssdf.retired) == RETIRED
    assert not RETIRED & (ids | {practice.id for practice in practices})
    for practice in practices:
        assert all(task.id.rpartition(".")[0] == practice.id for task in practice.tasks)


def test_ssdf_ids_are_those_in_the_publishers_file(ssdf: Framework) -> None:
    assert _published().keys() == {
        id
        for group in ssdf.groups
        for practice in group.practices
        for id in (group.id, practice.id, *(task.id for task in practice.tasks))
    }


def test_no_requirement_is_the_publishers_wording(ssdf: Framework) -> None:
    published = " | ".join(_words(text) for text in _published().values())
    assert _longest_borrowing("the principle of least privilege so that only", published) == 8
    for task in ssdf.tasks():
        assert _longest_borrowing(task.requirement, published) < 8, task.id


def _published() -> dict[str, str]:
    """The publisher's {id: text}; a specimen of ours where their file is not at hand."""
    if not REFERENCE.is_dir():
        numbers = {p: [1, 2, 4] if p == "PW.4" else range(1, n + 1) for p, n in TASKS.items()}
        tasks = {f"{p}.{number}": "" for p, found in numbers.items() for number in found}
        specimen = {
            "PS.1.1": "Guard code by the principle of least privilege so that only few may."
        }
        return dict.fromkeys((*TASKS, "PO", "PS", "PW", "RV"), "") | tasks | specimen
    (file,) = REFERENCE.glob("*.cdx.json")
    (standard,) = json.loads(file.read_text())["definitions"]["standards"]
    return {each["identifier"]: each["text"] for each in standard["requirements"]}


def _words(text: str) -> str:
    return " ".join(re.findall(r"[a-z]+", text.lower().replace("organiz", "organis")))


def _longest_borrowing(text: str, published: str) -> int:
    """The most words in a row of ``text`` that stand so in ``published``."""
    words = _words(text).split()
    return max(
        length
        for start in range(len(words))
        for length in range(len(words) - start + 1)
        if f" {' '.join(words[start : start + length])} " in f" {published} "
    )


def test_titles_and_requirements_are_short_and_all_different(ssdf: Framework) -> None:
    tasks = list(ssdf.tasks())
    assert all(3 <= len(task.title.split()) <= 8 for task in tasks)
    assert all(1 <= len(re.findall(r"\.(?:\s|$)", task.requirement)) <= 2 for task in tasks)
    assert len({task.title for task in tasks}) == len({task.requirement for task in tasks}) == 42


@pytest.mark.parametrize("word", VAGUE)
def test_each_vague_word_is_seen_in_any_case_and_not_within_another(word: str) -> None:
    assert vague_words(f"It is {word.upper()}, they say.") == [word.upper()]
    assert vague_words(f"It is sub{word} or x-{word}ish.") == []


def test_a_figure_is_not_vague() -> None:
    assert vague_words("The rule says how often the key is changed.") == []
    assert vague_words("The key is often changed.") == ["often"]
    assert vague_words("Buttons, effectors and etching are things.") == []


def test_the_examples_of_the_guide_are_what_it_says(tmp_path: Path) -> None:
    guide = (shipped("questionnaires") / "README.md").read_text()
    first, second = re.findall(r"```yaml\n(.*?)```", guide, re.DOTALL)
    file = tmp_path / "doors.yaml"
    file.write_text(first)
    assert list(load_questionnaire(file).by_id) == ["PS.1.1", "PS.2.1"]
    file.write_text(first.replace("changes: [] ", second))
    assert [change.kind for change in load_questionnaire(file).changes] == ["wording", "split"]
    for kind in CHANGE_KINDS:
        assert f"`{kind}`" in guide
    for kind in EVIDENCE_KINDS:
        assert f"`{kind}`" in guide
