"""The one way of every call (AIP-211): admit, authenticate, authorise, validate, act, map what goes wrong.

Servicers write handlers and bind them to the proto service; they see parsed, validated requests and a
``Call``, and refuse by raising ``RefusedError``::

    class ContractServicer:
        def __init__(self, contracts: Contracts) -> None:
            self._contracts = contracts

        async def get_contract(self, request: GetContractRequest, call: Call) -> GetContractResponse:
            found = await self._contracts.get(call.caller, request.contract_id)
            return GetContractResponse(contract=contract_to_proto(found))

        async def create_contract(self, request: CreateContractRequest, call: Call) -> CreateContractResponse:
            made = await self._contracts.create(call.caller, application(request), call.replay(request))
            return CreateContractResponse(contract=contract_to_proto(made))

        async def download(self, request: DownloadRequest, call: Call) -> AsyncIterator[DownloadResponse]:
            yield DownloadResponse(header=...)             # server stream: an async generator

        async def attach(self, requests: AsyncIterator[AttachRequest], call: Call) -> AttachResponse:
            header = await anext(requests)                 # client stream: each message is validated

        def methods(self) -> tuple[Method, ...]:
            return service(
                "tashika.v1.ContractService",
                {"GetContract": self.get_contract, ...},   # every method of the service, or ValueError
                lanes={"WatchContracts": Lane.WATCHES},    # only where the lane is not that of the shape
            )

    pipeline = Pipeline([*contracts.methods(), ...], authenticate=..., authorise=authorise, digest=...)
"""

import asyncio
import contextlib
import logging
import math
import secrets
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, Never, TypeVar

import grpc
import grpc.aio
import structlog
from google.protobuf.message import Message

from tashika_server.application.caller import Caller
from tashika_server.domain.reasons import Reason, RefusedError, refuse
from tashika_server.faults import describe_fault
from tashika_server.transport.admission import Admission
from tashika_server.transport.alarm import Alarm
from tashika_server.transport.call import Call
from tashika_server.transport.credentials import bearer, forwarded_name, peer_name, read_metadata
from tashika_server.transport.errors import WireError, fault_error, wire_error
from tashika_server.transport.methods import Handler, Lane, Method
from tashika_server.transport.validation import parse, validate

T = TypeVar("T")

Authenticate = Callable[[str, str], Awaitable[Caller]]
"""From a bearer token and the peer to a caller, whose language is the session's.

Raises ``RefusedError``. Not asked where a call has no token: that is an anonymous caller.
"""

Authorise = Callable[[str, Caller], None]
"""From a method's full name and a caller; raises ``RefusedError`` unless the caller may call it."""

Context = grpc.aio.ServicerContext[bytes, bytes]

_cached_peer = lru_cache(maxsize=4096)(lambda peer: peer_name(peer, {}))
_anonymous = lru_cache(maxsize=4096)(
    lambda language, peer, ssh_host: Caller(language=language, peer=peer, ssh_host=ssh_host)
)

Vouch = Callable[[Mapping[str, Any]], bool]
"""From the authentication context of a connection at the SSH host's door: whether it is the SSH host's."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one call may use. Bytes and seconds.

    ``request_bytes``: the largest message; files come in chunks of 64 KiB, so 1 MiB leaves room for any form.
    ``least_seconds``: with less left than this, the answer would come too late, so the work is not begun.
    ``idle_seconds``: how long a stream waits for the other side's next move before it gives its place away.
    ``refused_upload_seconds``: how long the rest of an upload is read before its refusal is sent.
    ``seconds``: the longest that a call of a lane may take, whatever deadline the client sets.
    """

    request_bytes: int = 1024 * 1024
    least_seconds: float = 0.005
    idle_seconds: float = 30.0
    refused_upload_seconds: float = 2.0
    seconds: Mapping[Lane, float] = field(
        default_factory=lambda: {
            Lane.CALLS: 30.0,
            Lane.SIGN_INS: 30.0,
            Lane.HEAVY: 60.0,
            # A file of 20 MiB over a line of 0.5 Mbit/s takes about six minutes.
            Lane.TRANSFERS: 600.0,
            Lane.WATCHES: math.inf,
        }
    )


