"""Who acts: one person, in one organisation, with the roles held there."""

from __future__ import annotations

from dataclasses import dataclass

from sdlc_assess.assessment.role import Role, Side


@dataclass(frozen=True, slots=True)
class Actor:
    """The person behind a request. ``side`` is set where one assessment is acted on."""

    person_id: int
    name: str
    email: str
    organisation_id: int
    organisation: str
    roles: frozenset[Role]
    side: Side | None = None

    def is_a(self, *roles: Role) -> bool:
        """Tell whether the actor holds one of ``roles``."""
        return not self.roles.isdisjoint(roles)
