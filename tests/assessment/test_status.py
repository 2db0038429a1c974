"""The life of an assessment, as record.md's table has it."""

from __future__ import annotations

import pytest

from sdlc_assess.assessment.status import TRANSITIONS, WORDS, Act, NotNow, Status, after

# typed from the table of states: (from, act, to)
TABLE = """
planned agree draft
draft submit submitted
submitted recall draft
submitted open in_review
in_review return returned
returned submit in_review
in_review accept accepted
accepted reopen in_review
"""
ALLOWED = {tuple(line.split()) for line in TABLE.strip().splitlines()}


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("act", Act)
def test_each_act_leads_where_the_table_says_or_nowhere(status: Status, act: Act) -> None:
    expected = next((to for f, a, to in ALLOWED if (f, a) == (status, act)), None)
    if expected is None:
        with pytest.raises(NotNow, match=WORDS[status]):
            after(status, act)
    else:
        assert after(status, act) == expected


def test_the_table_is_whole() -> None:
    assert len(TRANSITIONS) == len(ALLOWED)
    assert set(WORDS) == set(Status)
