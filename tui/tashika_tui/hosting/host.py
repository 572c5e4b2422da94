"""The host: listens, lets people in within its limits, and stops in good order."""

import asyncio
import contextlib
import datetime
import errno
import logging
import signal
import socket
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import asyncssh

from tashika_tui.hosting.forking import Forks, NotReady
from tashika_tui.hosting.host_key import load_host_key
from tashika_tui.hosting.hosted import endpoint_of
from tashika_tui.hosting.limits import Limits, source_of
from tashika_tui.hosting.log import HostLog, LibraryHandler
from tashika_tui.hosting.register import HostRegister
from tashika_tui.hosting.running import Running
from tashika_tui.hosting.settings import HostSettings
from tashika_tui.hosting.visit import Visit
from tashika_tui.i18n import Texts
from tashika_tui.problems import LocalError

# Who can not even wait is left hanging by the kernel for a minute; who is refused knows at once.
_BACKLOG = 1_024
_WINDOW_BYTES = 128 * 1024
_KEEPALIVE_SECONDS = 30
_KEEPALIVES = 4

# Without a descriptor left nobody can be let in; then it waits for somebody to leave.
_FULL = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM})

# SHA-1 agrees on nothing and signs nothing any more; nor do exchanges without forward secrecy.
_WEAK = {
    "signature_algs": "-ssh-rsa,ssh-dss",
    "kex_algs": "-*-sha1,rsa2048-sha256",
    "mac_algs": "-hmac-sha1*",
}


class Host:
    """One host. `serve` it until it is signalled."""

    def __init__(self, settings: HostSettings, log: HostLog) -> None:
        self.settings = settings
        self.log = log
        self.limits = Limits(settings.bounds, asyncio.get_running_loop().time)
        self.forks = Forks(log)
        self.register = HostRegister(endpoint_of(settings.place), Texts().language, log)
        self.running: set[Running] = set()
        self.stopping = False
        self._visits: set[Visit] = set()
        self._waiting: set[Visit] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._options: asyncssh.SSHServerConnectionOptions | None = None

    async def serve(self, say: Callable[[str], None], texts: Texts) -> None:
        """Listens until SIGTERM or SIGINT, then stops. Raises LocalError, NotReady."""
        key, made = load_host_key(Path(self.settings.host_key))
        if made:
            say(texts("hosting.host_key_made", path=self.settings.host_key))
        listener = self._listen()
        try:
            await self.forks.start()
            asked = asyncio.Event()
            loop = asyncio.get_running_loop()
            for number in (signal.SIGTERM, signal.SIGINT):
                loop.add_signal_handler(number, asked.set)
            accepting = asyncio.ensure_future(self._accept(listener, key))
            host, port = listener.getsockname()[:2]
            address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
            say(texts("hosting.ready", address=address, fingerprint=key.get_fingerprint()))
            self.log.event("host.ready", address=address, fork_server=self.forks.process)
            await asked.wait()
            accepting.cancel()
            listener.close()
            await self._stop()
        finally:
            listener.close()
            await self.forks.close()
            await self.register.close()
            self.log.event("host.stopped")

    def later(self, work: Coroutine[Any, Any, None]) -> None:
        """Does something without anybody waiting for it, but before the host is gone."""
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def known(self, visit: Visit) -> None:
        """A connection does not wait for its sign-in any more."""
        if visit in self._waiting:
            self._waiting.discard(visit)
            self.limits.authenticated(visit.source)

    # --- listening ---

    def _listen(self) -> socket.socket:
        host, port = self.settings.address
        try:
            family, kind, protocol, _, where = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
            listener = socket.socket(family, kind, protocol)
            try:
                listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                listener.bind(where)
                listener.listen(_BACKLOG)
                listener.setblocking(False)
            except OSError:
                listener.close()
                raise
        except OSError as error:
            cause = error.strerror or ""
            raise LocalError("hosting.listen", address=self.settings.listen, cause=cause) from None
        return listener

    async def _accept(self, listener: socket.socket, key: asyncssh.SSHKey) -> None:
        loop = asyncio.get_running_loop()
        while True:
            try:
                connection, where = await loop.sock_accept(listener)
            except OSError as error:
                if error.errno in _FULL:
                    self.log.event("connection.no_room", errno=error.errno or 0)
                await asyncio.sleep(0.2)
                continue
            address = str(where[0])
            refused = self.limits.connect(source_of(address))
            if refused:
                # Without a word of the protocol: that would cost more than it is worth.
                connection.close()
                self.log.event("connection.refused", source=address, why=refused)
                continue
            visit = Visit(self, address)
            self._visits.add(visit)
            self._waiting.add(visit)
            self.later(self._converse(visit, connection, key))

    async def _converse(self, visit: Visit, connection: socket.socket, key: asyncssh.SSHKey) -> None:
        """One connection from its first byte to its last."""
        try:
            options = asyncssh.SSHServerConnectionOptions(**self._protocol(visit, key))
            with contextlib.suppress(OSError, asyncssh.Error, TimeoutError):
                conn = await asyncssh.run_server(connection, config=None, options=options)
                await conn.wait_closed()
        finally:
            connection.close()
            self.known(visit)
            self._visits.discard(visit)
            self.limits.disconnect()

    def _protocol(self, visit: Visit, key: asyncssh.SSHKey) -> dict[str, Any]:
        """Everything that SSH could do beside a session is off."""
        return {
            "server_factory": lambda: visit,
            "server_host_keys": [key],
            "server_version": "Tashika",
            "login_timeout": self.settings.login_seconds,
            "keepalive_interval": _KEEPALIVE_SECONDS,
            "keepalive_count_max": _KEEPALIVES,
            "encoding": None,
            "line_editor": False,
            "allow_pty": True,
            "allow_scp": False,
            "sftp_factory": None,
            "agent_forwarding": False,
            "x11_forwarding": False,
            "host_based_auth": False,
            "gss_host": None,
            "compression_algs": None,
            **_WEAK,
            "window": _WINDOW_BYTES,
        }

    # --- stopping ---

    async def _stop(self) -> None:
        """Lets people finish for a while, then ends what is left, and tells the register who has left."""
        self.stopping = True
        self.log.event("host.draining", sessions=len(self.running))
        for running in tuple(self.running):
            running.warn("hosting.stopping")
        await self._until_idle(self.settings.drain_seconds)
        for running in tuple(self.running):
            running.stop("stopped", "hosting.stopped")
        await self._until_idle(10)
        for visit in tuple(self._visits):
            visit.dismiss()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(10):
                # What one of them leaves behind may begin another.
                while self._tasks:
                    await asyncio.wait(tuple(self._tasks))

    async def _until_idle(self, seconds: float) -> None:
        waiting = [asyncio.ensure_future(running.over.wait()) for running in self.running]
        if waiting:
            _, late = await asyncio.wait(waiting, timeout=seconds)
            for task in late:
                task.cancel()


def make_log() -> HostLog:
    """The log on standard error, which also hears what asyncssh, asyncio and any other library warn of."""
    log = HostLog(sys.stderr, lambda: datetime.datetime.now(datetime.UTC))
    libraries = logging.getLogger()
    libraries.handlers = [LibraryHandler(log)]
    libraries.setLevel(logging.WARNING)
    return log


async def serve(settings: HostSettings, say: Callable[[str], None], texts: Texts) -> None:
    """A host with these settings, until it is signalled. Raises LocalError."""
    try:
        await Host(settings, make_log()).serve(say, texts)
    except NotReady:
        raise LocalError("hosting.unavailable") from None
