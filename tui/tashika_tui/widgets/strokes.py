"""One stroke after the other: what is typed ahead goes where it would have gone had the person waited.

Textual hands each key to the widget that has the keyboard at that moment, and looks what the key means only after
it has climbed from there to the app. Whoever types faster than that, or over a line that delivers strokes in
bunches, types a password into the name (the tab between them is still on its way up), and presses a button of a
dialog twice, the second time for the screen below.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any

from textual import events
from textual.app import App
from textual.dom import DOMNode
from textual.message_pump import MessagePump

# A handler that waits for something else holds up the keyboard for no longer than this.
_PATIENCE_SECONDS = 1.0

# What a stroke sets off climbs from widget to widget. So often it is followed up; more than two is rare.
_CLIMBS = 4
_ROUNDS = 5

_STROKES = (events.Key, events.Paste, events.MouseDown, events.MouseUp)


class Strokes:
    """The strokes that wait for their turn. `handle` is what the app does with one."""

    def __init__(self, app: App[Any], handle: Callable[[events.Event], Awaitable[None]]) -> None:
        self._app = app
        self._handle = handle
        self._waiting: deque[events.Event] = deque()
        self._task: asyncio.Task[None] | None = None

    def take(self, event: events.Event) -> bool:
        """Takes a stroke that comes from the terminal. False: the event is none."""
        if not isinstance(event, _STROKES) or event.is_forwarded:
            return False
        self._waiting.append(event)
        if self._task is None or self._task.done():
            # From within the app's own task, so that what happens in this one happens in the app's context.
            self._task = asyncio.get_running_loop().create_task(self._work(), name="strokes")
        return True

    @property
    def idle(self) -> bool:
        """Whether every stroke has had its effect."""
        return not self._waiting and (self._task is None or self._task.done())

    def close(self) -> None:
        """Forgets what waits."""
        self._waiting.clear()
        if self._task is not None:
            self._task.cancel()

    async def _work(self) -> None:
        while self._waiting:
            event = self._waiting.popleft()
            target = self._target
            try:
                await self._handle(event)
                async with asyncio.timeout(_PATIENCE_SECONDS):
                    await self._settle(event, target)
            except TimeoutError:
                continue

    @property
    def _target(self) -> DOMNode:
        return self._app.focused or self._app.screen

    async def _settle(self, event: events.Event, target: DOMNode) -> None:
        """Waits until what the stroke set off is done, as far as that needs no server."""
        if isinstance(event, events.Key) and event.is_printable and _takes(target, event):
            # A letter in a line moves nothing else.
            await _drained(target)
            return
        for climb in range(_CLIMBS):
            busy = False
            for node in target.ancestors_with_self:
                busy = await _drained(node) or busy
            if climb and not busy and target is self._target:
                return
            target = self._target


def _takes(target: DOMNode, event: events.Key) -> bool:
    check = getattr(target, "check_consume_key", None)
    return check is not None and bool(check(event.key, event.character))


async def _drained(node: MessagePump) -> bool:
    """Waits until a node is through with its messages. Whether there were more than expected."""
    for round_ in range(_ROUNDS):
        done = asyncio.Event()
        # A node that ends takes nothing more, and is through with what it had.
        if not node.call_later(done.set):
            return bool(round_)
        await done.wait()
        if not node.message_queue_size:
            return bool(round_)
    return True
