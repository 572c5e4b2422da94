"""Messages that were built already, for as long as the store hands out the very objects that they were built from."""

from collections.abc import Callable, Hashable
from operator import is_
from typing import Generic, TypeVar

from google.protobuf.message import Message

M = TypeVar("M", bound=Message)

# As many as the store keeps decoded; a message is about 5 KB, so 10 MB at most.
CAPACITY = 2_000


class Memo(Generic[M]):
    """A bounded map from a key and the objects that a message shows to the message.

    The objects are immutable and are held here, so the same objects mean the same message, and what the store read
    anew is built anew: no revision is compared, and nothing has to be told that something changed. For one thread.
    """

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._capacity = capacity
        self._kept: dict[Hashable, tuple[tuple[object, ...], M]] = {}

    def get(self, key: Hashable, shown: tuple[object, ...], build: Callable[[], M]) -> M:
        """Give the message, which the caller copies and never changes."""
        kept = self._kept.get(key)
        if kept is not None and len(kept[0]) == len(shown) and all(map(is_, kept[0], shown)):
            return kept[1]
        message = build()
        if key not in self._kept and len(self._kept) >= self._capacity:
            # The oldest half goes: no bookkeeping on a hit.
            for old in list(self._kept)[: max(1, self._capacity // 2)]:
                del self._kept[old]
        self._kept[key] = (shown, message)
        return message
