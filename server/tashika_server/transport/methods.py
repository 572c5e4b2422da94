"""Which handler answers which method, and in which lane it is admitted."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from google.protobuf import descriptor_pool, message_factory
from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.message import Message

from tashika_server.transport.call import Call

UnaryHandler = Callable[[Any, Call], Awaitable[Message]]
"""``async def (request, call) -> response``; a client stream's request is an ``AsyncIterator`` of requests."""

StreamHandler = Callable[[Any, Call], AsyncIterator[Message]]
"""An async generator ``(request, call)`` that yields responses."""

Handler = UnaryHandler | StreamHandler


class Lane(Enum):
    """Calls of one kind are admitted together, so that one kind can't starve the others.

    ``CALLS``: short unary calls. ``SIGN_INS``: what compares passwords, for strangers too. ``HEAVY``: what renders or
    reads for long, for people who are signed in.
    ``TRANSFERS``: files in both directions. ``WATCHES``: streams that stay open for hours, without an end of
    their own.
    """

    CALLS = auto()
    SIGN_INS = auto()
    HEAVY = auto()
    TRANSFERS = auto()
    WATCHES = auto()

    # Lanes are keys that every call looks up; an enumeration's own hash is written in Python.
    __hash__ = object.__hash__


@dataclass(frozen=True, slots=True)
class Method:
    """One RPC: its full name, its request type, its handler, and how it is called."""

    name: str
    request_type: type[Message]
    handler: Handler
    takes_many: bool
    gives_many: bool
    lane: Lane


def service(
    name: str, handlers: Mapping[str, Handler], lanes: Mapping[str, Lane] | None = None
) -> tuple[Method, ...]:
    """Bind the methods of the proto service ``name`` (``tashika.v1.ContractService``) to their handlers.

    ``lanes`` names the methods that do not go by their shape (unary: CALLS, streams: TRANSFERS). The
    service's generated module must be imported. Raises ``ValueError`` unless every method of the service has
    exactly one handler: a method that is in the contract but not in the server would be a lie.
    """
    descriptor = descriptor_pool.Default().FindServiceByName(name)
    if set(handlers) != set(descriptor.methods_by_name):
        odd = sorted(set(handlers) ^ set(descriptor.methods_by_name))
        raise ValueError(f"handlers and methods of {name} differ in {', '.join(odd)}")
    chosen = lanes or {}
    if unknown := sorted(set(chosen) - set(handlers)):
        raise ValueError(f"{name} has no method {', '.join(unknown)}")
    return tuple(
        _method(name, descriptor.methods_by_name[method], handler, chosen.get(method))
        for method, handler in handlers.items()
    )


def _method(service_name: str, descriptor: MethodDescriptor, handler: Handler, lane: Lane | None) -> Method:
    takes_many, gives_many = descriptor.client_streaming, descriptor.server_streaming
    if takes_many and gives_many:
        raise ValueError(f"{service_name}.{descriptor.name} streams both ways, which this server does not do")
    return Method(
        name=f"/{service_name}/{descriptor.name}",
        request_type=message_factory.GetMessageClass(descriptor.input_type),
        handler=handler,
        takes_many=takes_many,
        gives_many=gives_many,
        lane=lane or (Lane.TRANSFERS if takes_many or gives_many else Lane.CALLS),
    )
