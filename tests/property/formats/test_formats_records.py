"""Properties of signed records: canonical JSON, the Merkle tree against its plain definition, notes."""

import contextlib
import hashlib
import json
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tashika_formats import checkpoint as cp
from tashika_formats import merkle
from tashika_formats.canonical import (
    MAX_INTEGER,
    CanonicalError,
    canonical_bytes,
    parse_canonical,
    parse_json,
)
from tashika_formats.encoding import EncodingError, decode_base64, encode_base64
from tashika_formats.errors import FormatError
from tashika_formats.issuance import parse_bundle

FIXED = settings(derandomize=True, max_examples=100, deadline=None)

STRINGS = st.text(st.characters(exclude_categories=["Cs"]), max_size=10)
NAMES = st.text(st.characters(max_codepoint=127), max_size=6)
VALUES = st.recursive(
    st.booleans() | st.integers(-MAX_INTEGER, MAX_INTEGER) | STRINGS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=12,
)


@FIXED
@given(VALUES)
def test_a_value_survives_its_canonical_form(value: Any) -> None:
    data = canonical_bytes(value)
    assert parse_canonical(data) == value
    assert json.loads(data) == value
    assert parse_json(json.dumps(value, indent=1).encode()) == value


@FIXED
@given(st.dictionaries(NAMES, st.integers(0, 9), max_size=6), st.randoms(use_true_random=False))
def test_the_order_of_names_makes_no_difference(value: dict[str, int], chance: Any) -> None:
    names = list(value)
    chance.shuffle(names)
    assert canonical_bytes({name: value[name] for name in names}) == canonical_bytes(value)  # type: ignore[arg-type]


@FIXED
@given(VALUES, st.data())
def test_no_other_bytes_have_the_same_value(value: Any, data: st.DataObject) -> None:
    text = canonical_bytes(value)
    place = data.draw(st.integers(0, len(text)))
    spaced = text[:place] + data.draw(st.sampled_from([b" ", b"\n", b"\t"])) + text[place:]
    try:
        assert parse_canonical(spaced) != value
    except CanonicalError as error:
        assert error.code in ("JSON_NOT_CANONICAL", "JSON_SYNTAX")


@FIXED
@given(st.binary(max_size=60))
def test_any_bytes_give_a_value_or_the_formats_own_error(data: bytes) -> None:
    for function in (parse_canonical, parse_bundle, cp.parse_note, cp.parse_checkpoint_text):
        with pytest.raises(FormatError):
            function(b"\xff" + data)
        try:
            function(data)
        except FormatError as error:
            assert error.code


@FIXED
@given(st.text(max_size=20))
def test_base64_has_one_spelling(text: str) -> None:
    with contextlib.suppress(EncodingError):
        assert encode_base64(decode_base64(text)) == text


