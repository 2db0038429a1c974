"""The library: what is found by which reference, and what is told when it is not sound."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from sdlc_assess.catalog.condition import AnyIn, AnyOf, Equals, Negate
from sdlc_assess.catalog.library import (
    UnknownFramework,
    UnknownProfile,
    UnknownQuestionnaire,
    library,
)
from sdlc_assess.catalog.lint import lint
from sdlc_assess.catalog.load import (
    load_framework,
    load_profile,
    load_questionnaire,
    version_before,
)
from sdlc_assess.catalog.plain import content_digest
from sdlc_assess.catalog.questionnaire import Change, EvidenceHint
from sdlc_assess.errors import InputErrors
from tests.catalog.specimens import GOOD


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return Path(shutil.copytree(GOOD, tmp_path / "library"))


def rewrite(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))


def test_a_questionnaire_is_what_its_file_says() -> None:
    tiny = load_questionnaire(GOOD / "tiny" / "1.0.0.yaml")
    assert (tiny.ref, tiny.framework, tiny.scoring) == (
        "tiny@1.0.0",
        "tiny@1",
        "tiny-maturity@1.0.0",
    )
    assert [section.id for section in tiny.sections] == ["A"]
    assert list(tiny.by_id) == [q.id for q in tiny.questions()] == ["A.1.1", "A.1.2", "A.2.1"]
    first, second, third = tiny.questions()
    assert first.guidance == "A key under the mat is no key in a safe.\n\nLook under the mat."
    assert (first.weight, first.na_when, first.when, first.counts_from) == (1, (), None, None)
    assert [option.id for option in first.options] == ["0", "1", "2"]
    best = first.option("2")
    assert best is not None
    assert best.facts == ("The key lies in a safe.", "Each opening is in the key book.")
    assert first.option("3") is None
    assert (second.weight, second.na_when) == (2, ("There is no lock.",))
    assert second.evidence[1] == EvidenceHint("policy", "the key rule")
    assert third.tasks == ("A.2.1",)
    assert third.counts_from == date(2027, 3, 1)
    assert third.when == AnyOf((Equals("A.1.1", "2"), Negate(AnyIn("A.1.2", ("0", "na")))))


def test_the_change_list_names_what_moved() -> None:
    changes = library(GOOD).questionnaire("tiny@1.1.0").changes
    assert changes[0] == Change("wording", "A.1.1", note="Asked more plainly.")
    assert changes[2] == Change("merged", None, ("A.2.1",), ("B.2.1",), "Named by the new section.")


def test_references_find_one_version_or_the_latest(root: Path) -> None:
    for version in ("1.2.0", "1.10.0"):
        text = (root / "tiny" / "1.1.0.yaml").read_text().replace("1.1.0", version, 1)
        a, b = text.index("changes:"), text.index("sections:")
        (root / "tiny" / f"{version}.yaml").write_text(text[:a] + text[b:])
    found = library(root)
    assert [each.ref for each in found.questionnaires()] == [
        "tiny@1.0.0",
        "tiny@1.1.0",
        "tiny@1.2.0",
        "tiny@1.10.0",
    ]
    assert found.questionnaire("tiny").version == "1.10.0"
    assert found.questionnaire("tiny@1.0.0").version == "1.0.0"
    assert found.framework("tiny@1") is found.framework("tiny")
    assert found.framework("tiny").ref == "tiny@1"
    assert found.profile("tiny-maturity").ref == "tiny-maturity@1.0.0"


def test_unknown_references_name_what_there_is() -> None:
    found = library(GOOD)
    with pytest.raises(UnknownQuestionnaire, match=r"huge@1\.0\.0.*tiny@1\.0\.0, tiny@1\.1\.0"):
        found.questionnaire("huge@1.0.0")
    with pytest.raises(UnknownQuestionnaire, match="tin"):
        found.questionnaire("tin")
    with pytest.raises(UnknownFramework, match="tiny@1"):
        found.framework("tiny@2")
    with pytest.raises(UnknownProfile, match=r"tiny-maturity@1\.0\.0"):
        found.profile("")


def test_an_empty_library_says_that_it_has_none(tmp_path: Path) -> None:
    with pytest.raises(UnknownQuestionnaire, match="none"):
        library(tmp_path).questionnaire("tiny")


def test_released_is_what_published_lists_with_its_true_digest(root: Path) -> None:
    before = library(root).questionnaire("tiny@1.0.0")
    assert not before.released
    profile = library(root).profile("tiny-maturity")
    framework = content_digest(library(root).framework("tiny"))
    (root / "PUBLISHED").write_text(
        f"# released\n\ntiny 1.0.0 {before.digest}\ntiny-maturity 1.0.0 {profile.digest}\n"
    )
    after = library(root)
    assert after.questionnaire("tiny@1.0.0").released
    assert not after.questionnaire("tiny@1.1.0").released
    assert load_questionnaire(root / "tiny" / "1.0.0.yaml").released

    rewrite(root / "tiny" / "1.0.0.yaml", "Where is the key?", "Where's the key?")
    with pytest.raises(InputErrors, match=r"PUBLISHED:3: tiny 1\.0\.0 was released"):
        library(root)
    with pytest.raises(InputErrors, match="PUBLISHED:3"):
        load_questionnaire(root / "tiny" / "1.0.0.yaml")
    assert len(framework) == 64


def test_published_that_is_no_text_is_told(root: Path) -> None:
    (root / "PUBLISHED").write_bytes(b"# \xff\n")
    with pytest.raises(InputErrors) as caught:
        library(root)
    assert [flaw.code for flaw in caught.value.errors] == ["not-utf8"]


def test_the_errors_of_all_files_come_together(root: Path) -> None:
    rewrite(root / "tiny" / "1.0.0.yaml", "weight: 2", "weight: 0")
    rewrite(root / "frameworks" / "tiny" / "1.yaml", "publisher:", "publishr:")
    rewrite(root / "scoring" / "tiny-maturity" / "1.0.0.yaml", "scale: 2", "scale: 0")
    (root / "scoring" / "tall" / "1.0.0.yaml").write_bytes(b"\xff")
    (root / "frameworks" / "tiny" / "2.yaml").write_bytes(b"a: [")
    with pytest.raises(InputErrors) as caught:
        library(root)
    # neither questionnaire is told that its framework is missing: it is there and not sound
    assert sorted(flaw.code for flaw in caught.value.errors) == [
        "missing-key",
        "not-utf8",
        "scale",
        "syntax",
        "unknown-key",
        "weight",
    ]


def test_one_file_is_told_the_errors_of_what_it_stands_on(root: Path) -> None:
    rewrite(root / "frameworks" / "tiny" / "1.yaml", "publisher:", "publishr:")
    for file in ("tiny/1.0.0.yaml", "frameworks/tiny/1.yaml"):
        count, flaws = lint([root / file])
        assert count == 1
        assert [flaw.code for flaw in flaws] == ["missing-key", "unknown-key"]
    with pytest.raises(InputErrors, match="publishr"):
        load_questionnaire(root / "tiny" / "1.0.0.yaml")
    with pytest.raises(InputErrors, match="publishr"):
        load_framework(root / "frameworks" / "tiny" / "1.yaml")


def test_a_file_outside_a_library_stands_on_the_shipped_one(tmp_path: Path) -> None:
    text = (GOOD / "tiny" / "1.0.0.yaml").read_text()
    text = text.replace("tiny@1]", "nist-ssdf@1.1]").replace("tiny-maturity", "ssdf-maturity")
    for old, new in (("tiny:A.1.1", "PO.1.1"), ("tiny:A.1.2", "PO.1.2"), ("tiny:A.2.1", "PS.1.1")):
        text = text.replace(old, f"nist-ssdf:{new}")
    file = tmp_path / "my-draft.yaml"  # no folder and no file name is asked of it
    file.write_text(text)
    assert {flaw.code for flaw in lint([file])[1]} == {"no-threshold", "no-goal"}

    framework = Path(shutil.copy(GOOD / "frameworks" / "tiny" / "1.yaml", tmp_path / "f.yaml"))
    profile = Path(shutil.copy(GOOD / "scoring" / "tall" / "1.0.0.yaml", tmp_path / "p.yaml"))
    assert load_framework(framework).id == "tiny"
    assert load_profile(profile).id == "tall"
    assert lint([framework, profile]) == (2, [])
    assert lint([tmp_path])[0] == 3
    framework.write_bytes(b"\xff")
    assert [flaw.code for flaw in lint([framework])[1]] == ["not-utf8"]
    rewrite(profile, "decimals: 1", "decimals: one")
    with pytest.raises(InputErrors, match="decimals"):
        load_profile(profile)


def test_the_version_before_is_the_nearest_sound_one(root: Path) -> None:
    folder = root / "tiny"
    file = folder / "2.0.0.yaml"
    before = version_before(file, "2.0.0")
    assert before is not None
    assert before.version == "1.1.0"
    assert version_before(file, "1.0.0") is None
    (folder / "notes.yaml").write_text("a: b")
    (folder / "1.10.0.yaml").write_text("a: b")
    assert version_before(file, "1.5.0") == before
    assert version_before(file, "2.0.0") is None  # 1.10.0 is told its own errors
    (folder / "1.10.0.yaml").write_bytes(b"\xff")
    assert version_before(file, "2.0.0") is None


def test_what_a_released_questionnaire_covers_is_not_told_while_it_is_out_of_shape(
    root: Path,
) -> None:
    file = root / "tiny" / "1.0.0.yaml"
    rewrite(file, "[tiny:A.1.1]", "[tiny:A.1.2]")
    (root / "PUBLISHED").write_text(f"tiny 1.0.0 {'0' * 64}\n")
    assert "task-uncovered" in {flaw.code for flaw in lint([root])[1]}
    rewrite(file, "weight: 2", "weight: 0")
    assert {flaw.code for flaw in lint([file])[1]} == {"weight"}


def test_sections_and_questions_without_an_id_are_told_that_only(root: Path) -> None:
    file = root / "tiny" / "1.0.0.yaml"
    rewrite(file, "  - id: A\n    title", "  - title")
    rewrite(file, "      - id: A.1.2\n        text", "      - text")
    flaws = lint([file])[1]
    assert [(flaw.code, flaw.line) for flaw in flaws if flaw.code == "missing-key"] == [
        ("missing-key", 9),
        ("missing-key", 25),
    ]
