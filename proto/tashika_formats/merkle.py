"""The Merkle tree of RFC 6962 section 2.1, with SHA-256: hashes, roots, proofs and their verification.

Whoever builds proofs gives a `NodeSource`: `node(level, index)` returns the hash over the leaves `index *
2**level` up to `(index + 1) * 2**level`, for subtrees that are complete. With these stored, every function
here needs only O(log n) look-ups. Verification needs no source, and raises ProofError instead of answering
False.
"""

import hashlib
from collections.abc import Callable, Sequence
from typing import TypeAlias

from tashika_formats.errors import FormatError

NodeSource: TypeAlias = Callable[[int, int], bytes]

HASH_BYTES = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()
# A tree below 2^63 leaves has proofs of at most 63 hashes for inclusion and 64 for consistency.
MAX_PROOF_HASHES = 64


class ProofError(FormatError):
    """A proof does not hold. Codes: PROOF_RANGE (index or size impossible), PROOF_SHAPE, PROOF_ROOT."""

    def __init__(self, code: str, en: str) -> None:
        super().__init__(
            code,
            "登録簿の記録に含まれていることを示す証明が成り立ちません。登録簿から証明を取り直してください。",
            f"{en}. Fetch the proof from the register again.",
        )


def leaf_hash(data: bytes) -> bytes:
    """The hash of a leaf: SHA-256 over a zero byte and the leaf's bytes."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node: SHA-256 over a one byte and both children."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def nodes_added_by(index: int, leaf: bytes, node: NodeSource) -> list[tuple[int, int, bytes]]:
    """The complete nodes (level, index, hash) that appending the leaf hash `leaf` at `index` adds, leaf
    first.

    `node` is asked only for complete subtrees left of `index`. Raises ValueError for a negative index.
    """
    if index < 0:
        raise ValueError("index must not be negative")
    added = [(0, index, leaf)]
    level, place, current = 0, index, leaf
    while place % 2 == 1:
        current = node_hash(node(level, place - 1), current)
        level, place = level + 1, place // 2
        added.append((level, place, current))
    return added


def root(size: int, node: NodeSource) -> bytes:
    """The root of the tree of the first `size` leaves. Raises ValueError for a negative size."""
    if size < 0:
        raise ValueError("size must not be negative")
    return EMPTY_ROOT if size == 0 else _range_hash(0, size, node)


def inclusion_proof(index: int, size: int, node: NodeSource) -> list[bytes]:
    """The proof that leaf `index` is in the tree of `size` leaves, nearest sibling first (RFC 6962 2.1.1).

    Raises ValueError unless 0 <= index < size.
    """
    if not 0 <= index < size:
        raise ValueError("index must be at least 0 and below size")
    proof: list[bytes] = []
    low, high = 0, size
    while high - low > 1:
        middle = low + _split(high - low)
        if index < middle:
            proof.append(_range_hash(middle, high, node))
            high = middle
        else:
            proof.append(_range_hash(low, middle, node))
            low = middle
    proof.reverse()
    return proof


def consistency_proof(old_size: int, new_size: int, node: NodeSource) -> list[bytes]:
    """The proof that the first `old_size` leaves of both trees are the same (RFC 6962 2.1.2).

    Empty for equal sizes and for `old_size` 0. Raises ValueError unless 0 <= old_size <= new_size.
    """
    if not 0 <= old_size <= new_size:
        raise ValueError("old_size must be at least 0 and at most new_size")
    if old_size in (0, new_size):
        return []
    proof: list[bytes] = []
    low, high = 0, new_size
    while high != old_size:
        middle = low + _split(high - low)
        if old_size <= middle:
            proof.append(_range_hash(middle, high, node))
            high = middle
        else:
            proof.append(_range_hash(low, middle, node))
            low = middle
    if low > 0:
        proof.append(_range_hash(low, high, node))
    proof.reverse()
    return proof


def verify_inclusion(
    leaf: bytes, index: int, size: int, proof: Sequence[bytes], expected_root: bytes
) -> None:
    """Raises ProofError unless `proof` shows that the leaf hash `leaf` is at `index` in the tree with this
    root.

    The algorithm of RFC 9162 section 2.1.3.2.
    """
    if not 0 <= index < size:
        raise ProofError("PROOF_RANGE", "The leaf's index is not inside the tree")
    _check_hashes([leaf, expected_root, *proof])
    current, place, last = leaf, index, size - 1
    for sibling in proof:
        if last == 0:
            raise ProofError("PROOF_SHAPE", "The inclusion proof is too long")
        if place % 2 == 1 or place == last:
            current = node_hash(sibling, current)
            while place % 2 == 0 and place != 0:
                place, last = place >> 1, last >> 1
        else:
            current = node_hash(current, sibling)
        place, last = place >> 1, last >> 1
    if last != 0:
        raise ProofError("PROOF_SHAPE", "The inclusion proof is too short")
    if current != expected_root:
        raise ProofError("PROOF_ROOT", "The inclusion proof leads to another root")


def verify_consistency(
    old_size: int, new_size: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes
) -> None:
    """Raises ProofError unless `proof` shows that the tree with `new_root` only adds leaves to that with
    `old_root`.

    The algorithm of RFC 9162 section 2.1.4.2; the empty tree is consistent with every tree.
    """
    if not 0 <= old_size <= new_size:
        raise ProofError("PROOF_RANGE", "The older tree is larger than the newer one")
    _check_hashes([old_root, new_root, *proof])
    if old_size in (0, new_size):
        _verify_trivial_consistency(old_size, proof, old_root, new_root)
        return
    path = list(proof) if old_size & (old_size - 1) else [old_root, *proof]
    if not path:
        raise ProofError("PROOF_SHAPE", "The consistency proof is too short")
    place, last = old_size - 1, new_size - 1
    while place % 2 == 1:
        place, last = place >> 1, last >> 1
    old, new = path[0], path[0]
    for sibling in path[1:]:
        if last == 0:
            raise ProofError("PROOF_SHAPE", "The consistency proof is too long")
        if place % 2 == 1 or place == last:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            while place % 2 == 0 and place != 0:
                place, last = place >> 1, last >> 1
        else:
            new = node_hash(new, sibling)
        place, last = place >> 1, last >> 1
    if last != 0:
        raise ProofError("PROOF_SHAPE", "The consistency proof is too short")
    if old != old_root or new != new_root:
        raise ProofError("PROOF_ROOT", "The consistency proof leads to other roots")


def _verify_trivial_consistency(
    old_size: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes
) -> None:
    if proof:
        raise ProofError("PROOF_SHAPE", "The consistency proof must be empty")
    if old_root != (EMPTY_ROOT if old_size == 0 else new_root):
        raise ProofError("PROOF_ROOT", "The roots of two trees of the same size differ")


def _check_hashes(hashes: Sequence[bytes]) -> None:
    if len(hashes) > MAX_PROOF_HASHES + 2:
        raise ProofError("PROOF_SHAPE", "The proof has too many hashes")
    if any(len(value) != HASH_BYTES for value in hashes):
        raise ProofError("PROOF_SHAPE", "A hash does not have 32 bytes")


def _split(count: int) -> int:
    """The largest power of two below `count` (at least 2): where RFC 6962 divides a tree."""
    return 1 << ((count - 1).bit_length() - 1)


def _range_hash(low: int, high: int, node: NodeSource) -> bytes:
    """The hash over the leaves low to high - 1, a subtree of some tree, from its complete parts."""
    parts: list[bytes] = []
    while low < high:
        # Subtrees begin at a multiple of their size, so the largest complete part is the whole or the split.
        width = high - low
        level = width.bit_length() - 1
        parts.append(node(level, low >> level))
        low += 1 << level
    current = parts.pop()
    while parts:
        current = node_hash(parts.pop(), current)
    return current
