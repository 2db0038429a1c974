"""The digest: what a questionnaire says counts, how its file looks does not."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import pytest
import yaml

from sdlc_assess.catalog.library import library
from sdlc_assess.catalog.load import load_framework, load_profile, load_questionnaire
from sdlc_assess.catalog.plain import content_digest, plain_questionnaire
from tests.catalog.specimens import GOOD

TINY = GOOD / "tiny" / "1.0.0.yaml"


def digest_of(text: str, folder: Path) -> str:
    root = folder / "library"
    for file in GOOD.glob("**/*.yaml"):
        target = root / file.relative_to(GOOD)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(file.read_bytes())
    (root / "tiny" / "1.1.0.yaml").unlink(missing_ok=True)
    target = root / "tiny" / "1.0.0.yaml"
    target.write_text(text)
    return load_questionnaire(target).digest


def test_the_digest_is_sha256_over_the_canonical_json(tmp_path: Path) -> None:
    tiny = load_questionnaire(TINY)
    # all keys are ASCII and all numbers are whole, so RFC 8785 equals sorted compact JSON
    data = plain_questionnaire(tiny)
    form = json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert tiny.digest == hashlib.sha256(form.encode()).hexdigest()


def test_layout_remarks_and_written_out_defaults_do_not_count(tmp_path: Path) -> None:
    text = TINY.read_text()
    before = load_questionnaire(TINY).digest
    data = yaml.safe_load(text)
    data["changes"] = []
    data["sections"][0]["questions"][0]["weight"] = 1
    others = [
        "# a remark\n" + text.replace("id: tiny\n", "id:    'tiny'\n"),
        yaml.safe_dump(data, sort_keys=True, default_flow_style=True, width=40),
        text.replace("\n", "\r\n"),
    ]
    for other in others:
        assert other != text
        assert digest_of(other, tmp_path) == before


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Where is the key?", "Where is the Key?"),
        ("weight: 2", "weight: 3"),
        ("key in a safe.\n", "key in a case.\n"),
        ("\n\n          Look under", "\n          Look under"),
        ("kind: policy", "kind: metric"),
        ("In a drawer", "In drawers"),
        ("drawer that locks", "drawer which locks"),
        ("na_when: [There is no lock.]", "na_when: [There is no door.]"),
        ("2027-03-01", "2027-03-02"),
        ("any_of", "all_of"),
        ("tasks: [tiny:A.2.1]", "tasks: [tiny:A.2.1, tiny:A.1.1]"),
        ("title: First section", "title: Second section"),
        ("language: en", "language: de"),
    ],
)
def test_each_part_of_what_is_said_counts(old: str, new: str, tmp_path: Path) -> None:
    text = TINY.read_text()
    assert old in text
    assert digest_of(text.replace(old, new, 1), tmp_path) != load_questionnaire(TINY).digest


def test_the_plain_form_is_the_grammar_and_loads_to_the_same(tmp_path: Path) -> None:
    for version in ("1.0.0", "1.1.0"):
        thing = load_questionnaire(GOOD / "tiny" / f"{version}.yaml")
        plain = plain_questionnaire(thing)
        for section in plain["sections"]:
            for question in section["questions"]:
                for key in ("when", "counts_from"):
                    if question[key] is None:
                        del question[key]
        for change in plain["changes"]:
            for key in [key for key, value in change.items() if not value]:
                del change[key]
        text = yaml.safe_dump(plain).replace("'2027-03-01'", "2027-03-01")
        plain_file = tmp_path / f"{version}.yaml"
        plain_file.write_text(text)
        assert _loaded_in_good(text, version, tmp_path) == thing


def _loaded_in_good(text: str, version: str, folder: Path) -> object:
    digest_of(TINY.read_text(), folder)
    target = folder / "library" / "tiny" / f"{version}.yaml"
    target.write_text(text)
    return load_questionnaire(target)


def test_frameworks_and_profiles_have_digests_too() -> None:
    framework = load_framework(GOOD / "frameworks" / "tiny" / "1.yaml")
    profile = load_profile(GOOD / "scoring" / "tiny-maturity" / "1.0.0.yaml")
    digests = {content_digest(framework), content_digest(profile), profile.digest}
    assert len(digests) == 2
    assert all(re.fullmatch("[0-9a-f]{64}", digest) for digest in digests)
    assert library(GOOD).profile("tiny-maturity").digest == profile.digest
