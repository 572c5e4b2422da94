"""Watching contracts: one watch for a caller, made again by itself when the connection is lost."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

import grpc.aio

from tashika.v1 import contract_watching_pb2 as watching
from tashika_tui.client import records
from tashika_tui.client.errors import RefusedByServer, ServerNotReachable
from tashika_tui.client.gateway.calls import Calls, pauses
from tashika_tui.client.wire.watching import events

# A register says at least every 10 seconds how far it is; after this long it is not there any more.
SILENCE_SECONDS = 35.0

_GAP = frozenset({"WATCH_TOO_FAR_BEHIND", "WATCH_REVISION_UNKNOWN"})
_AGAIN = frozenset({"WATCH_READER_TOO_SLOW", "SERVER_BUSY"})


class WatchCalls(Calls):
    """Watching, as the port's `Contracts` has it."""

    async def watch_contracts(
        self, after_revision: int | None = None
    ) -> AsyncGenerator[records.WatchEvent, None]:
        """What changes among the caller's contracts."""
        revision = after_revision or 0
        waits = pauses()
        while True:
            try:
                async with aclosing(self._watch_once(revision)) as watch:
                    async for event in watch:
                        revision = event.revision
                        waits = pauses()
                        yield event
            except RefusedByServer as error:
                if error.reason in _GAP:
                    revision = int(error.params.get("current_revision", "0"))
                    yield records.WatchGap(revision)
                elif not isinstance(error, ServerNotReachable) and error.reason not in _AGAIN:
                    raise
            await asyncio.sleep(next(waits))

    async def _watch_once(self, revision: int) -> AsyncGenerator[records.WatchEvent, None]:
        request = watching.WatchContractsRequest(after_revision=revision)
        call = self._contracts.WatchContracts(request, metadata=self._metadata())
        try:
            while True:
                with self._translated():
                    message = await self._next(call)
                if message is None:
                    return
                self._connection.reached()
                for event in events(message):
                    yield event
        finally:
            call.cancel()

    async def _next(
        self,
        call: "grpc.aio.UnaryStreamCall[watching.WatchContractsRequest, watching.WatchContractsResponse]",
    ) -> watching.WatchContractsResponse | None:
        try:
            message = await asyncio.wait_for(call.read(), SILENCE_SECONDS)
        except TimeoutError:
            self._lost()
            raise ServerNotReachable("DEADLINE_EXCEEDED") from None
        return message if isinstance(message, watching.WatchContractsResponse) else None