@dataclass(slots=True)
class _Trace:
    """What the log says of a call. Nothing of the request is in here."""

    method: str
    started: float
    peer: str = ""
    principal: str = ""
    language: str = "ja"
    takes_many: bool = False
    ssh_host: bool = False


class Pipeline(grpc.GenericRpcHandler):
    """Answers the methods that it was made with; see the module's text for how to write them."""

    def __init__(
        self,
        methods: Iterable[Method],
        *,
        authenticate: Authenticate,
        authorise: Authorise,
        digest: Callable[[bytes], bytes],
        admission: Admission | None = None,
        limits: Limits | None = None,
        client_certificates: bool = False,
    ) -> None:
        self._authenticate = authenticate
        self._authorise = authorise
        self._digest = digest
        self.admission = admission or Admission()
        self._limits = limits or Limits()
        self._client_certificates = client_certificates
        # Bound once: the lazy logger would look at the configuration again at every call.
        self._log = structlog.get_logger("tashika.calls").bind()
        self.methods = {method.name: method for method in methods}
        self._handlers = {name: self._handler(method, None) for name, method in self.methods.items()}

    def service(
        self, handler_call_details: grpc.HandlerCallDetails
    ) -> "grpc.RpcMethodHandler[Any, Any] | None":
        """Give gRPC the handler of a method, or nothing for one that is not ours."""
        return self._handlers.get(handler_call_details.method)

    def for_ssh_host(self, vouch: Vouch) -> grpc.GenericRpcHandler:
        """Give the same methods behind the door of the SSH host: whom ``vouch`` knows is believed where people are."""
        return _Handlers({name: self._handler(method, vouch) for name, method in self.methods.items()})

    @asynccontextmanager
    async def guarded(
        self, method: str, lane: Lane, context: Context, *, signed_in: bool = False
    ) -> AsyncIterator[None]:
        """Hold a place in the lane for a call that another library answers (health, reflection).

        Aborts the call where there is no place, or where it needs a person who is signed in.
        """
        trace = _Trace(method, time.monotonic(), self._peer(context))
        try:
            with self.admission.admit(lane):
                if signed_in and (await self._caller(trace, context)).anonymous:
                    raise refuse(Reason.UNAUTHENTICATED)
                yield
        except RefusedError as refusal:
            await self._refuse(trace, context, refusal)

    # --- one function for each shape of a call ---

    def _handler(self, method: Method, vouch: Vouch | None) -> "grpc.RpcMethodHandler[Any, Any]":
        handler: Any = method.handler

        def begin(context: Context) -> _Trace:
            trace = _Trace(method.name, time.monotonic(), self._peer(context))
            trace.ssh_host = vouch is not None and vouch(context.auth_context())
            return trace

        async def one_to_one(data: bytes, context: Context) -> bytes:
            trace = begin(context)
            return await self._answer(trace, context, self._one(method, trace, context, data))

        async def one_to_many(data: bytes, context: Context) -> None:
            trace = begin(context)

            async def act(call: Call) -> None:
                async with contextlib.aclosing(handler(self._request(method, data), call)) as responses:
                    async for response in responses:
                        await self._write(method, context, response)

            await self._answer(trace, context, self._enter(method, trace, context, act))

        async def many_to_one(_: object, context: Context) -> bytes:
            trace = begin(context)
            trace.takes_many = True

            async def act(call: Call) -> bytes:
                response: Message = await handler(self._requests(method, context), call)
                return response.SerializeToString()

            return await self._answer(trace, context, self._enter(method, trace, context, act))

        if method.takes_many:
            return grpc.stream_unary_rpc_method_handler(many_to_one)
        if method.gives_many:
            return grpc.unary_stream_rpc_method_handler(one_to_many)
        return grpc.unary_unary_rpc_method_handler(one_to_one)

    async def _write(self, method: Method, context: Context, response: Message) -> None:
        """Send one message of a stream, unless the other side does not read for too long."""
        try:
            async with asyncio.timeout(self._limits.idle_seconds):
                await context.write(response.SerializeToString())
        except TimeoutError:
            if method.lane is Lane.WATCHES:
                raise refuse(Reason.WATCH_READER_TOO_SLOW) from None
            raise

    def _request(self, method: Method, data: bytes) -> Message:
        if len(data) > self._limits.request_bytes:
            raise refuse(Reason.REQUEST_TOO_LARGE, maximum_bytes=self._limits.request_bytes)
        request = parse(method.request_type, data)
        validate(request)
        return request

    async def _requests(self, method: Method, context: Context) -> AsyncIterator[Message]:
        while True:
            async with asyncio.timeout(self._limits.idle_seconds):
                data = await context.read()
            if not isinstance(data, bytes):
                return
            yield self._request(method, data)

    # --- before the handler ---

    async def _one(self, method: Method, trace: _Trace, context: Context, data: bytes) -> bytes:
        """What ``_enter`` does, for the shape of nearly every call: in one frame, without context managers."""
        lane = method.lane
        self.admission.enter(lane)
        try:
            seconds = self._seconds(lane, context)
            ends = time.monotonic() + seconds
            alarm = Alarm(ends)
            try:
                caller = await self._caller(trace, context)
                self._authorise(method.name, caller)
                call = Call(method.name, caller, caller.language, caller.peer, ends, self._digest)
                handler: Any = method.handler
                response: Message = await handler(self._request(method, data), call)
                return response.SerializeToString()
            except asyncio.CancelledError:
                alarm.raise_if_it_rang()
                raise
            finally:
                alarm.stop()
        finally:
            self.admission.leave(lane)

    async def _enter(
        self, method: Method, trace: _Trace, context: Context, act: Callable[[Call], Awaitable[T]]
    ) -> T:
        """Admit, authenticate and authorise; then act, within the time limit and with a place in the lane."""
        with self.admission.admit(method.lane):
            seconds = self._seconds(method.lane, context)
            async with asyncio.timeout(None if math.isinf(seconds) else seconds):
                ends = time.monotonic() + seconds
                caller = await self._caller(trace, context)
                self._authorise(method.name, caller)
                return await act(Call(method.name, caller, caller.language, caller.peer, ends, self._digest))

    def _seconds(self, lane: Lane, context: Context) -> float:
        longest = self._limits.seconds[lane]
        left: float | None = context.time_remaining()
        if left is None:
            return longest
        if left < self._limits.least_seconds:
            raise refuse(Reason.DEADLINE_EXCEEDED)
        return min(left, longest)

    async def _caller(self, trace: _Trace, context: Context) -> Caller:
        heading = read_metadata(context.invocation_metadata() or ())
        trace.language = heading.language or trace.language
        if trace.ssh_host:
            trace.peer = forwarded_name(heading.source)
        token = bearer(heading)
        if not token:
            return _anonymous(trace.language, trace.peer, trace.ssh_host)
        caller = await self._authenticate(token, trace.peer)
        trace.principal = caller.user_id
        trace.language = heading.language or caller.language
        if (caller.language, caller.peer, caller.ssh_host) == (trace.language, trace.peer, trace.ssh_host):
            return caller
        return replace(caller, language=trace.language, peer=trace.peer, ssh_host=trace.ssh_host)

    def _peer(self, context: Context) -> str:
        if self._client_certificates:
            return peer_name(context.peer(), context.auth_context())
        return _cached_peer(context.peer())

    # --- after the handler ---

    async def _answer(self, trace: _Trace, context: Context, work: Awaitable[T]) -> T:
        """Turn whatever happens into an answer and a line of the log. A cancelled call stays cancelled."""
        try:
            answer = await work
        except asyncio.CancelledError:
            self._note(logging.DEBUG, trace, "CANCELLED")
            raise
        except RefusedError as refusal:
            await self._refuse(trace, context, refusal)
        except TimeoutError:
            await self._refuse(trace, context, refuse(Reason.DEADLINE_EXCEEDED))
        except Exception as error:
            await self._fail(trace, context, error)
        if self._log.is_enabled_for(logging.DEBUG):
            self._note(logging.DEBUG, trace, "OK")
        return answer

    async def _refuse(self, trace: _Trace, context: Context, refusal: RefusedError) -> Never:
        trace.language = self._language(trace, context)
        error = wire_error(refusal, trace.language)
        level = logging.WARNING if error.code is grpc.StatusCode.UNAVAILABLE else logging.INFO
        self._note(level, trace, error.code.name, reason=refusal.reason.value)
        if trace.takes_many and refusal.reason is not Reason.DEADLINE_EXCEEDED:
            await self._let_finish(context)
        await _abort(context, error)

    async def _fail(self, trace: _Trace, context: Context, error: Exception) -> Never:
        reference = secrets.token_hex(8)
        trace.language = self._language(trace, context)
        self._note(
            logging.ERROR,
            trace,
            "INTERNAL",
            reason="INTERNAL",
            reference=reference,
            fault=describe_fault(error),
        )
        if trace.takes_many:
            await self._let_finish(context)
        await _abort(context, fault_error(reference, trace.language))

    async def _let_finish(self, context: Context) -> None:
        """Read the rest of an upload that is refused, for a while.

        A client that still sends when the answer comes may see its own failed write instead: in Python the status
        is then INTERNAL, and the reason is lost.
        """
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._limits.refused_upload_seconds):
                while isinstance(await context.read(), bytes):
                    pass

    def _language(self, trace: _Trace, context: Context) -> str:
        """A call that was refused before it was read has a language all the same."""
        return read_metadata(context.invocation_metadata() or ()).language or trace.language

    def _note(self, level: int, trace: _Trace, code: str, **more: object) -> None:
        self._log.log(
            level,
            "call",
            method=trace.method,
            code=code,
            milliseconds=round((time.monotonic() - trace.started) * 1000, 1),
            principal=trace.principal,
            peer=trace.peer,
            **more,
        )


