"""The two archives: they carry what the service needs, nothing else, and run from anywhere."""

from __future__ import annotations

import sys
import tarfile
import tomllib
import zipfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import pytest

from sdlc_assess.catalog.library import library
from tests.checkout import ROOT, copy, run, tracked

pytestmark = pytest.mark.xdist_group("packaging")

SHIPPED = ("questionnaires", "reports")
STRAYS = (
    "questionnaires/signing.key",
    "questionnaires/ssdf/notes.txt",
    "reports/executive/.env",
    "sdlc_assess/secret.pem",
    "sdlc_assess/services/answers.sqlite",
)


def project() -> dict[str, object]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


@dataclass(frozen=True)
class Archives:
    wheel: Path
    sdist: Path
    source: Path

    def in_wheel(self) -> set[str]:
        with zipfile.ZipFile(self.wheel) as archive:
            return {name for name in archive.namelist() if not name.endswith("/")}

    def in_sdist(self) -> set[str]:
        with tarfile.open(self.sdist) as archive:
            files = [member.name for member in archive.getmembers() if member.isfile()]
        return {name.partition("/")[2] for name in files}


@pytest.fixture(scope="module")
def archives(tmp_path_factory: pytest.TempPathFactory) -> Archives:
    """Both archives, built from a copy in which stray files lie about; the wheel from the sdist."""
    source = tmp_path_factory.mktemp("source")
    copy(source, "pyproject.toml", "setup.cfg", "README.md", "LICENSE", "sdlc_assess", *SHIPPED)
    for stray in STRAYS:
        (source / stray).write_text("not for anyone's eyes", "utf-8")
    out = tmp_path_factory.mktemp("archives")
    built = run(sys.executable, "-m", "build", "--no-isolation", "-o", out, ".", cwd=source)
    assert built.returncode == 0, built.stdout[-2000:] + built.stderr[-2000:]
    (wheel,), (sdist,) = out.glob("*.whl"), out.glob("*.tar.gz")
    return Archives(wheel, sdist, source)


@pytest.fixture(scope="module")
def installed(archives: Archives, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel installed into a folder of its own."""
    return install(tmp_path_factory.mktemp("installed"), str(archives.wheel))


def install(target: Path, *what: str, cwd: Path = ROOT) -> Path:
    done = run(
        *(sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"),
        *("--no-deps", "--no-index", "--target", target, *what),
        cwd=cwd,
    )
    assert done.returncode == 0, done.stderr
    return target


def test_the_list_of_packages_is_the_folders_on_disk() -> None:
    tool = project()["tool"]
    assert isinstance(tool, dict)
    listed = tool["setuptools"]["packages"]
    on_disk = {
        ".".join(path.parent.relative_to(ROOT).parts)
        for path in (ROOT / "sdlc_assess").rglob("__init__.py")
    }
    assert sorted(listed) == sorted(on_disk | {f"sdlc_assess.{folder}" for folder in SHIPPED})
    assert listed == sorted(listed)


def test_every_folder_of_code_is_a_package() -> None:
    folders = {path.parent for path in (ROOT / "sdlc_assess").rglob("*.py")}
    assert not [folder for folder in folders if not (folder / "__init__.py").is_file()]


def test_the_wheel_carries_every_tracked_file_of_the_product(archives: Archives) -> None:
    wanted = set()
    for path in tracked():
        top, suffix = path.partition("/")[0], PurePosixPath(path).suffix
        if top == "sdlc_assess":
            wanted.add(path)
        elif top in SHIPPED and suffix != ".md":  # what the authors of a questionnaire read
            wanted.add(f"sdlc_assess/{path}")
    assert sorted(wanted - archives.in_wheel()) == []
    assert {Path(path).suffix for path in archives.in_wheel()} >= {
        *(".yaml", ".html", ".css", ".woff2", ".mako", ".js", ".svg", ".typed")
    }


def test_the_sdist_carries_the_same_so_that_a_wheel_can_be_made_of_it(archives: Archives) -> None:
    packed = {
        name.removeprefix("sdlc_assess/") if name.split("/")[1] in SHIPPED else name
        for name in archives.in_wheel()
        if name.startswith("sdlc_assess/")
    }
    assert sorted(packed - archives.in_sdist()) == []
    assert {"pyproject.toml", "setup.cfg", "LICENSE", "README.md"} <= archives.in_sdist()


def test_neither_archive_carries_a_stray_file(archives: Archives) -> None:
    assert all((archives.source / stray).is_file() for stray in STRAYS)
    names = {Path(stray).name for stray in STRAYS}
    for packed in (archives.in_wheel(), archives.in_sdist()):
        assert not {path for path in packed if Path(path).name in names}
        assert not {path for path in packed if "__pycache__" in path or path.startswith("tests")}


def test_the_sdist_names_no_person_of_the_machine_that_made_it(archives: Archives) -> None:
    with tarfile.open(archives.sdist) as archive:
        assert {(member.uname, member.gname) for member in archive} <= {("root", "root"), ("", "")}


def command(installed: Path, folder: Path, *arguments: str) -> str:
    done = run(
        sys.executable, "-m", "sdlc_assess", *arguments, cwd=folder, PYTHONPATH=str(installed)
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_wheel_checks_scores_and_prints_from_an_empty_folder(
    installed: Path, tmp_path: Path
) -> None:
    where = "import sdlc_assess.resources as r; print(r.__file__, r.shipped('reports'))"
    found = run(sys.executable, "-c", where, cwd=tmp_path, PYTHONPATH=str(installed)).stdout
    assert [path.startswith(f"{installed}/") for path in found.split()] == [True, True], found

    command(installed, tmp_path, "check")
    answers = tmp_path / "answers.yaml"
    head = f"questionnaire: {library().questionnaire('ssdf').ref}\nsubject: Sentry Agent\n"
    answers.write_text(head + 'responses: {PO.1.1: {answer: "3", justification: Written down.}}')
    assert "Sentry Agent" in command(installed, tmp_path, "score", str(answers))
    out = tmp_path / "executive.pdf"
    command(installed, tmp_path, "report", str(answers), "--kind", "executive", "-o", str(out))
    assert out.read_bytes().startswith(b"%PDF-")
    assert {path.name for path in tmp_path.iterdir()} == {"answers.yaml", "executive.pdf"}


def test_the_checkout_installs_without_an_index_and_without_isolation(
    archives: Archives, tmp_path: Path
) -> None:
    target = install(tmp_path / "t", "--no-build-isolation", ".", cwd=archives.source)
    assert (target / "sdlc_assess/questionnaires/PUBLISHED").is_file()
    assert (target / "bin/sdlc-assess").is_file()
