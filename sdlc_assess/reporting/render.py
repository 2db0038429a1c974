"""A report as HTML: a sandbox that sees plain data, escapes all of it and forgives no gap.

User text is data here: it reaches a template as a value, so that markup in it is printed and a
template expression in it is printed too.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from sdlc_assess.reporting import figures
from sdlc_assess.reporting.prose import clip, counted, listed
from sdlc_assess.reporting.rows import below
from sdlc_assess.reporting.view import Report, Row
from sdlc_assess.resources import shipped


@lru_cache(maxsize=4)
def environment(root: Path) -> ImmutableSandboxedEnvironment:
    """Return the sandbox over the templates under ``root``."""
    found = ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(root),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.globals.update(
        dot_range=figures.dot_range, axis=figures.axis, symbol=figures.symbol, counted=counted
    )
    found.filters.update(listed=_listed, brief=_brief, tasks=_tasks)
    return found


def _listed(parts: Iterable[str]) -> str:
    return listed(list(parts))


def _brief(parts: Iterable[str], limit: int = 420) -> str:
    """Join paragraphs to one line of at most ``limit`` characters, for what must fit a page."""
    return clip(" ".join(" ".join(parts).split()), limit)


def _tasks(row: Row) -> list[Row]:
    return list(below(row, "task"))


@lru_cache(maxsize=16)
def metadata(kind: str) -> dict[str, Any]:
    """Return ``reports/<kind>/metadata.yaml``: title, description."""
    path = shipped("reports") / kind / "metadata.yaml"
    found: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return found


def render_html(report: Report) -> str:
    """Return the whole document as HTML, without any style sheet in it."""
    template = environment(shipped("reports")).get_template(f"{report.kind}/report.html")
    return template.render(r=report, meta=metadata(report.kind))


def style(kind: str) -> str:
    """Return the style sheets of ``kind``: the furniture of every page, then its own."""
    root = shipped("reports")
    files = (root / "base.css", root / kind / "report.css")
    return "\n".join(file.read_text(encoding="utf-8") for file in files)
