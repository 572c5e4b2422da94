"""Decoded entities, kept by id and revision: what is immutable can be shared, and decoding is most of a look-up."""

import threading
from typing import Any, TypeVar

from tashika_server.domain.model import Certificate, Contract
from tashika_server.storage.kinds import Kind
from tashika_server.storage.session import Row

E = TypeVar("E")

Contents = tuple[Contract, tuple[Certificate, ...]]
"""A contract with every version of its certificate, the first first."""

Stamp = tuple[int, tuple[tuple[int, int], ...]]
"""What contents are at: the contract's revision, and each version's revision and place in the log."""

_CONTENTS = "contents"

# A contract with its certificate is about 20 KB as objects: 40 MB at most.
CAPACITY = 2_000


class EntityCache:
    """A bounded map from (kind, payload, revision, place) to the entity.

    The payload itself is the key's main part, so a row that was changed behind the store's back is decoded anew;
    comparing a text of the same hash costs next to nothing beside parsing it.
    """

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._capacity = capacity
        self._entities: dict[tuple[object, ...], Any] = {}
        self._guard = threading.Lock()

    def load(self, kind: Kind[E], row: Row) -> E:
        """The entity of a row (revision, payload and, for what has a place in the log, the leaf's index)."""
        key = (kind.name, tuple(row))
        found: E | None = self._entities.get(key)
        if found is not None:
            return found
        place = {"leaf_index": row[2]} if kind.placed else {}
        entity = kind.codec.decode(row[1], revision=row[0], **place)
        if row[0] > 0:
            self._keep(key, entity)
        return entity

    def contents(self, contract_id: str, stamp: Stamp) -> Contents | None:
        """What opens, where it is known at these revisions: then no payload has to be read.

        A revision is given once, with its commit, so a row has one content at it. A payload that was changed behind
        the store's back is seen by the check of the store, and here after a restart.
        """
        found: Contents | None = self._entities.get((_CONTENTS, contract_id, stamp))
        return found

    def keep_contents(self, contract_id: str, stamp: Stamp, contents: Contents) -> None:
        """Remember what opens, as it was read in one transaction with its stamp."""
        self._keep((_CONTENTS, contract_id, stamp), contents)

    def _keep(self, key: tuple[object, ...], entity: object) -> None:
        with self._guard:
            if len(self._entities) >= self._capacity:
                # The oldest half goes: no bookkeeping on a hit.
                for old in list(self._entities)[: self._capacity // 2]:
                    del self._entities[old]
            self._entities[key] = entity
