"""The family of errors that a person may read: the docstring of a class is its message.

A message says what happened, what was kept and what to do next.
"""

from __future__ import annotations


class AssessError(Exception):
    """Something went wrong. Nothing was changed."""

    def __init__(self, message: str | None = None, **facts: object) -> None:
        """Take the message from the docstring, with ``{name}`` filled from ``facts``."""
        self.facts = facts
        # a docstring is wrapped for the reader of the code, a message is one line
        text = message if message is not None else " ".join((type(self).__doc__ or "").split())
        super().__init__(text.format(**facts) if facts and message is None else text)

    @property
    def message(self) -> str:
        """The sentence shown to a person."""
        return str(self)


class InputErrors(AssessError):
    """All errors of one input at once, each with the place where it stands."""

    def __init__(self, errors: list[Flaw]) -> None:
        """Keep ``errors`` sorted by place."""
        self.errors = sorted(errors, key=lambda e: (e.path, e.line, e.text))
        super().__init__("\n".join(str(e) for e in self.errors))


class Flaw:
    """One error in one input file: path, line (0 where the whole file is meant) and a sentence."""

    __slots__ = ("code", "line", "path", "text")

    def __init__(self, path: str, line: int, text: str, code: str = "") -> None:
        """Name the place and say what is wrong there and what to do."""
        self.path, self.line, self.text, self.code = path, line, text, code

    def __str__(self) -> str:
        where = f"{self.path}:{self.line}" if self.line else self.path
        return f"{where}: {self.text}"

    def __repr__(self) -> str:
        return f"Flaw({str(self)!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Flaw) and str(self) == str(other)

    def __hash__(self) -> int:
        return hash(str(self))


class StoreFull(AssessError):
    """The disk that holds the data is full. Nothing was changed; what you typed is still in the
    form. Free some space, then save again."""


class StoreBusy(AssessError):
    """The database did not answer in time. Nothing was changed; what you typed is still in the
    form. Try again in a moment."""
