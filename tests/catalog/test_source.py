"""Reading: no input raises anything but a list of errors, and none is slow."""

from __future__ import annotations

import shutil
import time
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from sdlc_assess.catalog import source
from sdlc_assess.catalog.draft import draft_framework, draft_profile, draft_questionnaire
from sdlc_assess.catalog.load import load_questionnaire
from sdlc_assess.catalog.source import MOST_BYTES, MOST_NODES, Unquoted, parse, read
from sdlc_assess.errors import InputErrors
from tests.catalog.specimens import GOOD


def codes(raw: bytes) -> set[str]:
    try:
        return {flaw.code for flaw in parse(raw, "x.yaml").flaws}
    except InputErrors as errors:
        return {flaw.code for flaw in errors.errors}


def test_billion_laughs_are_refused_within_a_second() -> None:
    lines = ["a: &a [ha, ha]"]
    lines += [
        f"{chr(98 + i)}: &{chr(98 + i)} [{', '.join([f'*{chr(97 + i)}'] * 10)}]" for i in range(20)
    ]
    start = time.perf_counter()
    assert codes("\n".join(lines).encode()) == {"alias", "anchor"}
    assert time.perf_counter() - start < 1


def test_a_circle_of_aliases_is_refused() -> None:
    assert codes(b"a: &a [*a]") == {"alias", "anchor"}


@pytest.mark.parametrize("unit", ["[", "{a: ", "- ", "? ", "a: 1\n", "&a ", "'", "a: |\n  x\n"])
def test_two_megabytes_of_anything_are_read_or_refused_soon(unit: str) -> None:
    raw = (unit * (MOST_BYTES // len(unit))).encode()
    start = time.perf_counter()
    codes(raw)
    assert time.perf_counter() - start < 5  # about 1 s where it was measured


def test_too_many_nodes_are_refused() -> None:
    assert codes(b"[" + b"a," * MOST_NODES + b"]") == {"too-many-nodes"}
    assert codes(b"[" + b"a," * 1000 + b"]") == set()


def test_a_large_file_is_refused_unread(tmp_path: Path) -> None:
    file = tmp_path / "large.yaml"
    file.write_bytes(b"# " + b"x" * MOST_BYTES)
    with pytest.raises(InputErrors) as caught:
        read(file)
    assert [flaw.code for flaw in caught.value.errors] == ["file-too-large"]
    file.write_bytes(b"a: " + b"x" * (MOST_BYTES - 3))
    assert len(read(file).data["a"]) == MOST_BYTES - 3


@pytest.mark.parametrize("path", ["missing.yaml", "."])
def test_what_is_no_file_is_told_as_unreadable(path: str, tmp_path: Path) -> None:
    with pytest.raises(InputErrors) as caught:
        load_questionnaire(tmp_path / path)
    assert [flaw.code for flaw in caught.value.errors] == ["unreadable"]
    assert caught.value.errors[0].line == 0


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("2027-03-01", date(2027, 3, 1)),
        ("'2027-03-01'", "2027-03-01"),
        ("2027-02-30", Unquoted("2027-02-30")),
        ("12", 12),
        ("-3", -3),
        ("0x10", Unquoted("0x10")),
        ("010", Unquoted("010")),
        ("1:30", Unquoted("1:30")),
        ("1" * 16, Unquoted("1" * 16)),
        ("1.5", Unquoted("1.5")),
        ("no", Unquoted("no")),
        ('"no"', "no"),
        ("~", None),
        ("", None),
        ("1.0.0", "1.0.0"),
        ("never", "never"),
        ("[a, b]", ["a", "b"]),
        ("{a: b}", {"a": "b"}),
    ],
)
@pytest.mark.parametrize("loader", [yaml.SafeLoader, getattr(yaml, "CSafeLoader", yaml.SafeLoader)])
def test_scalars_are_text_unless_plainly_something_else(
    written: str, value: Any, loader: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(source, "_LOADER", loader)
    assert parse(f"key: {written}\n".encode(), "x.yaml").data == {"key": value}


def test_an_empty_file_holds_nothing() -> None:
    assert parse(b"", "x.yaml").data is None
    assert parse(b"# a remark\n", "x.yaml").data is None


def test_lines_are_those_of_the_nodes_with_any_line_end() -> None:
    text = "a: 1\nb:\n  c: >\n    one\n    two\n  d:\n    - x\n    - {e: y,\n       f: z}\n"
    for raw in (text.encode(), text.replace("\n", "\r\n").encode()):
        read_in = parse(raw, "x.yaml")
        places = {
            ("a",): 1, ("b",): 2, ("b", "c"): 3, ("b", "d"): 6, ("b", "d", 0): 7,
            ("b", "d", 1, "e"): 8, ("b", "d", 1, "f"): 9,
        }  # fmt: skip
        assert {place: read_in.line(place) for place in places} == places
        assert read_in.line(("b", "nothing")) == 2
        assert read_in.line(("nothing",)) == 1


YAMLISH = st.lists(
    st.sampled_from(
        [*"-:[]{}&*!|>'\"#%@`,?\n ", "  ", "- ", ": ", "a", "format: 1\n", "id: x\n", "sections:\n",
         "questions:\n", "- id: A\n", "options: [", "when: ", "equals: ", "na_when: ", "<<: *a\n",
         "---\n", "...\n", "!!binary ", "%YAML 9.9\n", "groups:\n", "rule: ", "changes: ", "\t",
         "2027-99-99", "1e9", "\x00", "\ufeff", "\U0001f600", "é", '"\\ud800"']
    ),
    max_size=40,
).map("".join)  # fmt: skip


@settings(deadline=None, max_examples=150)
@given(st.one_of(st.binary(max_size=200), YAMLISH.map(str.encode)))
def test_nothing_but_input_errors_comes_of_any_bytes(raw: bytes) -> None:
    try:
        read_in = parse(raw, "x.yaml")
    except InputErrors as errors:
        told = errors.errors
    else:
        told = [*draft_questionnaire(read_in).flaws]
        assert draft_framework(read_in)[1]
        assert draft_profile(read_in)[1]
    assert told


@settings(deadline=None, max_examples=50)
@given(st.data())
def test_nothing_but_input_errors_comes_of_a_damaged_questionnaire(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    lines = (GOOD / "tiny" / "1.0.0.yaml").read_text().splitlines()
    position = data.draw(st.integers(0, len(lines) - 1))
    cut = data.draw(st.integers(0, len(lines[position])))
    lines[position] = lines[position][:cut] + data.draw(YAMLISH) + lines[position][cut:]
    root = tmp_path_factory.getbasetemp() / "damaged"
    shutil.copytree(GOOD, root, dirs_exist_ok=True)
    file = root / "tiny" / "1.0.0.yaml"
    file.write_text("\n".join(lines), encoding="utf-8")
    told = []
    try:
        load_questionnaire(file)
    except InputErrors as errors:
        told = errors.errors
    assert all(flaw.path and flaw.code and flaw.text for flaw in told)
