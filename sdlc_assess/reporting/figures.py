"""Small inline SVGs: claimed and assessed as dots with their ranges on one common scale.

Shape tells what colour tells: claimed is a ring on a dashed range, assessed a filled diamond on a
solid one, the goal a dashed upright line. Every figure has a title that reads as a sentence, which
the PDF carries as its alternative text; the numbers stand printed beside it.
"""

from __future__ import annotations

from markupsafe import Markup, escape

from sdlc_assess.reporting.view import Number, Row

FONT = "IBM Plex Sans"
INK = "#17202a"
SOFT = "#5b6673"
LINE = "#d3d9df"
ACCENT = "#0b5c64"
PALE = "#9cc4c5"

LEFT, RIGHT = 6, 168
WIDTH = 174


def dot_range(row: Row, goal: int, scale: int) -> Markup:
    """Draw one row: claimed above, assessed below it if the report has it; ``goal`` per mille."""
    lanes = 1 if row.assessed is None else 2
    height = 12 * lanes + 2
    parts = [_goal(goal, height)]
    for lane, number in enumerate([row.claimed, row.assessed][:lanes]):
        if number is not None:
            y = 7 + 12 * lane
            parts += [_track(y, scale), _claimed(number, y) if lane == 0 else _assessed(number, y)]
    return _svg(WIDTH, height, sentence(row, goal, scale), parts)


def sentence(row: Row, goal: int, scale: int) -> str:
    """Say what the figure of ``row`` shows."""
    name = "The whole" if row.kind == "overall" else f"{row.id} {row.title}"
    said = f"{name}: claimed {row.claimed.display}"
    if row.assessed is not None:
        said += f", assessed {row.assessed.display}"
    return f"{said}; the goal is level {_level(goal, scale)}."


def axis(goal: int, scale: int) -> Markup:
    """Draw the numbers of the scale and the goal, to stand in the head of a column of rows."""
    parts = []
    for step in range(scale + 1):
        x = _x(1000 * step // scale)
        parts.append(_text(x, 9, str(step), SOFT))
    title = f"Scale from 0 to {scale}; the goal is level {_level(goal, scale)}."
    return _svg(WIDTH, 12, title, parts)


def symbol(name: str) -> Markup:
    """Draw one symbol for the legend: ``claimed``, ``assessed`` or ``goal``."""
    middle = Number("", 500, 500)
    shapes = {
        "claimed": (_claimed(middle, 6), "Ring: claimed by the vendor."),
        "assessed": (_assessed(middle, 6), "Diamond: assessed."),
        "goal": (_goal(500, 12), "Dashed line: the goal."),
        "range": (_range(Number("", 470, 530), 6, PALE, ""), "Bar: from worst to best."),
    }
    body, title = shapes[name]
    return _svg(18, 12, title, [body], left=_x(500) - 9)


def _level(goal: int, scale: int) -> int:
    return round(goal * scale / 1000)


def _svg(width: int, height: int, title: str, parts: list[str], left: float = 0) -> Markup:
    # escape() is ours on every text; the rest are numbers and colours from this file
    return Markup(  # noqa: S704
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" class="figure" font-family="{FONT}" '
        f'width="{width * 0.28:.2f}mm" height="{height * 0.28:.2f}mm" '
        f'viewBox="{left:g} 0 {width} {height}"><title>{escape(title)}</title>'
        f"{''.join(parts)}</svg>"
    )


def _x(per_mille: int) -> float:
    return round(LEFT + (RIGHT - LEFT) * per_mille / 1000, 2)


def _text(x: float, y: float, text: str, colour: str) -> str:
    return (
        f'<text x="{x:g}" y="{y:g}" font-size="9.5" text-anchor="middle" fill="{colour}">'
        f"{escape(text)}</text>"
    )


def _track(y: float, scale: int) -> str:
    ticks = "".join(
        f"M{_x(1000 * step // scale):g} {y - 2.5:g}V{y + 2.5:g}" for step in range(scale + 1)
    )
    return (
        f'<path d="M{_x(0):g} {y:g}H{_x(1000):g}{ticks}" stroke="{LINE}" stroke-width="0.9" '
        f'fill="none"/>'
    )


def _goal(goal: int, height: float) -> str:
    x = _x(goal)
    return (
        f'<path d="M{x:g} 0V{height:g}" stroke="{INK}" stroke-width="0.9" '
        f'stroke-dasharray="2.4 1.8" fill="none"/>'
    )


def _range(number: Number, y: float, colour: str, dashes: str) -> str:
    if number.low is None or number.high is None or number.low == number.high:
        return ""
    broken = f' stroke-dasharray="{dashes}"' if dashes else ""
    return (
        f'<path d="M{_x(number.low):g} {y:g}H{_x(number.high):g}" stroke="{colour}" '
        f'stroke-width="3.4" fill="none"{broken}/>'
    )


def _claimed(number: Number, y: float) -> str:
    if number.low is None:
        return ""
    return (
        _range(number, y, "#9aa4ae", "3 1.6")
        + f'<circle cx="{_x(number.low):g}" cy="{y:g}" r="3.4" fill="#ffffff" stroke="{INK}" '
        f'stroke-width="1.5"/>'
    )


def _assessed(number: Number, y: float) -> str:
    if number.low is None:
        return ""
    x = _x(number.low)
    return _range(number, y, PALE, "") + (
        f'<path d="M{x:g} {y - 4.8:g}L{x + 4.8:g} {y:g}L{x:g} {y + 4.8:g}L{x - 4.8:g} {y:g}Z" '
        f'fill="{ACCENT}"/>'
    )
