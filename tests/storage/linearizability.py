"""A small checker for linearisability, after Wing and Gong: is there one order of all operations that respects
real time (what ended before another began comes first) and in which a plain variable would answer the same?

The variable here is a counter: ``add`` answers the value after it added one, ``read`` the value.
"""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Operation:
    """A call with its invocation and response times (nanoseconds of one monotonic clock) and its answer."""

    kind: str
    invoked: int
    responded: int
    answer: int


async def timed(kind: str, call: Callable[[], Awaitable[int]]) -> Operation:
    """Make a call and note its times."""
    invoked = time.monotonic_ns()
    answer = await call()
    return Operation(kind, invoked, time.monotonic_ns(), answer)


def is_linearizable(history: list[Operation], start: int = 0) -> bool:
    """Say whether some order explains every answer. Remembers dead ends (done operations and value)."""
    operations = sorted(history, key=lambda each: each.invoked)
    dead: set[tuple[int, int]] = set()
    stack = [(0, start)]
    everything = (1 << len(operations)) - 1
    while stack:
        done, value = stack.pop()
        if done == everything:
            return True
        if (done, value) in dead:
            continue
        dead.add((done, value))
        left = [(place, each) for place, each in enumerate(operations) if not done >> place & 1]
        # whatever responded first must not be overtaken by anything that was invoked after that
        horizon = min(each.responded for _, each in left)
        for place, each in left:
            if each.invoked > horizon:
                break
            after = value + 1 if each.kind == "add" else value
            if each.answer == after:
                stack.append((done | 1 << place, after))
    return False