def tree_hash(leaves: Sequence[bytes]) -> bytes:
    """MTH of RFC 6962 section 2.1, as it stands there."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    half = split(len(leaves))
    return hashlib.sha256(b"\x01" + tree_hash(leaves[:half]) + tree_hash(leaves[half:])).digest()


def path(index: int, leaves: Sequence[bytes]) -> list[bytes]:
    """PATH of RFC 6962 section 2.1.1."""
    if len(leaves) == 1:
        return []
    half = split(len(leaves))
    if index < half:
        return [*path(index, leaves[:half]), tree_hash(leaves[half:])]
    return [*path(index - half, leaves[half:]), tree_hash(leaves[:half])]


def subproof(old: int, leaves: Sequence[bytes], whole: bool) -> list[bytes]:
    """SUBPROOF of RFC 6962 section 2.1.2."""
    if old == len(leaves):
        return [] if whole else [tree_hash(leaves)]
    half = split(len(leaves))
    if old <= half:
        return [*subproof(old, leaves[:half], whole), tree_hash(leaves[half:])]
    return [*subproof(old - half, leaves[half:], False), tree_hash(leaves[:half])]


def split(count: int) -> int:
    half = 1
    while half * 2 < count:
        half *= 2
    return half


MAX_LEAVES = 70
LEAVES = [b"leaf %d" % index for index in range(MAX_LEAVES)]


class Stored:
    """The complete nodes of a tree, as a server stores them; counts look-ups."""

    def __init__(self) -> None:
        self.nodes: dict[tuple[int, int], bytes] = {}
        self.asked = 0
        for index, leaf in enumerate(LEAVES):
            for level, place, value in merkle.nodes_added_by(index, merkle.leaf_hash(leaf), self.node):
                assert (level, place) not in self.nodes
                self.nodes[level, place] = value

    def node(self, level: int, index: int) -> bytes:
        self.asked += 1
        return self.nodes[level, index]


STORED = Stored()
SIZES = st.integers(1, MAX_LEAVES)


def test_every_complete_subtree_is_stored_once() -> None:
    for (level, place), value in STORED.nodes.items():
        assert value == tree_hash(LEAVES[place << level : (place + 1) << level])
    assert len(STORED.nodes) == sum(MAX_LEAVES >> level for level in range(MAX_LEAVES.bit_length()))


@FIXED
@given(SIZES)
def test_roots_are_those_of_the_definition(size: int) -> None:
    assert merkle.root(size, STORED.node) == tree_hash(LEAVES[:size])


@FIXED
@given(SIZES, st.data())
def test_inclusion_proofs_are_those_of_the_definition_and_hold(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    STORED.asked = 0
    proof = merkle.inclusion_proof(index, size, STORED.node)
    assert STORED.asked <= 2 * size.bit_length(), "only O(log n) look-ups"
    assert proof == path(index, LEAVES[:size])
    merkle.verify_inclusion(merkle.leaf_hash(LEAVES[index]), index, size, proof, tree_hash(LEAVES[:size]))


@FIXED
@given(SIZES, st.data())
def test_consistency_proofs_are_those_of_the_definition_and_hold(size: int, data: st.DataObject) -> None:
    old = data.draw(st.integers(1, size))
    proof = merkle.consistency_proof(old, size, STORED.node)
    assert proof == subproof(old, LEAVES[:size], True)
    merkle.verify_consistency(old, size, proof, tree_hash(LEAVES[:old]), tree_hash(LEAVES[:size]))


@FIXED
@given(SIZES, st.data())
def test_an_inclusion_proof_with_any_change_is_refused(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    proof, root = merkle.inclusion_proof(index, size, STORED.node), merkle.root(size, STORED.node)
    leaf = merkle.leaf_hash(LEAVES[index])
    parts = [leaf, root, *proof]
    place = data.draw(st.integers(0, len(parts) - 1))
    bit = data.draw(st.integers(0, 255))
    parts[place] = (int.from_bytes(parts[place], "big") ^ 1 << bit).to_bytes(32, "big")
    with pytest.raises(merkle.ProofError):
        merkle.verify_inclusion(parts[0], index, size, parts[2:], parts[1])
    other = data.draw(st.integers(0, MAX_LEAVES).filter(lambda value: value != index))
    with pytest.raises(merkle.ProofError):
        merkle.verify_inclusion(leaf, other, size, proof, root)


@FIXED
@given(SIZES, st.data())
def test_a_consistency_proof_with_any_change_is_refused(size: int, data: st.DataObject) -> None:
    old = data.draw(st.integers(1, size))
    proof = merkle.consistency_proof(old, size, STORED.node)
    parts = [tree_hash(LEAVES[:old]), tree_hash(LEAVES[:size]), *proof]
    place = data.draw(st.integers(0, len(parts) - 1))
    bit = data.draw(st.integers(0, 255))
    parts[place] = (int.from_bytes(parts[place], "big") ^ 1 << bit).to_bytes(32, "big")
    with pytest.raises(merkle.ProofError):
        merkle.verify_consistency(old, size, parts[2:], parts[0], parts[1])


@FIXED
@given(st.integers(0, cp.MAX_SIZE), st.binary(min_size=32, max_size=32), st.binary(min_size=32, max_size=32))
def test_checkpoints_and_keys_survive_their_text(size: int, root: bytes, public: bytes) -> None:
    key = cp.LogKey("register.example/log", public)
    point = cp.Checkpoint(key.name, size, root)
    assert cp.parse_checkpoint_text(cp.checkpoint_text(point)) == point
    assert cp.parse_vkey(cp.format_vkey(key)) == key
    note = cp.parse_note(cp.sign_note(cp.checkpoint_text(point), key, lambda _text: bytes(64)))
    assert note.signatures == (cp.NoteSignature(key.name, key.key_id, bytes(64)),)
