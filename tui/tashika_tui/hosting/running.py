"""A session that runs: its process, its streams, and the times after which it ends."""

import asyncio
import contextlib
import os
import signal
import socket
from typing import TYPE_CHECKING

from tashika_tui.hosting.asked import Size
from tashika_tui.hosting.forking import Child, NotReady
from tashika_tui.hosting.order import MAX_LINE_BYTES, Fault, Kind, Notice, Order
from tashika_tui.hosting.streams import Inlet, Outlet, open_terminal, resize
from tashika_tui.problems import Exit

if TYPE_CHECKING:
    import asyncssh

    from tashika_tui.hosting.visit import Visit

_WARN_SECONDS = 60

# How long a session that was asked to end may take to put the terminal back as it was.
_GRACE_SECONDS = 4.0

# What is left of its output once it has ended, when the other end does not read.
_DRAIN_SECONDS = 5.0

# What a terminal needs after a client that could not say goodbye: the normal screen, the cursor, no mouse, no paste
# marks, no focus reports, and plain text.
_RESET = b"\x1b[?1049l\x1b[?25h\x1b[?1000;1002;1003;1006;1015l\x1b[?2004l\x1b[?1004l\x1b[0m"


class Running:
    """One session. `start` it, then wait until it has `finished`."""

    def __init__(
        self, channel: "asyncssh.SSHServerChannel[bytes]", visit: "Visit", order: Order, size: Size
    ) -> None:
        self._channel = channel
        self._visit = visit
        self._order = order
        self._size = size
        self._loop = asyncio.get_running_loop()
        self._began = self._touched = self._loop.time()
        self._child: Child | None = None
        self._terminal: int | None = None
        self._inlet: Inlet | None = None
        self._outlets: list[Outlet] = []
        self._opened: list[int] = []
        self._leash: socket.socket | None = None
        self._heard = b""
        self._paused = False
        self._why = "left"
        self.over = asyncio.Event()

    # --- its life ---

    async def start(self) -> bool:
        """Forks it. False: that can't be done just now."""
        own, other = socket.socketpair()
        own.setblocking(False)
        self._leash = own
        try:
            with other:
                return await self._start(own, other.fileno())
        except (NotReady, OSError) as error:
            self._visit.log("session.failed", fault=type(error).__name__)
            self._close()
            return False

    async def _start(self, leash: socket.socket, other: int) -> bool:
        streams = self._open()
        try:
            self._child = await self._visit.host.forks.session(self._order.kind, other, streams)
        finally:
            for descriptor in streams:
                os.close(descriptor)
        # Only now, so that a session that was never made has not been told anything.
        leash.send(self._order.line())
        self._loop.add_reader(leash, self._hear)
        return True

    async def finished(self, what: str) -> int:
        """Waits for the end, and gives the exit code for the other end."""
        child = self._child
        assert child is not None
        self._visit.host.running.add(self)
        self._visit.log("session.begin", what=what, process=child.number)
        watch = asyncio.ensure_future(self._watch())
        try:
            code = await child.ended
            await self._drain()
        finally:
            watch.cancel()
            self._visit.host.running.discard(self)
            self._close()
            self.over.set()
        seconds = round(self._loop.time() - self._began, 1)
        self._visit.log(
            "session.end", what=what, process=child.number, seconds=seconds, code=code, why=self._why
        )
        if code < 0:
            # It could not put the terminal back by itself.
            self._reset()
            return Exit.FAULT if self._why == "left" else Exit.DONE
        return code

    def hang_up(self) -> None:
        """The person is gone."""
        self._end("gone", signal.SIGHUP)

    def stop(self, why: str, key: str) -> None:
        """Ends it with a word to the person."""
        if self._order.kind is Kind.COMMAND or not self._tell(Notice(key, final=True)):
            self._end(why, signal.SIGTERM)
        else:
            self._end(why, None)

    def warn(self, key: str) -> None:
        """A word to the person, and nothing else."""
        if self._order.kind is Kind.SCREEN:
            self._tell(Notice(key))

    # --- bytes ---

    def feed(self, data: bytes) -> None:
        """What the person typed, or sent."""
        self._touched = self._loop.time()
        if self._inlet is not None:
            self._inlet.feed(data)

    def end_input(self) -> None:
        """No more of it comes."""
        if self._order.kind is Kind.SCREEN:
            self.hang_up()
        elif self._inlet is not None:
            self._inlet.end()

    def resize(self, size: Size) -> None:
        """Another window."""
        self._touched = self._loop.time()
        if self._terminal is not None:
            resize(self._terminal, size)

    def pause(self) -> None:
        """The other end does not read."""
        self._paused = True
        for outlet in self._outlets:
            outlet.pause()

    def resume(self) -> None:
        """It reads again."""
        self._paused = False
        for outlet in self._outlets:
            outlet.resume()

    # --- of its own ---

    def _open(self) -> list[int]:
        """Makes the streams, and gives the ends that are the session's."""
        hold, release = self._channel.pause_reading, self._channel.resume_reading
        if self._order.kind is Kind.SCREEN:
            own, other = open_terminal(self._size)
            self._terminal = own
            self._opened.append(own)
            self._inlet = Inlet(own, hold, release, own=False)
            self._outlets = [Outlet(own, self._output)]
            return [other]
        read_in, write_in = os.pipe()
        read_out, write_out = os.pipe()
        read_err, write_err = os.pipe()
        self._opened += [read_out, read_err]
        self._inlet = Inlet(write_in, hold, release, own=True)
        self._outlets = [Outlet(read_out, self._output), Outlet(read_err, self._errors)]
        return [read_in, write_out, write_err]

    def _output(self, data: bytes) -> None:
        with contextlib.suppress(OSError):
            self._channel.write(data)
        if self._visit.is_clogged():
            self._wait_for_connection()

    def _errors(self, data: bytes) -> None:
        with contextlib.suppress(OSError):
            self._channel.write_stderr(data)

    def _wait_for_connection(self) -> None:
        """The channel's window may be as large as the client likes; what lies in this process must not be."""
        for outlet in self._outlets:
            outlet.pause()
        self._loop.call_later(0.05, self._look_again)

    def _look_again(self) -> None:
        if self._paused:
            return
        if self._visit.is_clogged():
            self._loop.call_later(0.05, self._look_again)
        else:
            self.resume()

    async def _watch(self) -> None:
        """Ends the session after its times, with a word a minute before."""
        settings = self._visit.host.settings
        command = self._order.kind is Kind.COMMAND
        longest = settings.command_seconds if command else settings.max_seconds
        idle = longest if command else settings.idle_seconds
        warned = 0.0
        while True:
            by_age = self._began + longest <= self._touched + idle
            ends = self._began + longest if by_age else self._touched + idle
            warns = ends - min(_WARN_SECONDS, (longest if by_age else idle) / 2)
            now = self._loop.time()
            if now >= ends:
                self.stop(*(("age", "hosting.ended_by_age") if by_age else ("idle", "hosting.ended_idle")))
                return
            if now >= warns and warned != ends:
                warned = ends
                self.warn("hosting.ends_by_age" if by_age else "hosting.ends_soon")
            await asyncio.sleep(max(0.05, (ends if now >= warns else warns) - now))

    def _end(self, why: str, first: signal.Signals | None) -> None:
        """Asks the process to end; one that does not listen is ended."""
        child = self._child
        if child is None or child.ended.done():
            return
        if self._why == "left":
            self._why = why
        if first is not None:
            child.send(first)
        self._loop.call_later(_GRACE_SECONDS, child.send, signal.SIGKILL)

    def _tell(self, notice: Notice) -> bool:
        try:
            assert self._leash is not None
            return self._leash.send(notice.line()) > 0
        except OSError:
            return False

    def _hear(self) -> None:
        """Faults that the session reports, for the log."""
        assert self._leash is not None
        try:
            data = self._leash.recv(4_096)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data or len(self._heard) > MAX_LINE_BYTES:
            self._loop.remove_reader(self._leash)
            return
        *lines, self._heard = (self._heard + data).split(b"\n")
        for line in lines:
            with contextlib.suppress(ValueError):
                fault = Fault.read(line)
                self._visit.log(
                    "session.fault", reference=fault.reference, fault=fault.kind, places=" ".join(fault.lines)
                )

    async def _drain(self) -> None:
        """Sends what is left of the output, as long as somebody reads it."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_DRAIN_SECONDS):
                for outlet in self._outlets:
                    await outlet.done.wait()

    def _reset(self) -> None:
        if self._order.kind is Kind.SCREEN:
            with contextlib.suppress(OSError):
                self._channel.write(_RESET)

    def _close(self) -> None:
        for outlet in self._outlets:
            outlet.close()
        if self._inlet is not None:
            self._inlet.close()
        for descriptor in self._opened:
            os.close(descriptor)
        self._opened.clear()
        self._terminal = None
        if self._leash is not None:
            self._loop.remove_reader(self._leash)
            self._leash.close()
            self._leash = None
