"""Single calls by the real client library: what a right answer is, before and after each load."""

from typing import Any

import grpc

from tests.bench.processes import Server

_DEADLINE_SECONDS = 20.0


def ask(server: Server, method: str, request: bytes, token: str = "") -> bytes:
    """Call once and give the answer's bytes. Raises grpc.RpcError unless the status is OK."""
    metadata = (("authorization", f"Bearer {token}"),) if token else ()
    with grpc.insecure_channel(server.target) as channel:
        call: grpc.UnaryUnaryMultiCallable[Any, Any] = channel.unary_unary(
            method, request_serializer=None, response_deserializer=None
        )
        answer: bytes = call(request, timeout=_DEADLINE_SECONDS, metadata=metadata)
    return answer


def refused(server: Server, method: str, request: bytes) -> str:
    """Call once something that must be refused, and give the status code's name. Raises AssertionError if it is OK."""
    try:
        ask(server, method, request)
    except grpc.RpcError as error:
        assert isinstance(error, grpc.Call)
        return str(error.code().name)
    raise AssertionError(f"{method} was not refused")
