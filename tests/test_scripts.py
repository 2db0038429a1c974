"""The two commands and the gate, on machines that are played by stand-ins for their tools."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.checkout import ROOT, copy, run

SCRIPTS = ("run", "test", "scripts/environment.sh", ".ci/run")
TOOLS = [
    *("bash", "cat", "chmod", "cut", "dirname", "env", "grep", "mkdir", "mktemp", "rm", "sed"),
    *("sha256sum", "shasum", "tail", "tee", "tr"),
]
DEBIAN = "python3 python3-venv libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"

# A Python that is no more than the script asks of one: it makes an environment, it is pip, it runs.
PYTHON = """#!/bin/bash
case "$*" in
  --version) echo 'Python 3.13.0' ;;
  *'-m venv '*) mkdir -p .venv/bin && cat "$0" >.venv/bin/python && chmod 755 .venv/bin/python ;;
  *'-m pip '*) echo "pip $*" >>"$LOG"; exit "${PIP_CODE:-0}" ;;
  -c*) exit 0 ;;
  *) printf '%s|' "$PWD" "$SDLC_DATA_DIR" "$@" ;;
esac
"""


@dataclass
class Machine:
    """A folder of tools (all that is on its PATH) and a clone of the scripts."""

    tools: Path
    clone: Path
    log: Path

    def tool(self, name: str, body: str) -> None:
        (self.tools / name).unlink(missing_ok=True)
        (self.tools / name).write_text(body if body.startswith("#!") else f"#!/bin/bash\n{body}\n")
        (self.tools / name).chmod(0o755)

    def start(
        self, *command: str, cwd: Path | None = None, **environment: str
    ) -> subprocess.CompletedProcess[str]:
        settings = {"PATH": str(self.tools), "LOG": str(self.log), "SDLC_DATA_DIR": ""}
        script, *arguments = command
        return run(
            self.clone / script, *arguments, cwd=cwd or self.clone, **{**settings, **environment}
        )

    def logged(self) -> list[str]:
        return self.log.read_text("utf-8").splitlines() if self.log.exists() else []


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """A Debian with all packages in, and a user who is not root."""
    tools, clone = tmp_path / "tools", tmp_path / "a clone"
    tools.mkdir()
    clone.mkdir()
    for name in TOOLS:
        if found := shutil.which(name):  # a Mac has one of the two that make digests
            (tools / name).symlink_to(found)
    copy(clone, *SCRIPTS, "requirements.txt", "requirements-test.txt", "pyproject.toml")
    machine = Machine(tools, clone, tmp_path / "log")
    machine.tool("uname", "echo Linux")
    machine.tool("id", "echo 1000")
    machine.tool("apt-get", 'echo "apt-get $*" >>"$LOG"')
    machine.tool("dpkg-query", "echo 'install ok installed'")
    machine.tool("python3", PYTHON)
    return machine


def bare(machine: Machine) -> Machine:
    """Take Python and every package away."""
    machine.tool("dpkg-query", "exit 1")
    (machine.tools / "python3").unlink()
    return machine


@pytest.mark.parametrize("script", SCRIPTS)
def test_every_script_is_bash_without_errors(script: str) -> None:
    assert run("bash", "-n", ROOT / script, cwd=ROOT).stderr == ""
    if shutil.which("shellcheck"):
        found = run("shellcheck", "-x", "-e", "SC1091", ROOT / script, cwd=ROOT)
        assert found.returncode == 0, found.stdout


@pytest.mark.parametrize("script", SCRIPTS)
def test_no_script_needs_more_than_the_bash_of_a_mac(script: str) -> None:
    text = (ROOT / script).read_text("utf-8")
    for newer in (
        "declare -A",
        "local -A",
        "mapfile",
        "readarray",
        "^^}",
        ",,}",
        "&>>",
        "|&",
        "local -n",
    ):
        assert newer not in text
    assert '"${as[@]}"' not in text.replace('${as[@]+"${as[@]}"}', "")  # empty arrays under set -u


def test_help_sets_nothing_up(machine: Machine) -> None:
    for script, words in (("run", "./run --check"), ("test", "./test ARGS")):
        told = machine.start(script, "--help")
        assert told.returncode == 0
        assert words in told.stdout
    assert not (machine.clone / ".venv").exists()


def test_the_first_start_sets_up_and_the_second_does_nothing_again(machine: Machine) -> None:
    first = machine.start("run", "--", "check")
    assert first.stdout.endswith("|-m|sdlc_assess|check|"), first.stderr
    assert "Making the environment" in first.stderr
    assert [line for line in machine.logged() if "--require-hashes -r requirements.txt" in line]
    before = machine.logged()
    second = machine.start("run", "--", "check")
    assert (second.stdout, second.stderr) == (first.stdout, "")
    assert machine.logged() == before


def test_arguments_and_the_callers_folder_reach_the_command(
    machine: Machine, tmp_path: Path
) -> None:
    data = str(machine.clone / "var")
    for typed, passed in (
        ((), "serve|--demo"),
        (("--port", "8080"), "serve|--demo|--port|8080"),
        (("--check",), "serve|--check"),
        (("--", "score", "my answers.yaml"), "score|my answers.yaml"),
    ):
        told = machine.start("run", *typed, cwd=tmp_path).stdout
        assert told == f"{tmp_path}|{data}|-m|sdlc_assess|{passed}|"
    elsewhere = machine.start("run", cwd=tmp_path, SDLC_DATA_DIR="/srv/data").stdout
    assert elsewhere.startswith(f"{tmp_path}|/srv/data|")


def test_who_is_not_root_is_told_the_one_line_to_type(machine: Machine) -> None:
    told = bare(machine).start("run")
    assert told.returncode == 1
    line = f"apt-get update && apt-get install -y --no-install-recommends {DEBIAN}"
    assert [found.strip() for found in told.stderr.splitlines() if "apt-get" in found] == [
        f"su -c '{line}'"
    ]
    assert machine.logged() == []
    assert not (machine.clone / ".venv").exists()
    machine.tool("sudo", "exit 1")  # it would ask for a password
    assert f"sudo sh -c '{line}'" in machine.start("run").stderr


def test_root_gets_the_packages_that_are_missing_and_no_other(machine: Machine) -> None:
    machine.tool("id", "echo 0")
    machine.tool(
        "dpkg-query", 'case "$*" in *pango*) exit 1 ;; *) echo "install ok installed" ;; esac'
    )
    assert machine.start("run").returncode == 0
    update, install = machine.logged()[:2]
    assert update.endswith("update -qq")
    assert install.endswith("--no-install-recommends libpango-1.0-0 libpangoft2-1.0-0")


def test_libraries_renamed_for_64_bit_time_count_as_present(machine: Machine) -> None:
    machine.tool(
        "dpkg-query", 'case "$*" in *t64) echo "install ok installed" ;; *) exit 1 ;; esac'
    )
    assert machine.start("run").returncode == 0


def test_a_failing_apt_is_named(machine: Machine) -> None:
    bare(machine).tool("id", "echo 0")
    machine.tool("apt-get", "echo 'E: Unable to fetch' >&2; exit 100")
    told = machine.start("run")
    assert told.returncode == 1
    assert "E: Unable to fetch" in told.stderr
    assert f"apt-get could not install: {DEBIAN}." in told.stderr


def test_without_a_connection_it_says_so_and_the_next_start_mends_it(machine: Machine) -> None:
    told = machine.start("run", PIP_CODE="1")
    assert told.returncode == 1
    assert "Is there a connection to the package index" in told.stderr
    again = machine.start("run", "--", "check")
    assert again.returncode == 0
    assert "Making the environment" in again.stderr
    assert not (machine.clone / ".venv/unfinished").exists()


def test_a_clone_that_was_moved_makes_its_environment_anew(machine: Machine) -> None:
    machine.start("run", "--", "check")
    machine.clone = machine.clone.rename(machine.clone.parent / "moved")
    told = machine.start("run", "--", "check")
    assert "Making the environment" in told.stderr
    assert (machine.clone / ".venv/place").read_text().strip() == str(machine.clone)


def test_a_changed_lock_is_installed(machine: Machine) -> None:
    machine.start("run", "--", "check")
    with (machine.clone / "requirements.txt").open("a") as file:
        file.write("# renewed\n")
    told = machine.start("run", "--", "check")
    assert told.stderr == "Installing the locked Python packages (requirements.txt)\n"


def test_the_suite_gets_a_browser_and_the_larger_lock(machine: Machine) -> None:
    chromium = machine.tools / "chromium"
    machine.tool("chromium", "exit 0")
    told = machine.start("test", "-q", "tests/scoring", SDLC_CHROMIUM=str(chromium))
    assert told.stdout.endswith("|-m|pytest|-q|tests/scoring|"), told.stderr
    assert [line for line in machine.logged() if "-r requirements-test.txt" in line]
    assert machine.start("run", "--", "check").stderr == ""  # what the suite needs is enough


@pytest.mark.parametrize(
    ("missing", "words"),
    [("python3", "Python 3.11 or newer is missing."), ("brew", "Pango is missing")],
)
def test_a_mac_is_told_what_it_lacks(machine: Machine, missing: str, words: str) -> None:
    machine.tool("uname", "echo Darwin")
    (machine.tools / missing).unlink(missing_ok=True)
    told = machine.start("run", HOMEBREW_PREFIX=str(machine.tools))
    assert told.returncode == 1
    assert words in told.stderr


def test_a_mac_with_homebrew_gets_pango_and_is_never_asked_for_apt(machine: Machine) -> None:
    machine.tool("uname", "echo Darwin")
    machine.tool("brew", 'echo "brew $*" >>"$LOG"')
    told = machine.start("run", "--", "check", HOMEBREW_PREFIX=str(machine.tools))
    assert told.returncode == 0, told.stderr
    assert machine.logged()[0] == "brew install --quiet pango"
    assert not [line for line in machine.logged() if line.startswith("apt-get")]


# --- the gate ---

GATE_PYTHON = """#!/bin/bash
case "$*" in
  *--collect-only*) for ((i = 0; i < COLLECTED; i++)); do echo "tests/test_x.py::test_$i"; done ;;
  *) echo "ran $*" ; exit "${LINT_CODE:-0}" ;;
