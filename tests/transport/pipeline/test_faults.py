"""What nobody expected: the peer gets a reference, the log the place, and nobody the request."""

import asyncio
import io
import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import grpc
import pytest
import structlog
from google.rpc import error_details_pb2

from tashika_server.domain.reasons import Reason, refuse
from tashika_server.logs import configure_logs
from tashika_server.transport.admission import Admission
from tashika_server.transport.call import Call
from tashika_server.transport.methods import Lane
from tashika_server.transport.pipeline import Limits
from tests.transport.echo import SERVICE, Echo, World, refused, refusing, serving

SECRET = "K7Q2-SECRET"


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    stream = io.StringIO()
    configure_logs("DEBUG", stream)
    yield stream
    structlog.reset_defaults()


def lines(log: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.getvalue().splitlines()]


async def test_a_fault_gives_a_reference_and_nothing_else(tmp_path: Path, log: io.StringIO) -> None:
    async with serving(World(get=refusing(ValueError(f"bad {SECRET}"))), tmp_path) as client:
        refusal = await refused(client.get(Echo(name="n", password=SECRET)))
    assert (refusal.code, refusal.reason) == (grpc.StatusCode.INTERNAL, "INTERNAL")
    assert SECRET.encode() not in refusal.raw
    assert SECRET not in refusal.message + log.getvalue()
    reference = refusal.detail(error_details_pb2.ErrorInfo).metadata["reference"]
    [noted] = [line for line in lines(log) if line.get("reference") == reference]
    assert noted["fault"][0]["type"] == "builtins.ValueError"
    assert any("echo.py" in frame for frame in noted["fault"][0]["frames"])
    assert noted["level"] == "error"


async def test_a_fault_in_the_middle_of_a_download_ends_it_alike(tmp_path: Path, log: io.StringIO) -> None:
    async def count(request: Any, call: Call) -> AsyncIterator[Any]:
        yield Echo()
        raise KeyError(SECRET)

    async with serving(World(count=count), tmp_path) as client:
        answers = aiter(client.count(Echo(name="n")))
        await anext(answers)
        refusal = await refused(anext(answers))
    assert refusal.reason == "INTERNAL"
    assert SECRET not in log.getvalue()


async def test_a_call_is_noted_without_its_request(tmp_path: Path, log: io.StringIO) -> None:
    async with serving(World(get=refusing(refuse(Reason.WRONG_STATE, state="DRAFT"))), tmp_path) as client:
        await refused(client.get(Echo(name="n", text=SECRET), (("authorization", "Bearer good"),)))
    [noted] = [line for line in lines(log) if line["event"] == "call"]
    assert {k: noted[k] for k in ("method", "code", "reason", "principal", "peer", "level")} == {
        "method": f"/{SERVICE}/Get",
        "code": "FAILED_PRECONDITION",
        "reason": "WRONG_STATE",
        "principal": "usr_1",
        "peer": "unix",
        "level": "info",
    }
    assert noted["milliseconds"] >= 0
    assert SECRET not in log.getvalue()


async def test_a_call_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    ended = asyncio.Event()

    async def forever(request: Any, call: Call) -> Any:
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    limits = Limits(seconds=dict.fromkeys(Lane, 0.02))
    async with serving(World(get=forever, limits=limits), tmp_path) as client:
        refusal = await refused(client.get(Echo(name="n"), timeout=None))
        assert (refusal.code, refusal.reason) == (grpc.StatusCode.DEADLINE_EXCEEDED, "DEADLINE_EXCEEDED")
        await ended.wait()


async def test_a_clients_deadline_ends_the_work(tmp_path: Path) -> None:
    ended = asyncio.Event()

    async def forever(request: Any, call: Call) -> Any:
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    async with serving(World(get=forever), tmp_path) as client:
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await client.get(Echo(name="n"), timeout=0.05)
        assert caught.value.code() is grpc.StatusCode.DEADLINE_EXCEEDED
        await ended.wait()


async def test_too_little_time_refuses_before_the_work(tmp_path: Path) -> None:
    async def never(request: Any, call: Call) -> Any:
        raise AssertionError("the work began")

    limits = Limits(least_seconds=20.0)
    async with serving(World(get=never, limits=limits), tmp_path) as client:
        assert (await refused(client.get(Echo(name="n"), timeout=10))).reason == "DEADLINE_EXCEEDED"


async def test_a_cancelled_call_is_cancelled_inside(tmp_path: Path, log: io.StringIO) -> None:
    begun, ended = asyncio.Event(), asyncio.Event()

    async def forever(request: Any, call: Call) -> Any:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    world = World(get=forever, admission=Admission({Lane.CALLS: 1}))
    async with serving(world, tmp_path) as client:
        task = asyncio.create_task(client.get(Echo(name="n")))
        await begun.wait()
        assert (await refused(client.get(Echo(name="n")))).reason == "SERVER_BUSY"
        task.cancel()
        await ended.wait()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert client.pipeline.admission.in_flight() == 0
    assert "CANCELLED" in [line.get("code") for line in lines(log)]


async def test_an_upload_that_stalls_gives_its_place_away(tmp_path: Path) -> None:
    async with serving(World(limits=Limits(idle_seconds=0.02)), tmp_path) as client:
        call: Any = client.channel.stream_unary(f"/{SERVICE}/Collect")
        stalled = call(timeout=10)
        await stalled.write(Echo(name="n").SerializeToString())
        refusal = await refused(stalled)
        assert refusal.reason == "DEADLINE_EXCEEDED"
        assert client.pipeline.admission.in_flight() == 0
