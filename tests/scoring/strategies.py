"""Random assessments: shapes, weights, scales, conditions, units, not applicable and verdicts."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from hypothesis import strategies as st

from sdlc_assess.catalog.condition import Equals
from sdlc_assess.catalog.framework import Framework
from sdlc_assess.catalog.profile import ScoringProfile
from sdlc_assess.catalog.questionnaire import Question, Questionnaire
from sdlc_assess.scoring import Outcome, Score, score
from tests.scoring.builders import a_framework, a_profile, a_question, a_questionnaire

TASKS = ("PO.1.1", "PO.1.2", "PO.2.1", "PS.1.1", "PS.1.2", "PW.1.1")


@dataclass(frozen=True)
class Case:
    """Everything that a score is made of."""

    questionnaire: Questionnaire
    framework: Framework
    profile: ScoringProfile
    claims: dict[str, dict[str, str | None]]
    verdicts: dict[str, dict[str, Outcome]]

    @property
    def threshold(self) -> Fraction:
        return Fraction(3, 4)

    def score(self, claims: dict[str, dict[str, str | None]] | None = None) -> Score:
        given = self.claims if claims is None else claims
        return score(self.questionnaire, self.framework, self.profile, given, self.verdicts)


def options_of(question: Question) -> list[str]:
    return [option.id for option in question.options]


@st.composite
def questions(draw: st.DrawFn, conditions: bool = True) -> list[Question]:
    found: list[Question] = []
    for task in sorted(draw(st.sets(st.sampled_from(TASKS), min_size=1))):
        for number in range(draw(st.sampled_from([1, 1, 1, 2]))):
            id = task if number == 0 and draw(st.booleans()) else f"{task}-{number}"
            also = draw(st.sampled_from([(), (), (), ("PW.1.1",)]))
            when = None
            if conditions and found and draw(st.integers(0, 4)) == 0:
                asked = draw(st.sampled_from(found))
                when = Equals(asked.id, draw(st.sampled_from(["na", *options_of(asked)])))
            weight = draw(st.integers(1, 3))
            tasks = tuple(dict.fromkeys((task, *also)))
            found.append(a_question(id, *tasks, weight=weight, when=when))
    return found


@st.composite
def cases(draw: st.DrawFn, conditions: bool = True) -> Case:
    asked = draw(questions(conditions))
    units = draw(st.sampled_from([(), ("Agent",), ("Agent", "Update service")]))
    claims: dict[str, dict[str, str | None]] = {}
    verdicts: dict[str, dict[str, Outcome]] = {}
    for question in asked:
        known = [*options_of(question), "na"]
        answer = st.sampled_from([None, *known])
        shape = draw(st.sampled_from(["whole", "units", "both", "left out", "empty"]))
        names = {"whole": ("",), "units": units, "both": ("", *units)}.get(shape, ())
        if shape != "left out":
            claims[question.id] = {name: draw(answer) for name in names}
        for name in ("", *units):
            kind = draw(st.sampled_from(["agree", "adjust", "insufficient", "not_examined", ""]))
            if kind:
                option = draw(st.sampled_from(known)) if kind == "adjust" else None
                verdicts.setdefault(question.id, {})[name] = Outcome(kind, option)
    return Case(a_questionnaire(*asked), a_framework(*TASKS), a_profile(), claims, verdicts)
