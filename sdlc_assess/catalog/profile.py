"""A scoring profile: which rule scores a questionnaire, with which thresholds; versioned too."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ScoringProfile:
    """``rule`` names a module of scoring.rules; ``threshold`` and ``goal`` are option ids.

    ``scale`` is the top of the displayed scale (4 for SSDF), ``decimals`` its rounding (half up).
    """

    id: str
    version: str
    title: str
    rule: str
    threshold: str
    goal: str
    scale: int
    decimals: int
    note: str
    digest: str = field(default="", compare=False)

    @property
    def ref(self) -> str:
        """The reference ``id@version``."""
        return f"{self.id}@{self.version}"
