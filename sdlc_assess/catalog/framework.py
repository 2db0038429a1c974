"""A framework: an outside standard in one edition, as groups of practices of tasks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Task:
    """The smallest thing one can meet or miss; ``requirement`` is our wording, not the source's."""

    id: str
    title: str
    requirement: str


@dataclass(frozen=True, slots=True)
class Practice:
    """A group of tasks with one aim (SSDF ``PO.1``)."""

    id: str
    title: str
    tasks: tuple[Task, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """The top level of a framework (SSDF ``PO``)."""

    id: str
    title: str
    practices: tuple[Practice, ...]


@dataclass(frozen=True, slots=True)
class Framework:
    """One edition of an outside standard; ``retired`` ids are never reused."""

    id: str
    edition: str
    title: str
    publisher: str
    document: str
    url: str
    groups: tuple[Group, ...]
    retired: tuple[str, ...] = ()

    @property
    def ref(self) -> str:
        """The reference used in questionnaires, ``id@edition``."""
        return f"{self.id}@{self.edition}"

    def tasks(self) -> Iterator[Task]:
        """Yield every task in the framework's own order."""
        for group in self.groups:
            for practice in group.practices:
                yield from practice.tasks
