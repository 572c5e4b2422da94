"""How every call is made: with deadline, language and session, and errors for people."""

import asyncio
import contextlib
import itertools
from collections.abc import AsyncIterable, Iterator
from typing import TypeVar

import grpc
import grpc.aio

from tashika.v1 import (
    certificate_service_pb2_grpc,
    contract_service_pb2_grpc,
    directory_service_pb2_grpc,
    key_service_pb2_grpc,
    notice_service_pb2_grpc,
    report_service_pb2_grpc,
    session_service_pb2,
    session_service_pb2_grpc,
    works_service_pb2_grpc,
)
from tashika_tui.client import records
from tashika_tui.client.connection import Connection
from tashika_tui.client.endpoint import Endpoint
from tashika_tui.client.errors import RefusedByServer, ServerNotReachable
from tashika_tui.client.gateway.channel import open_channel
from tashika_tui.client.gateway.transfers import FilePart, Receiver
from tashika_tui.client.wire.failures import from_rpc_error

# What a person waits for at most; the service config has shorter times for single methods.
CALL_SECONDS = 30.0
ISSUE_SECONDS = 60.0
STREAM_SECONDS = 120.0
UPLOAD_SECONDS = 600.0

# Pauses before attempts to reach a lost server; the last one is repeated.
RECONNECT_PAUSES = (0.5, 1.0, 2.0, 4.0, 8.0)
PROBE_SECONDS = 5.0

Request = TypeVar("Request")
Response = TypeVar("Response")
Metadata = tuple[tuple[str, str], ...]

# The reasons of a server that answers, and can't be used all the same.
_GOING_AWAY = frozenset({"", "SHUTTING_DOWN"})


class Calls:
    """The connection, and whom it speaks for. It belongs to the event loop in which it was made.

    `source` is the address that the person came from, which a register believes an SSH host alone.
    """

    def __init__(self, endpoint: Endpoint, language: str, token: str = "", source: str = "") -> None:
        self._language = language
        self._token = token
        self._source = source
        self._channel = open_channel(endpoint)
        self._connection = Connection()
        self._reconnecting: asyncio.Task[None] | None = None
        self._sessions = session_service_pb2_grpc.SessionServiceStub(self._channel)
        self._certificates = certificate_service_pb2_grpc.CertificateServiceStub(self._channel)
        self._contracts = contract_service_pb2_grpc.ContractServiceStub(self._channel)
        self._keys = key_service_pb2_grpc.KeyServiceStub(self._channel)
        self._reports = report_service_pb2_grpc.ReportServiceStub(self._channel)
        self._works = works_service_pb2_grpc.WorksServiceStub(self._channel)
        self._notices = notice_service_pb2_grpc.NoticeServiceStub(self._channel)
        self._directory = directory_service_pb2_grpc.DirectoryServiceStub(self._channel)

    @property
    def connection(self) -> Connection:
        """Whether the register can be reached. While somebody observes it, a lost server is tried again by
        itself, after pauses that grow.
        """
        return self._connection

    def use_token(self, token: str) -> None:
        """Speaks for the session of this token from now on; empty: for nobody."""
        self._token = token

    def use_language(self, language: str) -> None:
        """Asks for sentences in `ja` or `en` from now on."""
        self._language = language

    async def close(self) -> None:
        """Closes the connection; calls that run are cancelled."""
        if self._reconnecting is not None:
            self._reconnecting.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._reconnecting
        await self._channel.close()

    def _metadata(self, *, session: bool = True) -> Metadata:
        metadata: Metadata = (("accept-language", self._language),)
        if session and self._token:
            metadata += (("authorization", f"Bearer {self._token}"),)
        if self._source:
            metadata += (("tashika-source", self._source),)
        return metadata

    async def _unary(
        self,
        call: "grpc.aio.UnaryUnaryMultiCallable[Request, Response]",
        request: Request,
        seconds: float = CALL_SECONDS,
        *,
        session: bool = True,
    ) -> Response:
        with self._translated():
            answer = await call(request, timeout=seconds, metadata=self._metadata(session=session))
        self._connection.reached()
        return answer

    async def _receive(
        self, parts: AsyncIterable[FilePart], progress: records.Progress | None = None
    ) -> records.File:
        """The file of a stream: a header, then chunks. Raises BrokenAnswer unless all of it came."""
        receiver = Receiver(progress)
        with self._translated():
            async for part in parts:
                receiver.take(part)
        self._connection.reached()
        return receiver.file()

    @contextlib.contextmanager
    def _translated(self) -> Iterator[None]:
        """Turns gRPC's errors into this client's, and notes what they say of the connection."""
        try:
            yield
        except grpc.aio.AioRpcError as error:
            found = from_rpc_error(error)
            if _is_away(found):
                self._lost()
            else:
                self._connection.reached()
            raise found from None

    def _lost(self) -> None:
        pending = self._reconnecting is not None and not self._reconnecting.done()
        if pending or not self._connection.observed:
            self._connection.lost()
            return
        self._connection.lost(RECONNECT_PAUSES[0])
        self._reconnecting = asyncio.get_running_loop().create_task(self._reconnect())

    async def _reconnect(self) -> None:
        """Tries until an answer comes, whoever gets it."""
        for pause, following in itertools.pairwise(pauses()):
            await asyncio.sleep(pause)
            if self._connection.reachable or await self._answers():
                self._connection.reached()
                return
            self._connection.lost(following)

    async def _answers(self) -> bool:
        request = session_service_pb2.GetServerInfoRequest()
        try:
            metadata = self._metadata(session=False)
            await self._sessions.GetServerInfo(request, timeout=PROBE_SECONDS, metadata=metadata)
        except grpc.aio.AioRpcError as error:
            return not _is_away(from_rpc_error(error))
        return True


def _is_away(error: RefusedByServer) -> bool:
    return isinstance(error, ServerNotReachable) and error.reason in _GOING_AWAY


def pauses() -> Iterator[float]:
    """The pauses between attempts; the last is repeated."""
    return itertools.chain(RECONNECT_PAUSES, itertools.repeat(RECONNECT_PAUSES[-1]))
