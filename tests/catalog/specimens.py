"""Bad specimens: one file per error, which says in its head what is expected and where it lies.

``# expect: CODE LINE`` (line 0: the whole file), then as needed ``# place: FILE`` within a library
(default ``bad/1.0.0.yaml``) and ``# published: ID VERSION``. A ``.published`` specimen lies as
PUBLISHED itself.
"""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
GOOD = HERE / "good"
BAD = sorted((HERE / "bad").iterdir())

_REMARK = re.compile(rb"# (expect|place|published): (.*)")


@dataclass(frozen=True)
class Specimen:
    """What a specimen's head says."""

    file: Path
    code: str
    line: int
    place: str
    published: str

    def put_into(self, root: Path) -> Path:
        """Make a library at ``root`` with the good files and this one; return where it lies."""
        shutil.copytree(GOOD, root, dirs_exist_ok=True)
        target = root / self.place
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(self.file, target)
        if self.published:
            (root / "PUBLISHED").write_text(f"{self.published} {'0' * 64}\n")
        return target


def specimen(file: Path) -> Specimen:
    """Read the head of a specimen."""
    head = {
        found[1].decode(): found[2].decode()
        for line in file.read_bytes().splitlines()[:3]
        if (found := _REMARK.match(line))
    }
    code, line = head["expect"].split()
    usual = "PUBLISHED" if file.suffix == ".published" else "bad/1.0.0.yaml"
    place = head.get("place", usual)
    return Specimen(file, code, int(line), place, head.get("published", ""))