esac
"""


def gate(machine: Machine, summary: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run .ci/run over a suite that ends with ``summary`` and holds 120 tests."""
    python = machine.clone / ".venv/bin/python"
    python.parent.mkdir(parents=True, exist_ok=True)
    python.write_text(GATE_PYTHON)
    python.chmod(0o755)
    suite = machine.clone / "test"
    suite.write_text(f'#!/bin/bash\necho "{summary}"\nexit "${{SUITE_CODE:-0}}"\n')
    suite.chmod(0o755)
    return machine.start(".ci/run", **{"COLLECTED": "120", **settings})


def test_the_gate_opens_when_every_test_collected_passed(machine: Machine) -> None:
    done = gate(machine, "===== 120 passed in 60.00s =====")
    assert done.returncode == 0
    assert done.stdout.endswith("120 passed, 0 failed\n")
    for check in ("ruff check", "ruff format --check", "mypy"):
        assert f"ran -m {check}" in done.stdout


@pytest.mark.parametrize(
    ("summary", "settings"),
    [
        ("119 passed in 60.00s", {}),
        ("119 passed, 1 skipped in 60.00s", {}),
        ("119 passed, 1 xfailed in 60.00s", {}),
        ("no tests ran in 0.01s", {}),
        ("12 passed in 1.00s", {"COLLECTED": "12"}),
        ("0 passed in 1.00s", {"COLLECTED": "0"}),
    ],
)
def test_the_gate_stays_shut_when_less_than_the_whole_suite_ran(
    machine: Machine, summary: str, settings: dict[str, str]
) -> None:
    done = gate(machine, summary, **settings)
    assert done.returncode == 1
    assert "less than the whole suite ran" in done.stdout


@pytest.mark.parametrize("code", ["SUITE_CODE", "LINT_CODE"])
def test_the_gate_stays_shut_when_the_suite_or_a_linter_fails(machine: Machine, code: str) -> None:
    done = gate(machine, "120 passed in 60.00s", **{code: "1"})
    assert done.returncode == 1
    assert "0 failed" not in done.stdout
