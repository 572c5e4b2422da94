"""The gateway when the server goes and comes back: retries, the observable connection, watches that go on."""

import asyncio
import contextlib
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from pathlib import Path
from typing import Any

import grpc
import grpc.aio
import pytest
from google.protobuf import any_pb2
from google.rpc import error_details_pb2, status_pb2

from tashika.v1 import (
    contract_service_pb2_grpc,
    contract_watching_pb2,
    session_service_pb2,
    session_service_pb2_grpc,
)
from tashika_tui.client import records
from tashika_tui.client.connection import Link
from tashika_tui.client.endpoint import Endpoint
from tashika_tui.client.errors import ServerNotReachable, SessionExpired
from tashika_tui.client.gateway import GrpcGateway, calls, watching

Watch = Callable[[int], AsyncIterator[contract_watching_pb2.WatchContractsResponse]]


class _Sessions(session_service_pb2_grpc.SessionServiceServicer):
    def __init__(self) -> None:
        self.asked = 0

    async def GetServerInfo(self, request: Any, context: Any) -> Any:
        self.asked += 1
        return session_service_pb2.GetServerInfoResponse(version="1")


class _Contracts(contract_service_pb2_grpc.ContractServiceServicer):
    def __init__(self, watch: Watch) -> None:
        self.watch = watch
        self.revisions: list[int] = []

    async def WatchContracts(self, request: Any, context: Any) -> Any:
        self.revisions.append(request.after_revision)
        try:
            async for message in self.watch(request.after_revision):
                yield message
        except _Refusal as refusal:
            context.set_trailing_metadata((("grpc-status-details-bin", refusal.details),))
            await context.abort(refusal.code, "refused")


class _Refusal(Exception):
    def __init__(self, code: grpc.StatusCode, reason: str, **metadata: str) -> None:
        super().__init__(reason)
        self.code = code
        packed = any_pb2.Any()
        packed.Pack(error_details_pb2.ErrorInfo(reason=reason, domain="tashika", metadata=metadata))
        self.details = status_pb2.Status(code=code.value[0], details=[packed]).SerializeToString()


async def _silence(_revision: int) -> AsyncIterator[contract_watching_pb2.WatchContractsResponse]:
    yield contract_watching_pb2.WatchContractsResponse(revision=1)
    await asyncio.Event().wait()


@contextlib.asynccontextmanager
async def serving(address: str, watch: Watch = _silence) -> AsyncIterator[tuple[_Sessions, _Contracts]]:
    """A server of two methods."""
    server, sessions, contracts = grpc.aio.server(), _Sessions(), _Contracts(watch)
    session_service_pb2_grpc.add_SessionServiceServicer_to_server(sessions, server)
    contract_service_pb2_grpc.add_ContractServiceServicer_to_server(contracts, server)
    server.add_insecure_port(address)
    await server.start()
    try:
        yield sessions, contracts
    finally:
        await server.stop(None)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pauses of a test's patience."""
    monkeypatch.setattr(calls, "RECONNECT_PAUSES", (0.01, 0.02))
    monkeypatch.setattr(watching, "SILENCE_SECONDS", 0.2)


@pytest.fixture
async def place() -> AsyncIterator[tuple[str, GrpcGateway]]:
    """An address without a server, and a gateway to it."""
    with tempfile.TemporaryDirectory(prefix="tashika-") as folder:
        address = f"unix:{Path(folder) / 's'}"
        async with GrpcGateway(Endpoint(address, tls=False), "ja") as gateway:
            yield address, gateway


def reached(gateway: GrpcGateway) -> asyncio.Event:
    """Set once the connection stands again."""
    event = asyncio.Event()
    gateway.connection.subscribe(lambda state: event.set() if state.link is Link.CONNECTED else None)
    return event


@pytest.mark.usefixtures("quick")
async def test_a_server_that_comes_back_is_found_without_being_asked_for(
    place: tuple[str, GrpcGateway],
) -> None:
    address, gateway = place
    back = reached(gateway)
    with pytest.raises(ServerNotReachable):
        await gateway.server_info()
    assert gateway.connection.state.link is not Link.CONNECTED
    async with serving(address) as (sessions, _):
        async with asyncio.timeout(20):
            await back.wait()
        assert sessions.asked > 0
        assert (await gateway.server_info()).version == "1"


async def test_nobody_who_does_not_look_is_reconnected(place: tuple[str, GrpcGateway]) -> None:
    _, gateway = place
    before = asyncio.all_tasks()
    with pytest.raises(ServerNotReachable):
        await gateway.server_info()
    assert asyncio.all_tasks() == before


@pytest.mark.usefixtures("quick")
async def test_a_watch_goes_on_where_it_was_after_the_server_was_lost(place: tuple[str, GrpcGateway]) -> None:
    address, gateway = place
    async with aclosing(gateway.watch_contracts(5)) as watch:
        async with serving(address) as (_, contracts):
            assert await anext(watch) == records.WatchHeartbeat(1)
            assert contracts.revisions == [5]
        following = asyncio.create_task(anext(watch))
        async with serving(address) as (_, contracts), asyncio.timeout(20):
            assert await following == records.WatchHeartbeat(1)
            assert contracts.revisions[0] == 1


@pytest.mark.usefixtures("quick")
async def test_a_watch_that_falls_silent_is_made_again(place: tuple[str, GrpcGateway]) -> None:
    address, gateway = place
    async with serving(address) as (_, contracts), aclosing(gateway.watch_contracts()) as watch:
        async with asyncio.timeout(20):
            assert await anext(watch) == records.WatchHeartbeat(1)
            assert await anext(watch) == records.WatchHeartbeat(1)
        assert contracts.revisions == [0, 1]


@pytest.mark.usefixtures("quick")
async def test_a_watch_too_far_behind_tells_the_gap_and_goes_on_from_now(
    place: tuple[str, GrpcGateway],
) -> None:
    address, gateway = place

    async def watch(revision: int) -> AsyncIterator[contract_watching_pb2.WatchContractsResponse]:
        if revision == 1:
            raise _Refusal(
                grpc.StatusCode.FAILED_PRECONDITION, "WATCH_TOO_FAR_BEHIND", current_revision="900"
            )
        yield contract_watching_pb2.WatchContractsResponse(revision=revision + 1)
        await asyncio.Event().wait()

    async with serving(address, watch), aclosing(gateway.watch_contracts(1)) as told:
        async with asyncio.timeout(20):
            assert await anext(told) == records.WatchGap(900)
            assert await anext(told) == records.WatchHeartbeat(901)


async def test_an_expired_session_ends_a_watch(place: tuple[str, GrpcGateway]) -> None:
    address, gateway = place

    async def watch(_revision: int) -> AsyncIterator[contract_watching_pb2.WatchContractsResponse]:
        raise _Refusal(grpc.StatusCode.UNAUTHENTICATED, "SESSION_EXPIRED")
        yield

    async with serving(address, watch), aclosing(gateway.watch_contracts(1)) as told:
        with pytest.raises(SessionExpired):
            await anext(told)


async def test_a_cancelled_call_leaves_the_connection_as_it_was(place: tuple[str, GrpcGateway]) -> None:
    address, gateway = place
    async with serving(address), aclosing(gateway.watch_contracts()) as told:
        await anext(told)
        waiting = asyncio.create_task(anext(told))
        await asyncio.sleep(0)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        assert gateway.connection.state.link is Link.CONNECTED
