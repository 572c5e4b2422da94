"""grpc.health.v1: whether this server, and each of its services, is of use at the moment."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_health.v1.health import aio as health_aio

from tashika_server.transport.methods import Lane
from tashika_server.transport.pipeline import Pipeline

# An answer that takes longer than this is of no use to anybody who waits for one.
PROBE_SECONDS = 2.0
EVERY_SECONDS = 5.0

Probe = Callable[[], Awaitable[None]]
"""Looks whether the store answers; raises whatever it likes where it does not."""


class Health(health_aio.HealthServicer):
    """The health of every service. Whoever watches it takes a place among the watches."""

    def __init__(self, pipeline: Pipeline, services: Iterable[str], probe: Probe | None = None) -> None:
        super().__init__()
        self._pipeline = pipeline
        self._services = ("", *services)
        self._probe = probe
        self._task: asyncio.Task[None] | None = None

    async def Watch(self, request: Any, context: Any) -> None:
        """Tell the health, and every change of it."""
        async with self._pipeline.guarded("/grpc.health.v1.Health/Watch", Lane.WATCHES, context):
            await super().Watch(request, context)

    async def begin(self) -> None:
        """Say SERVING, and from now on look every 5 seconds whether it is still true."""
        await self._say(True)
        if self._probe is not None:
            self._task = asyncio.create_task(self._look())

    async def drain(self) -> None:
        """Say NOT_SERVING for good."""
        if self._task is not None:
            self._task.cancel()
        await self.enter_graceful_shutdown()

    async def _look(self) -> None:
        while True:
            await asyncio.sleep(EVERY_SECONDS)
            await self._say(await self.answers())

    async def answers(self) -> bool:
        """Say whether the probe went well in time."""
        if self._probe is None:
            return True
        try:
            async with asyncio.timeout(PROBE_SECONDS):
                await self._probe()
        except Exception:
            return False
        return True

    async def _say(self, well: bool) -> None:
        status = health_pb2.HealthCheckResponse
        for service in self._services:
            await self.set(service, status.SERVING if well else status.NOT_SERVING)


def add_health(health: Health, server: Any) -> None:
    """Let the server answer questions about its health, to anybody."""
    health_pb2_grpc.add_HealthServicer_to_server(health, server)
