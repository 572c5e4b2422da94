import hashlib

import pytest

from tashika_formats import merkle
from tests.unit.formats.issued import Log

# A set of leaves whose roots are published with several implementations of RFC 6962.
LEAVES = [bytes.fromhex(text) for text in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657")]
LEAVES.append(bytes(range(0x60, 0x70)))
ROOT_OF_1 = "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
ROOT_OF_8 = "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"


def log_of(count: int) -> Log:
    log = Log()
    for leaf in LEAVES[:count]:
        log.append(leaf)
    return log


def test_roots_agree_with_published_ones() -> None:
    log = log_of(8)
    assert merkle.root(0, log.node) == hashlib.sha256(b"").digest()
    assert merkle.root(1, log.node).hex() == ROOT_OF_1
    assert merkle.root(8, log.node).hex() == ROOT_OF_8


def test_an_append_adds_the_leaf_and_every_subtree_that_it_completes() -> None:
    log = log_of(7)
    added = merkle.nodes_added_by(7, bytes(32), log.node)
    assert [(level, index) for level, index, _ in added] == [(0, 7), (1, 3), (2, 1), (3, 0)]


@pytest.mark.parametrize(
    ("index", "size", "code"),
    [
        (-1, 8, "PROOF_RANGE"),
        (8, 8, "PROOF_RANGE"),
        (0, 0, "PROOF_RANGE"),
        (3, 8, "PROOF_ROOT"),
        (2, 1000, "PROOF_SHAPE"),
    ],
)
def test_a_proof_holds_for_its_leaf_and_size_only(index: int, size: int, code: str) -> None:
    log = log_of(8)
    proof, leaf = merkle.inclusion_proof(2, 8, log.node), merkle.leaf_hash(LEAVES[2])
    merkle.verify_inclusion(leaf, 2, 8, proof, merkle.root(8, log.node))
    with pytest.raises(merkle.ProofError) as caught:
        merkle.verify_inclusion(leaf, index, size, proof, merkle.root(8, log.node))
    assert caught.value.code == code


@pytest.mark.parametrize(
    "proof", [[], [bytes(32)] * 2, [bytes(32)] * 4, [bytes(31)] * 3, [b""] * 3, [bytes(32)] * 10_000]
)
def test_a_proof_of_another_shape_is_refused(proof: list[bytes]) -> None:
    log = log_of(8)
    with pytest.raises(merkle.ProofError) as caught:
        merkle.verify_inclusion(merkle.leaf_hash(LEAVES[2]), 2, 8, proof, merkle.root(8, log.node))
    assert caught.value.code == "PROOF_SHAPE"


def test_an_inner_node_is_never_taken_for_a_leaf() -> None:
    log = log_of(2)
    data = log.node(0, 0) + log.node(0, 1)
    assert merkle.leaf_hash(data) != merkle.root(2, log.node)


@pytest.mark.parametrize(
    ("old", "new", "proof"), [(3, 3, [bytes(32)]), (0, 3, [bytes(32)]), (5, 3, []), (-1, 3, []), (2, 3, [])]
)
def test_consistency_needs_exactly_its_proof(old: int, new: int, proof: list[bytes]) -> None:
    log = log_of(5)
    old_root = merkle.root(max(old, 0), log.node)
    with pytest.raises(merkle.ProofError):
        merkle.verify_consistency(old, new, proof, old_root, merkle.root(new, log.node))


def test_two_roots_of_one_size_are_never_consistent() -> None:
    with pytest.raises(merkle.ProofError) as caught:
        merkle.verify_consistency(3, 3, [], bytes(32), b"\x01" * 32)
    assert caught.value.code == "PROOF_ROOT"


def test_proofs_outside_of_the_tree_are_not_built() -> None:
    log = log_of(3)
    with pytest.raises(ValueError, match="below size"):
        merkle.inclusion_proof(3, 3, log.node)
    with pytest.raises(ValueError, match="at most new_size"):
        merkle.consistency_proof(4, 3, log.node)
    with pytest.raises(ValueError, match="negative"):
        merkle.root(-1, log.node)
