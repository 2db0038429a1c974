"""A snapshot with the catalog content it names, resolved and checked by digest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from sdlc_assess.catalog.framework import Framework
from sdlc_assess.catalog.profile import ScoringProfile
from sdlc_assess.catalog.questionnaire import Questionnaire
from sdlc_assess.errors import AssessError
from sdlc_assess.reporting.prose import all_printable


class OtherContent(AssessError):
    """The record was made with {ref} of digest {wanted}, but the library here holds {ref} with
    digest {held}. No report was drawn: its questions might read otherwise than those that were
    answered. Install the release that made the record, or restore the file."""


class NotASnapshot(AssessError):
    """The report can't be drawn: the snapshot has no part {part!r}."""


class Library(Protocol):
    """What a report needs of ``catalog.library.Library``."""

    def questionnaire(self, ref: str) -> Questionnaire:
        """Return the questionnaire ``id@version``."""

    def framework(self, ref: str) -> Framework:
        """Return the framework ``id@edition``."""

    def profile(self, ref: str) -> ScoringProfile:
        """Return the scoring profile ``id@version``."""


@dataclass(frozen=True, slots=True)
class Source:
    """A snapshot's parts with the catalog content that they name."""

    digest: str
    parts: dict[str, Any]
    questionnaire: Questionnaire
    framework: Framework
    profile: ScoringProfile

    @property
    def basis(self) -> dict[str, Any]:
        """The part that says what, who, when and under which rule."""
        return self.part("basis")

    @property
    def is_self(self) -> bool:
        """Whether this is a self-assessment: no verdicts, no assessed number."""
        return bool(self.basis["kind"] == "self")

    def part(self, name: str) -> dict[str, Any]:
        """Return a part that must be there, or raise NotASnapshot."""
        if name not in self.parts:
            raise NotASnapshot(part=name)
        found: dict[str, Any] = self.parts[name]
        return found

    @property
    def shows_assessed(self) -> bool:
        """Whether the report has an assessed number at all."""
        assessed = self.part("score/overall")["assessed"]
        return not self.is_self and assessed["low"] is not None


def source_of(snapshot: dict[str, Any], library: Library) -> Source:
    """Resolve what ``snapshot`` names in ``library``; OtherContent when a digest differs."""
    parts: dict[str, Any] = all_printable(snapshot["parts"])
    if "basis" not in parts:
        raise NotASnapshot(part="basis")
    asked, rule = parts["basis"]["questionnaire"], parts["basis"]["profile"]
    questionnaire = library.questionnaire(f"{asked['id']}@{asked['version']}")
    profile = library.profile(f"{rule['id']}@{rule['version']}")
    _check_digest(questionnaire.ref, asked["digest"], questionnaire.digest)
    _check_digest(profile.ref, rule.get("digest"), profile.digest)
    framework = library.framework(parts["basis"]["framework"])
    return Source(str(snapshot["digest"]), parts, questionnaire, framework, profile)


def _check_digest(ref: str, wanted: str | None, held: str) -> None:
    if wanted and wanted != held:
        raise OtherContent(ref=ref, wanted=wanted, held=held)
