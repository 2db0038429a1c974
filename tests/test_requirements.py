"""The two locks: whole, universal, by hash, and without the address of any package index."""

from __future__ import annotations

import importlib.metadata
import re
import tomllib
from collections.abc import Mapping

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.checkout import ROOT

RUN, TEST = "requirements.txt", "requirements-test.txt"

SYSTEMS = [
    {
        "sys_platform": system,
        "platform_system": name,
        "platform_machine": machine,
        "os_name": "posix",
    }
    | {"python_version": version, "python_full_version": f"{version}.2"}
    | {"implementation_name": "cpython", "platform_python_implementation": "CPython"}
    for system, name, machine in (
        ("linux", "Linux", "x86_64"),
        ("linux", "Linux", "aarch64"),
        ("darwin", "Darwin", "arm64"),
        ("darwin", "Darwin", "x86_64"),
    )
    for version in ("3.11", "3.12", "3.13", "3.14")
]


def entries(text: str) -> list[str]:
    """Return the logical lines of a lock."""
    joined = text.replace("\\\n", " ")
    return [line for line in map(str.strip, joined.splitlines()) if line and line[0] != "#"]


def pinned(text: str) -> list[Requirement]:
    return [Requirement(line.partition("--hash")[0].strip()) for line in entries(text)]


def read(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def asked_for(extra: str = "") -> list[Requirement]:
    project = tomllib.loads(read("pyproject.toml"))["project"]
    texts = project["dependencies"] + project["optional-dependencies"].get(extra, [])
    return [Requirement(text) for text in texts]


def holds(requirement: Requirement, system: Mapping[str, str], extra: str = "") -> bool:
    marker = requirement.marker
    return marker is None or marker.evaluate({**system, "extra": extra})


def lacking(lock: str, wanted: list[Requirement], system: Mapping[str, str]) -> list[str]:
    """Return every package that ``wanted`` leads to on ``system`` and that ``lock`` doesn't hold.

    What a package asks for in its turn is read from those installed here; one that isn't
    installed here (another system's) leads no further.
    """
    held = {canonicalize_name(one.name): one for one in pinned(lock) if holds(one, system)}
    missing, seen, rest = [], set(), list(wanted)
    while rest:
        one = rest.pop()
        name = canonicalize_name(one.name)
        key = (name, tuple(sorted(one.extras)))
        if key in seen or not holds(one, system):
            continue
        seen.add(key)
        if name not in held:
            missing.append(name)
            continue
        (version,) = held[name].specifier
        if not one.specifier.contains(version.version, prereleases=True):
            missing.append(f"{name} {one.specifier}")
        rest += needed_by(name, one.extras, system)
    return missing


def needed_by(name: str, extras: set[str], system: Mapping[str, str]) -> list[Requirement]:
    try:
        texts = importlib.metadata.requires(name) or []
    except importlib.metadata.PackageNotFoundError:
        return []
    found = [Requirement(text) for text in texts]
    chosen = [one for one in found if any(holds(one, system, extra) for extra in {"", *extras})]
    for one in chosen:
        one.marker = None
    return chosen


@pytest.mark.parametrize("name", [RUN, TEST])
def test_every_line_is_one_version_with_hashes(name: str) -> None:
    for line in entries(read(name)):
        assert re.match(
            r"[a-z0-9][a-z0-9._-]*(\[[a-z,]+\])?==[0-9][^ ;]*( ; [^#]+?)? +--hash=", line
        )
        assert re.sub(r" --hash=sha256:[0-9a-f]{64}", "", line).count("--") == 0, line


@pytest.mark.parametrize("name", [RUN, TEST])
def test_no_lock_names_an_address(name: str) -> None:
    assert not re.search(r"://|index-url|find-links|trusted-host|file:| @ ", read(name))


@pytest.mark.parametrize("name", [RUN, TEST])
def test_what_builds_the_package_is_locked_too(name: str) -> None:
    assert "setuptools" in {one.name for one in pinned(read(name))}


def test_the_test_lock_holds_the_other_lock_to_the_letter() -> None:
    assert sorted(set(entries(read(RUN))) - set(entries(read(TEST)))) == []


@pytest.mark.parametrize(
    "system",
    SYSTEMS,
    ids=lambda s: f"{s['sys_platform']}-{s['platform_machine']}-{s['python_version']}",
)
def test_both_locks_are_whole_on_every_promised_system(system: dict[str, str]) -> None:
    assert lacking(read(RUN), asked_for(), system) == []
    assert lacking(read(TEST), asked_for("test"), system) == []


def test_a_lock_that_lacks_a_package_is_noticed() -> None:
    direct = "\n".join(line for line in entries(read(RUN)) if not line.startswith("flask=="))
    assert lacking(direct, asked_for(), SYSTEMS[0]) == ["flask"]
    indirect = "\n".join(line for line in entries(read(RUN)) if not line.startswith("pydyf=="))
    assert lacking(indirect, asked_for(), SYSTEMS[0]) == ["pydyf"]
    old = read(RUN).replace("weasyprint==", "weasyprint==1.")
    assert lacking(old, asked_for(), SYSTEMS[0]) == ["weasyprint >=70.0"]
