"""What shape can't say about a questionnaire: whether its ids, options and references make sense.

Every check looks at the sound part of a draft, so errors of shape hide no errors of meaning.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sdlc_assess.catalog.branching import branching_flaws
from sdlc_assess.catalog.draft import Asked, Draft
from sdlc_assess.catalog.framework import Framework
from sdlc_assess.catalog.history import history_flaws
from sdlc_assess.catalog.profile import ScoringProfile
from sdlc_assess.catalog.questionnaire import Questionnaire
from sdlc_assess.catalog.shelf import Shelf
from sdlc_assess.catalog.source import duplicates
from sdlc_assess.catalog.wording import wording_flaws
from sdlc_assess.errors import Flaw


def meaning_flaws(draft: Draft, shelf: Shelf, before: Questionnaire | None) -> Iterator[Flaw]:
    """Yield every flaw of meaning of a questionnaire; ``before`` is the version it follows."""
    framework = shelf.frameworks.get(draft.framework or "")
    profile = shelf.profiles.get(draft.head.get("scoring", ""))
    yield from _unknown_references(draft, shelf)
    yield from _duplicate_ids(draft)
    for asked in draft.asked:
        yield from _option_flaws(draft, asked)
        if framework:
            yield from _task_flaws(draft, asked, framework)
        if profile:
            yield from _profile_flaws(draft, asked, profile)
    if framework and _name(draft) in shelf.published.entries:
        yield from _uncovered(draft, framework)
    yield from wording_flaws(draft)
    yield from branching_flaws(draft)
    if before:
        yield from history_flaws(draft, before)


def _name(draft: Draft) -> tuple[str, str]:
    return draft.head.get("id", ""), draft.head.get("version", "")


def _unknown_references(draft: Draft, shelf: Shelf) -> Iterator[Flaw]:
    ref = draft.framework
    if ref and ref not in shelf.frameworks and ref not in shelf.broken:
        reason = f"There is no framework {ref}; there is {_listed(shelf.frameworks)}."
        yield draft.source.flaw(("frameworks", 0), "unknown-framework", reason)
    ref = draft.head.get("scoring")
    if ref and ref not in shelf.profiles and ref not in shelf.broken:
        reason = f"There is no scoring profile {ref}; there is {_listed(shelf.profiles)}."
        yield draft.source.flaw(("scoring",), "unknown-profile", reason)


def _listed(names: Mapping[str, object]) -> str:
    return ", ".join(sorted(names)) or "none"


def _duplicate_ids(draft: Draft) -> Iterator[Flaw]:
    for place, id in duplicates(list(draft.sections)):
        reason = f"A section {id} stands above; give this one an id of its own."
        yield draft.source.flaw((*place, "id"), "duplicate-section", reason)
    for place, id in duplicates(list(draft.order)):
        reason = f"A question {id} stands above; give this one an id of its own."
        yield draft.source.flaw((*place, "id"), "duplicate-question", reason)


def _option_flaws(draft: Draft, asked: Asked) -> Iterator[Flaw]:
    """Yield flaws of the scale: ids ``0`` to ``n`` from worst to best, each once."""
    options = asked.question.options
    places = [((*asked.at, "options", i, "id"), option.id) for i, option in enumerate(options)]
    twice = list(duplicates(places))
    for place, id in twice:
        reason = f"An option '{id}' stands above; give this one an id of its own."
        yield draft.source.flaw(place, "duplicate-option", reason)
    for index, (place, id) in enumerate(places):
        if id != str(index) and not twice:
            reason = f'Options are numbered from worst to best; here must stand "{index}".'
            yield draft.source.flaw(place, "option-order", reason)
            return


def _task_flaws(draft: Draft, asked: Asked, framework: Framework) -> Iterator[Flaw]:
    known = {f"{framework.id}:{task.id}" for task in framework.tasks()}
    retired = {f"{framework.id}:{id}" for id in framework.retired}
    for index, task in enumerate(asked.tasks):
        place = (*asked.at, "tasks", index)
        if task in retired:
            reason = f"{task} was retired before {framework.ref}; ask what took its place."
            yield draft.source.flaw(place, "retired-task", reason)
        elif task not in known:
            reason = f"{framework.ref} has no task {task}."
            yield draft.source.flaw(place, "unknown-task", reason)
    for place, task in duplicates(
        [((*asked.at, "tasks", index), task) for index, task in enumerate(asked.tasks)]
    ):
        yield draft.source.flaw(place, "task-twice", f"{task} is named twice; once is enough.")


def _profile_flaws(draft: Draft, asked: Asked, profile: ScoringProfile) -> Iterator[Flaw]:
    """Yield a flaw where the profile's threshold or goal can't be reached by a question."""
    for key, option in (("threshold", profile.threshold), ("goal", profile.goal)):
        if asked.question.option(option) is None:
            reason = f"The {key} of {profile.ref} is option {option}, which {asked.question.id} "
            place = (*asked.at, "options")
            yield draft.source.flaw(place, f"no-{key}", reason + "does not have.")


def _uncovered(draft: Draft, framework: Framework) -> Iterator[Flaw]:
    """Yield a flaw for each task that a released questionnaire leaves out."""
    if len(draft.asked) < len(draft.order):
        return  # what the unsound questions cover is not known yet
    covered = {task for asked in draft.asked for task in asked.question.tasks}
    for task in framework.tasks():
        if task.id not in covered:
            reason = f"No question asks about {task.id}; a released questionnaire asks all tasks."
            yield draft.source.flaw(("frameworks",), "task-uncovered", reason)
