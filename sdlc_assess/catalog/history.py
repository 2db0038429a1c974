"""A version against the one before: nothing changes its meaning without a line that says so."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from sdlc_assess.catalog.draft import Draft
from sdlc_assess.catalog.questionnaire import AnswerOption, Change, Question, Questionnaire
from sdlc_assess.catalog.source import Place
from sdlc_assess.errors import Flaw

_WORDS = frozenset({"wording", "clarified", "scale", "split", "merged"})
_MEANING = frozenset({"clarified", "scale", "split", "merged"})
_SCALE = frozenset({"scale", "split", "merged"})
_COMING = frozenset({"new", "split", "merged"})
_GOING = frozenset({"retired", "split", "merged"})


def history_flaws(draft: Draft, before: Questionnaire) -> Iterator[Flaw]:
    """Yield a flaw for each difference from ``before`` that the change list does not declare."""
    changes = [change for _, change in draft.changes]
    present = {id for _, id in draft.order}
    yield from _dangling(draft, before, present)
    for asked in draft.asked:
        old = before.by_id.get(asked.question.id)
        kinds = _kinds(changes, asked.question.id)
        wanted = _wanted(asked.question, old)
        if wanted and not wanted & kinds:
            yield _undeclared(draft, asked.at, asked.question.id, before.version, wanted)
    for id in before.by_id:
        if id not in present and not _kinds(changes, id, is_gone=True) & _GOING:
            yield _undeclared(draft, ("changes",), id, before.version, _GOING)


def _kinds(changes: list[Change], id: str, is_gone: bool = False) -> set[str]:
    """Return the kinds of change that name ``id``; one that is gone can't be what came of it."""
    return {
        change.kind
        for change in changes
        if id == change.question or id in change.source or (id in change.into and not is_gone)
    }


def _wanted(new: Question, old: Question | None) -> frozenset[str]:
    """Return the kinds of change of which one must be declared; none where nothing changed."""
    if old is None:
        return _COMING
    if new == old:
        return frozenset()
    if [option.id for option in new.options] != [option.id for option in old.options]:
        return _SCALE
    return _WORDS if _bare(new) == _bare(old) else _MEANING


def _bare(question: Question) -> Question:
    """Return the question without its words: what counts in a score."""
    options = tuple(AnswerOption(option.id, "") for option in question.options)
    na_when = question.na_when and ("",)
    return replace(question, text="", guidance="", evidence=(), options=options, na_when=na_when)


def _undeclared(draft: Draft, place: Place, id: str, version: str, wanted: frozenset[str]) -> Flaw:
    what = "is new" if wanted is _COMING else "is gone" if wanted is _GOING else "differs"
    kinds = ", ".join(sorted(wanted))
    reason = f"{id} {what} since {version}; 'changes' must name it with one of: {kinds}."
    return draft.source.flaw(place, "undeclared-change", reason)


def _dangling(draft: Draft, before: Questionnaire, present: set[str]) -> Iterator[Flaw]:
    for place, change in draft.changes:
        for id in (change.question, *change.source, *change.into):
            if id is not None and id not in present and id not in before.by_id:
                reason = f"{id} is neither in this version nor in {before.version}."
                yield draft.source.flaw(place, "dangling-change", reason)