class _Handlers(grpc.GenericRpcHandler):
    """Handlers by the methods' names."""

    def __init__(self, handlers: Mapping[str, "grpc.RpcMethodHandler[Any, Any]"]) -> None:
        self._handlers = handlers

    def service(
        self, handler_call_details: grpc.HandlerCallDetails
    ) -> "grpc.RpcMethodHandler[Any, Any] | None":
        """Give the handler of a method."""
        return self._handlers.get(handler_call_details.method)


class UnknownMethods(grpc.GenericRpcHandler):
    """Answers every method that nobody else knows: UNIMPLEMENTED, with a reason like any other refusal.

    Add it to the server last. It reads no request, so any shape of call gets the same answer.
    """

    def service(self, handler_call_details: grpc.HandlerCallDetails) -> "grpc.RpcMethodHandler[Any, Any]":
        """Give the handler that refuses."""
        return grpc.stream_stream_rpc_method_handler(self._refuse)

    async def _refuse(self, _: object, context: Context) -> None:
        language = read_metadata(context.invocation_metadata() or ()).language
        await _abort(context, wire_error(refuse(Reason.UNKNOWN_METHOD), language or "ja"))


async def _abort(context: Context, error: WireError) -> Never:
    await context.abort(error.code, error.message, error.trailing_metadata())


__all__ = ["Authenticate", "Authorise", "Context", "Handler", "Limits", "Pipeline", "UnknownMethods"]
