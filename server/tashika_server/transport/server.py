"""The gRPC server: where it listens, how much it takes, and how it stops."""

import asyncio
import contextlib
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version

import grpc
import grpc.aio
import structlog

from tashika_server.transport.health import Health, Probe, add_health
from tashika_server.transport.listen import (
    Address,
    ListenError,
    TcpAddress,
    UnixAddress,
    parse_address,
    prepare_socket,
)
from tashika_server.transport.pipeline import Pipeline, UnknownMethods
from tashika_server.transport.reflection import Reflection, add_reflection
from tashika_server.transport.ssh_host_door import SshHostDoor
from tashika_server.transport.tls import TlsFiles, server_credentials

# The pipeline refuses above 1 MiB with a reason; above this gRPC itself does, before anything is in memory.
_HARD_MESSAGE_BYTES = 2 * 1024 * 1024
# Beyond what the pipeline admits there are calls about to be refused, health checks and reflection.
_SPARE_CALLS = 512

_OPTIONS: tuple[tuple[str, int], ...] = (
    # Two servers on one port would each get half of the calls, and each believe that all is well.
    ("grpc.so_reuseport", 0),
    ("grpc.max_receive_message_length", _HARD_MESSAGE_BYTES),
    ("grpc.max_send_message_length", 4 * 1024 * 1024),
    # Headers of ours stay below 8 KB; a stranger's need not be larger.
    ("grpc.max_metadata_size", 16 * 1024),
    # One connection is one person's client, or a gateway for some dozens.
    ("grpc.max_concurrent_streams", 256),
    # A peer that vanished without a word is noticed within two minutes, so that its calls don't stay forever.
    ("grpc.keepalive_time_ms", 90_000),
    ("grpc.keepalive_timeout_ms", 20_000),
    ("grpc.keepalive_permit_without_calls", 1),
    ("grpc.http2.min_ping_interval_without_data_ms", 10_000),
    # Ten idle minutes close a connection; clients open a new one by themselves.
    ("grpc.max_connection_idle_ms", 600_000),
)


@dataclass(frozen=True, slots=True)
class ServerOptions:
    """Where to listen and how to stop. ``drain_seconds``: how long calls may go on once the server drains.

    ``notice_seconds``: between saying NOT_SERVING and refusing calls, for load balancers to notice.
    """

    listen: str
    tls: TlsFiles | None = None
    drain_seconds: float = 20.0
    notice_seconds: float = 0.0


def software_version() -> str:
    """The version of the installed distribution."""
    return version("tashika")


def reachable_address(options: ServerOptions) -> Address:
    """Read where to listen. Raises ``ListenError`` for what is no address, or can be reached from outside in clear."""
    address = parse_address(options.listen)
    if options.tls is None and not address.local:
        raise ListenError(
            f"{options.listen} can be reached from outside, so TLS is needed: give --tls-cert and --tls-key"
        )
    return address


class GrpcServer:
    """One server: ``start`` it, ``wait`` for it, ``drain`` it."""

    def __init__(
        self,
        options: ServerOptions,
        pipeline: Pipeline,
        probe: Probe | None = None,
        door: SshHostDoor | None = None,
    ) -> None:
        self._options = options
        self._door = door
        self._pipeline = pipeline
        self._address = reachable_address(options)
        services = sorted({name.split("/")[1] for name in pipeline.methods})
        self._health = Health(pipeline, services, probe)
        self._reflection = Reflection(pipeline, services, signed_in=not self._address.local)
        self._server: grpc.aio.Server | None = None
        self._log = structlog.get_logger("tashika.server")

    async def start(self) -> str:
        """Listen, and give the address in the words of ``--listen`` (with the port that was taken for port 0).

        Raises ``ListenError``.
        """
        server = self._make(self._pipeline)
        add_health(self._health, server)
        add_reflection(self._reflection, server)
        server.add_generic_rpc_handlers((UnknownMethods(),))
        bound = self._listen(server)
        await server.start()
        if self._door is not None:
            self._log.info("ssh_host.door", address=await self._door.start(self._behind_door))
        await self._health.begin()
        self._server = server
        return bound

    async def wait(self) -> None:
        """Wait until the server has stopped."""
        assert self._server is not None
        await self._server.wait_for_termination()

    async def drain(self) -> None:
        """Stop: say NOT_SERVING, refuse new calls, let those inside finish, and cut off what is left."""
        assert self._server is not None
        await self._health.drain()
        if self._options.notice_seconds:
            await asyncio.sleep(self._options.notice_seconds)
        self._pipeline.admission.drain()
        self._log.info("draining", in_flight=self._pipeline.admission.in_flight())
        ends = time.monotonic() + self._options.drain_seconds
        # Until then the door stays open, so that whoever calls is told why nothing is taken; gRPC only hangs up.
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._options.drain_seconds):
                await self._pipeline.admission.emptied()
        left = max(0.0, ends - time.monotonic())
        if self._door is not None:
            await asyncio.gather(self._server.stop(left), self._door.stop(left))
        else:
            await self._server.stop(left)

    async def serve_until_signalled(self) -> None:
        """Serve until SIGTERM or SIGINT, then drain. The server must have been started."""
        asked = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, asked.set)
        try:
            await asked.wait()
            # A second signal changes nothing: the drain ends by itself, and must not be cut off.
            await self.drain()
        finally:
            for number in (signal.SIGTERM, signal.SIGINT):
                loop.remove_signal_handler(number)

    def _make(self, handlers: grpc.GenericRpcHandler) -> grpc.aio.Server:
        most = self._pipeline.admission.capacity + _SPARE_CALLS
        server = grpc.aio.server(options=_OPTIONS, maximum_concurrent_rpcs=most)
        server.add_generic_rpc_handlers((handlers,))
        return server

    def _behind_door(self) -> grpc.aio.Server:
        assert self._door is not None
        server = self._make(self._pipeline.for_ssh_host(self._door.vouch))
        server.add_generic_rpc_handlers((UnknownMethods(),))
        return server

    def _listen(self, server: grpc.aio.Server) -> str:
        address = self._address
        if isinstance(address, UnixAddress):
            prepare_socket(address)
        try:
            with _private_files():
                port = self._add_port(server, address)
        except RuntimeError:
            port = 0
        if not port:
            raise ListenError(f"can't listen at {self._options.listen}: is another program there?")
        if isinstance(address, TcpAddress):
            return TcpAddress(address.host, port).target
        return address.target

    def _add_port(self, server: grpc.aio.Server, address: Address) -> int:
        if self._options.tls is None:
            return server.add_insecure_port(address.target)
        return server.add_secure_port(address.target, server_credentials(self._options.tls))


@contextmanager
def _private_files() -> Iterator[None]:
    """Make the socket with mode 0600 from its first moment; to change it afterwards would leave a gap."""
    before = os.umask(0o177)
    try:
        yield
    finally:
        os.umask(before)
