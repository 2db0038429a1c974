"""The single door to the folders that ship beside the code: ``questionnaires`` and ``reports``.

In a wheel they lie inside the package; in a checkout (and in an editable install, which does not
map them) they lie beside it.
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path


def shipped(folder: str) -> Path:
    """Return the path of a shipped ``folder`` (``"questionnaires"`` or ``"reports"``)."""
    packaged = Path(str(files("sdlc_assess"))) / folder
    return packaged if packaged.is_dir() else Path(__file__).resolve().parent.parent / folder
