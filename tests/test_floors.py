"""The import contracts of setup.cfg hold, and each of them notices a forbidden import."""

from __future__ import annotations

import ast
import sys
from collections.abc import Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from tests.checkout import ROOT, copy, run

pytestmark = pytest.mark.xdist_group("floors")

LINT = (
    "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"
)

FLOORS = "A floor imports only the floors below it"
PURE = "The domain knows no framework, database or renderer"
THIN = "Pages reach the database only through services"

FORBIDDEN = {
    "ledger/tree.py": ("import sdlc_assess.catalog.condition", FLOORS),
    "scoring/score.py": ("from sdlc_assess.assessment import role", FLOORS),
    "reporting/pdf.py": ("import sdlc_assess.store.files", FLOORS),
    "jobs/leader.py": ("import sdlc_assess.services.reports", FLOORS),
    "catalog/load.py": ("import flask", PURE),
    "assessment/status.py": ("import sqlalchemy", PURE),
    "web/filters.py": ("import sqlalchemy", THIN),
    "web/errors.py": ("import sdlc_assess.store.jobs", THIN),
}


def lint(folder: Path) -> tuple[int, str]:
    done = run(sys.executable, "-W", "ignore", "-c", LINT, cwd=folder, PYTHONPATH=str(folder))
    return done.returncode, done.stdout + done.stderr


def test_every_contract_is_kept() -> None:
    code, out = lint(ROOT)
    assert code == 0, out
    assert "Contracts: 3 kept, 0 broken." in out


@pytest.mark.parametrize("contract", [FLOORS, PURE, THIN])
def test_each_contract_notices_a_forbidden_import(tmp_path: Path, contract: str) -> None:
    copy(tmp_path, "setup.cfg", "sdlc_assess")
    broken = {place: line for place, (line, by) in FORBIDDEN.items() if by == contract}
    for place, line in broken.items():
        with (tmp_path / "sdlc_assess" / place).open("a", encoding="utf-8") as file:
            file.write(f"\n{line}\n")
    code, out = lint(tmp_path)
    assert code == 1
    assert f"{contract} BROKEN" in out
    for place in broken:
        module = "sdlc_assess." + place.removesuffix(".py").replace("/", ".")
        assert f"{module} -> " in out, f"{place} was not noticed:\n{out}"


def test_a_new_module_without_a_floor_is_noticed(tmp_path: Path) -> None:
    copy(tmp_path, "setup.cfg", "sdlc_assess")
    (tmp_path / "sdlc_assess/attic.py").write_text("", "utf-8")
    code, out = lint(tmp_path)
    assert code == 1
    assert f"{FLOORS} BROKEN" in out
    assert "- sdlc_assess.attic" in out


def packages_imported(root: Path) -> dict[str, set[str]]:
    """Return which package (a folder or module right under the top) imports which, by its text."""
    found: dict[str, set[str]] = {}
    for path in root.rglob("*.py"):
        name = path.relative_to(root).parts[0].removesuffix(".py")
        if name in ("__main__", "__init__"):
            continue
        found.setdefault(name, set()).update(_imported(path) - {name})
    return found


def _imported(path: Path) -> set[str]:
    modules: list[str] = []
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            modules += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module == "sdlc_assess":
            modules += [f"sdlc_assess.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports by dots"
            modules.append(node.module or "")
    names = {module.split(".")[1] for module in modules if module.startswith("sdlc_assess.")}
    return names - {"__version__"}


def cycle(imported: Mapping[str, set[str]]) -> list[str]:
    try:
        TopologicalSorter(imported).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def test_no_package_imports_itself_by_way_of_another() -> None:
    imported = packages_imported(ROOT / "sdlc_assess")
    assert imported["services"] >= {"store", "catalog"}
    assert cycle(imported) == []


def test_a_cycle_would_be_noticed(tmp_path: Path) -> None:
    package = copy(tmp_path, "sdlc_assess") / "sdlc_assess"
    with (package / "store/files.py").open("a", encoding="utf-8") as file:
        file.write("\ndef late() -> None:\n    from sdlc_assess.services import desk\n")
    assert {"store", "services"} <= set(cycle(packages_imported(package)))
