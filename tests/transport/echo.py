"""A small service for tests, built from a descriptor: one method of each shape, on a real server."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import grpc
import grpc.aio
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from google.protobuf.message import Message
from google.rpc import error_details_pb2, status_pb2

from buf.validate import validate_pb2
from tashika_server.application.caller import Caller
from tashika_server.domain.reasons import Reason, RefusedError, refuse
from tashika_server.transport.admission import Admission
from tashika_server.transport.call import Call
from tashika_server.transport.methods import Handler, Lane, service
from tashika_server.transport.pipeline import Limits, Pipeline
from tashika_server.transport.server import GrpcServer, ServerOptions

SERVICE = "tashika.test.EchoService"
GET = f"/{SERVICE}/Get"
COUNT = f"/{SERVICE}/Count"
COLLECT = f"/{SERVICE}/Collect"


# The rules' own types can't be told from the extension that carries them.
RULES: Any = validate_pb2.field


def _rules(field: Any) -> Any:
    return field.options.Extensions[RULES]


def _describe() -> Any:
    file = descriptor_pb2.FileDescriptorProto(
        name="tashika/test/echo.proto",
        package="tashika.test",
        syntax="proto3",
        dependency=["buf/validate/validate.proto"],
    )
    part = file.message_type.add(name="Part")
    price = part.field.add(name="price_yen", number=1, type=3, label=1)
    _rules(price).int64.gte = 0
    _rules(price).int64.lte = 1_000_000
    echo = file.message_type.add(name="Echo")
    text = echo.field.add(name="text", number=1, type=9, label=1)
    _rules(text).string.max_len = 20
    echo.field.add(name="password", number=2, type=9, label=1)
    parts = echo.field.add(name="parts", number=3, type=11, label=3, type_name=".tashika.test.Part")
    _rules(parts).repeated.max_items = 3
    name = echo.field.add(name="name", number=4, type=9, label=1)
    _rules(name).required = True
    request_id = echo.field.add(name="request_id", number=5, type=9, label=1)
    _rules(request_id).string.uuid = True
    _rules(request_id).ignore = validate_pb2.IGNORE_IF_ZERO_VALUE
    data = echo.field.add(name="data", number=6, type=12, label=1)
    data.json_name = "data"
    methods = file.service.add(name="EchoService")
    for method, many_in, many_out in (
        ("Get", False, False),
        ("Count", False, True),
        ("Collect", True, False),
    ):
        methods.method.add(
            name=method,
            input_type=".tashika.test.Echo",
            output_type=".tashika.test.Echo",
            client_streaming=many_in,
            server_streaming=many_out,
        )
    pool: Any = descriptor_pool.Default()
    try:
        pool.FindFileByName(file.name)
    except KeyError:
        pool.AddSerializedFile(file.SerializeToString())
    return message_factory.GetMessageClass(pool.FindMessageTypeByName("tashika.test.Echo"))


Echo: Any = _describe()

PEOPLE = {"good": Caller(user_id="usr_1", organization_id="org_1", language="en")}


async def authenticate(token: str, peer: str) -> Caller:
    """Know one token."""
    if token not in PEOPLE:
        raise refuse(Reason.UNAUTHENTICATED)
    return PEOPLE[token]


def everybody(method: str, caller: Caller) -> None:
    """Let everybody call everything."""


async def get(request: Any, call: Call) -> Any:
    """Give the request back."""
    return Echo(text=request.text, name=call.caller.user_id or "nobody")


async def count(request: Any, call: Call) -> AsyncIterator[Message]:
    """Give three messages."""
    for number in range(3):
        yield Echo(text=str(number))


async def collect(requests: AsyncIterator[Any], call: Call) -> Any:
    """Join what comes."""
    return Echo(text="".join([request.text async for request in requests])[:20])


@dataclass
class World:
    """What a test may set, before the server is made from it."""

    get: Handler = get
    count: Handler = count
    collect: Handler = collect
    authorise: Callable[[str, Caller], None] = everybody
    authenticate: Callable[[str, str], Awaitable[Caller]] = authenticate
    admission: Admission | None = None
    limits: Limits = field(default_factory=Limits)
    lanes: dict[str, Lane] = field(default_factory=dict)

    def pipeline(self, *, client_certificates: bool = False) -> Pipeline:
        """Make the pipeline."""
        handlers = {"Get": self.get, "Count": self.count, "Collect": self.collect}
        return Pipeline(
            service(SERVICE, handlers, self.lanes),
            authenticate=self.authenticate,
            authorise=self.authorise,
            digest=lambda data: b"digest of " + data,
            admission=self.admission,
            limits=self.limits,
            client_certificates=client_certificates,
        )


@dataclass
class Client:
    """A channel to a running server, which speaks bytes."""

    channel: grpc.aio.Channel
    server: GrpcServer
    pipeline: Pipeline

    async def get(
        self, data: bytes | Message, metadata: Sequence[tuple[str, str]] = (), timeout: float | None = 10
    ) -> Any:
        """Call Get."""
        call: Any = self.channel.unary_unary(GET)
        raw = data if isinstance(data, bytes) else data.SerializeToString()
        return Echo.FromString(await call(raw, metadata=metadata, timeout=timeout))

    def count(self, data: bytes | Message, timeout: float | None = 10) -> Any:
        """Call Count; iterate what it gives."""
        call: Any = self.channel.unary_stream(COUNT)
        return call(data if isinstance(data, bytes) else data.SerializeToString(), timeout=timeout)

    async def collect(self, parts: Sequence[bytes | Message], timeout: float | None = 10) -> Any:
        """Call Collect."""
        call: Any = self.channel.stream_unary(COLLECT)
        raw = [part if isinstance(part, bytes) else part.SerializeToString() for part in parts]
        return Echo.FromString(await call(iter(raw), timeout=timeout))


@asynccontextmanager
async def serving(world: World, folder: Path, *, drain_seconds: float = 0.0) -> AsyncIterator[Client]:
    """Run a server on a socket in ``folder``."""
    pipeline = world.pipeline()
    server = GrpcServer(ServerOptions(f"unix:{folder / 'echo.sock'}", drain_seconds=drain_seconds), pipeline)
    target = await server.start()
    try:
        async with grpc.aio.insecure_channel(target) as channel:
            yield Client(channel, server, pipeline)
    finally:
        await server.drain()
        await asyncio.sleep(0)


@dataclass(frozen=True)
class Refusal:
    """An error as a client reads it."""

    code: grpc.StatusCode
    message: str
    raw: bytes
    status: status_pb2.Status

    def detail(self, kind: Any) -> Any:
        """Give the one detail of a kind, or nothing."""
        found = [kind.FromString(d.value) for d in self.status.details if d.Is(kind.DESCRIPTOR)]
        assert len(found) <= 1
        return found[0] if found else None

    @property
    def reason(self) -> str:
        """The reason's token."""
        info = self.detail(error_details_pb2.ErrorInfo)
        assert info.domain == "tashika"
        return str(info.reason)

    @property
    def sentence(self) -> str:
        """The sentence for people."""
        return str(self.detail(error_details_pb2.LocalizedMessage).message)


async def refused(call: Awaitable[Any]) -> Refusal:
    """Wait for a call that must be refused."""
    try:
        await call
    except grpc.aio.AioRpcError as error:
        raw = dict(error.trailing_metadata() or ()).get("grpc-status-details-bin", b"")
        assert isinstance(raw, bytes)
        return Refusal(error.code(), error.details() or "", raw, status_pb2.Status.FromString(raw))
    raise AssertionError("the call was not refused")


def refusing(error: RefusedError | Exception) -> Handler:
    """Make a handler that raises."""

    async def handler(request: Any, call: Call) -> Message:
        raise error

    return handler
