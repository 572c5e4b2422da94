"""One stroke after the other: what is typed ahead goes where it would have gone had the person waited.

Textual hands each key to the widget that has the keyboard at that moment, and looks what the key means only after
it has climbed from there to the app. Whoever types faster than that, or over a line that delivers strokes in
bunches, types a password into the name (the tab between them is still on its way up), and presses a button of a
dialog twice, the second time for the screen below.
"""

import asyncio
import contextlib
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any

from textual import events
from textual.app import App
from textual.dom import DOMNode
from textual.message_pump import MessagePump
from textual.widgets import Input

from tashika_tui.keymap import KEYS, Scope
from tashika_tui.widgets.form import Form

# A handler that waits for something else holds up the keyboard for no longer than this.
_PATIENCE_SECONDS = 1.0

# A screen that has just come composes itself, which a busy machine may take long for; nothing in it waits for a server.
_OPENING_SECONDS = 10.0

# What a stroke sets off climbs from widget to widget. So often it is followed up; more than two is rare.
_CLIMBS = 4
_ROUNDS = 5

# What needs nothing that is still being read, and of that what somebody presses who does not want to wait for it.
_MEANWHILE = frozenset(
    key.id for key in KEYS if key.scope is Scope.FILTER or (key.scope is Scope.EVERYWHERE and key.palette)
)
_LEAVING = frozenset(("back", "clear_filter", "drop_filter", "menu", "sign_out", "quit"))

_STROKES = (events.Key, events.Paste, events.MouseDown, events.MouseUp)


class Strokes:
    """The strokes that wait for their turn. `handle` is what the app does with one."""

    def __init__(self, app: App[Any], handle: Callable[[events.Event], Awaitable[None]]) -> None:
        self._app = app
        self._handle = handle
        self._waiting: deque[events.Event] = deque()
        self._task: asyncio.Task[None] | None = None
        # The screen that was there for the stroke before.
        self._screen: DOMNode | None = None
        self._news = asyncio.Event()

    def take(self, event: events.Event) -> bool:
        """Takes a stroke that comes from the terminal. False: the event is none."""
        if not isinstance(event, _STROKES) or event.is_forwarded:
            return False
        self._waiting.append(event)
        self._news.set()
        if self._task is None or self._task.done():
            # From within the app's own task, so that what happens in this one happens in the app's context.
            self._task = asyncio.get_running_loop().create_task(self._work(), name="strokes")
        return True

    def look_again(self) -> None:
        """What was only passed through has been passed, or will not be."""
        self._news.set()

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
            # Taken out last, so that what waits is seen to wait.
            await self._opened()
            await self._passed()
            await self._opened()
            if not self._waiting:
                return
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

    async def _passed(self) -> None:
        """Holds what was typed for what is still to come: the screen behind one that is only passed through, what a
        screen is about, the rows that a list has asked for. A stroke that means something already is not held: whoever
        wants to leave does not wait for a register that does not answer. If something comes up that nobody asked for,
        a failure above all, what was typed was not meant for it.
        """
        held = False
        while self._passing and not self._is_urgent():
            held = True
            self._news.clear()
            await self._news.wait()
        if held and getattr(self._app.screen, "interrupts", False):
            self._waiting.clear()

    @property
    def _passing(self) -> bool:
        if getattr(self._app.screen, "choosing", False):
            return True
        nodes = self._target.ancestors_with_self
        # In a form one types while its choices are still being read, and while it is kept.
        return not any(isinstance(node, Form) for node in nodes) and any(
            getattr(node, "passing", False) for node in nodes
        )

    def _is_urgent(self) -> bool:
        """Whether the first stroke means something now, or one of those behind it leaves."""
        first = self._waiting[0]
        if not isinstance(first, events.Key):
            return not isinstance(first, events.Paste) or isinstance(self._target, Input)
        if _takes(self._target, first) or self._action(first) in _MEANWHILE:
            return True
        return any(isinstance(each, events.Key) and self._action(each) in _LEAVING for each in self._waiting)

    def _action(self, event: events.Key) -> str:
        active = self._app.screen.active_bindings.get(event.key)
        return active.binding.id or "" if active is not None else ""

    async def _opened(self) -> None:
        """Waits until a screen that came by itself, the first one above all, has its keyboard where it belongs."""
        screen = self._app.screen
        if screen is not self._screen:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_OPENING_SECONDS):
                    await self._through(self._target)
            self._screen = self._app.screen

    async def _settle(self, event: events.Event, target: DOMNode) -> None:
        """Waits until what the stroke set off is done, as far as that needs no server."""
        if isinstance(event, events.Key) and event.is_printable and _takes(target, event):
            # A letter in a line moves nothing else.
            await _drained(target)
            return
        await self._through(target)

    async def _through(self, target: DOMNode) -> None:
        """Waits until everything from here up to the app is done, wherever the keyboard goes meanwhile."""
        for climb in range(_CLIMBS):
            busy = False
            for node in target.ancestors_with_self:
                busy = await _drained(node) or busy
            if climb and not busy and target is self._target:
                self._screen = self._app.screen
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
