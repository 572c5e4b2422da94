"""The door of the SSH host: a second place to listen, for the one machine or account whose word counts.

Who comes in here may say who a person is (an SSH key that the person proved to hold) and where the person is (the
address that failures are counted by). So the door itself proves who knocks: on a Unix socket by the account that the
kernel says the other end runs under, on the network by the one client certificate that is registered.

gRPC keeps the socket of a connection to itself, so the accounts are looked at in front of it: connections are taken
here and carried on, byte by byte, to a socket that only this server's own account can reach.
"""

import asyncio
import contextlib
import os
import shutil
import socket
import struct
import tempfile
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import grpc
import grpc.aio
import structlog
from cryptography import x509

from tashika_server.transport.listen import (
    ListenError,
    TcpAddress,
    UnixAddress,
    parse_address,
    prepare_socket,
)
from tashika_server.transport.tls import TlsFiles, server_credentials

_LOG = structlog.get_logger("tashika.ssh_host")

# A session on the SSH host has one connection, and the host itself one more.
MAX_CONNECTIONS = 1_024

# The kernel's struct ucred: process, account, group.
_CREDENTIALS = struct.Struct("3i")
_SOCKET_MODE = 0o666


@dataclass(frozen=True, slots=True)
class DoorOptions:
    """Where the door is, and who may come in: an account on a Unix socket, a certificate (PEM) on the network."""

    listen: str
    account: int | None = None
    certificate: Path | None = None
    tls: TlsFiles | None = None


Vouch = Callable[[Mapping[str, object]], bool]
"""Whether a connection with this gRPC authentication context is the SSH host's."""


class SshHostDoor:
    """One door: check it at once with ``SshHostDoor(options)``, then ``start`` and ``stop``."""

    def __init__(self, options: DoorOptions) -> None:
        self._address = parse_address(options.listen)
        self._options = options
        self._stack = contextlib.AsyncExitStack()
        self._server: grpc.aio.Server | None = None
        if isinstance(self._address, UnixAddress):
            if options.account is None:
                raise ListenError(
                    "the door of the SSH host on a Unix socket needs the account that may come in"
                )
            self.vouch: Vouch = lambda _: True
        else:
            self.vouch = self._pin()

    async def start(self, make: Callable[[], grpc.aio.Server]) -> str:
        """Open the door in front of a server that ``make`` prepares, and give its address. Raises ``ListenError``."""
        server = make()
        if isinstance(self._address, UnixAddress):
            bound = await self._behind_accounts(server, self._address)
        else:
            bound = await self._with_certificates(server, self._address)
        self._server = server
        return bound

    async def stop(self, seconds: float) -> None:
        """Close the door; calls inside may go on for so long."""
        if self._server is not None:
            await self._server.stop(seconds)
        await self._stack.aclose()

    async def _with_certificates(self, server: grpc.aio.Server, address: TcpAddress) -> str:
        files, certificate = self._options.tls, self._options.certificate
        assert files is not None and certificate is not None  # `_pin` was asked for both
        credentials = server_credentials(TlsFiles(files.cert, files.key, certificate))
        try:
            port = server.add_secure_port(address.target, credentials)
        except RuntimeError:
            port = 0
        if not port:
            raise ListenError(f"can't listen at {self._options.listen}: is another program there?")
        await server.start()
        return TcpAddress(address.host, port).target

    async def _behind_accounts(self, server: grpc.aio.Server, address: UnixAddress) -> str:
        prepare_socket(address)
        folder = tempfile.mkdtemp(prefix="tashika-door-")
        self._stack.callback(shutil.rmtree, folder, ignore_errors=True)
        inside = f"{folder}/s"
        if not server.add_insecure_port(f"unix:{inside}"):
            raise ListenError("can't make a socket in the temporary folder")
        await server.start()
        lobby = _Lobby(inside, self._options.account)
        loop = asyncio.get_running_loop()
        front = await loop.create_unix_server(lambda: _Visitor(lobby), str(address.path))
        self._stack.callback(lobby.clear)
        self._stack.callback(front.close)
        # Anybody may knock: who comes in is decided by the account, not by the file.
        os.chmod(address.path, _SOCKET_MODE)
        return address.target

    def _pin(self) -> Vouch:
        """Take the first certificate of the file; read again when the server starts again."""
        path = self._options.certificate
        if path is None or self._options.tls is None:
            raise ListenError(
                "the door of the SSH host on the network needs ssh_host_certificate, tls_cert and tls_key"
            )
        try:
            pinned = x509.load_pem_x509_certificate(path.read_bytes())
        except (OSError, ValueError):
            raise ListenError(f"{path} can't be read as a certificate (PEM)") from None

        def vouch(context: Mapping[str, object]) -> bool:
            found = context.get("x509_pem_cert")
            shown = found[0] if isinstance(found, list | tuple) and found else b""
            try:
                return x509.load_pem_x509_certificate(bytes(shown)) == pinned
            except ValueError:
                return False

        return vouch


