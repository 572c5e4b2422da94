"""Server reflection: the protos themselves, for tools such as ``buf curl``."""

from collections.abc import AsyncIterator, Callable, Iterable
from typing import Any

from grpc_reflection.v1alpha import reflection_pb2_grpc
from grpc_reflection.v1alpha.reflection import aio as reflection_aio

from tashika_server.transport.methods import Lane
from tashika_server.transport.pipeline import Pipeline

_METHOD = "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo"


class Reflection(reflection_aio.ReflectionServicer):
    """Reflection for anybody on this machine, and for people who are signed in elsewhere.

    The protos are no secret, but what a stranger can't ask he can't use to look for weak spots (ASVS 13.4.5).
    """

    def __init__(self, pipeline: Pipeline, services: Iterable[str], *, signed_in: bool) -> None:
        super().__init__(service_names=[*services, "grpc.health.v1.Health"])
        self._pipeline = pipeline
        self._signed_in = signed_in

    # The library's function is an async generator, which its types take for a coroutine.
    async def ServerReflectionInfo(  # type: ignore[override]
        self, request_iterator: Any, context: Any
    ) -> AsyncIterator[Any]:
        """Answer questions about services and messages."""
        answers: Any = super().ServerReflectionInfo(request_iterator, context)
        async with self._pipeline.guarded(_METHOD, Lane.TRANSFERS, context, signed_in=self._signed_in):
            async for answer in answers:
                yield answer


def add_reflection(reflection: Reflection, server: Any) -> None:
    """Let the server answer questions about itself."""
    add: Callable[[Reflection, Any], None] = reflection_pb2_grpc.add_ServerReflectionServicer_to_server
    add(reflection, server)
