"""A snapshot is named salted parts under one root, in a fixed order."""

from __future__ import annotations

import pytest

from sdlc_assess.assessment import snapshot
from sdlc_assess.ledger.salted_digest import opens
from sdlc_assess.ledger.tree import root

VALUES = {"summary": {"n": 1}, "basis": {"a": "b"}, "response/Q.2": {}, "response/Q.1": {"x": "3"}}


def test_parts_stand_in_the_fixed_order() -> None:
    frozen = snapshot.freeze(VALUES)
    assert [p.name for p in frozen.parts] == ["basis", "response/Q.1", "response/Q.2", "summary"]
    assert frozen.as_json() == {"digest": frozen.digest, "parts": VALUES}


def test_each_part_has_a_salt_of_its_own_and_opens() -> None:
    frozen = snapshot.freeze(VALUES)
    assert len({part.salt for part in frozen.parts}) == len(VALUES)
    assert all(opens(part.digest, part.salt, part.value) for part in frozen.parts)


def test_two_freezes_of_the_same_values_differ_so_that_nothing_can_be_guessed() -> None:
    assert snapshot.freeze(VALUES).digest != snapshot.freeze(VALUES).digest


def test_the_root_is_over_names_and_digests() -> None:
    frozen = snapshot.freeze(VALUES)
    leaves = [part.name.encode() + b"\0" + part.digest for part in frozen.parts]
    assert frozen.digest == root(leaves).hex()
    assert frozen.digest == snapshot.digest_of({p.name: p.digest for p in frozen.parts})


def test_a_working_snapshot_is_the_same_for_the_same_values() -> None:
    assert snapshot.working(VALUES).digest == snapshot.working_digest(
        dict(reversed(VALUES.items()))
    )
    assert snapshot.working_digest(VALUES) != snapshot.working_digest({**VALUES, "basis": {}})


def test_a_part_of_an_unknown_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="not in tuple"):
        snapshot.freeze({"rumour/1": {}})
