"""Canonical bytes, Merkle roots and salted digests, against published vectors."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdlc_assess.ledger.canonical import canonical, digest
from sdlc_assess.ledger.salted_digest import NO_SALT, fresh_salt, opens, salted_digest
from sdlc_assess.ledger.tree import leaf_hash, node_hash, root

# the leaves and roots of the certificate-transparency test data (RFC 6962 reference tree)
LEAVES = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


@pytest.mark.parametrize("size", range(1, 9))
def test_roots_equal_the_published_ones(size: int) -> None:
    assert root(LEAVES[:size]).hex() == ROOTS[size - 1]


def test_the_empty_tree_is_the_hash_of_nothing() -> None:
    assert root([]) == hashlib.sha256(b"").digest()


def _naive(leaves: list[bytes]) -> bytes:
    """RFC 6962 by its words: k is the largest power of two smaller than n."""
    if len(leaves) == 1:
        return leaf_hash(leaves[0])
    k = max(2**i for i in range(20) if 2**i < len(leaves))
    return node_hash(_naive(leaves[:k]), _naive(leaves[k:]))


@given(st.lists(st.binary(max_size=8), min_size=1, max_size=40))
def test_roots_equal_a_naive_reading_of_the_rfc(leaves: list[bytes]) -> None:
    assert root(leaves) == _naive(leaves)


def test_canonical_form_sorts_keys_and_keeps_text() -> None:
    assert canonical({"b": 1, "a": "ö"}) == '{"a":"ö","b":1}'.encode()
    assert digest({"a": 1}) == hashlib.sha256(b'{"a":1}').hexdigest()


def test_a_salted_digest_opens_with_its_own_salt_and_value_alone() -> None:
    salt = fresh_salt()
    made = salted_digest(salt, {"answer": "3"})
    assert opens(made, salt, {"answer": "3"})
    assert not opens(made, salt, {"answer": "2"})
    assert not opens(made, NO_SALT, {"answer": "3"})
    assert fresh_salt() != salt


def test_a_salt_has_one_length() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        salted_digest(b"short", 1)
