"""One SSH channel: what was asked for on it, and the session that answers."""

import asyncio
import contextlib
from typing import TYPE_CHECKING

import asyncssh

from tashika_tui.commands.getting import KINDS
from tashika_tui.hosting.asked import Command, CommandRefused, Size, Variables, clean_size, read_command
from tashika_tui.hosting.order import Kind, Order
from tashika_tui.hosting.running import Running
from tashika_tui.i18n import Texts, Wording, environment_language, say
from tashika_tui.problems import Exit

if TYPE_CHECKING:
    from tashika_tui.hosting.visit import Visit

_SIGNALS_THAT_END = frozenset({"HUP", "INT", "TERM", "QUIT", "KILL"})


class SessionChannel(asyncssh.SSHServerSession[bytes]):
    """Takes a request for a screen (a shell with a terminal) or a plain command, and refuses everything else."""

    def __init__(self, visit: "Visit") -> None:
        self._visit = visit
        self._channel: asyncssh.SSHServerChannel[bytes] | None = None
        self._variables = Variables()
        self._size: Size | None = None
        self._command: Command | None = None
        self._refusal = ""
        self._running: Running | None = None
        self._task: asyncio.Task[None] | None = None
        self._early = bytearray()
        self._ended_early = self._gone_early = False

    # --- the channel ---

    def connection_made(self, chan: "asyncssh.SSHServerChannel[bytes]") -> None:
        """The channel is open. asyncssh would keep every variable of any size that a client sends."""
        self._channel = chan
        self._variables.update(chan._env)
        chan._env = self._variables

    def pty_requested(self, term_type: str, term_size: tuple[int, int, int, int], term_modes: object) -> bool:
        """A terminal of this kind and size. Its modes are the client's own affair."""
        self._variables[b"TERM"] = term_type.encode("ascii", "replace")
        self._size = clean_size(term_size[0], term_size[1])
        return True

    def shell_requested(self) -> bool:
        """The client's screens; there is no shell."""
        return True

    def exec_requested(self, command: str) -> bool:
        """A plain command, judged once the channel can say what is wrong with it."""
        try:
            self._command = read_command(command, KINDS)
        except CommandRefused as refused:
            self._refusal = refused.key
        return True

    def subsystem_requested(self, subsystem: str) -> bool:
        """No SFTP, and no other."""
        self._visit.log("refused", what="subsystem")
        return False

    def session_started(self) -> None:
        """The request was granted: now begins what was asked for."""
        self._task = asyncio.ensure_future(self._begin())

    def data_received(self, data: bytes, datatype: int | None) -> None:
        """Keys, or standard input."""
        if self._running is not None:
            self._running.feed(data)
        elif len(self._early) + len(data) <= 64 * 1024:
            # Typed before the session was there; the window holds back what is more.
            self._early += data

    def eof_received(self) -> bool:
        """Standard input has ended. A command may still answer; at a terminal nobody is there any more."""
        self._ended_early = True
        if self._running is not None:
            self._running.end_input()
        return self._size is None or self._command is not None

    def terminal_size_changed(self, width: int, height: int, pixwidth: int, pixheight: int) -> None:
        """Follows the window."""
        self._size = clean_size(width, height)
        if self._running is not None:
            self._running.resize(self._size)

    def signal_received(self, signal: str) -> None:
        """A signal that would end a programme ends the session."""
        if signal in _SIGNALS_THAT_END:
            self._hang_up()

    def break_received(self, msec: int) -> bool:
        """Means nothing here."""
        return False

    def pause_writing(self) -> None:
        """The other end does not read: the session has to wait."""
        if self._running is not None:
            self._running.pause()

    def resume_writing(self) -> None:
        """It reads again."""
        if self._running is not None:
            self._running.resume()

    def connection_lost(self, exc: Exception | None) -> None:
        """The channel is closed, by whoever."""
        self._hang_up()

    # --- the session ---

    @property
    def texts(self) -> Texts:
        """In the person's language, as far as it is known."""
        language = self._command.language if self._command is not None else ""
        return Texts(language or environment_language(self._variables.clean()))

    @property
    def what(self) -> str:
        """For the log."""
        return self._command.logged if self._command is not None else Kind.SCREEN.value

    async def _begin(self) -> None:
        channel = self._channel
        assert channel is not None
        if self._refusal:
            self._visit.log("refused", what="command")
            self._say(say(self._refusal), Exit.USAGE)
            return
        if self._command is None and self._size is None:
            self._say(say("hosting.terminal"), Exit.USAGE)
            return
        refused = self._visit.open_session()
        if refused:
            self._visit.log("refused", what=refused)
            self._say(say(refused), Exit.REFUSED)
            return
        try:
            code = await self._run(channel)
        finally:
            self._visit.close_session()
        if self._running is not None and self._running.unread:
            channel.abort()
            self._visit.unread()
        elif code is not None:
            with contextlib.suppress(OSError):
                channel.exit(code)

    async def _run(self, channel: "asyncssh.SSHServerChannel[bytes]") -> int | None:
        """Runs the session to its end. None: it never began, and that has been said."""
        kind = Kind.SCREEN if self._command is None else Kind.COMMAND
        prepared = await self._visit.prepare(
            kind, self._variables.clean(), self._command, self.texts.language
        )
        if not isinstance(prepared, Order):
            self._say(prepared, Exit.NOT_REACHABLE)
            return None
        running = Running(channel, self._visit, prepared, self._size or Size())
        if not await running.start():
            self._say(say("hosting.unavailable"), Exit.NOT_REACHABLE)
            return None
        self._running = running
        if self._early:
            running.feed(bytes(self._early))
        if self._ended_early:
            running.end_input()
        if self._gone_early:
            running.hang_up()
        return await running.finished(self.what)

    def _hang_up(self) -> None:
        """The person is gone, maybe before the session was there."""
        self._gone_early = True
        if self._running is not None:
            self._running.hang_up()

    def _say(self, wording: Wording, code: Exit) -> None:
        """One sentence, where errors belong, and the end."""
        channel, texts = self._channel, self.texts
        if channel is None or channel.is_closing():
            return
        line = texts("problem.line", sentence=texts.words(wording))
        with contextlib.suppress(OSError):
            if self._size is None:
                channel.write_stderr(f"{line}\n".encode())
            else:
                channel.write(f"{line}\r\n".encode())
            channel.exit(code)
