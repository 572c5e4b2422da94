"""A running server: unknown methods, health, reflection, overload, and how it stops."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import grpc
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2

from tashika_server.transport import health as health_module
from tashika_server.transport.admission import Admission
from tashika_server.transport.call import Call
from tashika_server.transport.health import Health
from tashika_server.transport.methods import Lane
from tashika_server.transport.reflection import Reflection
from tests.transport.echo import SERVICE, Client, Echo, World, refused, serving

SERVING = health_pb2.HealthCheckResponse.SERVING
NOT_SERVING = health_pb2.HealthCheckResponse.NOT_SERVING
REFLECTION = "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo"


@pytest.mark.parametrize("method", ["/tashika.v1.NoService/Get", f"/{SERVICE}/Nothing", "/x", "/a/b/c"])
@pytest.mark.parametrize("token", ["", "good", "bad"])
async def test_an_unknown_method_is_refused_with_a_reason(tmp_path: Path, method: str, token: str) -> None:
    metadata = [("accept-language", "en")] + ([("authorization", f"Bearer {token}")] if token else [])
    async with serving(World(), tmp_path) as client:
        unary: Any = client.channel.unary_unary(method)
        refusal = await refused(unary(b"\xff", metadata=metadata))
        stream: Any = client.channel.unary_stream(method)
        assert await refused(anext(aiter(stream(b"\xff", metadata=metadata)))) == refusal
    assert (refusal.code, refusal.reason) == (grpc.StatusCode.UNIMPLEMENTED, "UNKNOWN_METHOD")
    assert refusal.sentence == "This server has no such method."


async def hold(client: Client, begun: asyncio.Event) -> "asyncio.Task[Any]":
    task = asyncio.create_task(client.get(Echo(name="n")))
    await begun.wait()
    return task


def waiting() -> tuple[Any, asyncio.Event, asyncio.Event]:
    begun, go = asyncio.Event(), asyncio.Event()

    async def wait(request: Any, call: Call) -> Any:
        begun.set()
        await go.wait()
        return Echo(text="done")

    return wait, begun, go


async def test_a_full_lane_refuses_and_leaves_the_others_open(tmp_path: Path) -> None:
    wait, begun, go = waiting()
    async with serving(World(get=wait, admission=Admission({Lane.CALLS: 1})), tmp_path) as client:
        task = await hold(client, begun)
        refusal = await refused(client.get(Echo(name="n")))
        assert (refusal.code, refusal.reason) == (grpc.StatusCode.RESOURCE_EXHAUSTED, "SERVER_BUSY")
        assert len([m async for m in client.count(Echo(name="n"))]) == 3
        go.set()
        assert (await task).text == "done"
        assert client.pipeline.admission.in_flight() == 0


async def test_a_draining_server_finishes_what_it_began(tmp_path: Path) -> None:
    wait, begun, go = waiting()
    async with serving(World(get=wait), tmp_path, drain_seconds=30) as client:
        task = await hold(client, begun)
        client.pipeline.admission.drain()
        refusal = await refused(client.get(Echo(name="n")))
        assert (refusal.code, refusal.reason) == (grpc.StatusCode.UNAVAILABLE, "SHUTTING_DOWN")
        stopping = asyncio.create_task(client.server.drain())
        go.set()
        assert (await task).text == "done"
        await stopping


async def test_what_does_not_end_in_time_is_cut_off(tmp_path: Path) -> None:
    wait, begun, _ = waiting()
    async with serving(World(get=wait), tmp_path, drain_seconds=0) as client:
        task = await hold(client, begun)
        await client.server.drain()
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await task
    assert caught.value.code() in (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.CANCELLED)


async def test_sigterm_drains(tmp_path: Path) -> None:
    wait, begun, go = waiting()
    async with serving(World(get=wait), tmp_path, drain_seconds=30) as client:
        serve = asyncio.create_task(client.server.serve_until_signalled())
        task = await hold(client, begun)
        os.kill(os.getpid(), signal.SIGTERM)
        await client.pipeline.admission.draining.wait()
        go.set()
        assert (await task).text == "done"
        await serve


async def test_health_is_told_per_service_and_first_at_the_end(tmp_path: Path) -> None:
    async with serving(World(), tmp_path) as client:
        stub: Any = health_pb2_grpc.HealthStub(client.channel)
        for name in ("", SERVICE):
            answer = await stub.Check(health_pb2.HealthCheckRequest(service=name))
            assert answer.status == SERVING
        watch = stub.Watch(health_pb2.HealthCheckRequest(service=SERVICE))
        changes = aiter(watch)
        assert (await anext(changes)).status == SERVING
        stopping = asyncio.create_task(client.server.drain())
        assert (await anext(changes)).status == NOT_SERVING
        watch.cancel()
        await stopping


async def test_a_store_that_does_not_answer_makes_the_server_unhealthy(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(health_module, "PROBE_SECONDS", 0.01)

    async def forever() -> None:
        await asyncio.Event().wait()

    async def broken() -> None:
        raise OSError("no such store")

    async def well() -> None:
        pass

    pipeline = World().pipeline()
    assert not await Health(pipeline, [], forever).answers()
    assert not await Health(pipeline, [], broken).answers()
    assert await Health(pipeline, [], well).answers()


async def test_watching_health_takes_a_place_among_the_watches(tmp_path: Path) -> None:
    async with serving(World(admission=Admission({Lane.WATCHES: 0})), tmp_path) as client:
        stub: Any = health_pb2_grpc.HealthStub(client.channel)
        watch = stub.Watch(health_pb2.HealthCheckRequest())
        assert (await refused(anext(aiter(watch)))).reason == "SERVER_BUSY"


def list_services() -> list[bytes]:
    request = reflection_pb2.ServerReflectionRequest(list_services="")
    raw: bytes = request.SerializeToString()
    return [raw]


async def test_reflection_lists_the_services_to_anybody_on_this_machine(tmp_path: Path) -> None:
    async with serving(World(), tmp_path) as client:
        call: Any = client.channel.stream_stream(REFLECTION)
        [raw] = [message async for message in call(iter(list_services()))]
    names = reflection_pb2.ServerReflectionResponse.FromString(raw).list_services_response.service
    assert {service.name for service in names} == {SERVICE, "grpc.health.v1.Health"}


async def test_reflection_elsewhere_is_for_people_who_are_signed_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "tashika_server.transport.server.Reflection",
        lambda pipeline, services, signed_in: Reflection(pipeline, services, signed_in=True),
    )
    async with serving(World(), tmp_path) as client:
        call: Any = client.channel.stream_stream(REFLECTION)
        assert (await refused(call().read())).reason == "UNAUTHENTICATED"
        good = call(iter(list_services()), metadata=[("authorization", "Bearer good")])
        assert len([message async for message in good]) == 1
        assert client.pipeline.admission.in_flight() == 0


async def test_a_watch_has_no_end_of_its_own(tmp_path: Path) -> None:
    seen: list[float] = []

    async def watch(request: Any, call: Call) -> AsyncIterator[Any]:
        seen.append(call.remaining())
        yield Echo()

    async with serving(World(count=watch, lanes={"Count": Lane.WATCHES}), tmp_path) as client:
        assert len([m async for m in client.count(Echo(name="n"), timeout=None)]) == 1
    assert seen == [float("inf")]
