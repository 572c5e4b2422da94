"""The host's side of the fork server: it is started, asked for sessions, and started again if it should die."""

import array
import asyncio
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Sequence

from tashika_tui.hosting.log import HostLog
from tashika_tui.hosting.order import MAX_LINE_BYTES, Kind

READY_SECONDS = 60.0
"""Loading takes half a second; on a machine that has just started, and compiles, some."""

# What the fork server starts with, and what a look at a session's first environment shows: nothing of the host's own.
_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "PYTHONSAFEPATH": "1"}

_GONE = -int(signal.SIGKILL)


class NotReady(Exception):
    """No session can be made just now."""


class Child:
    """A session's process."""

    def __init__(self, owner: "Forks", number: int) -> None:
        self._owner = owner
        self.number = number
        self.process = 0
        self.ended: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    def send(self, number: signal.Signals) -> None:
        """Sends a signal, unless the process has ended."""
        if not self.ended.done():
            self._owner.signal(self.number, number)


class Forks:
    """Makes sessions."""

    def __init__(self, log: HostLog) -> None:
        self._log = log
        self._server: subprocess.Popen[bytes] | None = None
        self._end: socket.socket | None = None
        self._children: dict[int, Child] = {}
        self._numbers = 0
        self._ready: asyncio.Future[None] | None = None
        self._closing = False

    @property
    def process(self) -> int:
        """The fork server's own process."""
        return self._server.pid if self._server is not None else 0

    async def start(self) -> None:
        """Starts the fork server and waits until it has loaded all. Raises NotReady."""
        if self._ready is None:
            self._launch()
        assert self._ready is not None
        try:
            async with asyncio.timeout(READY_SECONDS):
                await asyncio.shield(self._ready)
        except TimeoutError:
            raise NotReady from None

    async def session(self, kind: Kind, leash: int, streams: Sequence[int]) -> Child:
        """Forks a session on these descriptors, which stay open here. Raises NotReady."""
        await self.start()
        self._numbers += 1
        child = Child(self, self._numbers)
        self._children[child.number] = child
        if not self._ask({"id": child.number, "kind": kind.value}, (leash, *streams)):
            del self._children[child.number]
            raise NotReady
        return child

    def signal(self, number: int, sent: signal.Signals) -> None:
        """Has a signal sent to a session."""
        self._ask({"id": number, "signal": int(sent)}, ())

    async def close(self) -> None:
        """Ends the fork server, and with it every session that is left."""
        self._closing = True
        if self._end is not None:
            self._lost()
        if self._server is not None:
            server = self._server
            await asyncio.to_thread(_wait, server)

    def _launch(self) -> None:
        loop = asyncio.get_running_loop()
        self._ready = loop.create_future()
        own, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with other:
            self._server = subprocess.Popen(
                [sys.executable, "-m", "tashika_tui.hosting.fork_server"],
                stdin=other.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=None,
                env=_ENVIRONMENT,
                cwd="/",
                start_new_session=True,
            )
        own.setblocking(False)
        self._end = own
        loop.add_reader(own, self._readable)

    def _ask(self, words: dict[str, int | str], descriptors: Sequence[int]) -> bool:
        if self._end is None:
            return False
        data = json.dumps(words).encode("ascii")
        rights = (
            [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", descriptors))] if descriptors else []
        )
        try:
            self._end.sendmsg([data], rights)
        except OSError as error:
            self._log.event("fork_server.unreachable", errno=error.errno or 0)
            return False
        return True

    def _readable(self) -> None:
        assert self._end is not None
        while self._end is not None:
            try:
                data = self._end.recv(MAX_LINE_BYTES)
            except BlockingIOError:
                return
            except OSError:
                data = b""
            if not data:
                self._lost()
                return
            self._heard(json.loads(data))

    def _heard(self, words: dict[str, int]) -> None:
        if "ready" in words:
            if self._ready is not None and not self._ready.done():
                self._ready.set_result(None)
            return
        child = self._children.get(words["id"])
        if child is None:
            return
        if "exit" in words:
            del self._children[child.number]
            if not child.ended.done():
                child.ended.set_result(words["exit"])
        else:
            child.process = words["process"]

    def _lost(self) -> None:
        """The fork server is gone: nobody tells any more how its sessions end. The next session starts another."""
        end, self._end = self._end, None
        if end is not None:
            asyncio.get_running_loop().remove_reader(end)
            end.close()
        if not self._closing:
            self._log.event("fork_server.died")
        for child in self._children.values():
            if child.process:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(child.process, signal.SIGHUP)
            if not child.ended.done():
                child.ended.set_result(_GONE)
        self._children.clear()
        if self._ready is not None and not self._ready.done():
            self._ready.set_exception(NotReady())
            # Somebody may not be waiting for it.
            self._ready.exception()
        self._ready = None
        if self._server is not None and not self._closing:
            asyncio.get_running_loop().run_in_executor(None, _wait, self._server)


def _wait(server: "subprocess.Popen[bytes]") -> None:
    try:
        server.wait(10)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