class _Lobby:
    """Who may pass, where they are led, and who is here."""

    def __init__(self, inside: str, account: int | None) -> None:
        self.inside = inside
        self.account = account
        self.visitors: set[_Visitor] = set()
        self.leading: set[asyncio.Task[None]] = set()

    def lead(self, work: Awaitable[None]) -> None:
        """Keep a connection's way in alive until it is through."""
        task = asyncio.ensure_future(work)
        self.leading.add(task)
        task.add_done_callback(self.leading.discard)

    def clear(self) -> None:
        """Hang up on everybody."""
        for visitor in tuple(self.visitors):
            visitor.hang_up()


class _Side(asyncio.Protocol):
    """One end of a connection that is carried on; what it can't pass on fast enough, it does not take."""

    def __init__(self) -> None:
        self.transport: asyncio.Transport | None = None
        self.other: _Side | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember the way to the far end."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        """Pass it on."""
        if self.other is not None and self.other.transport is not None:
            self.other.transport.write(data)

    def pause_writing(self) -> None:
        """The far end does not take more: take no more for it."""
        if self.other is not None and self.other.transport is not None:
            self.other.transport.pause_reading()

    def resume_writing(self) -> None:
        """It does again."""
        if self.other is not None and self.other.transport is not None:
            self.other.transport.resume_reading()

    def connection_lost(self, error: Exception | None) -> None:
        """Hang up on the other side as well."""
        if self.other is not None and self.other.transport is not None:
            self.other.transport.close()

    def hang_up(self) -> None:
        """End the connection at once."""
        if self.transport is not None:
            self.transport.abort()


class _Visitor(_Side):
    """A connection from outside."""

    def __init__(self, lobby: _Lobby) -> None:
        super().__init__()
        self._lobby = lobby

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Look at the account, then lead the way in."""
        super().connection_made(transport)
        account = account_of(transport.get_extra_info("socket"))
        if account != self._lobby.account or len(self._lobby.visitors) >= MAX_CONNECTIONS:
            _LOG.warning("ssh_host.refused", account=account, connections=len(self._lobby.visitors))
            self.hang_up()
            return
        self._lobby.visitors.add(self)
        if self.transport is not None:
            self.transport.pause_reading()
        self._lobby.lead(self._enter())

    def connection_lost(self, error: Exception | None) -> None:
        """Leave."""
        self._lobby.visitors.discard(self)
        super().connection_lost(error)

    async def _enter(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            _, inner = await loop.create_unix_connection(_Side, self._lobby.inside)
        except OSError:
            self.hang_up()
            return
        if self.transport is None or self.transport.is_closing():
            inner.hang_up()
            return
        self.other, inner.other = inner, self
        self.transport.resume_reading()


def account_of(connection: socket.socket) -> int:
    """Give the account (uid) that the other end of a Unix socket was opened under, as the kernel noted it."""
    data = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
    account: int = _CREDENTIALS.unpack(data)[1]
    return account
