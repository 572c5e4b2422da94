"""A session's end of its leash: the order comes over it, then notices; faults go back; without it the session ends."""

import asyncio
import contextlib
import select
import socket
from collections.abc import Callable

from tashika_tui.hosting.order import MAX_LINE_BYTES, Fault, Notice, Order
from tashika_tui.i18n import Said, say

_CHUNK_BYTES = 4_096


class Leash:
    """One session's. The order is read before the event loop runs, the notices in it. `last` is called before the
    last notice is heard.
    """

    def __init__(self, end: socket.socket, last: Callable[[], object] = lambda: None) -> None:
        self._end = end
        self._last = last
        self._rest = b""

    def order(self) -> Order:
        """Waits for the order. Raises EOFError where the host is gone, ValueError for what is none."""
        while b"\n" not in self._rest:
            data = self._end.recv(_CHUNK_BYTES)
            if not data:
                raise EOFError
            self._rest += data
            if len(self._rest) > MAX_LINE_BYTES:
                raise ValueError("an order without an end")
        line, _, self._rest = self._rest.partition(b"\n")
        return Order.read(line)

    def listen(self, heard: Callable[[Said, bool], None]) -> None:
        """Calls `heard` in the running event loop with each notice, and whether the session ends with it."""
        self._end.setblocking(False)
        loop = asyncio.get_running_loop()
        loop.add_reader(self._end, self._readable, loop, heard)

    @property
    def cut(self) -> bool:
        """Whether the host is gone."""
        try:
            return not self._end.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT)
        except BlockingIOError:
            return False
        except OSError:
            return True

    def wait_until_cut(self) -> None:
        """Waits until the host is gone, in a thread of its own."""
        poll = select.poll()
        # Nothing is asked for: that the other end has hung up is always told.
        poll.register(self._end, 0)
        poll.poll()

    def report(self, fault: Fault) -> None:
        """Tells the host of a fault; a host that is gone needs no telling."""
        with contextlib.suppress(OSError):
            self._end.send(fault.line())

    def _readable(self, loop: asyncio.AbstractEventLoop, heard: Callable[[Said, bool], None]) -> None:
        try:
            data = self._end.recv(_CHUNK_BYTES)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data or len(self._rest) + len(data) > MAX_LINE_BYTES:
            loop.remove_reader(self._end)
            self._last()
            heard(say("hosting.host_gone"), True)
            return
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            notice = Notice.read(line)
            if notice.final:
                self._last()
            heard(say(notice.key), notice.final)
